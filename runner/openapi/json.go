package openapi

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// jsonReader makes the nodes of a JSON text that the YAML parser would make of
// it. That parser takes most JSON, but not the escapes "\/" and "\ud83d\ude00"
// that some generators write, nor keys of more than a thousand characters; and
// it is several times slower.
type jsonReader struct {
	text    string
	decoder *json.Decoder
	// offset, line and column are the place reached so far. They only move
	// forward, so that finding places costs one pass over the text.
	offset, line, column int
}

// maxDepth bounds the nesting of objects and lists, like the YAML parser's own
// bound.
const maxDepth = 10_000

// parseJSON reads one JSON value and refuses anything behind it.
func parseJSON(text string) (*yaml.Node, error) {
	r := &jsonReader{text: text, decoder: json.NewDecoder(strings.NewReader(text)), line: 1, column: 1}
	r.decoder.UseNumber()
	root, err := r.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := r.decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one JSON value")
	}
	return root, nil
}

func (r *jsonReader) value(depth int) (*yaml.Node, error) {
	if depth > maxDepth {
		return nil, errors.New("the JSON value nests too deep")
	}
	n := r.place()
	token, err := r.decoder.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case json.Delim:
		n.Kind, n.Tag = yaml.MappingNode, "!!map"
		if v == '[' {
			n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
		}
		return n, r.children(n, depth+1)
	case string:
		n.Tag, n.Value, n.Style = "!!str", v, yaml.DoubleQuotedStyle
	case json.Number:
		n.Tag, n.Value = "!!int", v.String()
		if strings.ContainsAny(n.Value, ".eE") {
			n.Tag = "!!float"
		}
	case bool:
		n.Tag, n.Value = "!!bool", "false"
		if v {
			n.Value = "true"
		}
	default:
		n.Tag, n.Value = "!!null", "null"
	}
	return n, nil
}

// children reads what stands between a pair of braces or brackets: keys and
// values alike are nodes.
func (r *jsonReader) children(n *yaml.Node, depth int) error {
	for r.decoder.More() {
		child, err := r.value(depth)
		if err != nil {
			return err
		}
		n.Content = append(n.Content, child)
	}
	_, err := r.decoder.Token()
	return err
}

// place is a scalar node at the start of the next token.
func (r *jsonReader) place() *yaml.Node {
	end := int(r.decoder.InputOffset())
	for end < len(r.text) && strings.IndexByte(" \t\r\n,:", r.text[end]) >= 0 {
		end++
	}
	passed := r.text[r.offset:end]
	r.offset = end
	if i := strings.LastIndexByte(passed, '\n'); i >= 0 {
		r.line += strings.Count(passed, "\n")
		r.column = 1
		passed = passed[i+1:]
	}
	r.column += utf8.RuneCountInString(passed)
	return &yaml.Node{Kind: yaml.ScalarNode, Line: r.line, Column: r.column}
}
