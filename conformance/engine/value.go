package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Object is a JSON object.
type Object map[string]any

// UnmarshalYAML reads an object, and keeps every digit of its numbers.
func (o *Object) UnmarshalYAML(node *yaml.Node) error {
	value, err := jsonValue(node)
	if err != nil {
		return err
	}
	object, ok := value.(map[string]any)
	if !ok {
		return fmt.Errorf("line %d: an object is expected", node.Line)
	}
	*o = object
	return nil
}

// JSON is a JSON value that may be missing: null is a value.
type JSON struct {
	Given bool
	Value any
}

// Spellings are the texts of which one has to be there.
type Spellings []string

// UnmarshalYAML reads one text or a list of them.
func (s *Spellings) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		*s = Spellings{node.Value}
		return nil
	}
	return node.Decode((*[]string)(s))
}

// jsonValue is the node as JSON: numbers are json.Number, and written as JSON
// writes them.
func jsonValue(node *yaml.Node) (any, error) {
	switch node.Kind {
	case yaml.AliasNode:
		return jsonValue(node.Alias)
	case yaml.SequenceNode:
		list := make([]any, 0, len(node.Content))
		for _, item := range node.Content {
			value, err := jsonValue(item)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		return list, nil
	case yaml.MappingNode:
		object := make(map[string]any, len(node.Content)/2)
		for i := 0; i < len(node.Content); i += 2 {
			value, err := jsonValue(node.Content[i+1])
			if err != nil {
				return nil, err
			}
			object[node.Content[i].Value] = value
		}
		return object, nil
	default:
		return jsonScalar(node)
	}
}

func jsonScalar(node *yaml.Node) (any, error) {
	switch node.ShortTag() {
	case "!!null":
		return nil, nil
	case "!!bool":
		return node.Value == "true", nil
	case "!!int", "!!float":
		if !json.Valid([]byte(node.Value)) {
			return nil, fmt.Errorf("line %d: %s is not a number of JSON", node.Line, node.Value)
		}
		return json.Number(node.Value), nil
	default:
		return node.Value, nil
	}
}

// decodeJSON reads one JSON value and keeps every digit of its numbers.
func decodeJSON(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("there is more after the JSON value")
	}
	return value, nil
}

// same compares JSON values: numbers by value, members in any order.
func same(a, b any) bool {
	switch a := a.(type) {
	case json.Number:
		b, ok := b.(json.Number)
		return ok && sameNumber(a.String(), b.String())
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, same)
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for name, value := range a {
			other, ok := b[name]
			if !ok || !same(value, other) {
				return false
			}
		}
		return true
	default:
		return reflect.DeepEqual(a, b)
	}
}

// sameNumber compares without rounding. Numbers that would need a lot of memory for
// that, which their exponent decides, are the same where their texts are.
func sameNumber(a, b string) bool {
	if a == b {
		return true
	}
	if longExponent(a) || longExponent(b) {
		return false
	}
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	return okX && okY && x.Cmp(y) == 0
}

func longExponent(number string) bool {
	_, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	return len(exponent) > 4 || len(number) > 1000
}

// shown writes a JSON value for a complaint.
func shown(value any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Sprintf("%#v", value)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// strictly decodes an object into a struct and refuses keys that it does not have.
// The decoder's own check of that ends at types that read themselves.
func strictly(node *yaml.Node, into any) error {
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: an object is expected", node.Line)
	}
	known := keys(reflect.TypeOf(into).Elem())
	for i := 0; i < len(node.Content); i += 2 {
		if key := node.Content[i]; !slices.Contains(known, key.Value) {
			return fmt.Errorf("line %d: the key %q is unknown, there are %s", key.Line, key.Value, strings.Join(known, ", "))
		}
	}
	return node.Decode(into)
}

func keys(t reflect.Type) []string {
	var names []string
	for field := range t.Fields() {
		if name := field.Tag.Get("yaml"); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}
