package runner

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// credentials adds the parameters that the operation's security asks for and
// the step does not give itself. One alternative is enough, and it needs all of
// its schemes; one that asks for nothing serves when no other can be met.
func (p *planner) credentials(s *step) {
	var wanted []string
	for _, requirement := range s.Operation.Security {
		added, missing := p.satisfy(s, requirement)
		if len(requirement.Schemes) > 0 && len(missing) == 0 {
			s.parameters = append(s.parameters, added...)
			return
		}
		wanted = append(wanted, strings.Join(missing, " and "))
	}
	if slices.Contains(wanted, "") {
		return // an alternative asks for nothing
	}
	what := s.Source.Name + ": " + strings.Join(wanted, ", ")
	if len(wanted) == 0 || p.wanted[what] {
		return // a credential that several steps need is asked for once
	}
	p.wanted[what] = true
	p.report(&source.Diagnostic{
		Code: "missing-credential", Position: s.Position(),
		Message:  fmt.Sprintf("%s %s needs a credential that was not given", s.Operation.Method, s.Operation.Path),
		Expected: "a credential for " + strings.Join(wanted, ", or for "),
		Fix: fmt.Sprintf("give it: --credential %[1]s=VALUE, or in the environment as %[2]s",
			strings.Split(wanted[0], " and ")[0], secret.Environment(strings.Split(wanted[0], " and ")[0])),
	})
}

// satisfy returns the parameters that meet the requirement, or the schemes that
// nothing was given for. Of a scheme that the description names and does not
// define, with a warning, nobody can tell what it asks for.
func (p *planner) satisfy(s *step, r *openapi.SecurityRequirement) (added []parameter, missing []string) {
	for _, scheme := range r.Schemes {
		if scheme.Type == "" {
			continue
		}
		name, in := scheme.Carrier()
		if name != "" && slices.ContainsFunc(s.parameters, func(given parameter) bool { return link.Same(given.name, given.in, name, in) }) {
			continue
		}
		value, ok := p.credential(s.Source, scheme)
		if !ok || name == "" {
			missing = append(missing, scheme.ID)
			continue
		}
		p.secrets.add(value)
		added = append(added, parameter{
			name: name, in: in, position: s.Position(), wire: openapi.DefaultParameter(name, in), secret: value,
		})
	}
	return added, missing
}

// credential finds a value for the scheme, in the form in which it is sent. That
// of an apiKey goes as it is; oauth2 and openIdConnect take an access token.
func (p *planner) credential(in *description.Source, scheme *openapi.SecurityScheme) (string, bool) {
	value, ok := p.rawCredential(in, scheme.ID)
	if !ok || scheme.Type == "apiKey" {
		return value, ok
	}
	p.secrets.add(value)
	prefix := "Bearer"
	if scheme.Type == "http" && !strings.EqualFold(scheme.Scheme, prefix) {
		prefix = scheme.Scheme
	}
	if given, _, found := strings.Cut(value, " "); found && strings.EqualFold(given, prefix) {
		return value, true
	}
	if strings.EqualFold(prefix, "basic") {
		if _, password, found := strings.Cut(value, ":"); found {
			p.secrets.add(password)
		}
		prefix, value = "Basic", base64.StdEncoding.EncodeToString([]byte(value))
	}
	return prefix + " " + value, true
}

// rawCredential is what the caller gave; an empty value is none.
func (p *planner) rawCredential(in *description.Source, scheme string) (string, bool) {
	names := []string{in.Name + "." + scheme, scheme}
	for _, name := range names {
		p.asked[name] = true
		if value := p.options.Credentials[name]; value != "" {
			return value, true
		}
	}
	for _, name := range names {
		if p.options.LookupEnv == nil {
			break
		}
		if value, _ := p.options.LookupEnv(secret.Environment(name)); value != "" {
			return value, true
		}
	}
	if api := p.apis[in]; api != nil && api.Credential != "" {
		return api.Credential, true
	}
	return "", false
}

// unusedCredentials warns of credentials that no step asked for: a misspelt name
// would else go unnoticed where a credential is optional.
func (p *planner) unusedCredentials() {
	for _, name := range slices.Sorted(maps.Keys(p.options.Credentials)) {
		if p.asked[name] {
			continue
		}
		p.report(&source.Diagnostic{
			Code: "unused-credential", Severity: source.Warning, Position: p.document.At("sourceDescriptions"),
			Message:  fmt.Sprintf("no operation that runs asks for the credential %q", name),
			Expected: "the name of a security scheme, or SOURCE.SCHEME", Fix: didYouMean(name, slices.Sorted(maps.Keys(p.asked))),
		})
	}
}
