package describe

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// sources writes what the documents draw on.
func (s *survey) sources() {
	if len(s.order) == 0 {
		return
	}
	s.heading(0, "Sources")
	for _, in := range s.order {
		s.paragraph(2, bold, s.names[in])
		s.rows(4, labels, append([]row{
			{kind(in), contents(in)},
			{"document", withoutPassword(cmp.Or(in.Location, in.URL))},
		}, s.places(in)...))
	}
}

// kind is what the source is, as far as it could be read.
func kind(in *description.Source) string {
	switch {
	case in.OpenAPI != nil:
		return "OpenAPI"
	case in.AsyncAPI != nil:
		return "AsyncAPI"
	case in.Arazzo != nil:
		return "Arazzo"
	default:
		return cmp.Or(in.Type, "unknown")
	}
}

// contents is the source's version, and how much there is to call.
func contents(in *description.Source) string {
	switch {
	case in.OpenAPI != nil:
		return in.OpenAPI.Version + ", " + count(len(in.OpenAPI.Operations()), "operation")
	case in.AsyncAPI != nil:
		return in.AsyncAPI.Version + ", " + count(len(in.AsyncAPI.OperationIDs()), "operation")
	case in.Arazzo != nil:
		return in.Arazzo.Document.Arazzo + ", " + count(len(in.Arazzo.Workflows), "workflow")
	default:
		return "could not be read"
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// places says where the API of a source is, for all the steps that call it.
func (s *survey) places(in *description.Source) []row {
	if in.OpenAPI == nil {
		return nil
	}
	var rows []row
	for _, w := range s.reached {
		for _, step := range w.Steps {
			if step.Source != in || step.Operation == nil {
				continue
			}
			for _, text := range s.place(step) {
				if r := (row{"", text}); !slices.Contains(rows, r) {
					rows = append(rows, r)
				}
			}
		}
	}
	if len(rows) == 0 {
		rows = []row{{"", "not known: no operation of it is called"}}
	}
	rows[0].label = "API"
	return rows
}

// place says where a step's API is, and with which variables that holds.
func (s *survey) place(step *link.Step) []string {
	name := s.names[step.Source]
	base, err := s.server(step)
	if err != nil {
		return append([]string{fmt.Sprintf("not known: give --server %s=URL", name), withoutPassword(err.Error())}, s.others(step)...)
	}
	if _, given := s.given(step); given {
		return []string{base + " (--server)"}
	}
	text := []string{base}
	if declared := step.Operation.Servers; len(declared) > 0 {
		for _, v := range declared[0].Variables {
			text = append(text, s.variable(s.aliases[step.Source], v))
		}
	}
	return append(text, s.others(step)...)
}

// variable is the value of a variable, and what else it may be.
func (s *survey) variable(names []string, v *openapi.ServerVariable) string {
	text := fmt.Sprintf("{%s} has no default", v.Name)
	value, given := s.variables.Of(names)(v.Name)
	switch {
	case given:
		text = fmt.Sprintf("{%s} = %s (--server-var)", v.Name, value)
	case v.Default != nil:
		text = fmt.Sprintf("{%s} = %s", v.Name, *v.Default)
	}
	if len(v.Enum) > 0 {
		text += ", one of " + strings.Join(v.Enum, ", ")
	}
	return text
}

// others are the servers that are declared and not called: the first one is.
func (s *survey) others(step *link.Step) []string {
	var text []string
	for i, server := range step.Operation.Servers {
		if i > 0 {
			name := ""
			if server.Name != "" {
				name = server.Name + ": "
			}
			text = append(text, fmt.Sprintf("not called: %s%s", name, withoutPassword(server.URL)))
		}
	}
	return text
}

// given is where the caller says that the step's API is.
func (s *survey) given(step *link.Step) (string, bool) {
	for _, name := range s.aliases[step.Source] {
		if given, ok := s.servers[name]; ok {
			return given, true
		}
	}
	return "", false
}

// server is the base URL that the step's request goes to, without a slash at its
// end. The error says why it is not known.
func (s *survey) server(step *link.Step) (string, error) {
	location, given := s.given(step)
	if !given {
		if len(step.Operation.Servers) == 0 && !strings.HasPrefix(step.Source.Location, "http") {
			return "", errors.New("the document names no server")
		}
		var err error
		if location, err = step.Server(s.variables.Of(s.aliases[step.Source])); err != nil {
			return "", err
		}
	}
	target, err := url.Parse(location)
	if err != nil || target.Host == "" || (target.Scheme != "http" && target.Scheme != "https") {
		return "", fmt.Errorf("the server is %q", location)
	}
	return strings.TrimRight(withoutPassword(location), "/"), nil
}

// of names the source that a workflow comes from, seen from another document.
func (s *survey) of(w *link.Workflow, from *description.Document) string {
	if w.Document == from {
		return ""
	}
	for _, in := range from.Sources {
		if in.Arazzo == w.Document {
			return " of " + s.names[in]
		}
	}
	return " of " + w.Document.File.Name
}
