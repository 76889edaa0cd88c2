package arazzo

import (
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Object is what every Arazzo object has: the text it was read from.
type Object struct {
	value *source.Value
}

// Position is where the object begins.
func (o Object) Position() source.Position {
	if o.value == nil {
		return source.Position{}
	}
	return o.value.Position
}

// Field is the raw value of a fixed field or extension, or nil.
func (o Object) Field(name string) *source.Value { return o.value.Get(name) }

// At is where the field's value stands; without the field, the object's place.
func (o Object) At(field string) source.Position {
	if v := o.Field(field); v != nil {
		return v.Position
	}
	return o.Position()
}

// Extensions are the object's specification extensions, in document order.
func (o Object) Extensions() []source.Member {
	if o.value == nil {
		return nil
	}
	var found []source.Member
	for _, m := range o.value.Members {
		if strings.HasPrefix(m.Key, "x-") {
			found = append(found, m)
		}
	}
	return found
}

// Extension is the value of a specification extension such as x-sse, or nil.
func (o Object) Extension(name string) *source.Value {
	if !strings.HasPrefix(name, "x-") {
		return nil
	}
	return o.Field(name)
}

// YAML writes the object as it was read, with the fields and extensions that no
// version knows, in the same order, numbers with every digit. It is empty for an
// object that was not read.
func (o Object) YAML() string { return written(o, (*source.Value).YAML) }

// JSON is [Object.YAML] in JSON.
func (o Object) JSON() string { return written(o, (*source.Value).JSON) }

func written(o Object, write func(*source.Value) string) string {
	if o.value == nil {
		return ""
	}
	return write(o.value)
}
