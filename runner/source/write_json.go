package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// ErrNotUnicode is the error of a text that JSON cannot carry.
var ErrNotUnicode = errors.New("it holds bytes that are not UTF-8, which JSON cannot carry")

// EncodeJSON writes a value as JSON, with < > & as they are and every digit of a
// number. Members go in the order of [Value.Order], where like is the value of a
// document that it was made of; it may be nil.
func EncodeJSON(value any, like *Value) ([]byte, error) {
	w := newJSONWriter()
	if err := w.value(value, like); err != nil {
		return nil, err
	}
	return w.b.Bytes(), nil
}

type jsonWriter struct {
	b       bytes.Buffer
	scalars *json.Encoder
}

func newJSONWriter() *jsonWriter {
	w := &jsonWriter{}
	w.scalars = json.NewEncoder(&w.b)
	w.scalars.SetEscapeHTML(false)
	return w
}

func (w *jsonWriter) value(value any, like *Value) error {
	switch v := value.(type) {
	case map[string]any:
		return w.object(v, like)
	case []any:
		return w.list(v, like)
	case string:
		if !utf8.ValidString(v) {
			return ErrNotUnicode
		}
	case nil, bool, json.Number, int, int64, float64:
	default:
		return fmt.Errorf("the Go type %T holds no JSON value", v)
	}
	err := w.scalars.Encode(value)
	w.b.Truncate(len(bytes.TrimSuffix(w.b.Bytes(), []byte("\n"))))
	return err
}

func (w *jsonWriter) list(list []any, like *Value) error {
	w.b.WriteByte('[')
	for i, item := range list {
		if i > 0 {
			w.b.WriteByte(',')
		}
		if err := w.value(item, like.Item(i)); err != nil {
			return err
		}
	}
	w.b.WriteByte(']')
	return nil
}

func (w *jsonWriter) object(object map[string]any, like *Value) error {
	w.b.WriteByte('{')
	for i, name := range like.Order(object) {
		if i > 0 {
			w.b.WriteByte(',')
		}
		if err := w.value(name, nil); err != nil {
			return err
		}
		w.b.WriteByte(':')
		if err := w.value(object[name], like.Get(name)); err != nil {
			return err
		}
	}
	w.b.WriteByte('}')
	return nil
}
