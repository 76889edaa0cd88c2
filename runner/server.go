package runner

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// bindSources settles where the APIs of the sources are, as far as the caller
// says it.
func (p *planner) bindSources(d *description.Description) {
	for _, name := range slices.Sorted(maps.Keys(p.options.Servers)) {
		p.hidePassword(p.options.Servers[name])
		p.add(unknownSource(d, name, "--server")...)
	}
	for _, n := range d.Named() {
		p.names[n.Source] = n.Names
		if api := p.boundAPI(n.Source); api != nil {
			p.apis[n.Source] = api
		}
		p.checkServer(n.Source)
	}
}

// nameOf is what the caller calls a source.
func (p *Plan) nameOf(s *description.Source) string {
	if names := p.names[s]; len(names) > 0 {
		return names[0]
	}
	return s.Name
}

// given is where the caller says that the source's API is: by its own name, else by
// that of another source that means the same description.
func (p *planner) given(s *description.Source) (string, bool) {
	for _, name := range p.names[s] {
		if given, ok := p.options.Servers[name]; ok {
			return given, true
		}
	}
	return "", false
}

// checkServer judges where the caller says that the source's API is. A bound API
// has its own server, and its credential must not go to another.
func (p *planner) checkServer(s *description.Source) {
	given, ok := p.given(s)
	if !ok {
		return
	}
	name := p.nameOf(s)
	if api := p.apis[s]; api != nil && api.Server != "" {
		p.report(&source.Diagnostic{
			Code: "contradicting-server", Position: s.At("name"),
			Message:  fmt.Sprintf("the API of %q is given twice: as %s, and with --reference", name, p.secrets.text(given)),
			Expected: "one of them", Fix: fmt.Sprintf("leave out --reference, or --server %s=…", name),
		})
	}
	if !p.servable(s) {
		p.report(&source.Diagnostic{
			Code: "wrong-server", Position: s.At("name"),
			Message:  fmt.Sprintf("--server %s=%s is no http or https URL", name, p.secrets.text(given)),
			Expected: "a base URL such as http://localhost:8080", Fix: "begin it with http:// or https://",
		})
	}
}

// servable tells whether requests can go where the caller says the API is.
func (p *planner) servable(s *description.Source) bool {
	given, ok := p.given(s)
	u, err := url.Parse(given)
	return !ok || err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// unknownSource refuses a flag for a source that no document has.
func unknownSource(d *description.Description, name, flag string) source.Diagnostics {
	var names []string
	for _, n := range d.Named() {
		if n.Name() == name {
			return nil
		}
		names = append(names, n.Name())
	}
	return source.Diagnostics{{
		Code: "unknown-source", Severity: source.Error, Position: d.Entry.At("sourceDescriptions"),
		Message:  fmt.Sprintf("%s names the source %q, which the document does not have", flag, name),
		Expected: "one of " + list(names), Fix: didYouMean(name, names),
	}}
}

// serverKey is what the steps have in common that have one server.
type serverKey struct {
	source    *description.Source
	operation *openapi.Operation
}

// server is the base URL of the operation, without a slash at its end. Of one that is
// not known is told at each step.
func (p *planner) server(s *link.Step) string {
	key := serverKey{s.Source, s.Operation}
	known := p.servers[key]
	if known == "" {
		known = p.findServer(s)
		p.servers[key] = known
	}
	return known
}

// findServer takes the server that the caller gives, else the first one that OpenAPI
// declares (S-028).
func (p *planner) findServer(s *link.Step) string {
	if !p.servable(s.Source) {
		return "" // why is reported already
	}
	location, err := p.declaredServer(s)
	var wrong *openapi.ServerVariableError
	if errors.As(err, &wrong) {
		p.wrongVariable(s, wrong)
		return ""
	}
	if err != nil {
		p.noServer(s, err.Error())
		return ""
	}
	target, err := url.Parse(openapi.EscapedURL(location))
	switch {
	case err != nil || target.Host == "" || (target.Scheme != "http" && target.Scheme != "https"):
		p.noServer(s, fmt.Sprintf("its server is %q", location))
		return ""
	case target.RawQuery != "" || target.Fragment != "" || target.ForceQuery:
		p.noServer(s, fmt.Sprintf("its server %q has a query or a fragment", location))
		return ""
	}
	if password, ok := target.User.Password(); ok {
		p.secrets.add(password)
	}
	return strings.TrimRight(target.String(), "/")
}

func (p *planner) declaredServer(s *link.Step) (string, error) {
	if given, ok := p.given(s.Source); ok {
		return given, nil
	}
	if api := p.apis[s.Source]; api != nil && api.Server != "" {
		return api.Server, nil
	}
	if len(s.Operation.Servers) > 0 {
		for _, variable := range s.Operation.Servers[0].Names() {
			p.variables[variable] = true
			for _, name := range p.names[s.Source] {
				p.variables[name+"."+variable] = true
			}
		}
	}
	return s.Server(link.ServerVariables(p.options.ServerVariables).Of(p.names[s.Source]))
}

// wrongVariable refuses a value for a variable that the variable cannot have.
func (p *planner) wrongVariable(s *link.Step, wrong *openapi.ServerVariableError) {
	p.report(&source.Diagnostic{
		Code: "wrong-server-variable", Position: wrong.Position,
		Message:  fmt.Sprintf("the variable %q of the server of %q cannot be %q", wrong.Name, p.nameOf(s.Source), wrong.Value),
		Expected: "one of " + list(wrong.Enum), Fix: didYouMean(wrong.Value, wrong.Enum),
	})
}

// unknownVariables refuses values for variables that no server has which is called:
// a misspelt name would else leave the default in place.
func (p *planner) unknownVariables() {
	for _, name := range slices.Sorted(maps.Keys(p.options.ServerVariables)) {
		if p.variables[name] {
			continue
		}
		known := slices.Sorted(maps.Keys(p.variables))
		expected := "a variable of a declared server, and no --server that takes its place"
		if len(known) > 0 {
			expected = "one of " + list(known)
		}
		p.report(&source.Diagnostic{
			Code: "unknown-server-variable", Position: p.document.At("sourceDescriptions"),
			Message:  fmt.Sprintf("--server-var gives the variable %q, which no server has that a step calls", name),
			Expected: expected, Fix: didYouMean(name, known),
		})
	}
}

// hidePassword makes a secret of the password in a server's URL, also in one that is
// refused.
func (p *planner) hidePassword(location string) {
	_, rest, _ := strings.Cut(location, "//")
	authority, _, _ := strings.Cut(rest, "/")
	at := strings.LastIndex(authority, "@")
	if at < 0 {
		return
	}
	if _, password, ok := strings.Cut(authority[:at], ":"); ok {
		p.secrets.add(password)
		if plain, err := url.PathUnescape(password); err == nil {
			p.secrets.add(plain)
		}
	}
}

// baseName is the last element of a location's path.
func baseName(location string) string {
	if u, err := url.Parse(location); err == nil {
		return path.Base(filepath.ToSlash(u.Path))
	}
	return path.Base(filepath.ToSlash(location))
}

func (p *planner) noServer(s *link.Step, why string) {
	name := p.nameOf(s.Source)
	p.report(&source.Diagnostic{
		Code: "no-server", Position: s.Position(),
		Message:  fmt.Sprintf("it is not known where the API of %q is: %s", name, p.secrets.text(why)),
		Expected: "an absolute http or https URL",
		Fix:      fmt.Sprintf("say where it is: --server %s=URL", name),
	})
}
