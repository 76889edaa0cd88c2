package filter

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// target is a field whose condition is being read.
type target struct {
	parser *parser
	field  *prisma.Field
	slot   int
	// fold says that case does not matter.
	fold bool
	// negated says that operators are read under not, so that none may hold. As in
	// Prisma, a not under not takes it back for each.
	negated bool
}

// The operators of each kind of field, in the order in which errors name them.
var (
	equalities  = []string{"equals", "not"}
	memberships = []string{"equals", "in", "notIn", "not"}
	comparisons = []string{"equals", "in", "notIn", "not", "lt", "lte", "gt", "gte"}
	matches     = []string{"equals", "in", "notIn", "not", "lt", "lte", "gt", "gte", "contains", "startsWith", "endsWith", "mode"}
	ofLists     = []string{"equals", "has", "hasEvery", "hasSome", "isEmpty"}
)

// operators are those that a field can be filtered with, none for a type without.
func operators(f *prisma.Field) []string {
	switch {
	case f.Type == prisma.JSON || f.Type == prisma.Unsupported:
		return nil
	case f.List:
		return ofLists
	}
	switch f.Type {
	case prisma.Boolean:
		return equalities
	case prisma.EnumType, prisma.Bytes:
		return memberships
	case prisma.String:
		return matches
	default:
		return comparisons
	}
}

// mode reads the member mode, which concerns its neighbours, and takes it out.
func (t *target) mode(path string, members map[string]any) error {
	mode, given := members["mode"]
	if !given || !slices.Contains(operators(t.field), "mode") {
		return nil
	}
	path = join(path, "mode")
	mode, err := untag(path, prisma.EnumType, mode)
	switch {
	case err != nil:
		return err
	case mode != "default" && mode != "insensitive":
		return fmt.Errorf(`%s: expected "default" or "insensitive", found %s`, path, prisma.Describe(mode))
	case len(members) == 1:
		return fmt.Errorf("%s: expected an operator beside mode, found none", path)
	}
	t.fold = mode == "insensitive"
	delete(members, "mode")
	return nil
}

// operators reads an object of operators.
func (t *target) operators(path string, members map[string]any, depth int) ([]*condition, error) {
	if len(members) == 0 {
		return nil, fmt.Errorf("%s: expected a value or an object of operators, found an empty object", path)
	}
	var all []*condition
	for _, name := range slices.Sorted(maps.Keys(members)) {
		parts, err := t.operator(join(path, name), name, members[name], depth)
		if err != nil {
			return nil, err
		}
		all = append(all, parts...)
	}
	return all, nil
}

// operator reads one operator with its operand.
func (t *target) operator(path, name string, input any, depth int) ([]*condition, error) {
	if err := t.allowed(path, name, depth); err != nil {
		return nil, err
	}
	if name == "not" {
		return t.negation(path, input, depth)
	}
	negated := t.negated
	if name == "notIn" {
		name, negated = "in", !negated
	}
	c, err := t.condition(path, name, input)
	if err != nil {
		return nil, err
	}
	c.slot, c.what, c.fold = t.slot, t.field.Type, t.fold
	if c.operator == in || c.operator == hasSome || c.operator == hasEvery {
		c.sort()
	}
	if negated {
		c = negation(c)
	}
	return []*condition{c}, nil
}

// allowed refuses an operator that the field does not have, or one too many.
func (t *target) allowed(path, name string, depth int) error {
	known := operators(t.field)
	if name == "search" {
		return fmt.Errorf("%s: full-text search is not available in filters", path)
	}
	if name == "mode" && t.field.Type == prisma.String && !t.field.List {
		return fmt.Errorf("%s: expected mode beside not, found it within", path)
	}
	if !slices.Contains(known, name) {
		return fmt.Errorf("%s: unknown operator of a field of type %s; there are %s", path, t.field.TypeName(), strings.Join(known, ", "))
	}
	if depth > MaxDepth {
		return tooDeep(path)
	}
	if t.parser.conditions++; t.parser.conditions > MaxConditions {
		return fmt.Errorf("%s: expected at most %d operators in a filter, found more", path, MaxConditions)
	}
	return nil
}

// negation reads not: a value, or operators none of which may hold.
func (t *target) negation(path string, input any, depth int) ([]*condition, error) {
	inner := *t
	inner.negated = !t.negated
	members, isObject := input.(map[string]any)
	if _, tagged := members["$type"]; !isObject || tagged {
		return inner.operator(path, "equals", input, depth+1)
	}
	return inner.operators(path, members, depth+1)
}

// condition reads an operator that is no negation.
func (t *target) condition(path, name string, input any) (*condition, error) {
	var err error
	c := &condition{}
	switch name {
	case "equals", "in":
		if input == nil && !t.field.List {
			return &condition{operator: isNull}, nil
		}
		c.operator = in
		if t.field.List {
			c.operator = listEquals
			c.values, err = t.list(path, input)
		} else if name == "in" {
			c.values, err = t.values(path, input)
		} else {
			c.values, err = t.one(path, input)
		}
	case "has":
		c.operator = hasSome
		c.values, err = t.one(path, input)
	case "hasSome", "hasEvery":
		c.operator = map[string]operator{"hasSome": hasSome, "hasEvery": hasEvery}[name]
		c.values, err = t.values(path, input)
	case "isEmpty":
		return t.emptiness(path, input)
	default:
		c.operator = withOneValue[name]
		c.values, err = t.one(path, input)
	}
	return c, err
}

var withOneValue = map[string]operator{
	"lt": less, "lte": lessOrEqual, "gt": greater, "gte": greaterOrEqual,
	"contains": contains, "startsWith": startsWith, "endsWith": endsWith,
}

func (t *target) emptiness(path string, input any) (*condition, error) {
	wanted, ok := input.(bool)
	if !ok {
		return nil, fmt.Errorf("%s: expected true or false, found %s", path, prisma.Describe(input))
	}
	c := &condition{operator: isEmpty, slot: t.slot}
	if !wanted {
		c = &condition{operator: not, parts: []*condition{c}}
	}
	return c, nil
}

func (t *target) list(path string, input any) ([]value, error) {
	if _, ok := input.([]any); !ok {
		return nil, fmt.Errorf("%s: expected a list of %s, found %s", path, expectations[t.field.Type], prisma.Describe(input))
	}
	return t.values(path, input)
}

// values reads a list of values, or as Prisma does one for a list of it.
func (t *target) values(path string, input any) ([]value, error) {
	list, ok := input.([]any)
	if !ok {
		return t.one(path, input)
	}
	all := make([]value, len(list))
	for i, element := range list {
		var err error
		if all[i], err = t.value(fmt.Sprintf("%s.%d", path, i), element); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (t *target) one(path string, input any) ([]value, error) {
	v, err := t.value(path, input)
	return []value{v}, err
}

// value reads an operand that is not null.
func (t *target) value(path string, input any) (value, error) {
	input, err := untag(path, t.field.Type, input)
	if err != nil {
		return value{}, err
	}
	text, isString := "", false
	switch v := input.(type) {
	case string:
		text, isString = v, true
	case json.Number:
		text = v.String()
	case bool:
		text = fmt.Sprint(v)
	}
	v, ok := parseValue(t.field.Type, []byte(text), isString)
	if !ok || !t.acceptable(text) {
		return value{}, fmt.Errorf("%s: expected %s, found %s", path, expectations[t.field.Type], prisma.Describe(input))
	}
	if t.field.Type == prisma.EnumType && !slices.Contains(t.field.Enum.Values, text) {
		return value{}, fmt.Errorf("%s: enum %s has no value %s; it has %s",
			path, t.field.Enum.Name, quoted(text), shortened(strings.Join(t.field.Enum.Values, ", "), 400))
	}
	if t.fold {
		v.text = appendFolded(nil, v.text)
	}
	return v, nil
}

// maxDigits bounds a Decimal operand, which is compared digit by digit.
const maxDigits = 1000

// acceptable is asked of an operand alone: what events have is so.
func (t *target) acceptable(text string) bool {
	switch t.field.Type {
	case prisma.Decimal:
		return len(text) <= maxDigits
	case prisma.Bytes:
		decoded, err := base64.StdEncoding.DecodeString(text)
		// One value has several spellings, of which events have this one.
		return err == nil && base64.StdEncoding.EncodeToString(decoded) == text
	}
	return true
}

// expectations say what an operand of a type looks like.
var expectations = map[prisma.Type]string{
	prisma.String:   "String, a string",
	prisma.Boolean:  "Boolean, true or false",
	prisma.Int:      "Int, a whole number within 64 bits",
	prisma.BigInt:   "BigInt, a whole number within 64 bits or a string of its digits",
	prisma.Float:    `Float, a number, "NaN", "Infinity" or "-Infinity"`,
	prisma.Decimal:  `Decimal, a number or a string of one with at most 1,000 digits, "NaN", "Infinity" or "-Infinity"`,
	prisma.DateTime: `DateTime, an RFC 3339 string such as "2024-02-03T00:00:00.000Z"`,
	prisma.Bytes:    "Bytes, a string of base64 with padding",
	prisma.EnumType: "Enum, a string that is one of its values",
}

// untag takes a value out of the form in which Prisma Client sends what JSON has no
// type for, {"$type": "BigInt", "value": "5"}; any other stays as it is.
func untag(path string, t prisma.Type, input any) (any, error) {
	members, isObject := input.(map[string]any)
	tag, tagged := members["$type"]
	if !isObject || !tagged {
		return input, nil
	}
	inner, given := members["value"]
	if tag != string(t) || !given || len(members) != 2 {
		return nil, fmt.Errorf(`%s: expected {"$type": %q, "value": ...}, found an object with $type %s`, path, t, prisma.Describe(tag))
	}
	return inner, nil
}
