package accelerate

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

const (
	// maxTokens bounds the work of parsing; a query of Prisma Client with a
	// thousand values in a list has a few thousand.
	maxTokens = 100_000
	// maxRootFields bounds the statements that share one connection and one
	// timeout; Prisma Client sends one.
	maxRootFields = 20
)

// document is a GraphQL document with its variables filled in. Values are nil,
// bool, string, json.Number, prisma.Symbol, []any and map[string]any.
type document struct {
	Operation ast.Operation
	Fields    []rootField
}

// rootField asks for one action of the query engine.
type rootField struct {
	// Key is what the result is called: the alias, else Name.
	Key, Name string
	Arguments map[string]any
	Selection []selected
}

// selected is one field of a record, asked for as Key.
type selected struct{ Key, Name string }

// canonical is the document without its spelling: equal for queries that mean
// the same.
func (d *document) canonical() ([]byte, error) { return json.Marshal(d) }

// parseDocument reads a GraphQL document, October 2021, of exactly one operation
// and no fragments or directives, as the query engine's protocol has it.
func parseDocument(query string, variables map[string]any) (*document, error) {
	parsed, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, maxTokens)
	if err != nil {
		return nil, syntaxFailure(err)
	}
	if len(parsed.Operations) != 1 || len(parsed.Fragments) != 0 {
		return nil, invalid("1:1", "expected exactly one operation and no fragments, found %d operations and %d fragments",
			len(parsed.Operations), len(parsed.Fragments))
	}
	operation := parsed.Operations[0]
	if operation.Operation == ast.Subscription || len(operation.Directives) > 0 {
		return nil, invalid(position(operation.Position), "expected a query or a mutation without directives")
	}
	if n := len(operation.SelectionSet); n > maxRootFields {
		return nil, invalid(position(operation.Position), "expected at most %d root fields, found %d", maxRootFields, n)
	}
	scope, err := newScope(operation.VariableDefinitions, variables)
	if err != nil {
		return nil, err
	}
	doc := &document{Operation: operation.Operation}
	taken := map[string]bool{}
	for _, selection := range operation.SelectionSet {
		field, err := plainField(selection, taken)
		if err != nil {
			return nil, err
		}
		root, err := scope.rootField(field)
		if err != nil {
			return nil, err
		}
		doc.Fields = append(doc.Fields, root)
	}
	return doc, nil
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
	return invalid(at, "GraphQL syntax: %s", message)
}

// position is line:column of a place in the document.
func position(p *ast.Position) string {
	if p == nil {
		return "1:1"
	}
	return fmt.Sprintf("%d:%d", p.Line, p.Column)
}

// plainField is a selection that is a field without directives, under a key that
// is not taken yet.
func plainField(selection ast.Selection, taken map[string]bool) (*ast.Field, error) {
	field, ok := selection.(*ast.Field)
	if !ok {
		return nil, invalid(position(selection.GetPosition()), "fragments are not supported")
	}
	if len(field.Directives) > 0 {
		return nil, invalid(position(field.Directives[0].Position), "directives are not supported")
	}
	if taken[field.Alias] {
		return nil, invalid(position(field.Position), "%q is asked for twice", field.Alias)
	}
	taken[field.Alias] = true
	return field, nil
}

func (s scope) rootField(f *ast.Field) (rootField, error) {
	root := rootField{Key: f.Alias, Name: f.Name, Arguments: map[string]any{}}
	for _, argument := range f.Arguments {
		if err := s.put(root.Arguments, argument.Name, argument.Value, argument.Position); err != nil {
			return root, err
		}
	}
	taken := map[string]bool{}
	for _, selection := range f.SelectionSet {
		field, err := plainField(selection, taken)
		if err != nil {
			return root, err
		}
		if len(field.Arguments) > 0 || len(field.SelectionSet) > 0 {
			return root, invalid(position(field.Position), "%q: expected a scalar field, without arguments or a selection: relations are not supported", field.Name)
		}
		root.Selection = append(root.Selection, selected{Key: field.Alias, Name: field.Name})
	}
	return root, nil
}
