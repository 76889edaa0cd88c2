package psl

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// tokenKind is what a token is.
type tokenKind int

const (
	endOfFile tokenKind = iota
	newline
	word
	number
	quoted
	// sign is @@ or one of @ { } ( ) [ ] , : = ? ! and the point.
	sign
)

// token is a piece of a schema. Its text is that of a quoted one without quotes and
// escapes.
type token struct {
	Position
	kind tokenKind
	text string
}

// is tells whether the token is that sign.
func (t token) is(s string) bool { return t.kind == sign && t.text == s }

// found names the token in a message.
func (t token) found() string {
	switch t.kind {
	case endOfFile:
		return "found the end of the file"
	case newline:
		return "found the end of the line"
	case quoted:
		return "found the string " + shown(t.text)
	}
	return "found " + shown(t.text)
}

// scanner cuts a file into tokens. White space and comments are none; the ends of
// lines are, for they end fields.
type scanner struct {
	rest string
	at   Position
}

func newScanner(file, text string) *scanner {
	return &scanner{rest: strings.TrimPrefix(text, "\ufeff"), at: Position{file, 1, 1}}
}

// take goes on by n bytes and gives them.
func (s *scanner) take(n int) string {
	text := s.rest[:n]
	s.rest = s.rest[n:]
	for _, r := range text {
		s.at.Column++
		if r == '\n' {
			s.at.Line++
			s.at.Column = 1
		}
	}
	return text
}

func (s *scanner) next() (token, error) {
	if err := s.skip(); err != nil {
		return token{}, err
	}
	t := token{Position: s.at}
	if s.rest == "" {
		return t, nil
	}
	first, size := utf8.DecodeRuneInString(s.rest)
	switch {
	case first == utf8.RuneError && size == 1:
		return t, Problem{s.at, "expected UTF-8, found the byte 0x" + strconv.FormatUint(uint64(s.rest[0]), 16) + ": save the file as UTF-8"}
	case first == '\n':
		t.kind = newline
	case first == '"':
		return s.quoted()
	case first == '-' || '0' <= first && first <= '9':
		return s.number()
	case isLetter(first):
		t.kind, t.text = word, s.take(nameLength(s.rest))
		return t, nil
	case strings.HasPrefix(s.rest, "@@"):
		size, t.kind = 2, sign
	case strings.ContainsRune("@{}()[],:=?!.", first):
		t.kind = sign
	default:
		return t, Problem{s.at, "expected a name, a value or one of the signs of the language, found " + shown(string(first))}
	}
	t.text = s.take(size)
	return t, nil
}

// skip passes over white space and comments.
func (s *scanner) skip() error {
	for {
		s.take(len(s.rest) - len(strings.TrimLeft(s.rest, " \t\r\f\v\u00a0")))
		switch {
		case strings.HasPrefix(s.rest, "//"):
			end := strings.IndexByte(s.rest, '\n')
			if end < 0 {
				end = len(s.rest)
			}
			if !utf8.ValidString(s.rest[:end]) {
				return Problem{s.at, "expected UTF-8 in the comment that begins here: save the file as UTF-8"}
			}
			s.take(end)
		case strings.HasPrefix(s.rest, "/*"):
			end := strings.Index(s.rest, "*/")
			if end < 0 {
				return Problem{s.at, "the comment that begins here has no end: write */"}
			}
			s.take(end + len("*/"))
		default:
			return nil
		}
	}
}

// isLetter tells what a name may begin with. Prisma wants a letter; an underscore is
// read too, so that the message about it can name the whole name.
func isLetter(r rune) bool { return r == '_' || unicode.IsLetter(r) }

// nameLength is how many bytes text begins with that belong to a name.
func nameLength(text string) int {
	end := strings.IndexFunc(text, func(r rune) bool {
		return !isLetter(r) && !unicode.IsDigit(r) && r != '-' || r == utf8.RuneError
	})
	if end < 0 {
		return len(text)
	}
	return end
}

// number reads digits with an optional sign and fraction.
func (s *scanner) number() (token, error) {
	t := token{Position: s.at, kind: number}
	n := 1
	point := false
	for ; n < len(s.rest); n++ {
		switch c := s.rest[n]; {
		case '0' <= c && c <= '9':
		case c == '.' && !point:
			point = true
		default:
			return s.endNumber(t, n)
		}
	}
	return s.endNumber(t, n)
}

func (s *scanner) endNumber(t token, n int) (token, error) {
	if extra := nameLength(s.rest[n:]); extra > 0 {
		return t, Problem{s.at, "names begin with a letter, found " + shown(s.rest[:n+extra])}
	}
	t.text = s.take(n)
	if last := t.text[len(t.text)-1]; last < '0' || last > '9' {
		return t, Problem{t.Position, "expected a number, found " + shown(t.text)}
	}
	return t, nil
}

// quoted reads a string, whose escapes are those of JSON (RFC 8259, section 7).
func (s *scanner) quoted() (token, error) {
	t := token{Position: s.at, kind: quoted}
	s.take(1)
	var content strings.Builder
	for {
		end := strings.IndexAny(s.rest, "\"\\\n")
		if end < 0 || s.rest[end] == '\n' {
			return t, Problem{t.Position, `the string that begins here has no end on its line: write "`}
		}
		if piece := s.rest[:end]; !utf8.ValidString(piece) {
			return t, Problem{t.Position, "expected UTF-8 in the string that begins here: save the file as UTF-8"}
		}
		content.WriteString(s.take(end))
		if s.rest[0] == '"' {
			s.take(1)
			t.text = content.String()
			return t, nil
		}
		r, err := s.escape()
		if err != nil {
			return t, err
		}
		content.WriteRune(r)
	}
}

// simpleEscapes are the escapes of one character.
var simpleEscapes = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (s *scanner) escape() (rune, error) {
	at := s.at
	if len(s.rest) < 2 {
		return 0, Problem{at, `a string ends in the middle of an escape`}
	}
	if r, ok := simpleEscapes[s.rest[1]]; ok {
		s.take(2)
		return r, nil
	}
	high, ok := s.unicodeEscape()
	if !ok {
		return 0, Problem{at, `expected an escape such as \" \\ \n \t or \u00e9, found ` + shown(s.rest[:2]) + `: a backslash itself is written \\`}
	}
	if !utf16.IsSurrogate(high) {
		return high, nil
	}
	if low, ok := s.unicodeEscape(); ok {
		if r := utf16.DecodeRune(high, low); r != unicode.ReplacementChar {
			return r, nil
		}
	}
	return 0, Problem{at, `expected two escapes that are one character, found half of one`}
}

// unicodeEscape reads \u and four hexadecimal digits.
func (s *scanner) unicodeEscape() (rune, bool) {
	const length = len(`\u00e9`)
	if len(s.rest) < length || !strings.HasPrefix(s.rest, `\u`) {
		return 0, false
	}
	code, err := strconv.ParseUint(s.rest[2:length], 16, 16)
	if err != nil {
		return 0, false
	}
	s.take(length)
	return rune(code), true
}
