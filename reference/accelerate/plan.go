package accelerate

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// plan is one statement and what becomes of its rows.
type plan struct {
	// key is the name of the result.
	key string
	sql string
	// args are bound as text, nil as NULL; Postgres infers their types.
	args   []*string
	output []output
	// many is true for a list of records; else there is one, and notFound says
	// what is wrong when there is none.
	many     bool
	notFound string
}

// output is one member of a record, in the order of the statement's columns.
type output struct {
	key   string
	field *prisma.Field
}

// action is something that a root field can ask for, by a name that begins with
// prefix and ends with a model.
type action struct {
	prefix    string
	operation ast.Operation
	// required and optional are its arguments.
	required, optional []string
	build              func(*builder, rootField) (plan, error)
}

var actions = []action{
	{"findMany", ast.Query, nil, []string{"where", "orderBy", "take", "skip"}, (*builder).findMany},
	{"createOne", ast.Mutation, []string{"data"}, nil, (*builder).createOne},
	{"updateOne", ast.Mutation, []string{"where", "data"}, nil, (*builder).updateOne},
	{"deleteOne", ast.Mutation, []string{"where"}, nil, (*builder).deleteOne},
}

// planDocument makes a statement of every root field, in order. It does nothing
// else, so equal input gives equal plans.
func planDocument(schema *prisma.Schema, doc *document) ([]plan, error) {
	plans := make([]plan, 0, len(doc.Fields))
	for _, field := range doc.Fields {
		p, err := planField(schema, doc.Operation, field)
		if err != nil {
			return nil, err
		}
		plans = append(plans, p)
	}
	return plans, nil
}

func planField(schema *prisma.Schema, operation ast.Operation, field rootField) (plan, error) {
	for _, a := range actions {
		name, ok := strings.CutPrefix(field.Name, a.prefix)
		if !ok || a.operation != operation {
			continue
		}
		model, ok := schema.Model(name)
		if !ok {
			return plan{}, invalid(field.Name, "there is no model %q; there are: %s", name, modelNames(schema))
		}
		if err := a.checkArguments(field); err != nil {
			return plan{}, err
		}
		b := &builder{model: model}
		p, err := a.build(b, field)
		p.key = field.Key
		return p, err
	}
	return plan{}, invalid(field.Name, "this %s is not supported; there are: %s", operation, actionNames(operation))
}

func modelNames(schema *prisma.Schema) string {
	var names []string
	for _, m := range schema.Models {
		names = append(names, m.Name)
	}
	return strings.Join(names, ", ")
}

func actionNames(operation ast.Operation) string {
	var names []string
	for _, a := range actions {
		if a.operation == operation {
			names = append(names, a.prefix+"Model")
		}
	}
	return strings.Join(names, ", ")
}

func (a action) checkArguments(field rootField) error {
	known := slices.Concat(a.required, a.optional)
	for _, name := range sorted(field.Arguments) {
		if !slices.Contains(known, name) {
			return invalid(field.Name+"."+name, "this argument is not supported; there are: %s", strings.Join(known, ", "))
		}
	}
	for _, name := range a.required {
		if field.Arguments[name] == nil {
			return missing(field.Name + "." + name)
		}
	}
	return nil
}
