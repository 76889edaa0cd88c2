package queryschema

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// value checks a value by the types of its place, of which those count that are lists
// or are not, and is it in the normal form.
func (c *checker) value(types []inputType, value any, isElement bool) (any, error) {
	if c.counts.values++; c.counts.values > maxValues {
		return nil, c.invalid("there are more than %d values", maxValues)
	}
	if len(c.path) > maxDepth {
		return nil, c.invalid("values nest deeper than %d", maxDepth)
	}
	switch v := value.(type) {
	case nil:
		return c.null(types, isElement)
	case []any:
		if isElement {
			return nil, c.mismatch(types, value, isElement)
		}
		return c.list(types, v)
	case graphql.Object:
		return c.union(types, v, isElement)
	}
	return c.scalar(types, value, isElement)
}

func (c *checker) null(types []inputType, isElement bool) (any, error) {
	for _, t := range types {
		if t.isNull && !isElement {
			return t.form.of(nil), nil
		}
	}
	return nil, c.missing(types, isElement, true)
}

// of writes a checked value in the form.
func (f form) of(value any) any {
	if f.unwrapped {
		for _, only := range value.(map[string]any) {
			value = only
		}
	}
	if f.member != "" {
		value = map[string]any{f.member: value}
	}
	if f.listed {
		value = []any{value}
	}
	return value
}

// list checks a list, whose elements may each be of another of the types.
func (c *checker) list(types []inputType, elements []any) (any, error) {
	i := slices.IndexFunc(types, func(t inputType) bool { return t.isList })
	if i < 0 {
		return nil, c.mismatch(types, elements, false)
	}
	list := make([]any, len(elements))
	for n, element := range elements {
		c.push(step{index: n})
		value, err := c.value(types, element, true)
		if err != nil {
			return nil, err
		}
		c.pop()
		list[n] = value
	}
	return types[i].form.of(list), nil
}

// scalar checks a value that is neither null, a list nor an object.
func (c *checker) scalar(types []inputType, value any, isElement bool) (any, error) {
	var refused error
	tried := 0
	for _, t := range types {
		if t.isList != isElement || t.isNull || t.object != nil {
			continue
		}
		checked, err := t.take(value)
		switch {
		case err != nil:
			tried, refused = tried+1, err
		case isElement:
			return checked, nil
		default:
			return t.form.of(checked), nil
		}
	}
	if tried == 1 {
		return nil, c.invalid("%s", refused)
	}
	return nil, c.mismatch(types, value, isElement)
}

// take is the value of a scalar or an enum.
func (t inputType) take(value any) (any, error) {
	if t.enum != nil {
		return t.enum.take(value)
	}
	if symbol, ok := value.(prisma.Symbol); ok {
		// The nulls of Json are members of enums here.
		return nil, fmt.Errorf("expected %s, found %s", t.scalar.Type, prisma.Describe(symbol))
	}
	_, err := t.scalar.Parameter(value)
	return value, err
}

// take is the member of an enum that a value names: bare in a document, a string in a
// variable.
func (e *enum) take(value any) (any, error) {
	var name string
	switch v := value.(type) {
	case prisma.Symbol:
		name = string(v)
	case string:
		name = v
	}
	if !slices.Contains(e.values, name) {
		return nil, fmt.Errorf("expected a value of %s, found %s%s", e.name, prisma.Describe(value), e.among(name))
	}
	return prisma.Symbol(name), nil
}

// among says as [among] does which member may have been meant, each as a document writes
// it: without a Prisma schema some may be no names.
func (e *enum) among(name string) string {
	if nearest, ok := nearest(name, e.values); ok {
		return "; did you mean " + written(nearest) + "?"
	}
	members := make([]string, len(e.values))
	for i, v := range e.values {
		members[i] = written(v)
	}
	return "; there are: " + listed(members)
}

// written is a member of an enum in a document: bare, or a string where it is no name.
func written(member string) string {
	if isName(member) {
		return member
	}
	return strconv.Quote(member)
}
