package statement

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// orderAndPage is what follows the condition of a SELECT: ORDER BY, LIMIT and
// OFFSET. Pages must not overlap, so with take or skip the primary key decides
// where orderBy leaves it open.
func (b *builder) orderAndPage(o *queryschema.Operation) (string, error) {
	terms, sorts, err := b.orderBy(o.Name+".orderBy", o.Arguments["orderBy"])
	if err != nil {
		return "", err
	}
	limit, err := b.count(o, "take", " LIMIT ")
	if err != nil {
		return "", err
	}
	offset, err := b.count(o, "skip", " OFFSET ")
	if err != nil {
		return "", err
	}
	if limit+offset != "" {
		for _, f := range b.model.Fields {
			if f.ID && !slices.Contains(sorts, f) {
				terms = append(terms, column(f)+" ASC")
			}
		}
	}
	if len(terms) == 0 {
		return limit + offset, nil
	}
	return " ORDER BY " + strings.Join(terms, ", ") + limit + offset, nil
}

// orderBy reads one object or a list of objects with one field each.
func (b *builder) orderBy(path string, input any) (terms []string, sorts []*prisma.Field, err error) {
	list, ok := input.([]any)
	if !ok && input != nil {
		list = []any{input}
	}
	for i, element := range list {
		order, ok := element.(map[string]any)
		if names := sorted(order); !ok || len(names) > 1 {
			return nil, nil, prisma.Invalid(fmt.Sprintf("%s.%d", path, i), "expected one field such as {id: asc}, found %s", found(element, names))
		}
		for name, direction := range order {
			f, err := b.field(path+"."+name, name)
			if err != nil {
				return nil, nil, err
			}
			term, err := sortTerm(path+"."+name, f, direction)
			if err != nil {
				return nil, nil, err
			}
			terms, sorts = append(terms, term), append(sorts, f)
		}
	}
	return terms, sorts, nil
}

// keywords are the SQL of SortOrder and NullsOrder.
var keywords = map[string]string{"asc": " ASC", "desc": " DESC", "first": " NULLS FIRST", "last": " NULLS LAST"}

// sortTerm reads a SortOrder or, for a field that can be null, {sort, nulls}.
func sortTerm(path string, f *prisma.Field, input any) (string, error) {
	if f.Type == prisma.JSON || f.Type == prisma.Unsupported {
		return "", prisma.Invalid(path, "ordering by %s is not supported", f.TypeName())
	}
	sort, nulls := input, any(nil)
	if order, ok := input.(map[string]any); ok {
		for _, name := range sorted(order) {
			if name != "sort" && (name != "nulls" || f.Required) {
				return "", prisma.Invalid(path+"."+name, "this is not supported on a field of type %s", f.TypeName())
			}
		}
		sort, nulls = order["sort"], order["nulls"]
	}
	if s := symbol(sort); s != "asc" && s != "desc" {
		return "", prisma.Invalid(path, "expected asc or desc, found %s", prisma.Describe(sort))
	}
	if n := symbol(nulls); nulls != nil && n != "first" && n != "last" {
		return "", prisma.Invalid(path+".nulls", "expected first or last, found %s", prisma.Describe(nulls))
	}
	return column(f) + keywords[symbol(sort)] + keywords[symbol(nulls)], nil
}

// symbol is a member of an enum: bare in the document, a string in a variable.
func symbol(value any) string {
	switch v := value.(type) {
	case prisma.Symbol:
		return string(v)
	case string:
		return v
	}
	return ""
}

// count reads take or skip and is its clause, "" without a value.
func (b *builder) count(o *queryschema.Operation, name, keyword string) (string, error) {
	value := o.Arguments[name]
	if value == nil {
		return "", nil
	}
	number, _ := value.(json.Number)
	n, err := strconv.ParseInt(number.String(), 10, 64)
	if err != nil || n < 0 {
		return "", prisma.Invalid(o.Name+"."+name, "expected a whole number, 0 or more, found %s", prisma.Describe(value))
	}
	text := strconv.FormatInt(n, 10)
	return keyword + b.bind(&text), nil
}
