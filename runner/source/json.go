package source

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// errSeveralValues is the error of a text with something after its JSON value.
var errSeveralValues = errors.New("there is more after the JSON value")

// DecodeJSON reads a text that is one JSON value, as [Value.Data] has them:
// numbers keep every digit.
func DecodeJSON(text string) (any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if err := atEnd(decoder); err != nil {
		return nil, err
	}
	return value, nil
}

func atEnd(decoder *json.Decoder) error {
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errSeveralValues
	}
	return nil
}

// jsonReader makes of a JSON text the nodes that the YAML library would make.
type jsonReader struct {
	text    string
	decoder *json.Decoder
	// offset, line and column are the place reached so far.
	offset, line, column int
}

func jsonNodes(text string) (*yaml.Node, error) {
	r := &jsonReader{text: text, decoder: json.NewDecoder(strings.NewReader(text)), line: 1, column: 1}
	r.decoder.UseNumber()
	root, err := r.value(0)
	if err != nil {
		return nil, err
	}
	return root, atEnd(r.decoder)
}

var errTooDeep = errors.New("the JSON value nests too deep")

func (r *jsonReader) value(depth int) (*yaml.Node, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	n := r.next()
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
		return n, r.content(n, depth+1)
	case string:
		n.Style, n.Tag, n.Value = yaml.DoubleQuotedStyle, "!!str", v
	case json.Number:
		n.Tag, n.Value = "!!int", v.String()
		if strings.ContainsAny(n.Value, ".eE") {
			n.Tag = "!!float"
		}
	case bool:
		n.Tag, n.Value = "!!bool", map[bool]string{true: "true", false: "false"}[v]
	default:
		n.Tag, n.Value = "!!null", "null"
	}
	return n, nil
}

// content reads what stands between braces or brackets: keys and values alike
// are nodes.
func (r *jsonReader) content(n *yaml.Node, depth int) error {
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

// next is a scalar node at the place of the next token.
func (r *jsonReader) next() *yaml.Node {
	end := int(r.decoder.InputOffset())
	for end < len(r.text) && strings.IndexByte(" \t\r\n,:", r.text[end]) >= 0 {
		end++
	}
	passed := r.text[r.offset:end]
	r.offset = end
	if i := strings.LastIndexByte(passed, '\n'); i >= 0 {
		r.line += strings.Count(passed, "\n")
		r.column, passed = 1, passed[i+1:]
	}
	r.column += utf8.RuneCountInString(passed)
	return &yaml.Node{Kind: yaml.ScalarNode, Line: r.line, Column: r.column}
}

// jsonError gives the JSON reader's message a position.
func jsonError(file *File, text string, err error) error {
	at := Position{File: file}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		before := text[:max(min(int(syntax.Offset), len(text))-1, 0)]
		at.Line = 1 + strings.Count(before, "\n")
		at.Column = 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	}
	return &Diagnostic{
		Code: "arazzo/json-syntax", Severity: Error, Position: at, Message: err.Error(),
		Expected: "well-formed JSON", Fix: "look at this place and just before it: commas, quotes, brackets",
	}
}
