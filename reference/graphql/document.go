package graphql

import (
	"errors"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

const (
	// maxTokens bounds the work of parsing; a query of Prisma Client with a
	// thousand values in a list has a few thousand.
	maxTokens = 100_000
	// maxRootFields bounds the statements that share one connection and one
	// timeout; Prisma Client sends one.
	maxRootFields = 20
	// maxDepth bounds how deep selections nest: each level is a level of subqueries.
	maxDepth = 32
)

// Document is a GraphQL document with its variables filled in.
type Document struct {
	Operation ast.Operation
	Fields    []*Field
}

// Field is one field of a selection, at the root or below.
type Field struct {
	// Key is what the result is called: the alias, else Name.
	Key, Name string
	// Arguments are nil, bool, string, json.Number, prisma.Symbol, []any and Object.
	Arguments Object
	// Selection is empty for a field that has none.
	Selection []*Field
	// Line and Column are where the field stands, from 1.
	Line, Column int
}

// Parse reads a GraphQL document, October 2021, of exactly one operation
// and no fragments or directives, as the query engine's protocol has it.
func Parse(query string, variables map[string]any) (*Document, error) {
	parsed, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, maxTokens)
	if err != nil {
		return nil, syntaxFailure(err)
	}
	if len(parsed.Operations) != 1 || len(parsed.Fragments) != 0 {
		return nil, prisma.Invalid("1:1", "expected exactly one operation and no fragments, found %d operations and %d fragments",
			len(parsed.Operations), len(parsed.Fragments))
	}
	operation := parsed.Operations[0]
	if operation.Operation == ast.Subscription || len(operation.Directives) > 0 {
		return nil, prisma.Invalid(position(operation.Position), "expected a query or a mutation without directives")
	}
	if n := len(operation.SelectionSet); n > maxRootFields {
		return nil, prisma.Invalid(position(operation.Position), "expected at most %d root fields, found %d", maxRootFields, n)
	}
	scope, err := newScope(operation.VariableDefinitions, variables)
	if err != nil {
		return nil, err
	}
	fields, err := scope.selection(operation.SelectionSet, 1)
	if err != nil {
		return nil, err
	}
	return &Document{operation.Operation, fields}, nil
}

func syntaxFailure(err error) error {
	at := "1:1"
	message := err.Error()
	var syntax *gqlerror.Error
	if errors.As(err, &syntax) {
		message = syntax.Message
		if len(syntax.Locations) > 0 {
			at = fmt.Sprintf("%d:%d", syntax.Locations[0].Line, syntax.Locations[0].Column)
		}
	}
	return prisma.Invalid(at, "GraphQL syntax: %s", prisma.Excerpt(message))
}

// position is line:column of a place in the document.
func position(p *ast.Position) string {
	if p == nil {
		return "1:1"
	}
	return fmt.Sprintf("%d:%d", p.Line, p.Column)
}

// selection reads the fields of one level, each under a key of its own.
func (s scope) selection(set ast.SelectionSet, depth int) ([]*Field, error) {
	if depth > maxDepth {
		return nil, prisma.Invalid(position(set[0].GetPosition()), "selections nest deeper than %d", maxDepth)
	}
	if len(set) == 0 {
		return nil, nil
	}
	fields := make([]*Field, 0, len(set))
	var keys keySet
	for _, selection := range set {
		plain, err := plainField(selection)
		if err != nil {
			return nil, err
		}
		if !keys.add(plain.Alias) {
			return nil, prisma.Invalid(position(plain.Position), "%q is asked for twice", prisma.Excerpt(plain.Alias))
		}
		field, err := s.field(plain, depth)
		if err != nil {
			return nil, err
		}
		fields = append(fields, field)
	}
	return fields, nil
}

// plainField is a selection that is a field without directives.
func plainField(selection ast.Selection) (*ast.Field, error) {
	field, ok := selection.(*ast.Field)
	if !ok {
		return nil, prisma.Invalid(position(selection.GetPosition()), "fragments are not supported")
	}
	if len(field.Directives) > 0 {
		return nil, prisma.Invalid(position(field.Directives[0].Position), "directives are not supported")
	}
	return field, nil
}

func (s scope) field(f *ast.Field, depth int) (*Field, error) {
	field := &Field{Key: f.Alias, Name: f.Name}
	if f.Position != nil {
		field.Line, field.Column = f.Position.Line, f.Position.Column
	}
	arguments := newObject(len(f.Arguments))
	for _, argument := range f.Arguments {
		if err := s.put(arguments, argument.Name, argument.Value, argument.Position); err != nil {
			return nil, err
		}
	}
	field.Arguments = arguments.object
	var err error
	field.Selection, err = s.selection(f.SelectionSet, depth+1)
	return field, err
}
