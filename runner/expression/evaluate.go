package expression

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
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

// IsOptional tells whether an error is that of an optional input nobody gave.
func IsOptional(err error) bool {
	var absent *Absent
	return errors.As(err, &absent) && absent.Optional
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
	access := e.access
	if e.Name != "" && !e.isContent() {
		if value, access, ok = e.member(value); !ok {
			return nil, e.nothing()
		}
	}
	if access != "" {
		if value = Structured(value); isText(value) {
			return nil, e.unreadable()
		}
		if value, ok = access.Follow(value); !ok {
			return nil, e.nothing()
		}
	}
	return e.pointed(value)
}

// member is what Name names, and what reaches into it. The id of an operation
// is never divided.
func (e *Expression) member(value any) (any, Access, bool) {
	value, access, ok := member(value, e.Name)
	return value, access, ok && (access == "" || e.Root != SourceDescriptions)
}

// pointed applies the pointer.
func (e *Expression) pointed(value any) (any, error) {
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
func (e *Expression) nothing() error {
	reason := "there is no " + e.Name
	if e.Root == Steps {
		reason = fmt.Sprintf("the step %s gave no %s", e.ID, e.Name)
	}
	alone := e.Pointer == nil && !strings.ContainsAny(e.Name, ".[")
	return &Absent{Expression: e, Optional: e.Root == Inputs && alone, Reason: reason}
}

// field returns a header's value. Several fields of one name are joined with a
// comma (RFC 9110, section 5.3), except Set-Cookie, whose first is taken (S-183).
func (e *Expression) field(header http.Header) (any, error) {
	values := header.Values(e.Name)
	if len(values) == 0 {
		values = fields(header, e.Name)
	}
	switch {
	case len(values) == 0:
		return nil, &Absent{Expression: e, Reason: "there is no header " + e.Name}
	case len(values) == 1 || strings.EqualFold(e.Name, "Set-Cookie"):
		return values[0], nil
	default:
		return strings.Join(values, ", "), nil
	}
}

// fields looks for a header that was not written with Go's canonical key.
func fields(header http.Header, name string) []string {
	var values []string
	for _, key := range slices.Sorted(maps.Keys(header)) {
		if strings.EqualFold(key, name) {
			values = append(values, header[key]...)
		}
	}
	return values
}

// Structured gives a pointer something to walk in: a text that holds JSON,
// which a server sent with another media type, is read as JSON (S-206).
func Structured(value any) any {
	if text, ok := value.(string); ok {
		if parsed, err := source.DecodeJSON(text); err == nil {
			return parsed
		}
	}
	return value
}
