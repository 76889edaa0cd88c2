package contract

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// written is how a list or object stands in a text.
type written struct {
	delimiter string
	// explode is true when members of an object are name=value.
	explode bool
	// whole is true when a text is never several items.
	whole bool
}

// maxTyped bounds the nesting of values that are typed by their schema.
const maxTyped = 20

// typed gives a value the type that its schema wants, as far as both are the same
// text on the wire: "7" and 7, "a,b" and the list of both. A value that the
// schema allows as it is stays so.
func typed(value any, s *openapi.Schema, w written, depth int) any {
	types := s.Types()
	if depth > maxTyped || len(types) == 0 {
		return value
	}
	switch v := value.(type) {
	case string:
		return typedText(v, s, types, w, depth)
	case json.Number:
		if !allows(types, "number", "integer") && slices.Contains(types, "string") {
			return v.String()
		}
	case bool:
		if !slices.Contains(types, "boolean") && slices.Contains(types, "string") {
			return map[bool]string{true: "true", false: "false"}[v]
		}
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = typed(item, s.Items(), w, depth+1)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, member := range v {
			property, _ := s.Property(name)
			object[name] = typed(member, property, w, depth+1)
		}
		return object
	}
	if slices.Equal(types, []string{"array"}) && value != nil {
		return []any{typed(value, s.Items(), w, depth+1)}
	}
	return value
}

func allows(types []string, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(types, name) })
}

// typedText reads a text as one of the types; as a text where it is none of them.
func typedText(text string, s *openapi.Schema, types []string, w written, depth int) any {
	if value, err := source.DecodeJSON(text); err == nil && len(text) <= maxDigits {
		switch value.(type) {
		case json.Number:
			if allows(types, "number", "integer") {
				return value
			}
		case bool:
			if slices.Contains(types, "boolean") {
				return value
			}
		case nil:
			if slices.Contains(types, "null") && !slices.Contains(types, "string") {
				return nil
			}
		}
	}
	switch {
	case slices.Contains(types, "string"):
		return text
	case slices.Contains(types, "array"):
		list := []any{}
		for _, item := range w.split(text) {
			list = append(list, typed(strings.TrimSpace(item), s.Items(), w, depth+1))
		}
		return list
	case slices.Contains(types, "object"):
		return typedObject(text, s, w, depth)
	}
	return text
}

func (w written) split(text string) []string {
	switch {
	case w.whole:
		return []string{text}
	case text == "":
		return nil
	}
	return strings.Split(text, w.delimiter)
}

// typedObject reads an object of style simple: name,value or, exploded,
// name=value. What has not that form stays a text.
func typedObject(text string, s *openapi.Schema, w written, depth int) any {
	parts, object := w.split(text), map[string]any{}
	if w.explode {
		var pairs []string
		for _, part := range parts {
			name, value, found := strings.Cut(part, "=")
			if !found {
				return text
			}
			pairs = append(pairs, name, value)
		}
		parts = pairs
	}
	if len(parts)%2 != 0 {
		return text
	}
	for i := 0; i < len(parts); i += 2 {
		name := strings.TrimSpace(parts[i])
		property, _ := s.Property(name)
		object[name] = typed(strings.TrimSpace(parts[i+1]), property, w, depth+1)
	}
	return object
}
