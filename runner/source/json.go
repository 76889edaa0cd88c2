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

// errNotUnicode is the error of a text with bytes that are none of UTF-8: no JSON has
// them, and nothing is put in their place.
var errNotUnicode = errors.New("it holds bytes that are not UTF-8")

// DecodeJSON reads a text that is one JSON value, as [Value.Data] has them:
// numbers keep every digit.
func DecodeJSON(text string) (any, error) {
	if !utf8.ValidString(text) {
		return nil, errNotUnicode
	}
	r := &jsonReader{text: text, line: 1, column: 1, passing: true}
	if value, err := r.whole(); err == nil {
		return value, nil
	}
	return decodeJSON(text)
}

// decodeJSON is [DecodeJSON] by the standard library, which has the errors, knows
// what to make of broken characters, and nests deeper.
func decodeJSON(text string) (any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errSeveralValues
	}
	return value, nil
}

// whole reads the value that the text is.
func (r *jsonReader) whole() (any, *jsonSyntax) {
	value, err := r.data()
	if err != nil {
		return nil, err
	}
	if r.space(); r.at < len(r.text) {
		return nil, r.fail("nothing after the JSON value")
	}
	return value, nil
}

// data reads a value. Texts are copied: one that is kept keeps no more of the text
// that it was read from.
func (r *jsonReader) data() (any, *jsonSyntax) {
	r.space()
	var n yaml.Node
	switch c := r.next(); {
	case c == '{':
		return r.object()
	case c == '[':
		return r.array()
	case c == '"':
		err := r.quoted(&n)
		return strings.Clone(n.Value), err
	case c == '-' || '0' <= c && c <= '9':
		err := r.number(&n)
		return json.Number(strings.Clone(n.Value)), err
	}
	err := r.word(&n)
	if n.Tag == "!!null" {
		return nil, err
	}
	return n.Value == "true", err
}

func (r *jsonReader) object() (any, *jsonSyntax) {
	object := map[string]any{}
	err := r.entries('}', func() *jsonSyntax {
		var key yaml.Node
		if err := r.key(&key); err != nil {
			return err
		}
		name := strings.Clone(key.Value)
		value, err := r.data()
		object[name] = value
		return err
	})
	return object, err
}

func (r *jsonReader) array() (any, *jsonSyntax) {
	list := []any{}
	err := r.entries(']', func() *jsonSyntax {
		value, err := r.data()
		list = append(list, value)
		return err
	})
	return list, err
}
