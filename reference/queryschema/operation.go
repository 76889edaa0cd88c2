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
