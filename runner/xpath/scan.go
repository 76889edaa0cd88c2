package xpath

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// scanner reads the terminals of the grammar. Its offset counts bytes.
type scanner struct {
	text   string
	offset int
}

// fail is the error that something else was expected at the offset.
func (s *scanner) fail(expected string) *SyntaxError {
	return &SyntaxError{Offset: s.offset, Message: "expected " + expected + ", found " + s.found()}
}

// found names what stands at the offset, for a message.
func (s *scanner) found() string {
	if s.offset >= len(s.text) {
		return "the end"
	}
	if word := s.word(); word != "" {
		return fmt.Sprintf("%.40q", word)
	}
	r, size := utf8.DecodeRuneInString(s.rest())
	if r == utf8.RuneError && size == 1 {
		return fmt.Sprintf("the byte 0x%02x, which is not UTF-8", s.text[s.offset])
	}
	return strconv.QuoteRune(r)
}

func (s *scanner) rest() string { return s.text[s.offset:] }

// at reports whether token stands next.
func (s *scanner) at(token string) bool { return strings.HasPrefix(s.rest(), token) }

// take goes past token when it stands next.
func (s *scanner) take(token string) bool {
	if !s.at(token) {
		return false
	}
	s.offset += len(token)
	return true
}

// blank goes past white space, which may stand between any two tokens.
func (s *scanner) blank() {
	for s.offset < len(s.text) && strings.IndexByte(whiteSpace, s.text[s.offset]) >= 0 {
		s.offset++
	}
}

// word is the name without a colon (NCName) that stands next, or nothing.
func (s *scanner) word() string {
	for at, r := range s.rest() {
		if !startsName(r) && (at == 0 || !continuesName(r)) || r == utf8.RuneError {
			return s.rest()[:at]
		}
	}
	return s.rest()
}

// startsName and continuesName are the characters of names in XML 1.0, fifth
// edition (section 2.3), without the colon.
func startsName(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r == '_' || 'a' <= r|0x20 && r|0x20 <= 'z'
	case r < 0x2000:
		return r >= 0xC0 && r != 0xD7 && r != 0xF7 && (r < 0x300 || r > 0x36F) && r != 0x37E
	case r < 0x3001:
		return r == 0x200C || r == 0x200D || 0x2070 <= r && r <= 0x218F || 0x2C00 <= r && r <= 0x2FEF
	default:
		return r <= 0xD7FF || 0xF900 <= r && r <= 0xFDCF || 0xFDF0 <= r && r <= 0xFFFD || 0x10000 <= r && r <= 0xEFFFF
	}
}

func continuesName(r rune) bool {
	return startsName(r) || isDigit(r) || r == '-' || r == '.' || r == 0xB7 ||
		0x300 <= r && r <= 0x36F || r == 0x203F || r == 0x2040
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// digits goes past the digits that stand next.
func (s *scanner) digits() {
	for s.offset < len(s.text) && isDigit(rune(s.text[s.offset])) {
		s.offset++
	}
}

// startsNumber reports whether a number stands next.
func (s *scanner) startsNumber() bool {
	rest := strings.TrimPrefix(s.rest(), ".")
	return rest != "" && isDigit(rune(rest[0]))
}

// number reads a number: digits, with a fraction or without.
func (s *scanner) number() (Number, error) {
	start := s.offset
	s.digits()
	if s.take(".") {
		s.digits()
	}
	if ahead := *s; ahead.take("e") || ahead.take("E") {
		if !ahead.take("-") {
			ahead.take("+")
		}
		if ahead.startsNumber() {
			return 0, s.later("a number with an exponent", "2.0")
		}
	}
	return String(s.text[start:s.offset]).number(), nil
}

// quoted reads a string literal; its quote stands next.
func (s *scanner) quoted() (String, error) {
	quote := s.rest()[:1]
	end := strings.Index(s.rest()[1:], quote)
	if end < 0 {
		return "", s.fail("a closing " + quote + " for the string")
	}
	literal := s.rest()[1 : end+1]
	s.offset += end + 2
	if s.at(quote) {
		return "", s.later("a quote written twice in a string", "2.0")
	}
	return String(literal), nil
}
