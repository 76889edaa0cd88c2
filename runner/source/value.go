package source

import "encoding/json"

// Kind tells what a [Value] is, in JSON's terms.
type Kind string

// The kinds of JSON value, named as JSON Schema names them.
const (
	Null    Kind = "null"
	Boolean Kind = "boolean"
	Number  Kind = "number"
	String  Kind = "string"
	Array   Kind = "array"
	Object  Kind = "object"
)

// Value is a JSON value of a document that remembers where it stood. Members
// keep the document's order and numbers keep every digit.
type Value struct {
	Kind     Kind
	Position Position
	// Scalar is the value of a scalar: nil, bool, string or json.Number.
	Scalar  any
	Items   []*Value
	Members []Member
	// Flow is true inside braces and brackets, where a text without quotes ends at
	// a comma or bracket too. What stands in JSON is in flow.
	Flow bool
}

// Member is one entry of an object.
type Member struct {
	Key      string
	Position Position
	Value    *Value
}

// Get returns the member named key, or nil.
func (v *Value) Get(key string) *Value {
	if v == nil {
		return nil
	}
	for _, m := range v.Members {
		if m.Key == key {
			return m.Value
		}
	}
	return nil
}

// Text returns the value as a string, and whether it is one.
func (v *Value) Text() (string, bool) {
	if v == nil || v.Kind != String {
		return "", false
	}
	return v.Scalar.(string), true
}

// Data returns the value without its positions: nil, bool, string,
// [json.Number], []any and map[string]any.
func (v *Value) Data() any {
	if v == nil {
		return nil
	}
	switch v.Kind {
	case Array:
		list := make([]any, len(v.Items))
		for i, item := range v.Items {
			list[i] = item.Data()
		}
		return list
	case Object:
		object := make(map[string]any, len(v.Members))
		for _, m := range v.Members {
			object[m.Key] = m.Value.Data()
		}
		return object
	default:
		return v.Scalar
	}
}

// KindOf names the kind of a plain value, the way [Value.Data] makes them.
func KindOf(data any) Kind {
	switch data.(type) {
	case nil:
		return Null
	case bool:
		return Boolean
	case string:
		return String
	case []any:
		return Array
	case map[string]any:
		return Object
	case json.Number, int, int64, float64:
		return Number
	default:
		return ""
	}
}
