package selector

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
	"github.com/arazzo-conformance/arazzo/runner/source"
	"github.com/arazzo-conformance/arazzo/runner/xpath"
)

// ErrNoPlace is the error of a selector that leads to no place, such as count(//a):
// whatever the context is, there is nothing to replace.
var ErrNoPlace = errors.New("it comes to a value, and not to nodes that could be replaced")

// CanReplace says why a selector can replace nothing, or nil.
func (s *Selector) CanReplace() error {
	if s.valueOnly {
		return ErrNoPlace
	}
	return nil
}

// Replace gives the context with a value where the selector leads: JSONPath and XPath
// set all that they find, and have to find something; a JSON Pointer may also add a
// member, or an item at the end of an array (as "add" of RFC 6902, section 4.1, but
// that an item which is there is replaced), if what holds it is there. The context is
// as for [Selector.Select]; it is not changed. XPath takes a scalar.
func (s *Selector) Replace(context, value any) (any, error) {
	if context == nil && s.text != "" {
		return nil, ErrNoContext
	}
	if s.text == "" {
		return value, nil // the whole of it, whatever it was
	}
	if s.valueOnly {
		return nil, ErrNoPlace
	}
	data, err := s.read(context)
	if err != nil {
		return nil, err
	}
	return s.replace(data, value)
}

// replacePointer sets one place.
func replacePointer(pointer expression.Pointer) func(data, value any) (any, error) {
	return func(data, value any) (any, error) { return set(clone(data), pointer, value) }
}

// set puts a value at the end of the tokens, which it may change on the way: the
// value is a copy.
func set(node any, tokens []string, value any) (any, error) {
	if len(tokens) == 0 {
		return value, nil
	}
	token, rest := tokens[0], tokens[1:]
	switch v := node.(type) {
	case map[string]any:
		member, ok := v[token]
		if !ok && len(rest) > 0 {
			return nil, fmt.Errorf("there is no %q in %s, and nothing is made up on the way", token, expression.Excerpt(node, 60))
		}
		replaced, err := set(member, rest, value)
		if err != nil {
			return nil, err
		}
		v[token] = replaced
		return v, nil
	case []any:
		return setItem(v, token, rest, value)
	default:
		return nil, fmt.Errorf("there is no %q in %s", token, expression.Excerpt(node, 60))
	}
}

// setItem puts a value into an array: in place of an item, or behind the last one,
// whose index is the length of the array, or "-".
func setItem(list []any, token string, rest []string, value any) (any, error) {
	at, err := strconv.Atoi(token)
	if token == "-" {
		at, err = len(list), nil
	}
	switch {
	case err != nil || at < 0 || at > len(list) || token != "-" && strconv.Itoa(at) != token, at == len(list) && len(rest) > 0:
		return nil, fmt.Errorf("there is no item %q in an array of %d", token, len(list))
	case at == len(list):
		return append(list, value), nil
	}
	list[at], err = set(list[at], rest, value)
	return list, err
}

// clone copies arrays and objects, and shares what never changes.
func clone(value any) any {
	return source.Copy(value, func(inner any) any { return inner })
}

// replaceJSONPath sets all places that a query finds. A place inside of one that was
// set is gone.
func replaceJSONPath(query *jsonpath.Query) func(data, value any) (any, error) {
	return func(data, value any) (any, error) {
		places, err := query.Locate(data)
		if err != nil {
			return nil, err
		}
		if len(places) == 0 {
			return nil, errors.New("it finds nothing that could be replaced")
		}
		root := &place{}
		for _, p := range places {
			root.add(p)
		}
		return root.set(clone(data), value), nil
	}
}

// place is a node of the tree of places to set.
type place struct {
	here  bool
	below map[any]*place
}

func (p *place) add(tokens jsonpath.Location) {
	for _, token := range tokens {
		if p.below == nil {
			p.below = map[any]*place{}
		}
		if p.below[token] == nil {
			p.below[token] = &place{}
		}
		p = p.below[token]
	}
	p.here = true
}

func (p *place) set(node, value any) any {
	if p.here {
		return value
	}
	for token, below := range p.below {
		switch v := node.(type) {
		case map[string]any:
			v[token.(string)] = below.set(v[token.(string)], value)
		case []any:
			v[token.(int)] = below.set(v[token.(int)], value)
		}
	}
	return node
}

// replaceXPath sets the content of all nodes that an expression finds.
func replaceXPath(x *xpath.Expression) func(data, value any) (any, error) {
	return func(data, value any) (any, error) {
		switch value.(type) {
		case nil, []any, map[string]any:
			return nil, fmt.Errorf("%s cannot be written into XML: only text, numbers, true and false can", expression.Excerpt(value, 40))
		}
		root := data.(*xpath.Node) // which readXML gave
		found, err := x.Evaluate(root)
		if err != nil {
			return nil, err
		}
		nodes, _ := found.(xpath.NodeSet)
		if len(nodes) == 0 {
			hint := x.Overlooked(root)
			if hint != "" {
				hint = ": " + hint
			}
			return nil, errors.New("it finds nothing that could be replaced" + hint)
		}
		return nodes.Replace(expression.Text(value))
	}
}
