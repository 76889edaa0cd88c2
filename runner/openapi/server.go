package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Server is one Server Object.
type Server struct {
	// URL is the template as the document has it. It may be relative: to the
	// place of the file that Position names.
	URL string
	// Name is the name that OpenAPI 3.2 gives it; it may be empty.
	Name string
	// Variables are the defaults of the template's variables, by name.
	Variables map[string]string
	Position  source.Position
}

// Expand is the URL with every variable replaced by its default. A variable
// without one is an error.
func (s *Server) Expand() (string, error) {
	var b strings.Builder
	rest := s.URL
	for {
		before, after, open := strings.Cut(rest, "{")
		b.WriteString(before)
		if !open {
			return b.String(), nil
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed {
			return "", fmt.Errorf("the server URL %q has an opening brace without a closing one", s.URL)
		}
		value, ok := s.Variables[name]
		if !ok {
			return "", fmt.Errorf("the server URL %q has the variable %q, which has no default; give the whole URL with --server NAME=URL", s.URL, name)
		}
		b.WriteString(value)
		rest = tail
	}
}

// servers reads the nearest list that is not empty.
func (r *reader) servers(e *entry) []*Server {
	levels := slices.Concat([]part{e.operation}, e.item, []part{r.document.main.root})
	for _, level := range levels {
		var list []*Server
		for _, item := range r.list(level, "servers", source.Warning) {
			if s := r.server(item); s != nil {
				list = append(list, s)
			}
		}
		if len(list) > 0 {
			return list
		}
	}
	return nil
}

func (r *reader) server(p part) *Server {
	url := p.child("url")
	if !isScalar(url.node) {
		r.report(source.Warning, p, "a server has no url", "a Server Object with a url")
		return nil
	}
	s := &Server{URL: url.text(), Name: p.child("name").text(), Position: url.at()}
	for _, m := range p.child("variables").members() {
		if value := m.value.child("default"); isScalar(value.node) {
			if s.Variables == nil {
				s.Variables = map[string]string{}
			}
			s.Variables[m.key.node.Value] = value.text()
		}
	}
	return s
}
