package prisma

import "slices"

// Schema is what a database holds, in Prisma's terms. It is never changed after
// Introspect returned it, so any number of goroutines may read it.
type Schema struct {
	// Models and Enums are in the order of their names.
	Models []*Model
	Enums  []*Enum
	// Joins are the tables of implicit many-to-many relations, which are no models.
	Joins []*Model
}

// Model is one table under its Prisma name.
type Model struct {
	// Name is the Prisma model name; without a Prisma schema it is the table's.
	Name string
	// Namespace and Table are the Postgres schema and table.
	Namespace, Table string
	// Fields are in the order of the table's columns, or of the Prisma schema where
	// there is one.
	Fields []*Field
	// Relations are in the order of the Prisma schema, else by name.
	Relations []*Relation
	// ID is the primary key, nil where there is none; Unique are the other keys. A
	// record is found by any of them.
	ID     *Key
	Unique []*Key
	// LeftOut are the columns that a Prisma schema does not name, or ignores.
	LeftOut []string
}

// Enum is a Postgres enum type under its Prisma name.
type Enum struct {
	Name string
	// Values are the Prisma names, in the order of the type's labels.
	Values []string
	// Labels are what Postgres calls the values, beside them; nil where each is
	// called the same.
	Labels []string
	// Namespace and Type are the Postgres schema and type.
	Namespace, Type string
}

// valueOf is the Prisma name of a label. A label that has none, as when it was
// added since the schema was read, stays what it is.
func (e *Enum) valueOf(label []byte) []byte {
	if e == nil {
		return label
	}
	for i, l := range e.Labels {
		if l == string(label) {
			return []byte(e.Values[i])
		}
	}
	return label
}

// labelOf is what Postgres calls a value; a name that is no value stays what it
// is, and Postgres refuses it.
func (e *Enum) labelOf(value string) string {
	if e == nil || e.Labels == nil {
		return value
	}
	if i := slices.Index(e.Values, value); i >= 0 {
		return e.Labels[i]
	}
	return value
}

// Type is a scalar type of the Prisma Schema Language.
type Type string

// The scalar types, and the two kinds of type that are not scalars by name.
const (
	String      Type = "String"
	Boolean     Type = "Boolean"
	Int         Type = "Int"
	BigInt      Type = "BigInt"
	Float       Type = "Float"
	Decimal     Type = "Decimal"
	DateTime    Type = "DateTime"
	JSON        Type = "Json"
	Bytes       Type = "Bytes"
	EnumType    Type = "Enum"
	Unsupported Type = "Unsupported"
)

// Field is one scalar column under its Prisma name.
type Field struct {
	// Name is the Prisma field name; Column the Postgres column.
	Name, Column string
	Type         Type
	// Enum is one of the schema's Enums where Type is EnumType, else nil.
	Enum *Enum
	// NativeType is the Postgres type as format_type prints it, such as
	// numeric(10,2); OID is the type's (of the array type for a list).
	NativeType string
	OID        uint32
	// List is true for an array column, Required for NOT NULL.
	List, Required bool
	// ID is true for a field of the primary key, Unique where the field alone tells
	// records apart.
	ID, Unique bool
	// Default is what a new record gets that is not given a value. UpdatedAt is set
	// where every change of the record sets the field to its time.
	Default   Default
	UpdatedAt bool
}

// TypeName is the field's type as the Prisma Schema Language writes it, without
// the question mark of one that is not required.
func (f *Field) TypeName() string {
	name := string(f.Type)
	if f.Type == EnumType {
		name = f.Enum.Name
	}
	if f.List {
		name += "[]"
	}
	return name
}

// Model finds a model by its Prisma name.
func (s *Schema) Model(name string) (*Model, bool) {
	return find(s.Models, func(m *Model) bool { return m.Name == name })
}

// Table finds a model by its Postgres schema and table.
func (s *Schema) Table(namespace, table string) (*Model, bool) {
	return find(s.Models, func(m *Model) bool { return m.Namespace == namespace && m.Table == table })
}

// Field finds a field by its Prisma name.
func (m *Model) Field(name string) (*Field, bool) {
	return find(m.Fields, func(f *Field) bool { return f.Name == name })
}

// Relation finds a relation by its Prisma name.
func (m *Model) Relation(name string) (*Relation, bool) {
	return find(m.Relations, func(r *Relation) bool { return r.Name == name })
}

// Column finds a field by its Postgres column.
func (m *Model) Column(name string) (*Field, bool) {
	return find(m.Fields, func(f *Field) bool { return f.Column == name })
}

func find[T any](all []*T, match func(*T) bool) (*T, bool) {
	for _, one := range all {
		if match(one) {
			return one, true
		}
	}
	return nil, false
}
