package queryschema

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// checker reads one document.
type checker struct {
	types *types
	// path leads to what is looked at.
	path []step
	// counts are of what there was; disjunctions how many OR and NOT are open.
	counts       counts
	disjunctions int
}

// Check reads the root fields of a document, in order. Its errors are
// [*prisma.Error]: P2009 for what does not fit, P2012 for what is missing and P2019 for
// what fits and cannot be meant.
func Check(schema *prisma.Schema, doc *graphql.Document) ([]*Operation, error) {
	c := &checker{types: typesOf(schema), path: make([]step, 0, 16)}
	operations := make([]*Operation, 0, len(doc.Fields))
	for _, field := range doc.Fields {
		o, err := c.root(doc.Operation, field)
		if err != nil {
			return nil, err
		}
		operations = append(operations, o)
	}
	return operations, nil
}

func (c *checker) root(operation ast.Operation, field *graphql.Field) (*Operation, error) {
	c.path = append(c.path[:0], step{name: field.Name, line: field.Line, column: field.Column})
	root, ok := c.types.roots[rootName{operation, field.Name}]
	if !ok {
		return nil, c.unknownRoot(operation, field.Name)
	}
	arguments, err := c.arguments(root.arguments, field)
	if err != nil {
		return nil, err
	}
	if root.action == CreateOne && arguments["data"] == nil {
		arguments["data"] = &Record{Values: map[string]any{}}
	}
	o := &Operation{
		Key: field.Key, Name: field.Name, Action: root.action, OrThrow: root.orThrow,
		Model: root.model, Arguments: arguments,
	}
	if o.Selection, err = c.selection(root.output, field); err != nil {
		return nil, err
	}
	if root.action == GroupBy {
		err = c.groups(o)
	}
	return o, err
}

// arguments checks those of a field.
func (c *checker) arguments(takes *inputObject, field *graphql.Field) (map[string]any, error) {
	if takes == nil {
		if len(field.Arguments) == 0 {
			return nil, nil
		}
		c.push(step{name: field.Arguments[0].Name, line: field.Arguments[0].Line, column: field.Arguments[0].Column})
		return nil, c.invalid("%s takes no arguments", field.Name)
	}
	c.counts.ofOne = ofOne{}
	checked, err := c.object(takes, field.Arguments)
	if err != nil {
		return nil, err
	}
	arguments, _ := checked.(map[string]any)
	if order, ok := arguments["orderBy"].([]any); ok {
		arguments["orderBy"] = slices.DeleteFunc(order, isNoOrder)
	}
	return arguments, c.pageSize(field.Arguments)
}

// isNoOrder tells whether a criterion is one of nothing, as {} and {author: {}}.
func isNoOrder(criterion any) bool {
	by, ok := criterion.(map[string]any)
	for _, only := range by {
		return isNoOrder(only)
	}
	return ok
}

// pageSize checks how many records are taken, from the end where negative, and left
// out.
func (c *checker) pageSize(arguments graphql.Object) error {
	for _, m := range arguments {
		if m.Name != "take" && m.Name != "skip" {
			continue
		}
		number, _ := m.Value.(json.Number)
		n, err := strconv.ParseInt(number.String(), 10, 32)
		if err != nil || m.Name == "skip" && n < 0 {
			c.push(step{name: m.Name, line: m.Line, column: m.Column})
			least := math.MinInt32
			if m.Name == "skip" {
				least = 0
			}
			return c.invalid("expected a whole number from %d to %d, found %s", least, math.MaxInt32, prisma.Describe(number))
		}
	}
	return nil
}

// selection checks what is selected of an answer.
func (c *checker) selection(output outputType, field *graphql.Field) ([]*Selected, error) {
	if output.object == nil {
		if len(field.Selection) > 0 {
			return nil, c.invalid("%s is %s, which nothing can be selected of", field.Name, output.scalar)
		}
		return nil, nil
	}
	fields := output.object.fields()
	if len(field.Selection) == 0 {
		return nil, c.invalid("expected a selection of fields of %s%s", output.object.name, example(fields))
	}
	if c.counts.selected += len(field.Selection); c.counts.selected > maxSelected {
		return nil, c.invalid("more than %d fields are selected", maxSelected)
	}
	selection := make([]*Selected, 0, len(field.Selection))
	for _, f := range field.Selection {
		c.push(step{name: f.Name, line: f.Line, column: f.Column})
		one, err := c.selectedField(output.object, fields.byName[f.Name], f)
		if err != nil {
			return nil, err
		}
		c.pop()
		selection = append(selection, one)
	}
	return selection, nil
}

// example is what may be selected of an object, for an error.
func example(fields *outputFields) string {
	if len(fields.ordered) == 0 {
		return ", which has none"
	}
	return ", such as { " + fields.ordered[0].name + " }"
}

func (c *checker) selectedField(of *outputObject, known *outputField, f *graphql.Field) (*Selected, error) {
	if known == nil {
		model, _ := c.types.schema.Model(of.name)
		return nil, c.unknown(of.name, model, f.Name, of.names())
	}
	one := &Selected{Key: f.Key, Name: f.Name, Field: known.field, Relation: known.relation}
	if known.relation != nil {
		if c.counts.relations++; c.counts.relations > maxRelations {
			return nil, c.invalid("more than %d relations are selected", maxRelations)
		}
	}
	var err error
	if one.Arguments, err = c.arguments(known.arguments, f); err != nil {
		return nil, err
	}
	one.Selection, err = c.selection(known.output, f)
	return one, err
}
