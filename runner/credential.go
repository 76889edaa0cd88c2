package runner

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// credentials adds the parameters that the operation's security asks for and
// the step does not give itself. One alternative is enough, and it needs all of
// its schemes; one that asks for nothing serves when no other can be met.
func (c *scoped) credentials(s *step) {
	var wanted []string
	for _, requirement := range s.operation.Security {
		added, missing := c.satisfy(s, requirement)
		if len(requirement.Schemes) > 0 && len(missing) == 0 {
			s.parameters = append(s.parameters, added...)
			return
		}
		wanted = append(wanted, strings.Join(missing, " and "))
	}
	if slices.Contains(wanted, "") {
		return // an alternative asks for nothing
	}
	what := s.source.Name + ": " + strings.Join(wanted, ", ")
	if len(wanted) == 0 || c.wanted[what] {
		return // a credential that several steps need is asked for once
	}
	c.wanted[what] = true
	c.report(&source.Diagnostic{
		Code: "missing-credential", Position: s.Position(),
		Message:  fmt.Sprintf("%s %s needs a credential that was not given", s.operation.Method, s.operation.Path),
		Expected: "a credential for " + strings.Join(wanted, ", or for "),
		Fix: fmt.Sprintf("give it: --credential %[1]s=VALUE, or in the environment as %[2]s",
			strings.Split(wanted[0], " and ")[0], environmentName(strings.Split(wanted[0], " and ")[0])),
	})
}

// satisfy returns the parameters that meet the requirement, or the schemes that
// nothing was given for. Of a scheme that the description names and does not
// define, with a warning, nobody can tell what it asks for.
func (c *scoped) satisfy(s *step, r *openapi.SecurityRequirement) (added []parameter, missing []string) {
	for _, scheme := range r.Schemes {
		if scheme.Type == "" {
			continue
		}
		name, in := carrier(scheme)
		if name != "" && slices.ContainsFunc(s.parameters, func(p parameter) bool { return sameParameter(p.name, p.in, name, in) }) {
			continue
		}
		value, ok := c.credential(s.source, scheme)
		if !ok || name == "" {
			missing = append(missing, scheme.ID)
			continue
		}
		c.secrets.add(value)
		added = append(added, parameter{
			name: name, in: in, position: s.Position(), wire: openapi.DefaultParameter(name, in), secret: value,
		})
	}
	return added, missing
}

// carrier is the parameter in which a scheme's credential travels.
func carrier(scheme *openapi.SecurityScheme) (name, in string) {
	switch scheme.Type {
	case "apiKey":
		return scheme.Name, scheme.In
	case "http", "oauth2", "openIdConnect":
		return "Authorization", "header"
	default:
		return "", ""
	}
}

// credential finds a value for the scheme, in the form in which it is sent. That
// of an apiKey goes as it is; oauth2 and openIdConnect take an access token.
func (c *scoped) credential(in *apiSource, scheme *openapi.SecurityScheme) (string, bool) {
	value, ok := c.rawCredential(in, scheme.ID)
	if !ok || scheme.Type == "apiKey" {
		return value, ok
	}
	c.secrets.add(value)
	prefix := "Bearer"
	if scheme.Type == "http" && !strings.EqualFold(scheme.Scheme, prefix) {
		prefix = scheme.Scheme
	}
	if given, _, found := strings.Cut(value, " "); found && strings.EqualFold(given, prefix) {
		return value, true
	}
	if strings.EqualFold(prefix, "basic") {
		if _, password, found := strings.Cut(value, ":"); found {
			c.secrets.add(password)
		}
		prefix, value = "Basic", base64.StdEncoding.EncodeToString([]byte(value))
	}
	return prefix + " " + value, true
}

// rawCredential is what the caller gave; an empty value is none.
func (c *scoped) rawCredential(in *apiSource, scheme string) (string, bool) {
	names := []string{in.Name + "." + scheme, scheme}
	for _, name := range names {
		c.asked[name] = true
		if value := c.options.Credentials[name]; value != "" {
			return value, true
		}
	}
	for _, name := range names {
		if c.options.LookupEnv == nil {
			break
		}
		if value, _ := c.options.LookupEnv(environmentName(name)); value != "" {
			return value, true
		}
	}
	if in.api != nil && in.api.Credential != "" {
		return in.api.Credential, true
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

// environmentName is the variable that may hold a credential.
func environmentName(name string) string {
	return "ARAZZO_CREDENTIAL_" + strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		default:
			return '_'
		}
	}, name)
}
