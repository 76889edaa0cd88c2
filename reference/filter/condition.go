package filter

import (
	"bytes"
	"slices"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// truth is one of SQL's three truth values, so ordered that AND is the least and
// OR the greatest.
type truth int8

const (
	no truth = iota
	unknown
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// operator is what a condition asks. The operators of a filter that are missing
// here are made of these: notIn is not of in, has is hasSome of one.
type operator int8

const (
	// and, or and not look at other conditions.
	and operator = iota
	or
	not
	// isNull and the following look at a scalar.
	isNull
	in
	less
	lessOrEqual
	greater
	greaterOrEqual
	contains
	startsWith
	endsWith
	// listEquals and the following look at a list.
	listEquals
	hasSome
	hasEvery
	isEmpty
)

// condition is true, false or unknown of an image. One type for all keeps what an
// evaluation needs on the stack: behind an interface it would be allocated.
type condition struct {
	operator operator
	// parts are of and, or and not.
	parts []*condition
	// slot is the place of the field's value in the row, what is what it is.
	slot int
	what prisma.Type
	// fold says that case does not matter; values are folded already.
	fold bool
	// values are what is compared with: of in, hasSome and hasEvery sorted and each
	// once, of listEquals in their order, of the others one.
	values []value
}

// negation is of a condition, nil of nil.
func negation(c *condition) *condition {
	if c == nil {
		return nil
	}
	return &condition{operator: not, parts: []*condition{c}}
}

// conjunction is all of the conditions, nil for none.
func conjunction(parts []*condition) *condition {
	switch len(parts) {
	case 0:
		return nil
	case 1:
		return parts[0]
	}
	return &condition{operator: and, parts: parts}
}

// holds judges an image by its fields' values; nil stands for an absent one.
func (c *condition) holds(row [][]byte) truth {
	switch c.operator {
	case and:
		result := yes
		for i := 0; i < len(c.parts) && result != no; i++ {
			result = min(result, c.parts[i].holds(row))
		}
		return result
	case or:
		result := no
		for i := 0; i < len(c.parts) && result != yes; i++ {
			result = max(result, c.parts[i].holds(row))
		}
		return result
	case not:
		return yes - c.parts[0].holds(row)
	}
	raw := row[c.slot]
	null := string(raw) == "null"
	switch {
	case raw == nil:
		return unknown
	case c.operator == isNull:
		return truthOf(null)
	case c.operator >= listEquals:
		return c.ofList(raw, null)
	case null && c.operator == in && len(c.values) == 0:
		// Nothing is among none: as in Prisma, which writes 1=0 for it.
		return no
	case null:
		return unknown
	}
	return c.ofScalar(raw)
}

// ofScalar judges a value that is not null.
func (c *condition) ofScalar(raw []byte) truth {
	// Most texts that a filter looks at are shorter.
	var buf [128]byte
	v, ok := readValue(c.what, c.fold, raw, buf[:0])
	if !ok {
		return unknown
	}
	switch c.operator {
	case in:
		_, found := c.search(&v)
		return truthOf(found)
	case contains:
		return truthOf(bytes.Contains(v.text, c.values[0].text))
	case startsWith:
		return truthOf(bytes.HasPrefix(v.text, c.values[0].text))
	case endsWith:
		return truthOf(bytes.HasSuffix(v.text, c.values[0].text))
	}
	order := compare(c.what, &v, &c.values[0])
	switch c.operator {
	case less:
		return truthOf(order < 0)
	case lessOrEqual:
		return truthOf(order <= 0)
	case greater:
		return truthOf(order > 0)
	default:
		return truthOf(order >= 0)
	}
}

// search finds a value among the condition's sorted ones.
func (c *condition) search(v *value) (int, bool) {
	low, high := 0, len(c.values)
	for low < high {
		middle := (low + high) / 2
		order := compare(c.what, &c.values[middle], v)
		if order == 0 {
			return middle, true
		}
		if order < 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return 0, false
}

// sort makes the values fit for search.
func (c *condition) sort() {
	order := func(a, b value) int { return compare(c.what, &a, &b) }
	slices.SortFunc(c.values, order)
	c.values = slices.CompactFunc(c.values, func(a, b value) bool { return order(a, b) == 0 })
}

// ofList judges a list. A null one is an empty one, as events have it.
func (c *condition) ofList(raw []byte, null bool) truth {
	rest, isList := enter(raw, '[')
	if !isList && !null {
		return unknown
	}
	rest = skipSpace(rest)
	empty := null || len(rest) == 0 || rest[0] == ']'
	switch {
	case c.operator == isEmpty:
		return truthOf(empty)
	case empty:
		return truthOf(len(c.values) == 0 && c.operator != hasSome)
	case c.operator == listEquals:
		return c.ofSameList(rest)
	}
	return c.ofElements(rest)
}

// ofSameList compares a list that is not empty, from its first element on.
func (c *condition) ofSameList(rest []byte) truth {
	var buf [128]byte
	for i, more := 0, true; more; i++ {
		raw, tail, ok := cutValue(rest)
		if !ok {
			return unknown
		}
		if i == len(c.values) {
			return no
		}
		v, ok := readValue(c.what, false, raw, buf[:0])
		if !ok || compare(c.what, &v, &c.values[i]) != 0 {
			return no
		}
		if rest, more = after(tail); !more {
			return truthOf(i+1 == len(c.values))
		}
	}
	return no
}

// ofElements judges hasSome and hasEvery of a list that is not empty, from its first
// element on. A null among its elements equals nothing.
func (c *condition) ofElements(rest []byte) truth {
	var buf [128]byte
	var few [64]bool
	found, missing := few[:], len(c.values)
	if missing > len(few) {
		found = make([]bool, missing)
	}
	for more := true; more && missing > 0; {
		raw, tail, ok := cutValue(rest)
		if !ok {
			return unknown
		}
		v, ok := readValue(c.what, false, raw, buf[:0])
		if at, has := c.search(&v); ok && has && !found[at] {
			found[at] = true
			missing--
		}
		if c.operator == hasSome && missing < len(c.values) {
			return yes
		}
		rest, more = after(tail)
	}
	return truthOf(c.operator == hasEvery && missing == 0)
}
