package queryschema

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// scalarFields have a field of each scalar type, to take values with.
var scalarFields = map[prisma.Type]*prisma.Field{}

func init() {
	for _, t := range []prisma.Type{
		prisma.String, prisma.Boolean, prisma.Int, prisma.BigInt, prisma.Float,
		prisma.Decimal, prisma.DateTime, prisma.JSON, prisma.Bytes,
	} {
		scalarFields[t] = &prisma.Field{Type: t}
	}
}

// null is what null is of.
var null = inputType{isNull: true}

func scalar(t prisma.Type) inputType { return inputType{scalar: scalarFields[t]} }

func object(o *inputObject) inputType { return inputType{object: o} }

// valueOf is the type of one value of a field, of an element of a list.
func (t *types) valueOf(f *prisma.Field) inputType {
	if f.Type == prisma.EnumType {
		return inputType{enum: t.enumOf(f.Enum.Name, true, f.Enum.Values...)}
	}
	return scalar(f.Type)
}

// orNull adds null to the types of what a field that is not required takes.
func orNull(f *prisma.Field, types ...inputType) []inputType {
	if f.Required {
		return types
	}
	return append(types, null)
}

// field is an optional member.
func field(name string, types ...inputType) *inputField { return &inputField{name: name, types: types} }

// needed is a required member.
func needed(name string, types ...inputType) *inputField {
	return &inputField{name: name, isRequired: true, types: types}
}

// base is what the names of a field's filters begin with.
func base(f *prisma.Field) string {
	switch {
	case f.Type == prisma.EnumType:
		return "Enum" + f.Enum.Name
	case f.Type == prisma.Boolean:
		return "Bool"
	case isUUID(f):
		return "Uuid"
	}
	return string(f.Type)
}

// isUUID tells whether Postgres keeps a String as uuid.
func isUUID(f *prisma.Field) bool {
	return f.Type == prisma.String && strings.TrimSuffix(f.NativeType, "[]") == "uuid"
}

// isNumeric tells whether there is an average and a sum of a field.
func isNumeric(f *prisma.Field) bool {
	return slices.Contains([]prisma.Type{prisma.Int, prisma.BigInt, prisma.Float, prisma.Decimal}, f.Type)
}

// isOrdered tells whether there is a least and a greatest value of a field.
func isOrdered(f *prisma.Field) bool { return !f.List && f.Type != prisma.JSON }

// known are the fields of a model that Prisma has a type for.
func known(model *prisma.Model) []*prisma.Field {
	return slices.DeleteFunc(slices.Clone(model.Fields), func(f *prisma.Field) bool { return f.Type == prisma.Unsupported })
}

// chosen are the known fields that are wanted.
func chosen(model *prisma.Model, wanted func(*prisma.Field) bool) []*prisma.Field {
	return slices.DeleteFunc(known(model), func(f *prisma.Field) bool { return !wanted(f) })
}

func fieldNames(fields []*prisma.Field) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return names
}

// capital is a name with a capital letter.
func capital(name string) string {
	r, size := utf8.DecodeRuneInString(name)
	return strings.ToUpper(string(r)) + name[size:]
}
