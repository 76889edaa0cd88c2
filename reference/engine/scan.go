package engine

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/reference/statement"
)

// scanner reads the JSON arrays in which nested records come, and writes what they
// come to, in one pass: the names of members are the shape's, and a value that does
// not stand in JSON as it is to be answered is written anew.
//
// What it reads was made by json_agg and json_build_array, so it is JSON; of what is
// not, it says so or leaves it as it is.
type scanner struct {
	text []byte
	at   int
	// limit is how many bytes may be written, with those that were there before.
	limit int
	// unescaped holds the last string that had an escape.
	unescaped []byte
}

// next is the first byte that is no space, 0 at the end.
func (s *scanner) next() byte {
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; c {
		case ' ', '\n', '\t', '\r':
		default:
			return c
		}
	}
	return 0
}

// take passes over a byte where it is next.
func (s *scanner) take(c byte) bool {
	if s.next() != c {
		return false
	}
	s.at++
	return true
}

func (s *scanner) expect(c byte) error {
	if !s.take(c) {
		return s.unexpected(string(c))
	}
	return nil
}

func (s *scanner) unexpected(expected string) error {
	const shown = 20
	rest := s.text[min(s.at, len(s.text)):]
	return fmt.Errorf("nested records: expected %s at byte %d, found %q", expected, s.at, rest[:min(len(rest), shown)])
}

// nested writes what a relation leads to: a list of records, or one or null.
func (s *scanner) nested(dst []byte, m *statement.Member) ([]byte, error) {
	if m.Kind == statement.Many {
		return s.list(dst, m.Members)
	}
	if s.next() == 'n' {
		_, err := s.word()
		return append(dst, "null"...), err
	}
	return s.record(dst, m.Members)
}

func (s *scanner) list(dst []byte, shape []statement.Member) ([]byte, error) {
	if err := s.expect('['); err != nil {
		return dst, err
	}
	dst = append(dst, '[')
	if s.take(']') {
		return append(dst, ']'), nil
	}
	for {
		var err error
		if dst, err = s.record(dst, shape); err != nil {
			return dst, err
		}
		if len(dst) > s.limit {
			return dst, errTooLong
		}
		if !s.take(',') {
			return append(dst, ']'), s.expect(']')
		}
		dst = append(dst, ',')
	}
}

// record writes an object of an array of values, or of an array of such arrays where
// there are more than one may have.
func (s *scanner) record(dst []byte, shape []statement.Member) ([]byte, error) {
	if err := s.expect('['); err != nil {
		return dst, err
	}
	c := columns{scanner: s, parts: width(shape) > statement.RowWidth}
	dst, err := c.object(dst, shape)
	if err != nil {
		return dst, err
	}
	if c.parts {
		if err := s.expect(']'); err != nil {
			return dst, err
		}
	}
	return dst, s.expect(']')
}

// columns are the values of one record.
type columns struct {
	*scanner
	// parts is set where they stand in arrays of [statement.RowWidth].
	parts bool
	read  int
}

// begin passes over what stands before a value.
func (c *columns) begin() error {
	part := c.parts && c.read%statement.RowWidth == 0
	if part && c.read > 0 {
		if err := c.expect(']'); err != nil {
			return err
		}
	}
	if c.read > 0 {
		if err := c.expect(','); err != nil {
			return err
		}
	}
	c.read++
	if part {
		return c.expect('[')
	}
	return nil
}

func (c *columns) object(dst []byte, shape []statement.Member) ([]byte, error) {
	dst = append(dst, '{')
	for i := range shape {
		m := &shape[i]
		dst = appendKey(dst, i, m.Key)
		var err error
		if m.Kind == statement.Group {
			dst, err = c.object(dst, m.Members)
		} else if err = c.begin(); err == nil {
			dst, err = c.value(dst, m)
		}
		if err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

func (s *scanner) value(dst []byte, m *statement.Member) ([]byte, error) {
	switch m.Kind {
	case statement.Scalar:
		return s.scalar(dst, m)
	case statement.Number:
		word, err := s.word()
		return append(dst, word...), err
	}
	return s.nested(dst, m)
}

// scalar writes a value of a field. Text stands as it is; of any other the field knows
// what it is in the answer.
func (s *scanner) scalar(dst []byte, m *statement.Member) ([]byte, error) {
	if s.next() != '"' {
		word, err := s.word()
		switch {
		case err != nil:
			return dst, err
		case word[0] == 'n':
			word = nil
		case word[0] == 't' || word[0] == 'f':
			word = word[:1]
		}
		return m.Field.AppendGraphQL(dst, word)
	}
	quoted, isPlain, err := s.quoted()
	if err != nil {
		return dst, err
	}
	if stringOf(m.Field) {
		return append(dst, quoted...), nil
	}
	text := quoted[1 : len(quoted)-1]
	if !isPlain {
		if text, err = s.unescape(text); err != nil {
			return dst, err
		}
	}
	return m.Field.AppendGraphQL(dst, text)
}

// word reads null, true, false or a number.
func (s *scanner) word() ([]byte, error) {
	s.next()
	start := s.at
	for s.at < len(s.text) && !isDelimiter(s.text[s.at]) {
		s.at++
	}
	if s.at == start {
		return nil, s.unexpected("a value")
	}
	return s.text[start:s.at], nil
}

func isDelimiter(c byte) bool {
	switch c {
	case ' ', '\n', '\t', '\r', ',', '[', ']', '{', '}', '"', ':':
		return true
	}
	return false
}

// quoted reads a string with its quotes; isPlain tells that nothing in it is escaped.
func (s *scanner) quoted() (text []byte, isPlain bool, err error) {
	isPlain = true
	for at := s.at + 1; ; {
		end := bytes.IndexAny(s.text[min(at, len(s.text)):], `"\`)
		if end < 0 {
			return nil, false, s.unexpected("the end of a string")
		}
		at += end
		if s.text[at] == '"' {
			text = s.text[s.at : at+1]
			s.at = at + 1
			return text, isPlain, nil
		}
		isPlain = false
		at += 2
	}
}

var errEscape = errors.New("nested records: a string has an escape that JSON does not know")

// escapes are what the letters after a backslash stand for, 0 for none.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape is the text of a string, which holds until the next one is read.
func (s *scanner) unescape(text []byte) ([]byte, error) {
	out := s.unescaped[:0]
	for {
		at := bytes.IndexByte(text, '\\')
		if at < 0 || at+1 == len(text) {
			break
		}
		out = append(out, text[:at]...)
		letter := text[at+1]
		text = text[at+2:]
		if letter != 'u' {
			if escapes[letter] == 0 {
				return nil, errEscape
			}
			out = append(out, escapes[letter])
			continue
		}
		r, rest, err := codePoint(text)
		if err != nil {
			return nil, err
		}
		out, text = utf8.AppendRune(out, r), rest
	}
	s.unescaped = append(out, text...)
	return s.unescaped, nil
}

// codePoint reads what follows \u, two of which may make one character.
func codePoint(text []byte) (r rune, rest []byte, err error) {
	const digits = 4
	unit := func(text []byte) (rune, bool) {
		if len(text) < digits {
			return 0, false
		}
		n, err := strconv.ParseUint(string(text[:digits]), 16, 16)
		return rune(n), err == nil
	}
	r, ok := unit(text)
	if !ok {
		return 0, nil, errEscape
	}
	text = text[digits:]
	if utf16.IsSurrogate(r) && bytes.HasPrefix(text, []byte(`\u`)) {
		if low, ok := unit(text[2:]); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, text[2+digits:], nil
			}
		}
	}
	return r, text, nil
}
