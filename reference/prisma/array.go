package prisma

import (
	"bytes"
	"errors"
	"strings"
)

var (
	errArraySyntax = errors.New("expected an array such as {1,2}")
	errArrayNested = errors.New("expected a list, found a list of lists, which Prisma has no type for")
)

// maxDimensions is how deep an array may be, MAXDIM in Postgres' sources.
const maxDimensions = 6

// arrayToken is a piece of the text of an array.
type arrayToken int

const (
	arrayEnd arrayToken = iota
	arrayOpen
	arrayClose
	arrayElement
	arrayNull
)

// arrayScanner cuts the text of an array into tokens. It follows the chapter
// "Arrays" of the Postgres manual, section "Array Input and Output Syntax", as far
// as output goes: no white space around elements, and bounds such as [0:1]= only
// where the array does not start at 1. Between two elements or lists of one list
// the comma is passed over.
type arrayScanner struct {
	rest []byte
	// depth is how many lists are open; last is the token before.
	depth int
	last  arrayToken
	// leaves is the depth at which the elements stand, 0 before the first.
	leaves int
	// unescaped holds the last element where it is not in the text as it is.
	unescaped []byte
}

// scanArray begins with the text of an array.
func scanArray(text []byte) arrayScanner {
	if bytes.HasPrefix(text, []byte("[")) {
		_, text, _ = bytes.Cut(text, []byte("="))
	}
	return arrayScanner{rest: text}
}

// next gives the next token, and the text of an element, which holds until the
// next call.
func (s *arrayScanner) next() (arrayToken, []byte, error) {
	token, element, err := s.token()
	s.last = token
	return token, element, err
}

func (s *arrayScanner) token() (arrayToken, []byte, error) {
	if s.depth == 0 && s.last != arrayEnd {
		if len(s.rest) > 0 {
			return arrayEnd, nil, errArraySyntax
		}
		return arrayEnd, nil, nil
	}
	if len(s.rest) == 0 {
		return arrayEnd, nil, errArraySyntax
	}
	// Only the outermost list may be empty: Postgres has no other empty arrays.
	if s.rest[0] == '}' && (s.depth == 1 || s.depth > 1 && s.last != arrayOpen) {
		return s.closing()
	}
	if s.last != arrayEnd && s.last != arrayOpen {
		if s.rest[0] != ',' {
			return arrayEnd, nil, errArraySyntax
		}
		s.rest = s.rest[1:]
	}
	switch {
	case len(s.rest) > 0 && s.rest[0] == '{':
		return s.opening()
	case s.depth == 0 || s.leaves != 0 && s.leaves != s.depth:
		return arrayEnd, nil, errArraySyntax
	}
	s.leaves = s.depth
	return s.element()
}

func (s *arrayScanner) opening() (arrayToken, []byte, error) {
	if s.depth == maxDimensions || s.depth == s.leaves && s.leaves != 0 {
		return arrayEnd, nil, errArraySyntax
	}
	s.rest = s.rest[1:]
	s.depth++
	return arrayOpen, nil, nil
}

func (s *arrayScanner) closing() (arrayToken, []byte, error) {
	s.rest = s.rest[1:]
	s.depth--
	return arrayClose, nil, nil
}

func (s *arrayScanner) element() (arrayToken, []byte, error) {
	if len(s.rest) > 0 && s.rest[0] == '"' {
		return s.quoted()
	}
	end := bytes.IndexAny(s.rest, `,{}"\`)
	// Postgres quotes whatever holds one of these, and the empty string.
	if end < 1 || (s.rest[end] != ',' && s.rest[end] != '}') {
		return arrayEnd, nil, errArraySyntax
	}
	element := s.rest[:end]
	s.rest = s.rest[end:]
	if string(element) == "NULL" {
		return arrayNull, nil, nil
	}
	return arrayElement, element, nil
}

// quoted reads up to the closing quote; a backslash takes the byte after it as it
// is.
func (s *arrayScanner) quoted() (arrayToken, []byte, error) {
	s.unescaped = s.unescaped[:0]
	text := s.rest[1:]
	for {
		end := bytes.IndexAny(text, `"\`)
		if end < 0 {
			return arrayEnd, nil, errArraySyntax
		}
		s.unescaped = append(s.unescaped, text[:end]...)
		if text[end] == '"' {
			s.rest = text[end+1:]
			return arrayElement, s.unescaped, nil
		}
		if end+1 == len(text) {
			return arrayEnd, nil, errArraySyntax
		}
		s.unescaped = append(s.unescaped, text[end+1])
		text = text[end+2:]
	}
}

// joinArray writes a list as Postgres reads it. It quotes every element, so that
// none can be taken for NULL or for syntax.
func joinArray(elements []string) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	var text strings.Builder
	text.WriteByte('{')
	for i, element := range elements {
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteString(`"` + escape.Replace(element) + `"`)
	}
	text.WriteByte('}')
	return text.String()
}
