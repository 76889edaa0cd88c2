package runner

import (
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// server is the base URL of the operation, without a slash at its end: where the
// caller says the API is, else the first server that OpenAPI declares (S-028).
func (p *planner) server(s *link.Step) string {
	if !p.servable(s.Source) {
		return "" // why is reported already
	}
	location, err := p.declaredServer(s)
	if err != nil {
		p.noServer(s, err.Error())
		return ""
	}
	target, err := url.Parse(location)
	switch {
	case err != nil || target.Host == "" || (target.Scheme != "http" && target.Scheme != "https"):
		p.noServer(s, fmt.Sprintf("its server is %q", location))
		return ""
	case target.RawQuery != "" || target.Fragment != "":
		p.noServer(s, fmt.Sprintf("its server %q has a query or a fragment", location))
		return ""
	}
	if password, ok := target.User.Password(); ok {
		p.secrets.add(password)
	}
	return strings.TrimRight(target.String(), "/")
}

func (p *planner) declaredServer(s *link.Step) (string, error) {
	if given, ok := p.options.Servers[s.Source.Name]; ok {
		return given, nil
	}
	if api := p.apis[s.Source]; api != nil && api.Server != "" {
		return api.Server, nil
	}
	return s.Server()
}

// baseName is the last element of a location's path.
func baseName(location string) string {
	if u, err := url.Parse(location); err == nil {
		return path.Base(filepath.ToSlash(u.Path))
	}
	return path.Base(filepath.ToSlash(location))
}

func (p *planner) noServer(s *link.Step, why string) {
	p.report(&source.Diagnostic{
		Code: "no-server", Position: s.Position(),
		Message:  fmt.Sprintf("it is not known where the API of %q is: %s", s.Source.Name, why),
		Expected: "an absolute http or https URL",
		Fix:      fmt.Sprintf("say where it is: --server %s=URL", s.Source.Name),
	})
}
