package source

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// quoted reads a string. One without escapes, as most are, is a part of the text.
func (r *jsonReader) quoted(n *yaml.Node) *jsonSyntax {
	start := r.at + 1
	text, at := r.text, start
	for at < len(text) && text[at] != '"' && text[at] != '\\' && text[at] >= ' ' {
		at++
	}
	r.at = at
	switch {
	case at == len(text):
		return r.fail("a quote at the end of the string")
	case text[at] == '\\':
		return r.escaped(n, start)
	case text[at] < ' ':
		return r.fail("a quote at the end of the string, or an escape")
	}
	r.at++
	scalar(n, "!!str", text[start:at])
	return nil
}

// scalar fills a node, if there is one.
func scalar(n *yaml.Node, tag, text string) {
	if n == nil {
		return
	}
	n.Tag, n.Value = tag, text
	if tag == "!!str" {
		n.Style = yaml.DoubleQuotedStyle
	}
}

// escaped reads on from the first escape of a string.
func (r *jsonReader) escaped(n *yaml.Node, start int) *jsonSyntax {
	var b strings.Builder
	for ; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; {
		case c == '"':
			b.WriteString(r.text[start:r.at])
			scalar(n, "!!str", b.String())
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

func (r *jsonReader) number(n *yaml.Node) *jsonSyntax {
	size, whole := numberLength(r.text[r.at:])
	if size == 0 {
		r.at++
		return r.fail("a digit")
	}
	tag := "!!int"
	if !whole {
		tag = "!!float"
	}
	scalar(n, tag, r.text[r.at:r.at+size])
	r.at += size
	return nil
}

// numberLength measures the number that a text begins with (RFC 8259, section 6),
// 0 when there is none, and tells whether it has neither fraction nor exponent.
func numberLength(text string) (size int, whole bool) {
	digits := func(from int) int {
		for from < len(text) && '0' <= text[from] && text[from] <= '9' {
			from++
		}
		return from
	}
	first := len(text) - len(strings.TrimPrefix(text, "-"))
	end := digits(first)
	switch {
	case end == first:
		return 0, false
	case text[first] == '0':
		end = first + 1
	}
	whole = true
	if end < len(text) && text[end] == '.' && digits(end+1) > end+1 {
		end, whole = digits(end+1), false
	}
	if end < len(text) && (text[end] == 'e' || text[end] == 'E') {
		power := end + 1
		if power < len(text) && (text[power] == '+' || text[power] == '-') {
			power++
		}
		if digits(power) > power {
			end, whole = digits(power), false
		}
	}
	return end, whole
}

// word reads one of the three words of JSON.
func (r *jsonReader) word(n *yaml.Node) *jsonSyntax {
	for _, word := range []struct{ text, tag string }{{"true", "!!bool"}, {"false", "!!bool"}, {"null", "!!null"}} {
		if strings.HasPrefix(r.text[r.at:], word.text) {
			scalar(n, word.tag, word.text)
			r.at += len(word.text)
			return nil
		}
	}
	return r.fail("a JSON value")
}
