package expression

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Limits on one expression.
const (
	// maxBytes is far more than names and a pointer need.
	maxBytes = 8 << 10
	// maxReach bounds the dots and indexes of a name: each may be tried as the
	// end of a member's name, on each level of a value.
	maxReach = 100
)

// scanner walks over the text of one expression.
type scanner struct {
	text string
	at   int
	e    *Expression
	// running is true for an expression that more text may follow.
	running bool
}

func scan(text string, running bool) (*Expression, int, error) {
	s := &scanner{text: text, e: &Expression{}, running: running}
	if err := s.root(); err != nil {
		return nil, 0, err
	}
	if err := s.pointer(); err != nil {
		return nil, 0, err
	}
	if s.at > maxBytes {
		s.at = maxBytes
		return nil, 0, s.fail(fmt.Sprintf("the expression has more than %d bytes", maxBytes))
	}
	s.e.Text = text[:s.at]
	return s.e, s.at, nil
}

// header reads a header's name: a token of RFC 9110, section 5.6.2. In running
// text it goes without the characters that may be an operator or the end of a
// sentence: A!=1, A&&B.
func (s *scanner) header() error {
	start := s.at
	if s.peek() == '.' {
		s.at++
		is := isToken
		if s.running {
			is = isIdentifier
		}
		s.e.Name = s.run(is)
	}
	if s.running {
		trimmed := strings.TrimRight(s.e.Name, ".")
		s.at -= len(s.e.Name) - len(trimmed)
		s.e.Name = trimmed
	}
	if s.e.Name == "" {
		s.at = start
		return s.fail("a header's name is missing")
	}
	return nil
}

// characterPattern is 1*CHAR of the grammar: the characters of a JSON string
// without braces.
var characterPattern = regexp.MustCompile(`^(?:[^\x00-\x1f"\\{}]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))+`)

// characters reads a name of any characters, up to the end of the text: the name
// of a parameter, or an operationId (S-054). In running text, where it would
// have no end, it is read like any other name.
func (s *scanner) characters(missing string) error {
	if s.running {
		if err := s.name(); err != nil {
			return err
		}
	} else if s.peek() == '.' {
		if raw := characterPattern.FindString(s.text[s.at+1:]); raw != "" {
			s.at += 1 + len(raw)
			s.e.Name = unescape(raw)
		}
	}
	if s.e.Name == "" {
		return s.fail(missing)
	}
	return nil
}

// unescape decodes the escapes of CHAR, which are those of JSON.
func unescape(raw string) string {
	if strings.IndexByte(raw, '\\') < 0 {
		return raw
	}
	var text string
	if json.Unmarshal([]byte(`"`+raw+`"`), &text) != nil {
		return raw
	}
	return text
}

// id reads an identifier without dots, and the dot before it.
func (s *scanner) id() string {
	if s.peek() != '.' {
		return ""
	}
	s.at++
	id := s.run(isStrict)
	if id == "" {
		s.at--
	}
	return id
}

// name reads a name with its dots and indexes, if one follows. A dot at its end
// is a full stop of the text around it.
func (s *scanner) name() error {
	rest := s.text[s.at:]
	if len(rest) < 2 || rest[0] != '.' || rest[1] == '[' {
		return nil
	}
	matched := string(ScanAccess(rest))
	s.at += len(matched)
	s.e.Name = strings.TrimPrefix(matched, ".")
	return s.checkReach()
}

func (s *scanner) checkReach() error {
	if strings.Count(s.e.Name, ".")+strings.Count(s.e.Name, "[") > maxReach {
		return s.fail(fmt.Sprintf("a name has more than %d dots and indexes", maxReach))
	}
	return nil
}

// pointer reads the JSON Pointer after a #, if one follows.
func (s *scanner) pointer() error {
	if s.peek() != '#' {
		return nil
	}
	if !s.e.isStructured() {
		return s.fail("a JSON Pointer cannot follow here")
	}
	start := s.at + 1
	end := start
	for end < len(s.text) && !(s.running && endsPointer(s.text[end:])) {
		end++
	}
	pointer, err := ParsePointer(s.text[start:end])
	if err != nil {
		return shift(err, start)
	}
	s.e.Pointer, s.at = pointer, end
	return nil
}

func endsPointer(rest string) bool {
	if strings.IndexByte(" \t\r\n){},;'\"<>", rest[0]) >= 0 {
		return true
	}
	return len(rest) > 1 && slices.Contains([]string{"==", "!=", "&&", "||"}, rest[:2])
}
