package queryschema

import (
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// rootField is something that can be asked for, by a name that begins with its
// action and ends with a model.
type rootField struct {
	action    Action
	operation ast.Operation
	// required and optional are its arguments.
	required, optional []string
}

var rootFields = []rootField{
	{FindMany, ast.Query, nil, []string{"where", "orderBy", "take", "skip"}},
	{CreateOne, ast.Mutation, []string{"data"}, nil},
	{UpdateOne, ast.Mutation, []string{"where", "data"}, nil},
	{DeleteOne, ast.Mutation, []string{"where"}, nil},
}

// Check reads the root fields of a document, in order. Its errors are
// [*prisma.Error].
func Check(schema *prisma.Schema, doc *graphql.Document) ([]*Operation, error) {
	operations := make([]*Operation, 0, len(doc.Fields))
	for _, field := range doc.Fields {
		o, err := checkRoot(schema, doc.Operation, field)
		if err != nil {
			return nil, err
		}
		operations = append(operations, o)
	}
	return operations, nil
}

func checkRoot(schema *prisma.Schema, operation ast.Operation, field *graphql.Field) (*Operation, error) {
	for _, root := range rootFields {
		name, ok := strings.CutPrefix(field.Name, string(root.action))
		if !ok || root.operation != operation {
			continue
		}
		model, ok := schema.Model(name)
		if !ok {
			return nil, prisma.Invalid(field.Name, "there is no model %q; there are: %s", name, modelNames(schema))
		}
		if err := root.checkArguments(field); err != nil {
			return nil, err
		}
		o := &Operation{Key: field.Key, Name: field.Name, Action: root.action, Model: model, Arguments: field.Arguments}
		var err error
		o.Selection, err = checkSelection(model, field)
		return o, err
	}
	return nil, prisma.Invalid(field.Name, "this %s is not supported; there are: %s", operation, actionNames(operation))
}

// checkSelection looks up what is selected of a record.
func checkSelection(model *prisma.Model, field *graphql.Field) ([]*Selected, error) {
	if len(field.Selection) == 0 {
		return nil, prisma.Invalid(field.Name, "expected a selection of scalar fields, such as { id }")
	}
	var selection []*Selected
	for _, s := range field.Selection {
		path := field.Name + "." + s.Name
		f, ok := model.Field(s.Name)
		switch {
		case !ok:
			return nil, prisma.Invalid(path, "%s has no scalar field %q; it has: %s", model.Name, s.Name, fieldNames(model))
		case f.Type == prisma.Unsupported:
			return nil, prisma.Invalid(path, "Prisma has no scalar for the column's type %s", f.NativeType)
		case len(s.Arguments) > 0 || len(s.Selection) > 0:
			return nil, prisma.Invalid(path, "expected a scalar field, without arguments or a selection")
		}
		selection = append(selection, &Selected{Key: s.Key, Name: s.Name, Field: f})
	}
	return selection, nil
}

func fieldNames(model *prisma.Model) string {
	var names []string
	for _, f := range model.Fields {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
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
	for _, root := range rootFields {
		if root.operation == operation {
			names = append(names, string(root.action)+"Model")
		}
	}
	return strings.Join(names, ", ")
}

func (root rootField) checkArguments(field *graphql.Field) error {
	known := slices.Concat(root.required, root.optional)
	for _, name := range slices.Sorted(maps.Keys(field.Arguments)) {
		if !slices.Contains(known, name) {
			return prisma.Invalid(field.Name+"."+name, "this argument is not supported; there are: %s", strings.Join(known, ", "))
		}
	}
	for _, name := range root.required {
		if field.Arguments[name] == nil {
			return prisma.Missing(field.Name + "." + name)
		}
	}
	return nil
}
