package xpath

import (
	"math"
	"strconv"
	"strings"
)

// Value is what an expression comes to: a [NodeSet], [Boolean], [Number] or
// [String]. Its methods are the functions boolean(), number() and string().
type Value interface {
	// Boolean is the effective boolean value: a number is true unless it is zero
	// or NaN, a string or node-set unless it is empty (XPath 1.0, section 4.3).
	Boolean() bool
	// Number is the value as a number; what is not written like one is NaN
	// (section 4.4).
	Number() float64
	// Text is the value as a string, of a node-set the string-value of its first
	// node (section 4.2). Numbers have no exponent.
	Text() string
}

// NodeSet is nodes in document order, each once.
type NodeSet []*Node

// Boolean is true or false.
type Boolean bool

// Number is a double-precision number of IEEE 754, with its NaN, infinities and
// minus zero.
type Number float64

// String is a text of Unicode characters.
type String string

// valueKind is the type of a value.
type valueKind string

const (
	nodeSetKind valueKind = "a node-set"
	booleanKind valueKind = "a boolean"
	numberKind  valueKind = "a number"
	stringKind  valueKind = "a string"
)

// Boolean tells whether there is a node.
func (s NodeSet) Boolean() bool { return len(s) > 0 }

// Number is the number that the first node's text is.
func (s NodeSet) Number() float64 { return String(s.Text()).Number() }

// Text is the string-value of the first node, and empty when there is none.
func (s NodeSet) Text() string {
	if len(s) == 0 {
		return ""
	}
	return s[0].Text()
}

// Boolean is the value itself.
func (b Boolean) Boolean() bool { return bool(b) }

// Number is 1 for true and 0 for false.
func (b Boolean) Number() float64 {
	if b {
		return 1
	}
	return 0
}

// Text is true or false.
func (b Boolean) Text() string { return strconv.FormatBool(bool(b)) }

// Boolean is false for zero and NaN.
func (n Number) Boolean() bool { return n != 0 && !math.IsNaN(float64(n)) }

// Number is the value itself.
func (n Number) Number() float64 { return float64(n) }

// Text is the shortest decimal that means this number and no other, without an
// exponent; NaN, Infinity and -Infinity are words, and zero has no sign.
func (n Number) Text() string {
	switch f := float64(n); {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0"
	default:
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
}

// Boolean is false for the empty string.
func (s String) Boolean() bool { return s != "" }

// Number is the number that the string is: digits with a fraction or without, a
// minus sign before and white space around it; anything else is NaN.
func (s String) Number() float64 { return float64(s.number()) }

func (s String) number() Number {
	text := strings.Trim(string(s), whiteSpace)
	unsigned := strings.TrimPrefix(text, "-")
	if strings.Trim(unsigned, "0123456789.") != "" || strings.Count(unsigned, ".") > 1 || strings.Trim(unsigned, ".") == "" {
		return Number(math.NaN())
	}
	// Out of range is infinity, as IEEE 754 rounds; there is no other error left.
	f, _ := strconv.ParseFloat(text, 64)
	return Number(f)
}

// Text is the value itself.
func (s String) Text() string { return string(s) }

// A number or a string in an expression is its own value.
func (n Number) kind() valueKind { return numberKind }
func (s String) kind() valueKind { return stringKind }

func (n Number) evaluate(*evaluation, focus) Value { return n }
func (s String) evaluate(*evaluation, focus) Value { return s }
