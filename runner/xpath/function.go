package xpath

import (
	"fmt"
	"math"
)

// function is a function of the core library (XPath 1.0, section 4).
type function struct {
	// least and most bound the arguments.
	least, most int
	result      valueKind
	apply       func(e *evaluation, f focus, arguments []Value) Value
	// nodes is set when the arguments have to be node-sets.
	nodes bool
	// defaults is set when the context node stands for a missing argument.
	defaults bool
}

// anyNumber is the most arguments of a function that takes as many as it is given.
const anyNumber = math.MaxInt

// functions are the 27 of the core library.
var functions = map[string]function{
	"last":          {result: numberKind, apply: last},
	"position":      {result: numberKind, apply: position},
	"count":         {least: 1, most: 1, result: numberKind, apply: count, nodes: true},
	"id":            {least: 1, most: 1, result: nodeSetKind, apply: id},
	"local-name":    {most: 1, result: stringKind, apply: localName, nodes: true, defaults: true},
	"namespace-uri": {most: 1, result: stringKind, apply: namespaceURI, nodes: true, defaults: true},
	"name":          {most: 1, result: stringKind, apply: qualifiedName, nodes: true, defaults: true},

	"string":           {most: 1, result: stringKind, apply: toString, defaults: true},
	"concat":           {least: 2, most: anyNumber, result: stringKind, apply: concat},
	"starts-with":      {least: 2, most: 2, result: booleanKind, apply: startsWith},
	"contains":         {least: 2, most: 2, result: booleanKind, apply: contains},
	"substring-before": {least: 2, most: 2, result: stringKind, apply: substringBefore},
	"substring-after":  {least: 2, most: 2, result: stringKind, apply: substringAfter},
	"substring":        {least: 2, most: 3, result: stringKind, apply: substring},
	"string-length":    {most: 1, result: numberKind, apply: stringLength, defaults: true},
	"normalize-space":  {most: 1, result: stringKind, apply: normalizeSpace, defaults: true},
	"translate":        {least: 3, most: 3, result: stringKind, apply: translate},

	"boolean": {least: 1, most: 1, result: booleanKind, apply: toBoolean},
	"not":     {least: 1, most: 1, result: booleanKind, apply: not},
	"true":    {result: booleanKind, apply: always(true)},
	"false":   {result: booleanKind, apply: always(false)},
	"lang":    {least: 1, most: 1, result: booleanKind, apply: lang},

	"number":  {most: 1, result: numberKind, apply: toNumber, defaults: true},
	"sum":     {least: 1, most: 1, result: numberKind, apply: sum, nodes: true},
	"floor":   {least: 1, most: 1, result: numberKind, apply: rounded(math.Floor)},
	"ceiling": {least: 1, most: 1, result: numberKind, apply: rounded(math.Ceil)},
	"round":   {least: 1, most: 1, result: numberKind, apply: rounded(round)},
}

// takes says how many arguments the function takes, for a message.
func (f function) takes() string {
	switch {
	case f.most == 0:
		return "no argument"
	case f.most == anyNumber:
		return fmt.Sprintf("at least %d arguments", f.least)
	case f.least == f.most:
		return fmt.Sprintf("exactly %d argument(s)", f.most)
	default:
		return fmt.Sprintf("%d to %d arguments", f.least, f.most)
	}
}

// call is a function with what it is given.
type call struct {
	function  function
	arguments []expression
}

func (c call) kind() valueKind { return c.function.result }

func (c call) evaluate(e *evaluation, f focus) Value {
	e.spend(1)
	values := make([]Value, len(c.arguments))
	for i, argument := range c.arguments {
		values[i] = argument.evaluate(e, f)
	}
	return c.function.apply(e, f, values)
}

func toBoolean(_ *evaluation, _ focus, a []Value) Value { return Boolean(a[0].Boolean()) }

func not(_ *evaluation, _ focus, a []Value) Value { return !Boolean(a[0].Boolean()) }

func always(constant Boolean) func(*evaluation, focus, []Value) Value {
	return func(*evaluation, focus, []Value) Value { return constant }
}

func toNumber(e *evaluation, _ focus, a []Value) Value { return Number(e.number(a[0])) }

func sum(e *evaluation, _ focus, a []Value) Value {
	total, set := 0.0, a[0].(NodeSet)
	for _, n := range set {
		total += String(e.text(n)).Number()
	}
	return Number(total)
}

func rounded(how func(float64) float64) func(*evaluation, focus, []Value) Value {
	return func(e *evaluation, _ focus, a []Value) Value { return Number(how(e.number(a[0]))) }
}

// round takes the closest integer, of two the greater one, and keeps the sign of
// what comes to zero (XPath 1.0, section 4.4).
func round(x float64) float64 {
	below := math.Floor(x)
	if x-below >= 0.5 {
		return math.Copysign(below+1, x)
	}
	return below
}
