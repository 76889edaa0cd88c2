package openapi

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// bracketed writes a value with the way to each of its parts in brackets, as the
// parsers of forms read it: a[b]=c for a member, a=b&a=c for a list of scalars,
// a[0][b]=c where a list holds objects or lists. OpenAPI says it of the members of
// an object alone (deepObject); what is deeper goes on in the same way. Nulls are
// left out, and so is what is empty. The name is escaped already.
func (p *Parameter) bracketed(name string, value any, like *source.Value) ([]string, error) {
	switch v := value.(type) {
	case nil:
		return nil, nil
	case map[string]any:
		var parts []string
		for _, key := range like.Order(v) {
			more, err := p.bracketed(name+"%5B"+percentEncode(key)+"%5D", v[key], like.Get(key))
			if err != nil {
				return nil, fmt.Errorf("member %q: %w", key, err)
			}
			parts = append(parts, more...)
		}
		return parts, nil
	case []any:
		return p.bracketedList(name, v, like)
	}
	text, err := p.scalar(value)
	if err != nil {
		return nil, err
	}
	return []string{name + "=" + text}, nil
}

// bracketedList repeats the name for each scalar, and counts the items where one of them
// has parts.
func (p *Parameter) bracketedList(name string, list []any, like *source.Value) (parts []string, err error) {
	if slices.ContainsFunc(list, source.IsComposite) {
		return p.indexed(name, list, like)
	}
	return p.items(list, like, func(int) string { return name })
}

// indexed counts the items in brackets.
func (p *Parameter) indexed(name string, list []any, like *source.Value) ([]string, error) {
	return p.items(list, like, func(n int) string { return name + "%5B" + strconv.Itoa(n) + "%5D" })
}

// items writes each item that is not null, in the place that it has among them.
func (p *Parameter) items(list []any, like *source.Value, place func(n int) string) (parts []string, err error) {
	n := 0
	for i, item := range list {
		if item == nil {
			continue
		}
		more, err := p.bracketed(place(n), item, like.Item(i))
		if err != nil {
			return nil, fmt.Errorf("item %d: %w", n, err)
		}
		parts = append(parts, more...)
		n++
	}
	return parts, nil
}
