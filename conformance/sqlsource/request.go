package sqlsource

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// mostTokens bounds a query.
const mostTokens = 10_000

// asked is what a query asks for.
type asked struct {
	// alias is what the answer calls it.
	alias, action string
	model         model
	arguments     map[string]any
	selected      []string
}

// actions are the beginnings of the root fields, and the arguments of each.
var actions = map[string][]string{
	"createOne": {"data"}, "createMany": {"data"}, "updateOne": {"where", "data"}, "updateMany": {"where", "data"},
	"deleteOne": {"where"}, "deleteMany": {"where"}, "findUnique": {"where"}, "findMany": {"where", "orderBy", "take"},
	"executeRaw": {"query", "parameters"},
}

// read reads a query of one root field.
func read(query string, variables map[string]any) (asked, error) {
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, mostTokens)
	if err != nil {
		return asked{}, fmt.Errorf("the query is not GraphQL: %w", err)
	}
	if len(document.Operations) != 1 || len(document.Fragments) > 0 || len(document.Operations[0].SelectionSet) != 1 {
		return asked{}, errors.New("a query is one operation with one root field here")
	}
	operation := document.Operations[0]
	root, isField := operation.SelectionSet[0].(*ast.Field)
	if !isField {
		return asked{}, errors.New("there are no fragments here")
	}
	a := asked{alias: root.Alias, arguments: map[string]any{}}
	if a.action, a.model, err = named(root.Name); err != nil {
		return asked{}, err
	}
	if isRead := strings.HasPrefix(a.action, "find"); isRead != (operation.Operation == ast.Query) {
		return asked{}, fmt.Errorf("%s does not belong to a %s", root.Name, operation.Operation)
	}
	for _, argument := range root.Arguments {
		if !slices.Contains(actions[a.action], argument.Name) {
			return asked{}, fmt.Errorf("%s takes no %s here", root.Name, argument.Name)
		}
		if a.arguments[argument.Name], err = plain(argument.Value, variables); err != nil {
			return asked{}, err
		}
	}
	for _, selection := range root.SelectionSet {
		field, isField := selection.(*ast.Field)
		if !isField || len(field.SelectionSet) > 0 || field.Alias != field.Name {
			return asked{}, errors.New("only scalars are selected here, by their own names")
		}
		a.selected = append(a.selected, field.Name)
	}
	return a, nil
}

// named takes the name of a root field apart.
func named(root string) (action string, m model, err error) {
	for action := range actions {
		name, begins := strings.CutPrefix(root, action)
		if m, known := models[name]; begins && (known || root == "executeRaw") {
			return action, m, nil
		}
	}
	return "", model{}, fmt.Errorf("the source of rows for Pulse alone has no %s", root)
}

// plain is a value of GraphQL as JSON has it.
func plain(v *ast.Value, variables map[string]any) (any, error) {
	switch v.Kind {
	case ast.Variable:
		return variables[v.Raw], nil
	case ast.NullValue:
		return nil, nil
	case ast.IntValue, ast.FloatValue:
		return json.Number(v.Raw), nil
	case ast.BooleanValue:
		return v.Raw == "true", nil
	case ast.ListValue:
		list := make([]any, 0, len(v.Children))
		for _, child := range v.Children {
			item, err := plain(child.Value, variables)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		return list, nil
	case ast.ObjectValue:
		object := make(map[string]any, len(v.Children))
		for _, child := range v.Children {
			member, err := plain(child.Value, variables)
			if err != nil {
				return nil, err
			}
			object[child.Name] = member
		}
		return object, nil
	default: // a string, or the name of an enum's value
		return v.Raw, nil
	}
}

// objectOf is an argument that has to be an object; one that is not given is empty.
func (a asked) objectOf(name string) (map[string]any, error) {
	given, has := a.arguments[name]
	members, isObject := given.(map[string]any)
	if has && !isObject {
		return nil, fmt.Errorf("%s is no object", name)
	}
	return members, nil
}
