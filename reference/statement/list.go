package statement

import "github.com/arazzo-conformance/arazzo/reference/prisma"

// list are the conditions of the filter of a list field. A list that is null is found
// by {equals: null} alone, as in Prisma.
func (b *builder) list(s scope, f *prisma.Field, operations map[string]any) []string {
	column := s.column(f)
	var conditions []string
	for _, operation := range sorted(operations) {
		value := operations[operation]
		condition := ""
		switch operation {
		case "equals":
			condition = column + " IS NULL"
			if value != nil {
				condition = column + " = " + b.value(f, value)
			}
		case "has":
			condition = column + " @> " + b.containing(f, value)
		case "hasEvery":
			condition = column + " @> " + b.value(f, value)
		case "hasSome":
			condition = column + " && " + b.value(f, value)
		case "isEmpty":
			condition = column + " <> '{}'"
			if value == true {
				condition = column + " = '{}'"
			}
		default:
			b.fail(prisma.Invalid(f.Name, "the operation %s is not supported on %s", operation, f.TypeName()))
		}
		conditions = append(conditions, condition)
	}
	return conditions
}

// containing binds the list of one value. A list of null contains what no list does.
func (b *builder) containing(f *prisma.Field, value any) string {
	if value == nil {
		null := "{NULL}"
		return b.bind(&null)
	}
	return b.value(f, []any{value})
}
