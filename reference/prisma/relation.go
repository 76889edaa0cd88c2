package prisma

// Relation is a field that leads to another model. It is no column: what leads
// there is a foreign key, of this model or of the other, or a table between the two.
type Relation struct {
	// Name is that of the field, Title that of the relation as messages call it, the
	// same on both sides: what @relation names it, else the two models, as in
	// PostToUser.
	Name, Title string
	// Model is where it leads.
	Model *Model
	// List is true where it leads to any number of records, Required where to
	// exactly one.
	List, Required bool
	// Inverse leads back from Model.
	Inverse *Relation
	// Fields of this model equal References of the other, one beside the other, in
	// records that are related. Over a join table both are the primary keys.
	Fields, References []*Field
	// Holds is true where Fields are the foreign key, and false where References are.
	Holds bool
	// Join is the table between the models of an implicit many-to-many relation, else
	// nil.
	Join *JoinTable
	// OnDelete is what the foreign key does with its rows when a record goes that they
	// refer to, such as Cascade, as Prisma names it; the same on both sides.
	OnDelete string
}

// JoinTable is the table of an implicit many-to-many relation: a row for each pair
// of related records.
type JoinTable struct {
	// Namespace and Table are the Postgres schema and table.
	Namespace, Table string
	// Own is the column for this side's record, Other that for the one it leads to:
	// "A" and "B", or the other way round.
	Own, Other string
}

// Key is what tells the records of a model apart: one field, or several together.
type Key struct {
	// Name is what a query calls it: the field, or for several the name that the
	// schema gives them, else their names joined by underscores.
	Name   string
	Fields []*Field
}

// DefaultKind is how a value comes about that a new record is not given.
type DefaultKind int

// The kinds of defaults.
const (
	// NoDefault: there is none, a required value has to be given.
	NoDefault DefaultKind = iota
	// DatabaseDefault: the column has one, such as autoincrement() or dbgenerated().
	DatabaseDefault
	// ConstantDefault: the value stands in the schema.
	ConstantDefault
	// NowDefault is now(), and what a field of @updatedAt gets.
	NowDefault
	// UUIDDefault, CUIDDefault and NanoIDDefault are ids that the query engine makes,
	// not the database.
	UUIDDefault
	CUIDDefault
	NanoIDDefault
)

// Default is the value of a field that a new record is not given.
type Default struct {
	Kind DefaultKind
	// Value is the constant, as [Field.Parameter] takes it.
	Value any
	// Length is the argument of nanoid, Version that of uuid and cuid, as in uuid(7); 0
	// without one.
	Length, Version int
}
