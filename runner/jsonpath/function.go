package jsonpath

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// kind is a type of the type system for functions (RFC 9535, 2.4.1).
type kind int

const (
	valueKind   kind = iota // a JSON value or Nothing
	nodesKind               // a nodelist
	logicalKind             // true or false
)

// argument is what a parameter was given: query where it takes nodes, value
// where it takes a value.
type argument struct {
	value operand
	query *subquery
}

// function is a function extension. Its result is a value with false for
// Nothing, or, when it is logical, the bool alone.
type function struct {
	parameters []kind
	result     kind
	apply      func(e *evaluation, node any, arguments []argument) (any, bool)
}

// functions are those of RFC 9535, 2.4.4 to 2.4.8.
var functions = map[string]function{
	"length": {[]kind{valueKind}, valueKind, length},
	"count":  {[]kind{nodesKind}, valueKind, count},
	"value":  {[]kind{nodesKind}, valueKind, onlyValue},
	"match":  {[]kind{valueKind, valueKind}, logicalKind, match},
	"search": {[]kind{valueKind, valueKind}, logicalKind, search},
}

// call is a function expression.
type call struct {
	name      string
	function  function
	arguments []argument
}

func (c *call) value(e *evaluation, node any) (any, bool) {
	return c.function.apply(e, node, c.arguments)
}

func (c *call) holds(e *evaluation, node any) bool {
	_, ok := c.function.apply(e, node, c.arguments)
	return ok
}

// length counts the Unicode scalar values of a string, the elements of an array
// or the members of an object.
func length(e *evaluation, node any, arguments []argument) (any, bool) {
	value, _ := arguments[0].value.value(e, node)
	switch value := value.(type) {
	case string:
		return asNumber(utf8.RuneCountInString(value)), e.spend(len(value) / bytesPerStep)
	case []any:
		return asNumber(len(value)), true
	case map[string]any:
		return asNumber(len(value)), true
	default:
		return nil, false
	}
}

func asNumber(n int) json.Number { return json.Number(strconv.Itoa(n)) }

func count(e *evaluation, node any, arguments []argument) (any, bool) {
	return asNumber(len(arguments[0].query.nodes(e, node))), true
}

func onlyValue(e *evaluation, node any, arguments []argument) (any, bool) {
	nodes := arguments[0].query.nodes(e, node)
	if len(nodes) != 1 {
		return nil, false
	}
	return nodes[0], true
}

func match(e *evaluation, node any, arguments []argument) (any, bool) {
	return nil, e.matches(node, arguments, true)
}

func search(e *evaluation, node any, arguments []argument) (any, bool) {
	return nil, e.matches(node, arguments, false)
}

func (e *evaluation) matches(node any, arguments []argument, whole bool) bool {
	subject, _ := arguments[0].value.value(e, node)
	expression, _ := arguments[1].value.value(e, node)
	text, textOK := subject.(string)
	source, sourceOK := expression.(string)
	if !sourceOK || !textOK && !e.strict {
		return false
	}
	p := e.pattern(patternKey{source, whole})
	if p != nil && p.regexp == nil && e.strict {
		e.fail(notIRegexp(source))
	}
	if p == nil || p.regexp == nil || !textOK || !e.spend(p.size*(1+len(text)/bytesPerStep)) {
		return false
	}
	return p.regexp.MatchString(text)
}
