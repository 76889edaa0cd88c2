package payload

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

var errNotUnicode = errors.New("it holds bytes that are not UTF-8, which JSON cannot carry")

// JSON writes a value as JSON, with < > & as they are and every digit of a number.
// Members go in the order that like has, the value of a document that it was made
// of; those that like does not have follow in the order of their names.
func JSON(value any, like *source.Value) ([]byte, error) {
	w := newJSONWriter()
	if err := w.value(value, like); err != nil {
		return nil, err
	}
	return w.b.Bytes(), nil
}

// lines writes values as JSON, each on a line of its own.
func lines(list []any, like *source.Value) ([]byte, error) {
	w := newJSONWriter()
	for i, item := range list {
		if err := w.value(item, likeItem(like, i)); err != nil {
			return nil, err
		}
		w.b.WriteByte('\n')
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

func likeItem(like *source.Value, i int) *source.Value {
	if like != nil && i < len(like.Items) {
		return like.Items[i]
	}
	return nil
}

func (w *jsonWriter) value(value any, like *source.Value) error {
	switch v := value.(type) {
	case map[string]any:
		return w.object(v, like)
	case []any:
		return w.list(v, like)
	case string:
		if !utf8.ValidString(v) {
			return errNotUnicode
		}
	case *File:
		return errors.New("a file cannot be written as JSON")
	}
	err := w.scalars.Encode(value)
	w.b.Truncate(len(bytes.TrimSuffix(w.b.Bytes(), []byte("\n"))))
	return err
}

func (w *jsonWriter) list(list []any, like *source.Value) error {
	w.b.WriteByte('[')
	for i, item := range list {
		if i > 0 {
			w.b.WriteByte(',')
		}
		if err := w.value(item, likeItem(like, i)); err != nil {
			return err
		}
	}
	w.b.WriteByte(']')
	return nil
}

func (w *jsonWriter) object(object map[string]any, like *source.Value) error {
	w.b.WriteByte('{')
	for i, name := range names(object, like) {
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

// names are the members' names, in the order of the document where it has them.
func names(object map[string]any, like *source.Value) []string {
	list := make([]string, 0, len(object))
	if like != nil {
		for _, m := range like.Members {
			if _, ok := object[m.Key]; ok {
				list = append(list, m.Key)
			}
		}
	}
	if len(list) == len(object) {
		return list
	}
	known := map[string]bool{}
	for _, name := range list {
		known[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !known[name] {
			list = append(list, name)
		}
	}
	return list
}
