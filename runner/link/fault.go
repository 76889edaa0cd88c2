package link

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// fault is one thing that is wrong with a schema, and where.
type fault struct {
	at      source.Position
	message string
}

// Keywords whose values are no schemas, and those that hold schemas by name.
var (
	plain   = []string{"default", "const", "enum", "examples", "example"}
	byNames = []string{"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
)

// unresolved lists the references of a schema, and of those that it leads to,
// which lead to no schema of the document. Under an $id the library judges them.
func (s *schemas) unresolved(schema *source.Value) []fault {
	var found []fault
	seen := map[*source.Value]bool{nil: true}
	var walk func(v *source.Value)
	walk = func(v *source.Value) {
		if seen[v] || v.Get("$id") != nil || s.left <= 0 {
			return
		}
		s.left--
		seen[v] = true
		for _, item := range v.Items {
			walk(item)
		}
		for _, m := range v.Members {
			text, isText := m.Value.Text()
			switch {
			case slices.Contains(plain, m.Key):
			case slices.Contains(byNames, m.Key):
				for _, named := range m.Value.Members {
					walk(named.Value)
				}
			case m.Key == "$ref" && isText:
				target := s.follow(nil, m.Value)
				if target == nil {
					found = append(found, fault{m.Value.Position, fmt.Sprintf("%q leads to no schema of the document", text)})
				}
				walk(target)
			default:
				walk(m.Value)
			}
		}
	}
	walk(schema)
	return found
}

// faults reads an error of the library: one for each place that is wrong, in the
// order of their pointers, since the library's order is any.
func (s *schemas) faults(err error, inputs source.Position) []fault {
	var invalid *jsonschema.SchemaValidationError
	var why *jsonschema.ValidationError
	if !errors.As(err, &invalid) || !errors.As(invalid.Err, &why) {
		var outside *jsonschema.LoadURLError
		if errors.As(err, &outside) {
			err = outside.Err
		}
		return []fault{{inputs, strings.ReplaceAll(err.Error(), documentURL, "")}}
	}
	schema := s.root
	if location, ok := strings.CutPrefix(invalid.URL, documentURL+"#"); ok {
		text, _ := url.PathUnescape(location)
		pointer, _ := expression.ParsePointer(text)
		schema = valueAt(s.root, pointer)
	}
	messages := map[string][]string{}
	places := map[string]source.Position{}
	gather(why, func(e *jsonschema.ValidationError) {
		pointer := expression.Pointer(e.InstanceLocation)
		key := pointer.String()
		text := e.ErrorKind.LocalizedString(message.NewPrinter(language.English))
		if !slices.Contains(messages[key], text) {
			messages[key] = append(messages[key], text)
		}
		if places[key] = inputs; valueAt(schema, pointer) != nil {
			places[key] = valueAt(schema, pointer).Position
		}
	})
	var found []fault
	for _, key := range slices.Sorted(maps.Keys(messages)) {
		slices.Sort(messages[key])
		found = append(found, fault{places[key], strings.Join(messages[key], "; ")})
	}
	return found
}

// gather sees the errors that have no cause of their own.
func gather(e *jsonschema.ValidationError, see func(*jsonschema.ValidationError)) {
	if len(e.Causes) == 0 {
		see(e)
	}
	for _, cause := range e.Causes {
		gather(cause, see)
	}
}

// fragment writes a pointer as the fragment of a URI (RFC 6901, section 6).
func fragment(p expression.Pointer) string {
	return (&url.URL{Fragment: p.String()}).EscapedFragment()
}
