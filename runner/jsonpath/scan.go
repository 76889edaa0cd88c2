package jsonpath

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
	r, size := utf8.DecodeRuneInString(s.text[s.offset:])
	if r == utf8.RuneError && size == 1 {
		return fmt.Sprintf("the byte 0x%02x, which is not UTF-8", s.text[s.offset])
	}
	return strconv.QuoteRune(r)
}

// peek is the next byte. It is 0 at the end, and 0 starts no rule.
func (s *scanner) peek() byte {
	if s.offset >= len(s.text) {
		return 0
	}
	return s.text[s.offset]
}

// take goes past token when it stands next.
func (s *scanner) take(token string) bool {
	if !strings.HasPrefix(s.text[s.offset:], token) {
		return false
	}
	s.offset += len(token)
	return true
}

// blank goes past optional blank space.
func (s *scanner) blank() {
	for s.offset < len(s.text) && strings.IndexByte(" \t\n\r", s.text[s.offset]) >= 0 {
		s.offset++
	}
}

// name reads a member name in shorthand notation. It is empty when none stands
// next.
func (s *scanner) name() string {
	start := s.offset
	for s.offset < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[s.offset:])
		digit := r < utf8.RuneSelf && isDigit(byte(r))
		if !isNameFirst(r, size) && (!digit || s.offset == start) {
			break
		}
		s.offset += size
	}
	return s.text[start:s.offset]
}

// isNameFirst takes the size a rune was decoded from, which tells U+FFFD from a
// byte that is not UTF-8.
func isNameFirst(r rune, size int) bool {
	if r >= utf8.RuneSelf {
		return r != utf8.RuneError || size > 1
	}
	return r == '_' || isLower(byte(r)) || isLower(byte(r)|0x20)
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func isLower(b byte) bool { return 'a' <= b && b <= 'z' }

// word reads the name of a function or a literal such as true.
func (s *scanner) word() string {
	start := s.offset
	for b := s.peek(); isLower(b) || s.offset > start && (isDigit(b) || b == '_'); b = s.peek() {
		s.offset++
	}
	return s.text[start:s.offset]
}

// maxInteger is the largest exact integer of I-JSON, which bounds indexes and
// the parts of a slice (RFC 9535, 2.1).
const maxInteger = 1<<53 - 1

// startsInteger reports whether an integer can stand next.
func (s *scanner) startsInteger() bool { return s.peek() == '-' || isDigit(s.peek()) }

// integer reads an index or a part of a slice.
func (s *scanner) integer() (int64, error) {
	start := s.offset
	s.take("-")
	for isDigit(s.peek()) {
		s.offset++
	}
	digits := s.text[start:s.offset]
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n > maxInteger || n < -maxInteger || strconv.FormatInt(n, 10) != digits {
		s.offset = start
		return 0, s.fail("an integer within ±(2^53-1), without leading zeros")
	}
	return n, nil
}

// number reads a number literal as it stands.
func (s *scanner) number() (string, error) {
	digits := numberSyntax.FindString(s.text[s.offset:])
	if digits == "" {
		return "", s.fail("a number")
	}
	s.offset += len(digits)
	return digits, nil
}
