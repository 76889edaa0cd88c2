package graphql

import (
	"errors"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
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
	source := &ast.Source{Input: query}
	parsed, err := parser.ParseQueryWithTokenLimit(source, maxTokens)
	if err != nil {
		return nil, syntaxFailure(source, err)
	}
	if len(parsed.Fragments) > 0 {
		return nil, unreadable(parsed.Fragments[0].Position, "fragments are not supported")
	}
	if n := len(parsed.Operations); n != 1 {
		return nil, prisma.Unreadable(1, 1, "expected one query or mutation, found %d operations", n)
	}
	operation := parsed.Operations[0]
	if operation.Operation == ast.Subscription {
		return nil, unreadable(operation.Position, "subscriptions are not supported: expected a query or a mutation")
	}
	if len(operation.Directives) > 0 {
		return nil, unreadable(operation.Directives[0].Position, "directives are not supported")
	}
	scope, err := newScope(operation.VariableDefinitions, variables)
	if err != nil {
		return nil, err
	}
	fields, err := scope.selection(1, operation.SelectionSet, nil)
	if err != nil {
		return nil, err
	}
	if n := len(fields); n > maxRootFields {
		return nil, unreadable(operation.Position, "expected at most %d root fields, found %d", maxRootFields, n)
	}
	return &Document{operation.Operation, fields}, nil
}

func syntaxFailure(source *ast.Source, err error) error {
	var syntax *gqlerror.Error
	if errors.As(err, &syntax) && strings.HasSuffix(syntax.Message, lexer.Invalid.String()) {
		err = lexicalFailure(source, err)
	}
	line, column, message := 1, 1, err.Error()
	if errors.As(err, &syntax) {
		message = syntax.Message
		if len(syntax.Locations) > 0 {
			line, column = syntax.Locations[0].Line, syntax.Locations[0].Column
		}
	}
	return prisma.Unreadable(line, column, "GraphQL syntax: %s", prisma.Excerpt(message))
}

// lexicalFailure says why a text is no token, of which the parser's failure says only
// that it is none.
func lexicalFailure(source *ast.Source, err error) error {
	tokens := lexer.New(source)
	for {
		token, reason := tokens.ReadToken()
		if reason != nil {
			return reason
		}
		if token.Kind == lexer.EOF {
			return err
		}
	}
}

// unreadable is a failure at a place in the document.
func unreadable(p *ast.Position, format string, args ...any) error {
	line, column := place(p)
	return prisma.Unreadable(line, column, format, args...)
}

func place(p *ast.Position) (line, column int) {
	if p == nil {
		return 1, 1
	}
	return p.Line, p.Column
}

// selection reads the fields of one level, each under a key of its own.
func (s scope) selection(depth int, set ast.SelectionSet, more []ast.SelectionSet) ([]*Field, error) {
	if len(set) == 0 {
		return nil, nil
	}
	if depth > maxDepth {
		return nil, unreadable(set[0].GetPosition(), "selections nest deeper than %d", maxDepth)
	}
	all, err := merge(set, more)
	if err != nil {
		return nil, err
	}
	fields := make([]*Field, len(all))
	for i := range all {
		if fields[i], err = s.field(&all[i], depth); err != nil {
			return nil, err
		}
	}
	return fields, nil
}

// plainField is a selection that is a field without directives.
func plainField(selection ast.Selection) (*ast.Field, error) {
	field, ok := selection.(*ast.Field)
	if !ok {
		return nil, unreadable(selection.GetPosition(), "fragments are not supported")
	}
	if len(field.Directives) > 0 {
		return nil, unreadable(field.Directives[0].Position, "directives are not supported")
	}
	return field, nil
}

func (s scope) field(f *merged, depth int) (*Field, error) {
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
	field.Selection, err = s.selection(depth+1, f.SelectionSet, f.more)
	return field, err
}
