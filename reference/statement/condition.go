package statement

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// comparisons and matches are the operations with one value on the right side.
var (
	comparisons = map[string]string{"lt": " < ", "lte": " <= ", "gt": " > ", "gte": " >= "}
	matches     = map[string]string{"contains": "%%%s%%", "startsWith": "%s%%", "endsWith": "%%%s"}
)

// comparison is the filter of one field: its column as it is compared, and whether
// upper and lower case are the same.
type comparison struct {
	*builder
	column      string
	field       *prisma.Field
	insensitive bool
}

// scalar are the conditions of a field's filter. What is asked to equal null or to be
// in null is null; otherwise null is not found, neither by an operation nor by its
// negation, as SQL has it.
func (b *builder) scalar(s scope, f *prisma.Field, operations map[string]any) []string {
	c := comparison{b, comparable(s, f), f, operations["mode"] == prisma.Symbol("insensitive")}
	return c.all(operations, false)
}

// comparable is a field's column as a value that can be compared: xml cannot.
func comparable(s scope, f *prisma.Field) string {
	if f.NativeType == "xml" {
		return s.column(f) + "::text"
	}
	return s.column(f)
}

// all are the conditions of operations, each negated where they stand in a not. That of
// a value is never: whatever not stands in, it says that the field has another value,
// as in Prisma's query engine.
func (c comparison) all(operations map[string]any, isNot bool) []string {
	var conditions []string
	for _, operation := range sorted(operations) {
		value := operations[operation]
		nested, isNested := value.(map[string]any)
		switch {
		case operation == "mode":
		case operation == "not" && isNested:
			conditions = append(conditions, c.all(nested, !isNot)...)
		case operation == "not":
			conditions = append(conditions, c.equality(value, " <> ", " NOT ILIKE ", " IS NOT NULL"))
		case isNot:
			conditions = append(conditions, not([]string{c.one(operation, value)}))
		default:
			conditions = append(conditions, c.one(operation, value))
		}
	}
	return conditions
}

// one is the condition of one operation that is not not.
func (c comparison) one(operation string, value any) string {
	switch operation {
	case "equals":
		return c.equality(value, " = ", " ILIKE ", " IS NULL")
	case "in":
		return c.membership(value, " = ANY (", " IS NULL")
	case "notIn":
		return c.membership(value, " <> ALL (", " IS NOT NULL")
	}
	if operator, ok := comparisons[operation]; ok {
		return c.ordered(value, operator)
	}
	if pattern, ok := matches[operation]; ok {
		return c.match(value, pattern)
	}
	c.fail(prisma.Invalid(c.field.Name, "the operation %s is not supported on %s", operation, c.field.TypeName()))
	return ""
}

func (c comparison) equality(value any, operator, like, null string) string {
	switch {
	case value == nil:
		return c.column + null
	case c.insensitive:
		return c.text() + like + c.like(value, "%s")
	}
	return c.column + operator + c.value(c.field, value)
}

func (c comparison) membership(list any, operator, null string) string {
	switch {
	case list == nil:
		return c.column + null
	case c.insensitive:
		return "lower(" + c.text() + ")" + operator + "SELECT lower(v) FROM unnest(" + c.values(c.field, list) + "::text[]) AS v)"
	}
	return c.column + operator + c.values(c.field, list) + ")"
}

func (c comparison) ordered(value any, operator string) string {
	if c.insensitive {
		return "lower(" + c.text() + ")" + operator + "lower(" + c.value(c.field, value) + ")"
	}
	return c.column + operator + c.value(c.field, value)
}

func (c comparison) match(value any, pattern string) string {
	operator := " LIKE "
	if c.insensitive {
		operator = " ILIKE "
	}
	return c.text() + operator + c.like(value, pattern)
}

// text is the column as text, which is what LIKE knows.
func (c comparison) text() string {
	if c.field.NativeType == "text" {
		return c.column
	}
	return c.column + "::text"
}

// like binds a pattern for LIKE. What stands for other text in it does so in a value
// too, as in Prisma's query engine.
func (b *builder) like(value any, pattern string) string {
	text, _ := value.(string)
	like := fmt.Sprintf(pattern, text)
	return b.bind(&like)
}
