package expression

import (
	"slices"
	"strings"
)

// Access reaches into a value with dots and indexes: .items[0].id. In simple
// conditions these are operators (Arazzo 1.0.1, section 4.6.11.2); elsewhere
// they are a dialect (D8) of the JSON Pointer /items/0/id.
type Access string

// ScanAccess returns the access that text begins with, or an empty one. A dot at
// its end is a full stop of the text around it.
func ScanAccess(text string) Access {
	s := scanner{text: text}
	for {
		n := indexLength(text[s.at:])
		if n == 0 && s.peek() != '.' {
			return Access(strings.TrimRight(text[:s.at], "."))
		}
		if s.at += n; n == 0 {
			s.run(isIdentifier)
		}
	}
}

// indexLength is the length of the [0] that text begins with, or zero.
func indexLength(text string) int {
	if !strings.HasPrefix(text, "[") {
		return 0
	}
	s := scanner{text: text, at: 1}
	if s.run(isDigit) == "" || s.peek() != ']' {
		return 0
	}
	return s.at + 1
}

// Follow returns what the access reaches in a value, and whether it is there. At
// each dot the longest name that exists is taken: .a.b is the member "a.b", else
// the member "b" of "a".
func (a Access) Follow(value any) (any, bool) {
	for a != "" {
		var ok bool
		switch head, rest := a[0], string(a[1:]); {
		case head == '[':
			index, after, _ := strings.Cut(rest, "]")
			a = Access(after)
			if _, isList := value.([]any); !isList {
				return nil, false
			}
			value, ok = step(value, index)
		default:
			value, a, ok = member(value, rest)
		}
		if !ok {
			return nil, false
		}
	}
	return value, true
}

// member takes the longest member that name is or begins with.
func member(value any, name string) (any, Access, bool) {
	object, _ := value.(map[string]any)
	name, rest, ok := split(name, func(n string) bool { _, ok := object[n]; return ok })
	return object[name], rest, ok
}

// split divides a name behind the longest beginning that exists.
func split(name string, exists func(string) bool) (string, Access, bool) {
	for end := len(name); end > 0; end = strings.LastIndexAny(name[:end], ".[") {
		if exists(name[:end]) {
			return name[:end], Access(name[end:]), true
		}
	}
	return "", "", false
}

// Pointer is the same way as a JSON Pointer, when no member on it has a dot in
// its name.
func (a Access) Pointer() Pointer {
	return strings.FieldsFunc(string(a), func(r rune) bool { return r == '.' || r == '[' || r == ']' })
}

// Split divides the expression's Name by the names that exist where it looks:
// the workflow's inputs, the step's outputs. It returns the longest that Name is
// or begins with (S-189, S-191), and what reaches from there into the value. It
// is false when Name begins with none of them. A body or payload has no names,
// only what reaches into it.
func (e *Expression) Split(names []string) (name string, access Access, ok bool) {
	if e.isContent() {
		return "", e.access, true
	}
	return split(e.Name, func(n string) bool { return slices.Contains(names, n) })
}
