package expression

import (
	"fmt"
	"slices"
	"strings"
)

// IsRoot tells whether text begins with a known root, such as $inputs.
func IsRoot(text string) bool { return rootOf(text) != "" }

// rootOf is the known root that text begins with, or empty.
func rootOf(text string) Root {
	if !strings.HasPrefix(text, "$") {
		return ""
	}
	s := scanner{text: text, at: 1}
	if r := Root(s.run(isLetter)); slices.Contains(roots, r) {
		return r
	}
	return ""
}

// Roots are the names of all roots, without their dollar sign.
func Roots() []string {
	names := make([]string, len(roots))
	for i, r := range roots {
		names[i] = string(r)
	}
	return names
}

func (s *scanner) root() error {
	s.e.Root = rootOf(s.text)
	if s.e.Root == "" {
		return s.fail("an expression begins with one of $inputs, $outputs, $steps, $workflows, $request, $response, $message, " +
			"$statusCode, $url, $method, $self, $sourceDescriptions, $components")
	}
	s.at = len("$") + len(s.e.Root)
	switch s.e.Root {
	case Request, Response, Message:
		return s.exchange()
	case Inputs, Outputs:
		return s.name()
	case Steps:
		return s.owned("outputs")
	case Workflows:
		return s.owned("inputs", "outputs")
	case SourceDescriptions:
		return s.sourceDescription()
	case Components:
		return s.component()
	default:
		return nil
	}
}

// exchange reads what follows $request, $response and $message.
func (s *scanner) exchange() error {
	start, own := s.at, parts[s.e.Root]
	if s.e.Part = s.id(); !slices.Contains(own, s.e.Part) {
		s.at = start
		named := strings.Join(own[:len(own)-1], ".NAME, .")
		return s.fail(fmt.Sprintf("$%s is followed by .%s.NAME or .%s", s.e.Root, named, own[len(own)-1]))
	}
	switch s.e.Part {
	case "header":
		return s.header()
	case "query", "path":
		return s.characters("a parameter's name is missing")
	default:
		s.e.access = ScanAccess(s.text[s.at:])
		s.e.Name = strings.TrimPrefix(string(s.e.access), ".")
		s.at += len(s.e.access)
		return s.checkReach()
	}
}

// owned reads the id and the part of $steps and $workflows.
func (s *scanner) owned(parts ...string) error {
	if s.e.ID = s.id(); s.e.ID == "" {
		return s.fail(fmt.Sprintf("$%s is followed by .ID.%s.NAME", s.e.Root, strings.Join(parts, ".NAME or .ID.")))
	}
	start := s.at
	if s.e.Part = s.id(); slices.Contains(parts, s.e.Part) {
		return s.name()
	}
	s.at = start
	return s.fail(fmt.Sprintf("$%s.%s is followed by .%s.NAME", s.e.Root, s.e.ID, strings.Join(parts, ".NAME or .")))
}

func (s *scanner) sourceDescription() error {
	const missing = "$sourceDescriptions is followed by .NAME.url, .NAME.name, .NAME.type, or .NAME and the id of an operation or workflow"
	if s.e.ID = s.id(); s.e.ID == "" {
		return s.fail(missing)
	}
	return s.characters(missing)
}

func (s *scanner) component() error {
	start := s.at
	if s.e.Part = s.id(); slices.Contains(components, s.e.Part) && s.peek() == '.' {
		s.at++
		name := s.run(isIdentifier)
		s.e.Name = strings.TrimRight(name, ".")
		s.at -= len(name) - len(s.e.Name)
	}
	if s.e.Name != "" {
		return nil
	}
	s.at = start
	return s.fail("$components is followed by .parameters.NAME, .successActions.NAME or .failureActions.NAME")
}
