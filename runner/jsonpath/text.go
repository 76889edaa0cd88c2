package jsonpath

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// quoted reads a string literal; its quote stands next.
func (s *scanner) quoted() (string, error) {
	quote := s.peek()
	s.offset++
	var b strings.Builder
	for {
		r, size := utf8.DecodeRuneInString(s.text[s.offset:])
		switch {
		case size == 0, r == utf8.RuneError && size == 1:
			return "", s.fail("more of the string and its closing " + string(quote))
		case r < ' ':
			return "", s.fail("a control character written as an escape such as \\n")
		case r == rune(quote):
			s.offset++
			return b.String(), nil
		case r == '\\':
			escaped, err := s.escape(quote)
			if err != nil {
				return "", err
			}
			b.WriteRune(escaped)
		default:
			s.offset += size
			b.WriteRune(r)
		}
	}
}

// escape reads one escape sequence; its backslash stands next.
func (s *scanner) escape(quote byte) (rune, error) {
	s.offset++
	if s.take("u") {
		return s.hexadecimal()
	}
	escaped, ok := rune(s.peek()), true
	switch s.peek() {
	case 'b':
		escaped = '\b'
	case 'f':
		escaped = '\f'
	case 'n':
		escaped = '\n'
	case 'r':
		escaped = '\r'
	case 't':
		escaped = '\t'
	default:
		ok = escaped == '/' || escaped == '\\' || escaped == rune(quote)
	}
	if !ok {
		return 0, s.fail("an escape: \\b \\f \\n \\r \\t \\/ \\\\ \\uXXXX or \\" + string(quote))
	}
	s.offset++
	return escaped, nil
}

// hexadecimal reads the digits of a \u escape, and with the first half of a
// surrogate pair the escape of its other half.
func (s *scanner) hexadecimal() (rune, error) {
	start := s.offset
	first, err := s.fourDigits()
	if err != nil || !utf16.IsSurrogate(first) {
		return first, err
	}
	if s.take(`\u`) {
		second, err := s.fourDigits()
		if err != nil {
			return 0, err
		}
		if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
			return r, nil
		}
	}
	s.offset = start
	return 0, s.fail("a surrogate pair: \\uD800 to \\uDBFF followed by \\uDC00 to \\uDFFF")
}

// fourDigits reads four hexadecimal digits.
func (s *scanner) fourDigits() (rune, error) {
	if len(s.text)-s.offset >= 4 {
		if n, err := strconv.ParseUint(s.text[s.offset:s.offset+4], 16, 32); err == nil {
			s.offset += 4
			return rune(n), nil
		}
	}
	return 0, s.fail("four hexadecimal digits after \\u")
}

// cut is a text for a message: what is left out of a long one is marked, so that who
// hides a secret in it can tell where one is cut.
func cut(text string) string {
	const most = 80
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
