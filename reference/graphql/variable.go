package graphql

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// scope holds the variables a document may use.
type scope struct{ variables map[string]any }

// newScope takes what was given for the variables that are declared, and their
// defaults. The names of their types are not looked at: a value is judged where
// it is used.
func newScope(definitions ast.VariableDefinitionList, given map[string]any) (scope, error) {
	s := scope{variables: map[string]any{}}
	declared := map[string]bool{}
	for _, d := range definitions {
		if declared[d.Variable] {
			return s, unreadable(d.Position, "variable $%s is declared twice", prisma.Excerpt(d.Variable))
		}
		declared[d.Variable] = true
		value, ok := given[d.Variable]
		value = plain(value)
		if !ok && d.DefaultValue != nil {
			var err error
			if value, err = (scope{}).value(d.DefaultValue); err != nil {
				return s, err
			}
			ok = true
		}
		if d.Type != nil && d.Type.NonNull && value == nil {
			return s, unreadable(d.Position, "variable $%s of type %s has no value", prisma.Excerpt(d.Variable), prisma.Excerpt(d.Type.String()))
		}
		if ok {
			s.variables[d.Variable] = value
		}
	}
	return s.withAbsent(declared), nil
}

// absent stands for a declared variable that nobody gave a value.
type absent struct{}

func (s scope) withAbsent(declared map[string]bool) scope {
	for name := range declared {
		if _, ok := s.variables[name]; !ok {
			s.variables[name] = absent{}
		}
	}
	return s
}

// put adds a member unless its value is an absent variable, which GraphQL takes
// for a member that is not there.
func (s scope) put(to *objectMaker, name string, v *ast.Value, at *ast.Position) error {
	value, err := s.value(v)
	if err != nil {
		return err
	}
	if _, ok := value.(absent); ok {
		return nil
	}
	member := Member{Name: name, Value: value}
	if at != nil {
		member.Line, member.Column = at.Line, at.Column
	}
	if !to.add(member) {
		return unreadable(at, "%q is given twice", prisma.Excerpt(name))
	}
	return nil
}

// value is the plain value of a literal. The parser bounds how deep it nests.
func (s scope) value(v *ast.Value) (any, error) {
	switch v.Kind {
	case ast.Variable:
		value, ok := s.variables[v.Raw]
		if !ok {
			return nil, unreadable(v.Position, "variable $%s is not declared", prisma.Excerpt(v.Raw))
		}
		return value, nil
	case ast.IntValue, ast.FloatValue:
		return json.Number(v.Raw), nil
	case ast.BooleanValue:
		return v.Raw == "true", nil
	case ast.NullValue:
		return nil, nil
	case ast.EnumValue:
		return prisma.Symbol(v.Raw), nil
	case ast.ListValue:
		return s.list(v)
	case ast.ObjectValue:
		return s.object(v)
	case ast.StringValue:
		if isReplaced(v) {
			return nil, unreadable(v.Position, "expected text, found an escape that is half of a surrogate pair")
		}
	}
	return v.Raw, nil
}

// isReplaced tells whether the parser put U+FFFD in place of half of a surrogate pair:
// the document itself has none, then, and does not ask for one either.
func isReplaced(v *ast.Value) bool {
	if !strings.ContainsRune(v.Raw, utf8.RuneError) || v.Position == nil {
		return false
	}
	text := v.Position.Src.Input
	return !strings.ContainsRune(text, utf8.RuneError) && !strings.Contains(strings.ToLower(text), "fffd")
}

func (s scope) object(v *ast.Value) (any, error) {
	members := newObject(len(v.Children))
	for _, child := range v.Children {
		if err := s.put(members, child.Name, child.Value, child.Position); err != nil {
			return nil, err
		}
	}
	return members.object, nil
}

func (s scope) list(v *ast.Value) (any, error) {
	list := make([]any, 0, len(v.Children))
	for _, child := range v.Children {
		value, err := s.value(child.Value)
		if err != nil {
			return nil, err
		}
		if _, ok := value.(absent); ok {
			value = nil
		}
		list = append(list, value)
	}
	return list, nil
}
