package graphql

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// Canonical is the document without its spelling and its places, as text: equal for
// documents that ask for the same, and different for any others. The members of
// objects are in the order of their names, but those of a mutation stay as they are:
// what is written first happens first. Fields keep their order, in which they are
// answered.
func (d *Document) Canonical() ([]byte, error) {
	w := canonical{text: make([]byte, 0, 256), ordered: d.Operation == ast.Mutation}
	w.text = append(w.text, d.Operation...)
	w.selection(d.Fields)
	return w.text, nil
}

type canonical struct {
	text []byte
	// ordered is set where the order of members matters.
	ordered bool
}

func (w *canonical) selection(fields []*Field) {
	w.text = append(w.text, '{')
	for i, f := range fields {
		if i > 0 {
			w.text = append(w.text, ' ')
		}
		if f.Key != f.Name {
			w.text = append(append(w.text, f.Key...), ':')
		}
		w.text = append(w.text, f.Name...)
		if len(f.Arguments) > 0 {
			w.members('(', f.Arguments, ')')
		}
		if len(f.Selection) > 0 {
			w.selection(f.Selection)
		}
	}
	w.text = append(w.text, '}')
}

func (w *canonical) members(open byte, object Object, end byte) {
	byName := func(a, b Member) int { return cmp.Compare(a.Name, b.Name) }
	if !w.ordered && !slices.IsSortedFunc(object, byName) {
		object = slices.SortedFunc(slices.Values(object), byName)
	}
	w.text = append(w.text, open)
	for i := range object {
		if i > 0 {
			w.text = append(w.text, ' ')
		}
		w.text = append(w.name(object[i].Name), ':')
		w.value(object[i].Value)
	}
	w.text = append(w.text, end)
}

// name writes a member's name, which a variable may have any text for.
func (w *canonical) name(name string) []byte {
	if name == "" {
		return append(w.text, `""`...)
	}
	for i := range len(name) {
		if c := name[i]; c != '_' && (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') {
			return strconv.AppendQuote(w.text, name)
		}
	}
	return append(w.text, name...)
}

func (w *canonical) value(value any) {
	switch v := value.(type) {
	case nil:
		w.text = append(w.text, "null"...)
	case bool:
		w.text = strconv.AppendBool(w.text, v)
	case string:
		w.text = strconv.AppendQuote(w.text, v)
	case json.Number:
		w.text = append(w.text, v...)
	case prisma.Symbol:
		// A number, true or null is no name, so that none is taken for another.
		w.text = append(w.text, v...)
	case Object:
		w.members('{', v, '}')
	case []any:
		w.text = append(w.text, '[')
		for i, element := range v {
			if i > 0 {
				w.text = append(w.text, ' ')
			}
			w.value(element)
		}
		w.text = append(w.text, ']')
	}
}
