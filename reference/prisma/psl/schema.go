package psl

// Schema is what the files of a schema declare. It is not changed after it was
// read.
type Schema struct {
	// Models are the models and views, in the order in which they are declared.
	Models []*Model
	Enums  []*Enum
}

// Model is a model or a view.
type Model struct {
	Position
	Name string
	// IsView is set for a view.
	IsView bool
	// Table is its name in the database, and Namespace the Postgres schema that
	// @@schema names, empty without one.
	Table, Namespace string
	// IsIgnored is set by @@ignore.
	IsIgnored bool
	// Fields are in the order in which they are declared, relations among them.
	Fields []*Field
	// ID is the primary key, of one field or several; nil where there is none.
	ID *Key
	// Unique are the other keys.
	Unique []*Key
}

// Key is one or several fields that tell rows apart.
type Key struct {
	Position
	// Name is what a query calls the fields together; empty where that is their
	// names, joined by underscores.
	Name   string
	Fields []string
}

// Kind is what the type of a field is.
type Kind int

// The kinds of types.
const (
	// Scalar is a type of Prisma's own: String, Boolean, Int, BigInt, Float,
	// Decimal, DateTime, Json or Bytes.
	Scalar Kind = iota
	// EnumKind is an enum of the schema.
	EnumKind
	// RelationKind is a model of the schema: the field is no column.
	RelationKind
	// Unsupported is a type of the database that Prisma has none for.
	Unsupported
)

// Field is one line of a model.
type Field struct {
	Position
	Name string
	// Column is its name in the database; empty for a relation.
	Column string
	// Type is the scalar's, enum's or model's name, of an Unsupported field the text
	// in its parentheses.
	Type string
	Kind Kind
	// TypePosition is where the type is written.
	TypePosition Position
	// IsList is set by [], IsOptional by ?.
	IsList, IsOptional bool
	// IsIgnored is set by @ignore, IsUpdatedAt by @updatedAt.
	IsIgnored, IsUpdatedAt bool
	// Default is what @default says, nil without it.
	Default *Value
	// Native is the database's type, such as VarChar of @db.VarChar(40), and
	// NativeArguments what stands in its parentheses; empty without.
	Native          string
	NativeArguments []string
	// Relation is set for a relation.
	Relation *Relation
}

// Relation says how a field of RelationKind leads to the other model.
type Relation struct {
	// Name is what @relation calls it; empty without a name.
	Name string
	// Opposite is the field of the other model that leads back; it is of this model
	// too where a model is related to itself.
	Opposite string
	// Fields are the fields of this model that hold the key, References those of the
	// other beside them. Both are empty on the side that does not hold it.
	Fields, References []string
	// OnDelete and OnUpdate are the referential actions, such as Cascade; empty
	// where nothing is said.
	OnDelete, OnUpdate string
}

// Enum is an enum.
type Enum struct {
	Position
	Name string
	// Type is its name in the database, and Namespace the Postgres schema that
	// @@schema names, empty without one.
	Type, Namespace string
	// Values are in the order in which they are declared.
	Values []*EnumValue
}

// EnumValue is one value of an enum.
type EnumValue struct {
	Position
	Name string
	// Label is its name in the database.
	Label string
}

// ValueKind is the form of a value.
type ValueKind int

// The forms of values.
const (
	// Text is a string in quotes, Number digits, Name a bare name such as true,
	// Cascade or a.b.
	Text ValueKind = iota
	Number
	Name
	// List is [a, b], Call is name(a, b).
	List
	Call
)

// Value is what stands in an attribute's parentheses, or after an equals sign.
type Value struct {
	Position
	Kind ValueKind
	// Text is a string without its quotes and escapes, the digits of a number, a
	// name, or the name of what is called.
	Text string
	// Elements are those of a list.
	Elements []*Value
	// Arguments are those of a call.
	Arguments []*Argument
}

// Argument is a value with the name that stands before it, empty where none does.
type Argument struct {
	Position
	Name  string
	Value *Value
}

// Model finds a model or view by its name, nil where there is none.
func (s *Schema) Model(name string) *Model {
	for _, m := range s.Models {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// Enum finds an enum by its name, nil where there is none.
func (s *Schema) Enum(name string) *Enum {
	for _, e := range s.Enums {
		if e.Name == name {
			return e
		}
	}
	return nil
}

// Field finds a field by its name, nil where there is none.
func (m *Model) Field(name string) *Field {
	for _, f := range m.Fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}
