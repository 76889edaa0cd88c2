package selector

import (
	"errors"
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
	"github.com/arazzo-conformance/arazzo/runner/source"
	"github.com/arazzo-conformance/arazzo/runner/xpath"
)

// Selector is a parsed selector. It never changes: goroutines may share one.
type Selector struct {
	text string
	// read makes of a context what the language selects from.
	read     func(context any) (any, error)
	evaluate func(context any) (Selection, error)
	replace  func(context, value any) (any, error)
	// valueOnly is true for an XPath that comes to no nodes.
	valueOnly bool
}

// Parse reads a selector. The error is that of [Check], or an
// [*expression.SyntaxError] with the place in the text.
func Parse(l Language, text string) (*Selector, error) {
	if err := Check(l); err != nil {
		return nil, err
	}
	switch l.Name {
	case JSONPath:
		return parseJSONPath(l, text)
	case XPath:
		return parseXPath(text)
	default:
		return parsePointer(text)
	}
}

// String is the text the selector was parsed from.
func (s *Selector) String() string { return s.text }

// ErrNoContext is the error of a context that is null or absent.
var ErrNoContext = errors.New("the context is null or absent")

// Select applies the selector. The context is a JSON value as the engine has it
// (nil, bool, string, [encoding/json.Number], []any, map[string]any), for XPath
// XML as text. The error says what is wrong with the context, or which limit of
// the language was passed; selecting nothing is no error.
func (s *Selector) Select(context any) (Selection, error) {
	if context == nil {
		return Selection{}, ErrNoContext
	}
	data, err := s.read(context)
	if err != nil {
		return Selection{}, err
	}
	return s.evaluate(data)
}

// readJSON takes a text as the JSON that it holds (S-206).
func readJSON(context any) (any, error) {
	text, ok := context.(string)
	if !ok {
		return context, nil
	}
	value, err := source.DecodeJSON(text)
	if err != nil {
		return nil, fmt.Errorf("the context is a text that is not JSON: %w", err)
	}
	return value, nil
}

func readXML(context any) (any, error) {
	text, ok := context.(string)
	if !ok {
		return nil, fmt.Errorf("the context is no text of XML, but %s", expression.Excerpt(context, 40))
	}
	root, err := xpath.ParseDocument(text)
	if err != nil {
		return nil, fmt.Errorf("the context is a text that is not XML: %w", err)
	}
	return root, nil
}

func parseJSONPath(l Language, text string) (*Selector, error) {
	dialect := jsonpath.RFC9535
	if l.Version == goessner {
		dialect = jsonpath.Goessner
	}
	query, err := dialect.Parse(text)
	if err != nil {
		var syntax *jsonpath.SyntaxError
		errors.As(err, &syntax)
		return nil, &expression.SyntaxError{Offset: syntax.Offset, Message: syntax.Message}
	}
	return &Selector{text: text, read: readJSON, replace: replaceJSONPath(query), evaluate: func(data any) (Selection, error) {
		nodes, err := query.Select(data)
		if err != nil {
			return Selection{}, err
		}
		return Selection{Nodes: nodes, Found: len(nodes) > 0, single: query.Singular(), truth: len(nodes) > 0}, nil
	}}, nil
}

func parseXPath(text string) (*Selector, error) {
	x, err := xpath.Parse(text)
	if err != nil {
		var syntax *xpath.SyntaxError
		errors.As(err, &syntax)
		return nil, &expression.SyntaxError{Offset: syntax.Offset, Message: syntax.Message}
	}
	return &Selector{text: text, read: readXML, replace: replaceXPath(x), valueOnly: !x.SelectsNodes(), evaluate: func(data any) (Selection, error) {
		root := data.(*xpath.Node) // which readXML gave
		value, err := x.Evaluate(root)
		if err != nil {
			return Selection{}, err
		}
		return selectionOf(value, func() string { return x.Overlooked(root) }), nil
	}}, nil
}

func parsePointer(text string) (*Selector, error) {
	pointer, err := expression.ParsePointer(text)
	if err != nil {
		return nil, err
	}
	return &Selector{text: text, read: readJSON, replace: replacePointer(pointer), evaluate: func(data any) (Selection, error) {
		value, err := pointer.Lookup(data)
		if err != nil {
			return Selection{Nodes: []any{}, single: true, hint: err.Error}, nil
		}
		return Selection{Nodes: []any{value}, Found: true, single: true, truth: value != nil && value != false}, nil
	}}, nil
}
