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
	// Variables are those of the template, in document order.
	Variables []*ServerVariable
	Position  source.Position
}

// ServerVariable is one Server Variable Object.
type ServerVariable struct {
	Name string
	// Default is nil where the document has none, though it has to.
	Default *string
	// Enum are the values that it may have; empty where it may have any.
	Enum     []string
	Position source.Position
}

// ServerVariableError is a value of a variable that its enum does not have.
type ServerVariableError struct {
	*ServerVariable
	Value string
}

func (e *ServerVariableError) Error() string {
	return fmt.Sprintf("the server variable %q is %q, and may be %s", e.Name, e.Value, strings.Join(e.Enum, ", "))
}

// Expand is the URL with every variable replaced by what is given, else by its
// default; given may be nil. The error is a [*ServerVariableError], or that of a
// variable with neither value.
func (s *Server) Expand(given func(name string) (string, bool)) (string, error) {
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
		value, err := s.value(name, given)
		if err != nil {
			return "", err
		}
		b.WriteString(value)
		rest = tail
	}
}

// value is what a variable of the template is replaced by.
func (s *Server) value(name string, given func(name string) (string, bool)) (string, error) {
	at := slices.IndexFunc(s.Variables, func(v *ServerVariable) bool { return v.Name == name })
	if given != nil {
		if value, ok := given(name); ok {
			if at >= 0 && len(s.Variables[at].Enum) > 0 && !slices.Contains(s.Variables[at].Enum, value) {
				return "", &ServerVariableError{s.Variables[at], value}
			}
			return value, nil
		}
	}
	if at < 0 || s.Variables[at].Default == nil {
		return "", fmt.Errorf("the server URL %q has the variable %q, which has no default; give it with --server-var %s=VALUE", s.URL, name, name)
	}
	return *s.Variables[at].Default, nil
}

// Names are the variables of the template, each once, in their order.
func (s *Server) Names() []string {
	var names []string
	for rest := s.URL; ; {
		_, after, open := strings.Cut(rest, "{")
		name, tail, closed := strings.Cut(after, "}")
		if !open || !closed {
			return names
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
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
		s.Variables = append(s.Variables, r.serverVariable(m.key.node.Value, m.value))
	}
	return s
}

// serverVariable reads a variable. A default that its own enum does not have is
// used: the description says both.
func (r *reader) serverVariable(name string, p part) *ServerVariable {
	v := &ServerVariable{Name: name, Position: p.at()}
	for _, item := range r.list(p, "enum", source.Warning) {
		if isScalar(item.node) {
			v.Enum = append(v.Enum, item.text())
		}
	}
	given := p.child("default")
	if !isScalar(given.node) {
		return v
	}
	text := given.text()
	if v.Default = &text; len(v.Enum) > 0 && !slices.Contains(v.Enum, text) {
		r.report(source.Warning, given, fmt.Sprintf("the default of the server variable %q is %q, which its enum does not have", name, text), "one of "+strings.Join(v.Enum, ", "))
	}
	return v
}
