package expression

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Root is what an expression begins with, without its dollar sign.
type Root string

// The roots of section 4.7.
const (
	URL                Root = "url"
	Method             Root = "method"
	StatusCode         Root = "statusCode"
	Request            Root = "request"
	Response           Root = "response"
	Inputs             Root = "inputs"
	Outputs            Root = "outputs"
	Steps              Root = "steps"
	Workflows          Root = "workflows"
	SourceDescriptions Root = "sourceDescriptions"
	Self               Root = "self"
	Message            Root = "message"
	Components         Root = "components"
)

// roots are all of them, in the specification's order.
var roots = []Root{
	URL, Method, StatusCode, Request, Response, Message, Inputs, Outputs, Steps, Workflows, SourceDescriptions, Components, Self,
}

// Expression is one parsed runtime expression.
type Expression struct {
	// Text is the expression as it was written.
	Text string
	Root Root
	// ID names the step, workflow or source description.
	ID string
	// Part is header, query, path or body of a request or response, and inputs
	// or outputs of a step or workflow.
	Part string
	// Name is the input, output, header or parameter, with what dereferences
	// it; empty for the whole of them.
	Name string
	// Pointer is the JSON Pointer after #, or nil.
	Pointer Pointer
}

// SyntaxError says why a text is not a runtime expression.
type SyntaxError struct {
	// Offset counts bytes from the start of the text that was parsed.
	Offset  int
	Message string
}

func (e *SyntaxError) Error() string { return e.Message }

var (
	rootPattern  = regexp.MustCompile(`^\$([A-Za-z]+)`)
	idPattern    = regexp.MustCompile(`^\.([A-Za-z0-9_-]+)`)
	namePattern  = regexp.MustCompile(`^\.?(?:[A-Za-z0-9_.-]|\[[0-9]+\])+`)
	tokenPattern = regexp.MustCompile("^\\.([!#$%&'*+.^_`|~0-9A-Za-z-]+)")
	// fieldPattern is tokenPattern in running text, without the characters that
	// may be an operator or the end of a sentence: A!=1, A&&B.
	fieldPattern = regexp.MustCompile(`^\.([0-9A-Za-z_-]+(?:\.[0-9A-Za-z_-]+)*)`)
)

// maxBytes bounds one expression: far more than names and a pointer need.
const maxBytes = 8 << 10

// Parse reads a text that is one expression from start to end.
func Parse(text string) (*Expression, error) {
	e, n, err := scan(text, false)
	if err == nil && n < len(text) {
		err = &SyntaxError{Offset: n, Message: fmt.Sprintf("%q does not belong to the expression %q", text[n:], text[:n])}
	}
	if err != nil {
		return nil, err
	}
	return e, nil
}

// ParseWhole is [Parse] for a string that is one expression, with or without
// braces around it. In braces it has none of its own.
func ParseWhole(text string) (*Expression, error) {
	if !strings.HasPrefix(text, "{") {
		return Parse(text)
	}
	end := strings.IndexAny(text[1:], "{}") + 1
	if end < len(text)-1 || text[end] != '}' {
		return nil, &SyntaxError{Offset: max(end, 0), Message: fmt.Sprintf("%q is not one expression in braces", text)}
	}
	e, err := Parse(text[1:end])
	if err != nil {
		err.(*SyntaxError).Offset++
	}
	return e, err
}

// Scan reads the expression that text begins with, and returns its length in
// bytes. Where it ends in running text grammar.txt says.
func Scan(text string) (*Expression, int, error) { return scan(text, true) }

// scanner walks over the text of one expression.
type scanner struct {
	text string
	at   int
	e    *Expression
	// running is true for an expression that more text follows.
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
		return nil, 0, s.fail(fmt.Sprintf("the expression has more than %d bytes", maxBytes))
	}
	s.e.Text = text[:s.at]
	return s.e, s.at, nil
}

// IsRoot tells whether text begins with a known root, such as $inputs.
func IsRoot(text string) bool {
	m := rootPattern.FindStringSubmatch(text)
	return m != nil && slices.Contains(roots, Root(m[1]))
}

func (s *scanner) root() error {
	if !IsRoot(s.text) {
		return s.fail("an expression begins with one of $inputs, $outputs, $steps, $workflows, $request, $response, $statusCode, $url, $method, $sourceDescriptions")
	}
	m := rootPattern.FindStringSubmatch(s.text)
	s.e.Root, s.at = Root(m[1]), len(m[0])
	switch s.e.Root {
	case Request, Response:
		return s.exchange()
	case Inputs, Outputs, Message, Components:
		s.name()
	case Steps:
		return s.owned("outputs")
	case Workflows:
		return s.owned("inputs", "outputs")
	case SourceDescriptions:
		return s.sourceDescription()
	}
	return nil
}

// exchange reads what follows $request and $response.
func (s *scanner) exchange() error {
	part, ok := s.match(idPattern)
	s.e.Part = part
	switch {
	case ok && part == "body":
		s.name()
	case ok && part == "header":
		return s.field()
	case ok && s.e.Root == Request && (part == "query" || part == "path"):
		if s.name(); s.e.Name == "" {
			return s.fail("a parameter's name is missing")
		}
	default:
		return s.fail(fmt.Sprintf("$%s is followed by .header.NAME or .body%s", s.e.Root,
			map[bool]string{true: ", .query.NAME or .path.NAME"}[s.e.Root == Request]))
	}
	return nil
}

func (s *scanner) field() (err error) {
	pattern := tokenPattern
	if s.running {
		pattern = fieldPattern
	}
	var ok bool
	if s.e.Name, ok = s.match(pattern); !ok {
		err = s.fail("a header's name is missing")
	}
	return err
}

// owned reads the id and the part of $steps and $workflows.
func (s *scanner) owned(parts ...string) error {
	var ok bool
	if s.e.ID, ok = s.match(idPattern); !ok {
		return s.fail(fmt.Sprintf("$%s is followed by .ID.%s.NAME", s.e.Root, strings.Join(parts, ".NAME or .ID.")))
	}
	for _, part := range parts {
		rest, found := strings.CutPrefix(s.text[s.at:], "."+part)
		if found && (rest == "" || !idCharacter(rest[0])) {
			s.e.Part = part
			s.at += len(part) + 1
			s.name()
			return nil
		}
	}
	return s.fail(fmt.Sprintf("$%s.%s is followed by .%s.NAME", s.e.Root, s.e.ID, strings.Join(parts, ".NAME or .")))
}

func (s *scanner) sourceDescription() error {
	var ok bool
	if s.e.ID, ok = s.match(idPattern); ok {
		s.name()
	}
	if s.e.Name == "" {
		return s.fail("$sourceDescriptions is followed by .NAME.url, .NAME.name or .NAME.type")
	}
	return nil
}

// name reads a name with its dots and indexes, if one follows. A dot at its end
// is a full stop of the text around it.
func (s *scanner) name() {
	rest := s.text[s.at:]
	if rest == "" || (rest[0] != '.' && rest[0] != '[') {
		return
	}
	matched := strings.TrimRight(namePattern.FindString(rest), ".")
	s.at += len(matched)
	s.e.Name = strings.TrimPrefix(matched, ".")
}

// pointer reads the JSON Pointer after a #, if one follows.
func (s *scanner) pointer() error {
	if s.at >= len(s.text) || s.text[s.at] != '#' {
		return nil
	}
	switch s.e.Root {
	case URL, Method, StatusCode, Self, SourceDescriptions:
		return s.fail("a JSON Pointer cannot follow here")
	}
	if s.e.Part == "header" || s.e.Part == "query" || s.e.Part == "path" {
		return s.fail("a JSON Pointer cannot follow here")
	}
	end := s.at + 1
	for end < len(s.text) && !(s.running && endsPointer(s.text[end:])) {
		end++
	}
	pointer, err := ParsePointer(s.text[s.at+1 : end])
	if err != nil {
		return s.fail(err.Error())
	}
	s.e.Pointer, s.at = pointer, end
	return nil
}

func endsPointer(rest string) bool {
	if strings.IndexByte(" \t\r\n)},;'\"<>", rest[0]) >= 0 {
		return true
	}
	return len(rest) > 1 && slices.Contains([]string{"==", "!=", "&&", "||"}, rest[:2])
}

func (s *scanner) match(p *regexp.Regexp) (string, bool) {
	m := p.FindStringSubmatch(s.text[s.at:])
	if m == nil {
		return "", false
	}
	s.at += len(m[0])
	return m[1], true
}

func (s *scanner) fail(message string) error { return &SyntaxError{Offset: s.at, Message: message} }

func idCharacter(c byte) bool {
	return c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}
