package queryschema

import "github.com/arazzo-conformance/arazzo/reference/prisma"

// Action is what a root field asks for.
type Action string

// The actions, as the names of root fields begin. FindUnique and FindFirst of a
// ...OrThrow field have Operation.OrThrow set.
const (
	FindUnique Action = "findUnique"
	FindFirst  Action = "findFirst"
	FindMany   Action = "findMany"
	Aggregate  Action = "aggregate"
	GroupBy    Action = "groupBy"
	CreateOne  Action = "createOne"
	CreateMany Action = "createMany"
	UpdateOne  Action = "updateOne"
	UpdateMany Action = "updateMany"
	UpsertOne  Action = "upsertOne"
	DeleteOne  Action = "deleteOne"
	DeleteMany Action = "deleteMany"
	QueryRaw   Action = "queryRaw"
	ExecuteRaw Action = "executeRaw"
)

// Operation is a root field that fits the schema.
type Operation struct {
	// Key is what the result is called, Name the root field's name, for errors.
	Key, Name string
	Action    Action
	OrThrow   bool
	// Model is what it is about; nil for raw SQL.
	Model *prisma.Model
	// Arguments are in the normal form, see the package comment.
	Arguments map[string]any
	Selection []*Selected
}

// Selected is one member of a record that is asked for. Of Field and Relation at
// most one is set; without either it is what Name says, such as _count.
type Selected struct {
	Key, Name string
	Field     *prisma.Field
	Relation  *prisma.Relation
	// Arguments and Selection are those of a relation, or of a count of one.
	Arguments map[string]any
	Selection []*Selected
}

// Record is the data of one record, new or changed: what a root field's data,
// create and update are, and those of nested writes.
type Record struct {
	// Values are those of scalar fields, by name. Of a new record one is the value
	// itself, a list field's a list; of a change it is an object of one operation, such
	// as {set: v} or {increment: v}.
	Values map[string]any
	// Writes are what is to happen to related records, in the order of the document:
	// what comes first happens first.
	Writes []RelationWrite
}

// RelationWrite are the operations on the records that a relation leads to.
type RelationWrite struct {
	Relation   *prisma.Relation
	Operations []Nested
}

// Nested is one operation of a nested write, such as connect.
type Nested struct {
	Name string
	// Value is a list with an element for each record; but an object for createMany,
	// and true for delete and disconnect of a relation to one. An element is
	//
	//	create                    a *Record
	//	connect, set, and disconnect and delete of a list
	//	                          a where unique
	//	connectOrCreate           {where, create}: a where unique and a *Record
	//	update, upsert of a list  {where, data} and {where, create, update}
	//	update, upsert to one     a *Record, and {create, update}
	//	updateMany, deleteMany    {where, data}, and a where
	//
	// and createMany is {data, skipDuplicates}, a list of *Record and a bool.
	Value any
}
