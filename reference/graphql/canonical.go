package graphql

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// MaxCanonical bounds what Canonical makes, in bytes: a request is less than that, but
// a variable may be used many times.
const MaxCanonical = 8 << 20

// Canonical is the document without its spelling and its places, a GraphQL document
// too: equal for documents that ask for the same, and different for any others. The
// members of objects are in the order of their names, but those of a mutation stay as
// they are: what is written first happens first. Fields keep their order, in which they
// are answered. A whole number and the same with a point or an exponent are different:
// where one fits, the other may not. One that comes to more than [MaxCanonical] is an
// error, P2009.
func (d *Document) Canonical() ([]byte, error) {
	w := canonical{text: make([]byte, 0, 256), ordered: d.Operation == ast.Mutation}
	w.text = append(w.text, d.Operation...)
	w.selection(d.Fields)
	if w.isFull() {
		return nil, prisma.Unreadable(1, 1, "the document with its variables filled in is longer than %d MiB: use a large variable once", MaxCanonical>>20)
	}
	return w.text, nil
}

type canonical struct {
	text []byte
	// ordered is set where the order of members matters.
	ordered bool
}

// isFull tells that there is more than there may be: what follows is not worth writing.
func (w *canonical) isFull() bool { return len(w.text) > MaxCanonical }

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

// name writes a member's name, which in a variable may be any text.
func (w *canonical) name(name string) []byte {
	isName := name != ""
	for i := range len(name) {
		c := name[i]
		isName = isName && (c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9')
	}
	if !isName {
		return appendString(w.text, name)
	}
	return append(w.text, name...)
}

func (w *canonical) value(value any) {
	if w.isFull() {
		return
	}
	switch v := value.(type) {
	case nil:
		w.text = append(w.text, "null"...)
	case bool:
		w.text = strconv.AppendBool(w.text, v)
	case string:
		w.text = appendString(w.text, v)
	case json.Number:
		w.text = appendNumber(w.text, string(v))
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
	default:
		// Parse makes no others.
		w.text = fmt.Appendf(w.text, "%T(%v)", v, v)
	}
}

// appendString writes a string literal, October 2021, section 2.9.4.
func appendString(text []byte, s string) []byte {
	const hexadecimal = "0123456789abcdef"
	text = append(text, '"')
	plain := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		text = append(text, s[plain:i]...)
		plain = i + 1
		if c >= ' ' {
			text = append(text, '\\', c)
			continue
		}
		text = append(text, '\\', 'u', '0', '0', hexadecimal[c>>4], hexadecimal[c&15])
	}
	return append(append(text, s[plain:]...), '"')
}

// maxExponent bounds the numbers that are looked at: no type has any beyond.
const maxExponent = 1_000_000

// appendNumber writes a number: of 1.50, 1.5e0, 15E-1 and 0.15e+1 the third.
func appendNumber(text []byte, number string) []byte {
	i := strings.IndexAny(number, ".eE")
	if i < 0 {
		return append(text, number...)
	}
	digits, exponent := number, 0
	if e := strings.IndexAny(number, "eE"); e >= 0 {
		var err error
		digits = number[:e]
		if exponent, err = strconv.Atoi(number[e+1:]); err != nil || max(exponent, -exponent) > maxExponent {
			return append(text, number...)
		}
	}
	if strings.HasPrefix(digits, "-") {
		text, digits = append(text, '-'), digits[1:]
	}
	if point := strings.IndexByte(digits, '.'); point >= 0 {
		exponent -= len(digits) - point - 1
		digits = digits[:point] + digits[point+1:]
	}
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return append(text, "0e0"...)
	}
	significant := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(significant)
	return strconv.AppendInt(append(append(text, significant...), 'e'), int64(exponent), 10)
}
