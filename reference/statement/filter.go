package statement

import (
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// maxDepth bounds how deep AND, OR, NOT and not nest: Postgres itself gives up on
// expressions that are nested too deep.
const maxDepth = 64

func tooDeep(path string) error { return prisma.Invalid(path, "filters nest deeper than %d", maxDepth) }

// where is the condition for a filter object, "" for one that filters nothing.
// Members must all hold.
func (b *builder) where(path string, input any, depth int) (string, error) {
	filter, ok := input.(map[string]any)
	if !ok {
		return "", prisma.Invalid(path, "expected an object of filters, found %s", prisma.Describe(input))
	}
	if depth > maxDepth {
		return "", tooDeep(path)
	}
	var conditions []string
	for _, name := range sorted(filter) {
		condition, err := b.member(path+"."+name, name, filter[name], depth)
		if err != nil {
			return "", err
		}
		conditions = appendCondition(conditions, condition)
	}
	return joined(conditions, " AND "), nil
}

// member is one member of a filter object: a combination of filter objects or a
// field's filter.
func (b *builder) member(path, name string, value any, depth int) (string, error) {
	switch name {
	case "AND", "OR", "NOT":
		return b.combination(path, name, value, depth)
	}
	f, err := b.field(path, name)
	if err != nil {
		return "", err
	}
	operations, ok := value.(map[string]any)
	if !ok {
		operations = map[string]any{"equals": value}
	}
	var conditions []string
	for _, operation := range sorted(operations) {
		at := path
		if ok {
			at += "." + operation
		}
		condition, err := b.condition(at, f, operation, operations[operation], depth)
		if err != nil {
			return "", err
		}
		conditions = appendCondition(conditions, condition)
	}
	return joined(conditions, " AND "), nil
}

// combination is AND (all hold), OR (one holds) or NOT (none holds) of filter
// objects. As in Prisma, an OR of nothing finds nothing.
func (b *builder) combination(path, name string, value any, depth int) (string, error) {
	list, ok := value.([]any)
	if !ok {
		if name == "OR" {
			return "", prisma.Invalid(path, "expected a list of filters, found %s", prisma.Describe(value))
		}
		list = []any{value}
	}
	var conditions []string
	for i, element := range list {
		condition, err := b.where(fmt.Sprintf("%s.%d", path, i), element, depth+1)
		if err != nil {
			return "", err
		}
		if name == "NOT" && condition != "" {
			condition = "NOT (" + condition + ")"
		}
		conditions = appendCondition(conditions, condition)
	}
	if name != "OR" {
		return joined(conditions, " AND "), nil
	}
	if len(conditions) == 0 {
		return "FALSE", nil
	}
	return joined(conditions, " OR "), nil
}

func appendCondition(conditions []string, condition string) []string {
	if condition == "" {
		return conditions
	}
	return append(conditions, condition)
}

// joined combines conditions in parentheses, so that they can be combined again.
func joined(conditions []string, operator string) string {
	if len(conditions) < 2 {
		return strings.Join(conditions, "")
	}
	return "(" + strings.Join(conditions, operator) + ")"
}
