package source

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// quoted reads a string. One without escapes, as most are, is a part of the text.
func (r *jsonReader) quoted(n *yaml.Node) *jsonSyntax {
	n.Tag, n.Style = "!!str", yaml.DoubleQuotedStyle
	r.at++
	start := r.at
	for ; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; {
		case c == '"':
			n.Value = r.text[start:r.at]
			r.at++
			return nil
		case c == '\\':
			return r.escaped(n, start)
		case c < ' ':
			return r.fail("a quote at the end of the string, or an escape")
		}
	}
	return r.fail("a quote at the end of the string")
}

// escaped reads on from the first escape of a string.
func (r *jsonReader) escaped(n *yaml.Node, start int) *jsonSyntax {
	var b strings.Builder
	for ; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; {
		case c == '"':
			b.WriteString(r.text[start:r.at])
			n.Value = b.String()
			r.at++
			return nil
		case c < ' ':
			return r.fail("a quote at the end of the string, or an escape")
		case c == '\\':
			b.WriteString(r.text[start:r.at])
			char, size := unescape(r.text[r.at:])
			if size == 0 {
				return r.fail(`an escape: \" \\ \/ \b \f \n \r \t, or \u and four hexadecimal digits`)
			}
			b.WriteRune(char)
			start = r.at + size
			r.at = start - 1
		}
	}
	return r.fail("a quote at the end of the string")
}

// unescape reads the escape that a text begins with (RFC 8259, section 7), and
// tells its length; 0 when it is none. Half a surrogate pair is the replacement
// character, as it is to encoding/json.
func unescape(text string) (rune, int) {
	if len(text) < 2 {
		return 0, 0
	}
	if text[1] != 'u' {
		i := strings.IndexByte(`"\/bfnrt`, text[1])
		if i < 0 {
			return 0, 0
		}
		return rune("\"\\/\b\f\n\r\t"[i]), 2
	}
	first, ok := unit(text)
	if !ok {
		return 0, 0
	}
	if second, ok := unit(text[6:]); ok {
		if pair := utf16.DecodeRune(first, second); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return first, 6 // half a pair is written as the replacement character
}

// unit is the number of an escape such as \u00e9.
func unit(text string) (rune, bool) {
	if len(text) < 6 || text[:2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(n), err == nil
}

// numberOfJSON is the number that a text begins with (RFC 8259, section 6).
var numberOfJSON = regexp.MustCompile(`^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?`)

func (r *jsonReader) number(n *yaml.Node) *jsonSyntax {
	n.Value = numberOfJSON.FindString(r.text[r.at:])
	if n.Value == "" {
		r.at++
		return r.fail("a digit")
	}
	r.at += len(n.Value)
	n.Tag = "!!int"
	if strings.ContainsAny(n.Value, ".eE") {
		n.Tag = "!!float"
	}
	return nil
}

// word reads one of the three words of JSON.
func (r *jsonReader) word(n *yaml.Node) *jsonSyntax {
	for _, word := range []struct{ text, tag string }{{"true", "!!bool"}, {"false", "!!bool"}, {"null", "!!null"}} {
		if strings.HasPrefix(r.text[r.at:], word.text) {
			n.Value, n.Tag = word.text, word.tag
			r.at += len(word.text)
			return nil
		}
	}
	return r.fail("a JSON value")
}
