package link

import "github.com/arazzo-conformance/arazzo/runner/source"

// Input is what is known of a workflow's input before its schema is asked.
type Input struct {
	Name     string
	Position source.Position
	// Schema is where the input is declared, nil for one that the workflow's schema
	// requires and says nothing else of, or that differs between alternatives.
	Schema *source.Value
	in     *schemas
	// Required tells that the workflow's schema demands the input.
	Required bool
}

// maxKeywords bounds the schemas that one keyword is looked for in.
const maxKeywords = 1000

// Keyword is the value of a keyword of the input's schema: its own, else that of
// a schema which it refers to or takes into itself (allOf), or nil.
func (i Input) Keyword(name string) *source.Value {
	if i.Schema == nil {
		return nil
	}
	var found *source.Value
	left := maxKeywords
	i.in.visit(i.Schema, demanding, &left, func(v *source.Value) {
		if own := v.Get(name); own != nil {
			found = own // the schema's own is seen last
		}
	})
	return found
}

// Member is the member of that name, of an input that is an object.
func (i Input) Member(name string) Input {
	return Input{Name: name, Schema: i.Keyword("properties").Get(name), in: i.in}
}

// Types are the JSON types that the schema names; none where it names none.
func (i Input) Types() []string {
	t := i.Keyword("type")
	if text, ok := t.Text(); ok {
		return []string{text}
	}
	var types []string
	if t != nil {
		for _, item := range t.Items {
			text, _ := item.Text()
			types = append(types, text)
		}
	}
	return types
}

// Default is the input's preset, or nil.
func (i Input) Default() *source.Value { return i.Keyword("default") }
