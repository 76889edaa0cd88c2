package statement

import (
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// comparisons and matches are the operations with one value on the right side.
var (
	comparisons = map[string]string{"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
	matches     = map[string]string{"contains": "%%%s%%", "startsWith": "%s%%", "endsWith": "%%%s"}
)

// ordered are the types whose values have an order worth comparing by.
var ordered = []prisma.Type{prisma.String, prisma.Int, prisma.BigInt, prisma.Float, prisma.Decimal, prisma.DateTime}

// condition is one operation of a field's filter, "" for one that filters
// nothing. What is asked to equal null or to be in null is null; otherwise null
// is not found, neither by an operation nor by its negation, as SQL has it.
func (b *builder) condition(path string, f *prisma.Field, operation string, value any, depth int) (string, error) {
	if f.List || f.Type == prisma.JSON || f.Type == prisma.Unsupported {
		return "", prisma.Invalid(path, "filters on %s are not supported", f.TypeName())
	}
	switch operation {
	case "equals":
		return b.equality(path, f, value, " = ", " IS NULL")
	case "not":
		return b.negation(path, f, value, depth)
	case "in":
		return b.membership(path, f, value, " = ANY (", " IS NULL")
	case "notIn":
		return b.membership(path, f, value, " <> ALL (", " IS NOT NULL")
	}
	if operator, ok := comparisons[operation]; ok && slices.Contains(ordered, f.Type) {
		return b.comparison(path, f, value, operator)
	}
	if pattern, ok := matches[operation]; ok && f.Type == prisma.String {
		return b.match(path, f, value, pattern)
	}
	return "", prisma.Invalid(path, "the operation %s is not supported on %s", operation, f.TypeName())
}

func (b *builder) equality(path string, f *prisma.Field, value any, operator, null string) (string, error) {
	text, err := b.parameter(path, f, value)
	if err != nil {
		return "", err
	}
	if text == nil {
		return column(f) + null, nil
	}
	return column(f) + operator + b.bind(text), nil
}

// negation is not: a value, or operations none of which may hold.
func (b *builder) negation(path string, f *prisma.Field, value any, depth int) (string, error) {
	operations, ok := value.(map[string]any)
	if !ok {
		return b.equality(path, f, value, " <> ", " IS NOT NULL")
	}
	if depth > maxDepth {
		return "", tooDeep(path)
	}
	var conditions []string
	for _, operation := range sorted(operations) {
		condition, err := b.condition(path+"."+operation, f, operation, operations[operation], depth+1)
		if err != nil {
			return "", err
		}
		if condition != "" {
			conditions = append(conditions, "NOT ("+condition+")")
		}
	}
	return joined(conditions, " AND "), nil
}

// membership binds the values as one array: there may be more of them than a
// statement can have parameters.
func (b *builder) membership(path string, f *prisma.Field, value any, operator, null string) (string, error) {
	if value == nil {
		return b.equality(path, f, nil, "", null)
	}
	list := *f
	list.List = true
	text, err := b.parameter(path, &list, value)
	return column(f) + operator + b.bind(text) + ")", err
}

func (b *builder) comparison(path string, f *prisma.Field, value any, operator string) (string, error) {
	text, err := b.operand(path, f, value)
	return column(f) + " " + operator + " " + b.bind(text), err
}

var escapeLike = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// match compares text by its parts. The value stands for itself: what LIKE
// understands as a wildcard is escaped.
func (b *builder) match(path string, f *prisma.Field, value any, pattern string) (string, error) {
	text, err := b.operand(path, f, value)
	if err != nil {
		return "", err
	}
	like := fmt.Sprintf(pattern, escapeLike.Replace(*text))
	return column(f) + "::text LIKE " + b.bind(&like), nil
}

// operand is a value that cannot be null.
func (b *builder) operand(path string, f *prisma.Field, value any) (*string, error) {
	required := *f
	required.Required = true
	return b.parameter(path, &required, value)
}
