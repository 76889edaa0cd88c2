package source

import (
	"encoding/json"
	"maps"
	"slices"
)

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

// Article is the kind with its article, as a message says what was found where a
// value was expected: null is nothing.
func (k Kind) Article() string {
	switch k {
	case Null:
		return "nothing"
	case Array, Object:
		return "an " + string(k)
	default:
		return "a " + string(k)
	}
}

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

// Item returns an item of an array, or nil.
func (v *Value) Item(i int) *Value {
	if v == nil || i >= len(v.Items) {
		return nil
	}
	return v.Items[i]
}

// Order lists the names of an object that was made of the value: in the order in which
// it has them, then the others sorted. The value may be nil, or anything else.
func (v *Value) Order(object map[string]any) []string {
	list := make([]string, 0, len(object))
	if v != nil {
		for _, m := range v.Members {
			if _, ok := object[m.Key]; ok {
				list = append(list, m.Key)
			}
		}
	}
	if len(list) == len(object) {
		return list
	}
	known := map[string]bool{}
	for _, name := range list {
		known[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !known[name] {
			list = append(list, name)
		}
	}
	return list
}

// Same tells whether two values are written alike: their members may stand in another
// order, and numbers have the same digits.
func (v *Value) Same(other *Value) bool {
	if v.Kind != other.Kind || v.Scalar != other.Scalar || len(v.Items) != len(other.Items) || len(v.Members) != len(other.Members) {
		return false
	}
	for i, item := range v.Items {
		if !item.Same(other.Items[i]) {
			return false
		}
	}
	there := other.Get
	if len(v.Members) > fewMembers {
		there = other.index()
	}
	for _, m := range v.Members { // no key stands twice
		if value := there(m.Key); value == nil || !m.Value.Same(value) {
			return false
		}
	}
	return true
}

// index is [Value.Get] for who asks for many members.
func (v *Value) index() func(key string) *Value {
	values := make(map[string]*Value, len(v.Members))
	for _, m := range v.Members {
		values[m.Key] = m.Value
	}
	return func(key string) *Value { return values[key] }
}

// Text returns the value as a string, and whether it is one.
func (v *Value) Text() (string, bool) {
	if v == nil || v.Kind != String {
		return "", false
	}
	return v.Scalar.(string), true
}

// IsComposite tells the arrays and objects of data.
func IsComposite(data any) bool {
	switch data.(type) {
	case []any, map[string]any:
		return true
	default:
		return false
	}
}

// Copy copies the arrays and objects of data at all depths. What is in them is as
// inner gives it, which may share it.
func Copy(data any, inner func(any) any) any {
	switch v := data.(type) {
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = Copy(item, inner)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, member := range v {
			object[name] = Copy(member, inner)
		}
		return object
	default:
		return inner(data)
	}
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
