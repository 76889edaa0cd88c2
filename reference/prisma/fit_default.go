package prisma

import (
	"encoding/json"
	"strconv"

	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

// defaultFunctions are the functions of @default by what they come to.
var defaultFunctions = map[string]DefaultKind{
	"autoincrement": DatabaseDefault,
	"dbgenerated":   DatabaseDefault,
	"now":           NowDefault,
	"uuid":          UUIDDefault,
	"cuid":          CUIDDefault,
	"nanoid":        NanoIDDefault,
}

// defaultOf reads @default. A constant that is no value of the field, as when its
// column is of another type, is a problem and no default.
func (f *fitting) defaultOf(m *psl.Model, field *psl.Field, column *Field) Default {
	v := field.Default
	switch {
	case v == nil:
		return Default{}
	case v.Kind == psl.Call:
		d := calledDefault(v)
		if d.Kind == DatabaseDefault && column.Default.Kind != DatabaseDefault {
			f.problem(v.Position, "field %s.%s: the column %q has no default of its own: %s the default", m.Name, field.Name, column.Column, migrate)
		}
		return d
	}
	d := Default{Kind: ConstantDefault, Value: constant(v)}
	if _, err := column.Parameter(d.Value); err != nil {
		f.problem(v.Position, "field %s.%s: the default is no value of the column %q: %v", m.Name, field.Name, column.Column, err)
		return Default{}
	}
	return d
}

// calledDefault is that of a function with its argument.
func calledDefault(v *psl.Value) Default {
	d := Default{Kind: defaultFunctions[v.Text]}
	if len(v.Arguments) == 0 {
		return d
	}
	// What is no number is none.
	number, _ := strconv.Atoi(v.Arguments[0].Value.Text)
	switch d.Kind {
	case NanoIDDefault:
		d.Length = number
	case UUIDDefault, CUIDDefault:
		d.Version = number
	}
	return d
}

// constant is a value of the schema as [Field.Parameter] takes it.
func constant(v *psl.Value) any {
	switch v.Kind {
	case psl.Number:
		return json.Number(v.Text)
	case psl.Name:
		if b, err := strconv.ParseBool(v.Text); err == nil {
			return b
		}
		return Symbol(v.Text)
	case psl.List:
		list := make([]any, len(v.Elements))
		for i, element := range v.Elements {
			list[i] = constant(element)
		}
		return list
	}
	return v.Text
}
