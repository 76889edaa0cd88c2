package published_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"strconv"
	"strings"
)

// condition is a condition as the published documents have them: comparisons, joined
// with && and ||, of a path with a value, and paths that have to match anything
// (D1 to D4, D6). It is read and judged here without the runner.
type condition interface {
	holds(s *state) bool
	// ways are the ways to make it so, or not: in each of them all of its atoms
	// have to come out as they say.
	ways(want bool) [][]atom
}

// atom is a condition without parts, and whether it is to hold.
type atom struct {
	leaf leaf
	want bool
}

// leaf is a comparison, or a path alone.
type leaf struct {
	left path
	// operator is empty for a path alone.
	operator string
	right    any
}

// path leads into the response's body, the inputs, or is an expression.
type path struct {
	root   string
	tokens []string
	length bool
	// filter, where given, chooses among the items there.
	filter *leaf
}

// junction is several conditions, of which all or any have to hold.
type junction struct {
	any   bool
	parts []condition
}

func (j junction) holds(s *state) bool {
	for _, p := range j.parts {
		if p.holds(s) == j.any {
			return j.any
		}
	}
	return !j.any
}

func (j junction) ways(want bool) [][]atom {
	if j.any == want {
		var all [][]atom
		for _, p := range j.parts {
			all = append(all, p.ways(want)...)
		}
		return all
	}
	return together(j.parts, want)
}

// together are the ways to make all of several conditions come out alike.
func together(parts []condition, want bool) [][]atom {
	all := [][]atom{nil}
	for _, p := range parts {
		var longer [][]atom
		for _, so := range all {
			for _, more := range p.ways(want) {
				longer = append(longer, append(so[:len(so):len(so)], more...))
			}
		}
		all = longer
	}
	return all
}

func (l leaf) ways(want bool) [][]atom { return [][]atom{{{l, want}}} }

func (l leaf) holds(s *state) bool {
	left := l.left.value(s)
	if l.operator == "" {
		return l.left.filter == nil && left != nil || l.left.filter != nil && l.left.count(s) > 0
	}
	return compare(left, l.operator, s.written(l.right))
}

// written is a literal with the expressions in it (D6).
func (s *state) written(literal any) any {
	text, ok := literal.(string)
	if !ok {
		return literal
	}
	written, err := s.template(text, textOf)
	if err != nil {
		return nil
	}
	return written
}

// value is nil where nothing is found (D3).
func (p path) value(s *state) any {
	if p.filter != nil {
		return json.Number(strconv.Itoa(p.count(s)))
	}
	var found any = s.inputs
	if p.root != "$inputs" {
		var err error
		if found, err = s.expression(p.root); err != nil {
			return nil
		}
	}
	found, _ = locate(found, p.tokens)
	if p.length {
		return lengthOf(found)
	}
	return found
}

func lengthOf(v any) any {
	switch x := v.(type) {
	case []any:
		return json.Number(strconv.Itoa(len(x)))
	case string:
		return json.Number(strconv.Itoa(len([]rune(x))))
	case map[string]any:
		return x["length"]
	}
	return nil
}

// count counts the items that the filter takes.
func (p path) count(s *state) int {
	everything := path{root: p.root, tokens: p.tokens}
	items, _ := everything.value(s).([]any)
	n := 0
	for _, item := range items {
		value, _ := locate(item, p.filter.left.tokens)
		if compare(value, p.filter.operator, s.written(p.filter.right)) {
			n++
		}
	}
	return n
}

func compare(left any, operator string, right any) bool {
	switch operator {
	case "==":
		return same(left, right)
	case "!=":
		return !same(left, right)
	}
	a, b := number(left), number(right)
	if a == nil || b == nil {
		return false
	}
	switch order := a.Cmp(b); operator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	default:
		return order >= 0
	}
}

// same tells whether two JSON values are equal, numbers by their value.
func same(a, b any) bool {
	if x, y := number(a), number(b); x != nil || y != nil {
		return x != nil && y != nil && x.Cmp(y) == 0
	}
	switch x := a.(type) {
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !same(x[i], y[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for name := range x {
			if other, ok := y[name]; !ok || !same(x[name], other) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}

func number(v any) *big.Rat {
	n, ok := v.(json.Number)
	if !ok {
		return nil
	}
	r, ok := new(big.Rat).SetString(n.String())
	if !ok {
		return nil
	}
	return r
}

// parseCondition reads a condition; context is empty for a simple one.
func parseCondition(text, context string) (condition, error) {
	for _, join := range []string{"||", "&&"} {
		parts := splitOutside(text, join)
		if len(parts) == 1 {
			continue
		}
		j := junction{any: join == "||"}
		for _, part := range parts {
			c, err := parseCondition(part, context)
			if err != nil {
				return nil, err
			}
			j.parts = append(j.parts, c)
		}
		return j, nil
	}
	return parseLeaf(text, context)
}

func parseLeaf(text, context string) (leaf, error) {
	for _, operator := range []string{"==", "!=", "<=", ">=", "<", ">"} {
		parts := splitOutside(text, operator)
		if len(parts) != 2 {
			continue
		}
		left, err := parsePath(strings.TrimSpace(parts[0]), context)
		if err != nil {
			return leaf{}, err
		}
		right, err := parseLiteral(strings.TrimSpace(parts[1]))
		return leaf{left, operator, right}, err
	}
	left, err := parsePath(strings.TrimSpace(text), context)
	return leaf{left: left}, err
}

func parseLiteral(text string) (any, error) {
	if len(text) > 1 && (text[0] == '"' || text[0] == '\'') && text[len(text)-1] == text[0] {
		return text[1 : len(text)-1], nil
	}
	return decode(text)
}

// parsePath reads $.a.b[0], what may stand at its end, and expressions.
func parsePath(text, context string) (path, error) {
	p := path{root: context}
	if context == "" {
		return parseExpression(text)
	}
	rest, ok := strings.CutPrefix(text, "$")
	if context == "@" {
		rest, ok = strings.CutPrefix(text, "@")
	}
	if !ok {
		return p, fmt.Errorf("the path %q is none that these documents have", text)
	}
	if before, isLength := strings.CutSuffix(rest, ".length"); isLength {
		rest, p.length = before, true
	}
	if before, filter, hasFilter := strings.Cut(rest, "[?("); hasFilter {
		one, err := parseLeaf(strings.TrimSuffix(filter, ")]"), "@")
		if err != nil {
			return p, err
		}
		rest, p.filter = before, &one
	}
	p.tokens = strings.Split(strings.NewReplacer("[", ".", "]", "").Replace(rest), ".")[1:]
	return p, nil
}

// parseExpression reads an operand of a simple condition.
func parseExpression(text string) (path, error) {
	if pointer, ok := strings.CutPrefix(text, "$response.body#"); ok {
		return path{root: "$response.body", tokens: pointerTokens(pointer)}, nil
	}
	if name, ok := strings.CutPrefix(text, "$inputs."); ok {
		return path{root: "$inputs", tokens: strings.Split(name, ".")}, nil
	}
	if !whole.MatchString(text) {
		return path{}, fmt.Errorf("the operand %q is none that these documents have", text)
	}
	return path{root: text}, nil
}

// splitOutside cuts a text at a word outside of quotes, brackets and parentheses.
func splitOutside(text, word string) []string {
	var parts []string
	quote, depth, from := byte(0), 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '[' || c == '(':
			depth++
		case c == ']' || c == ')':
			depth--
		case depth == 0 && strings.HasPrefix(text[i:], word):
			parts = append(parts, text[from:i])
			i += len(word) - 1
			from = i + 1
		}
	}
	return append(parts, text[from:])
}
