package expression

import "strings"

// peek is the next byte, or 0 at the end, which starts nothing.
func (s *scanner) peek() byte {
	if s.at >= len(s.text) {
		return 0
	}
	return s.text[s.at]
}

// run takes the bytes of one kind.
func (s *scanner) run(is func(byte) bool) string {
	start := s.at
	for s.at < len(s.text) && is(s.text[s.at]) {
		s.at++
	}
	return s.text[start:s.at]
}

func (s *scanner) fail(message string) error { return &SyntaxError{Offset: s.at, Message: message} }

func isLetter(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isStrict tells the characters of an identifier without dots, isIdentifier
// those of one with, and isToken those of a header's name.
func isStrict(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' || c == '-' }

func isIdentifier(c byte) bool { return isStrict(c) || c == '.' }

func isToken(c byte) bool { return isIdentifier(c) || strings.IndexByte("!#$%&'*+^`|~", c) >= 0 }
