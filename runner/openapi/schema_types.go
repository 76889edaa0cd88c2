package openapi

import (
	"encoding/json"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// kinds is a set of JSON types. A number is whole or not.
type kinds uint8

const (
	kindNull kinds = 1 << iota
	kindBoolean
	kindIntegral
	kindFraction
	kindString
	kindArray
	kindObject
	anyKind = kindNull | kindBoolean | kindIntegral | kindFraction | kindString | kindArray | kindObject
)

var kindNames = map[string]kinds{
	"null": kindNull, "boolean": kindBoolean, "integer": kindIntegral, "number": kindIntegral | kindFraction,
	"string": kindString, "array": kindArray, "object": kindObject,
}

// names lists the set by name; nothing when all is possible.
func (k kinds) names() []string {
	if k == anyKind {
		return nil
	}
	var list []string
	for _, name := range []string{"array", "boolean", "integer", "null", "number", "object", "string"} {
		isNumber := name == "number" || name == "integer"
		switch {
		case isNumber && (k&kindFraction != 0) != (name == "number"):
		case k&kindNames[name] != 0:
			list = append(list, name)
		}
	}
	return list
}

// types are the types that a value of the schema may have. A schema that
// contradicts itself allows none, which is taken for damage: all are possible.
func (l *look) types(s *Schema) kinds {
	c := l.whole(s)
	possible := anyKind
	for _, o := range c.objects {
		possible &= ownTypes(o)
	}
	for _, union := range c.unions {
		var some kinds
		for _, s := range union {
			some |= l.types(s)
		}
		possible &= some
	}
	if possible == 0 {
		return anyKind
	}
	if c.nullable {
		possible |= kindNull
	}
	return possible
}

// ownTypes are what one Schema Object says by itself.
func ownTypes(p part) kinds {
	possible := typeField(p.child("type"))
	values := enumOf(p)
	if len(values) == 0 {
		return possible
	}
	var listed kinds
	for _, value := range values {
		listed |= kindOf(value)
	}
	return possible & listed
}

func typeField(p part) kinds {
	names := []part{p}
	if p.isList() {
		names = p.items()
	}
	var listed kinds
	for _, name := range names {
		kind, known := kindNames[name.text()]
		if !known {
			return anyKind
		}
		listed |= kind
	}
	if listed == 0 {
		return anyKind
	}
	return listed
}

func kindOf(value any) kinds {
	if number, ok := value.(json.Number); ok && !strings.ContainsAny(number.String(), ".eE") {
		return kindIntegral
	}
	return kindNames[string(source.KindOf(value))]
}

// enumOf lists the values that one Schema Object allows, nil when it names none
// or one that cannot be read.
func enumOf(p part) []any {
	items := p.child("enum").items()
	if constant := p.child("const"); len(items) == 0 && constant.exists() {
		items = []part{constant}
	}
	var values []any
	for _, item := range items {
		value, ok := data(item)
		if !ok {
			return nil
		}
		values = append(values, value)
	}
	return values
}

// enum is the first list of allowed values: of what holds together any will do,
// of alternatives all have to have one.
func (l *look) enum(s *Schema) []any {
	c := l.whole(s)
	var values []any
	for _, o := range c.objects {
		if values = enumOf(o); values != nil {
			break
		}
	}
	for i := 0; values == nil && i < len(c.unions); i++ {
		values = l.enumOfUnion(c.unions[i])
	}
	if values != nil && c.nullable {
		values = append(values, nil)
	}
	return values
}

func (l *look) enumOfUnion(union []*Schema) []any {
	var values []any
	for _, s := range union {
		some := l.enum(s)
		if some == nil {
			return nil
		}
		values = append(values, some...)
	}
	return values
}
