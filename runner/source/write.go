package source

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
)

// JSON writes the value as JSON, indented by two spaces, with a line break at the
// end. Members keep their order and numbers every digit: read again it is the
// same value.
func (v *Value) JSON() string {
	var b strings.Builder
	v.writeJSON(&b, "\n")
	b.WriteByte('\n')
	return b.String()
}

// writeJSON writes the value; newline begins the line that it ends on.
func (v *Value) writeJSON(b *strings.Builder, newline string) {
	switch {
	case v.Kind == Array && len(v.Items) > 0:
		for i, item := range v.Items {
			b.WriteString(separator('[', i) + newline + "  ")
			item.writeJSON(b, newline+"  ")
		}
		b.WriteString(newline + "]")
	case v.Kind == Object && len(v.Members) > 0:
		for i, m := range v.Members {
			b.WriteString(separator('{', i) + newline + "  " + quote(m.Key) + ": ")
			m.Value.writeJSON(b, newline+"  ")
		}
		b.WriteString(newline + "}")
	default:
		b.WriteString(v.word())
	}
}

func separator(first byte, i int) string {
	if i == 0 {
		return string(first)
	}
	return ","
}

// word writes what is the same in JSON and in YAML; a string in double quotes.
func (v *Value) word() string {
	switch x := v.Scalar.(type) {
	case bool:
		return fmt.Sprint(x)
	case json.Number:
		return x.String()
	case string:
		return quote(x)
	}
	return map[Kind]string{Array: "[]", Object: "{}", Null: "null"}[v.Kind]
}

func quote(text string) string { return `"` + escape(text) + `"` }

// shortEscapes are those that JSON and YAML both have.
var shortEscapes = map[rune]string{
	'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`,
}

// escape writes what stands between double quotes, in JSON and YAML alike. What
// cannot be seen, or ends a line for some readers, is written as its number.
func escape(text string) string {
	if !strings.ContainsFunc(text, escapes) {
		return text
	}
	var b strings.Builder
	for _, c := range text {
		switch short, ok := shortEscapes[c]; {
		case ok:
			b.WriteString(short)
		case escapes(c):
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// escapes tells the characters of which every one is below U+10000.
func escapes(c rune) bool {
	return c == '"' || c == '\\' || c == '\ufeff' || unprintable(c) || c <= '\uffff' && unicode.In(c, unicode.Zl, unicode.Zp) || c == 0x85
}

func unprintable(c rune) bool { return !printable(c) }
