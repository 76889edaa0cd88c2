package statement

import (
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// document is the filter of one Json field.
type document struct {
	*builder
	// column is the field as jsonb; path leads into it, nil where the filter is about
	// the whole.
	column string
	path   *string
	field  *prisma.Field
	// negated as in scope.
	negated bool
}

// json are the conditions of the filter of a Json field. Where the path leads nowhere
// there is SQL NULL, which no operation but {equals: DbNull} finds.
func (b *builder) json(s scope, f *prisma.Field, operations map[string]any) []string {
	d := document{builder: b, column: s.column(f), field: f, negated: s.negated}
	if f.NativeType == "json" {
		d.column += "::jsonb"
	}
	if path, ok := operations["path"].([]any); ok {
		d.path = d.pathOf(path)
	}
	var conditions []string
	for _, operation := range sorted(operations) {
		if operation != "path" && operation != "mode" {
			conditions = append(conditions, d.condition(operation, operations[operation]))
		}
	}
	if d.path != nil && len(conditions) == 0 {
		b.fail(inputError("A JSON path cannot be set without a scalar filter."))
	}
	return conditions
}

// pathOf is a path as the text of an array.
func (d document) pathOf(path []any) *string {
	steps := prisma.Field{Type: prisma.String, List: true}
	text, err := steps.Parameter(path)
	d.fail(err)
	return text
}

// target is what the filter is about.
func (d document) target() string {
	if d.path == nil {
		return d.column
	}
	return "(" + d.column + " #> " + d.bind(d.path) + ")"
}

// text is the target where it is a string. Of the whole it is the JSON text, quotes
// included: so it is in Prisma's query engine.
func (d document) text() string {
	if d.path == nil {
		return d.column + "::text"
	}
	return "(" + d.column + " #>> " + d.bind(d.path) + ")"
}

func (d document) condition(operation string, value any) string {
	switch operation {
	case "equals":
		return d.equality(value)
	case "not":
		return d.inequality(value)
	case "string_contains":
		return d.match(value, "%%%s%%")
	case "string_starts_with":
		return d.match(value, "%s%%")
	case "string_ends_with":
		return d.match(value, "%%%s")
	case "array_contains":
		return d.of("array", d.target()+" @> "+d.element(value))
	case "array_starts_with":
		return d.of("array", d.target()+" -> 0 = "+d.element(value))
	case "array_ends_with":
		return d.of("array", d.target()+" -> -1 = "+d.element(value))
	}
	if operator, ok := comparisons[operation]; ok {
		return d.of(d.typeOf(value), d.target()+operator+d.value(d.field, value))
	}
	d.fail(prisma.Invalid(d.field.Name, "the operation %s is not supported on Json", operation))
	return ""
}

// element is what is looked for in an array, where null is the JSON value.
func (d document) element(value any) string {
	if value == nil {
		value = prisma.JSONNull
	}
	return d.value(d.field, value)
}

// equality compares with a document, with the JSON value null, with SQL NULL, or with
// both of them.
func (d document) equality(value any) string {
	switch value {
	case nil, prisma.DBNull:
		return d.target() + " IS NULL"
	case prisma.AnyNull:
		return "(" + d.target() + " = 'null' OR " + d.target() + " IS NULL)"
	}
	return d.target() + " = " + d.value(d.field, value)
}

func (d document) inequality(value any) string {
	switch value {
	case nil, prisma.DBNull:
		return d.target() + " IS NOT NULL"
	case prisma.AnyNull:
		return "(" + d.target() + " <> 'null' AND " + d.target() + " IS NOT NULL)"
	}
	return d.target() + " <> " + d.value(d.field, value)
}

func (d document) match(value any, pattern string) string {
	return d.of("string", d.text()+" LIKE "+d.like(value, pattern))
}

// of is a condition that holds of a value of a JSON type, and neither holds nor fails
// of any other.
func (d document) of(jsonType, condition string) string {
	if d.negated {
		return "(" + condition + " OR jsonb_typeof(" + d.target() + ") <> '" + jsonType + "')"
	}
	return "(" + condition + " AND jsonb_typeof(" + d.target() + ") = '" + jsonType + "')"
}

// typeOf is the type of what a target is compared with: one of another type is neither
// less nor greater.
func (d document) typeOf(value any) string {
	text, _ := value.(string)
	text = strings.TrimLeft(text, " \t\r\n")
	switch {
	case strings.HasPrefix(text, `"`):
		return "string"
	case text == "" || !strings.Contains("-0123456789", text[:1]):
		d.fail(inputError("JSON target types only accept strings or numbers, found: " + text))
	}
	return "number"
}
