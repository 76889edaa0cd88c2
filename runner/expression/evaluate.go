package expression

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Scope is what the expressions of a step see.
type Scope interface {
	// Object returns what the expression's Root, ID and Part name, before its
	// Name and Pointer are applied: the inputs as a map, a response's header as
	// an [http.Header], the status code as a json.Number. False means that there
	// is no such thing yet, for example a step that did not run.
	Object(e *Expression) (any, bool)
}

// Absent is the error of an expression that has no value.
type Absent struct {
	Expression *Expression
	// Optional is true for an input that the workflow does not require and
	// nobody gave.
	Optional bool
	// Unreadable is true where the expression reaches into a text that is not
	// JSON: nothing can be said of what it would find.
	Unreadable bool
	Reason     string
}

func (a *Absent) Error() string {
	return fmt.Sprintf("%s has no value: %s", a.Expression.Text, a.Reason)
}

// Evaluate returns the expression's value, or an [*Absent] error.
func (e *Expression) Evaluate(s Scope) (any, error) {
	value, ok := s.Object(e)
	if !ok {
		return nil, &Absent{Expression: e, Reason: e.missing()}
	}
	if header, isHeader := value.(http.Header); isHeader {
		return e.field(header)
	}
	if e.Name != "" {
		if isText(value) {
			return nil, e.unreadable()
		}
		if value, ok = dereference(value, e.Name); !ok {
			return nil, &Absent{
				Expression: e, Optional: e.Root == Inputs && !strings.ContainsAny(e.Name, ".[") && e.Pointer == nil,
				Reason: e.nothing(),
			}
		}
	}
	if len(e.Pointer) == 0 {
		return value, nil
	}
	if value = Structured(value); isText(value) {
		return nil, e.unreadable()
	}
	value, err := e.Pointer.Lookup(value)
	if err != nil {
		return nil, &Absent{Expression: e, Reason: err.Error()}
	}
	return value, nil
}

func (e *Expression) unreadable() error {
	return &Absent{Expression: e, Unreadable: true, Reason: "it reaches into a text that is not JSON"}
}

func isText(value any) bool {
	_, ok := value.(string)
	return ok
}

func (e *Expression) missing() string {
	switch e.Root {
	case Steps:
		return fmt.Sprintf("the step %s has no outputs: it did not run, or got no answer", e.ID)
	case Workflows:
		return fmt.Sprintf("the workflow %s did not run", e.ID)
	case Response, StatusCode:
		return "there was no response"
	default:
		return "it does not exist here"
	}
}

// nothing says that the owner is there and the name is not.
func (e *Expression) nothing() string {
	if e.Root == Steps {
		return fmt.Sprintf("the step %s gave no %s", e.ID, e.Name)
	}
	return fmt.Sprintf("there is no %s", e.Name)
}

// field returns a header's value. Several fields of one name are joined with a
// comma (RFC 9110, section 5.3), except Set-Cookie, whose first is taken.
func (e *Expression) field(header http.Header) (any, error) {
	values := header.Values(e.Name)
	switch {
	case len(values) == 0:
		return nil, &Absent{Expression: e, Reason: "there is no header " + e.Name}
	case strings.EqualFold(e.Name, "Set-Cookie"):
		return values[0], nil
	default:
		return strings.Join(values, ", "), nil
	}
}

// Structured gives a pointer something to walk in: a text that holds JSON,
// which a server sent with another media type, is read as JSON.
func Structured(value any) any {
	if text, ok := value.(string); ok {
		if parsed, err := source.DecodeJSON(text); err == nil {
			return parsed
		}
	}
	return value
}

// dereference takes the longest member name that path begins with, then goes on
// with the rest: a.b[0].c.
func dereference(value any, path string) (any, bool) {
	path = strings.TrimPrefix(path, ".")
	if path == "" {
		return value, true
	}
	if path[0] == '[' {
		index, rest, _ := strings.Cut(path[1:], "]")
		item, ok := step(value, index)
		if _, isList := value.([]any); !ok || !isList {
			return nil, false
		}
		return dereference(item, rest)
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, false
	}
	for end := len(path); end > 0; end = strings.LastIndexAny(path[:end], ".[") {
		if member, ok := object[path[:end]]; ok {
			return dereference(member, path[end:])
		}
	}
	return nil, false
}

// Excerpt writes a value for a person, as JSON, and cuts what is longer than so
// many characters.
func Excerpt(value any, most int) string {
	text := Text(value)
	if s, ok := value.(string); ok {
		text = fmt.Sprintf("%q", s)
	}
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// Text writes a value into a string (Arazzo 1.1.0, section 5.6): a string as it
// is, other scalars in JSON's spelling, objects and arrays as JSON text.
func Text(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) != nil {
		return fmt.Sprint(value)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
