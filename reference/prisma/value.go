package prisma

import (
	"bytes"
	"encoding/json"
)

// Value is what AppendJSON writes, as a Go value: nil, bool, string, json.Number,
// json.RawMessage or []any of these. Its errors are those of AppendJSON.
func (f *Field) Value(text []byte) (any, error) {
	if text == nil && !f.isList() {
		return nil, nil
	}
	var value any
	var err error
	switch {
	case text == nil:
		value = []any{}
	case f.isList():
		value, err = f.listValue(text)
	default:
		value, err = f.scalarValue(text)
	}
	if err != nil {
		return nil, f.mismatch(err)
	}
	return value, nil
}

func (f *Field) listValue(text []byte) (any, error) {
	// The lists that are open, innermost last.
	open := [][]any{{}}
	add := func(value any) { open[len(open)-1] = append(open[len(open)-1], value) }
	scanner := scanArray(text)
	for {
		token, element, err := scanner.next()
		if err != nil {
			return nil, err
		}
		switch token {
		case arrayOpen:
			open = append(open, []any{})
		case arrayClose:
			whole := open[len(open)-1]
			open = open[:len(open)-1]
			add(whole)
		case arrayNull:
			add(nil)
		case arrayElement:
			value, err := f.scalarValue(element)
			if err != nil {
				return nil, err
			}
			add(value)
		case arrayEnd:
			return open[0][0], nil
		}
	}
}

func (f *Field) scalarValue(text []byte) (any, error) {
	switch f.Type {
	case String, Unsupported:
		return string(text), nil
	case EnumType:
		return string(f.Enum.valueOf(text)), nil
	}
	written, err := f.appendScalar(nil, text)
	switch {
	case err != nil:
		return nil, err
	case f.Type == JSON:
		return json.RawMessage(written), nil
	case f.Type == Boolean:
		return written[0] == 't', nil
	case written[0] == '"':
		// Nothing in it is escaped.
		return string(bytes.Trim(written, `"`)), nil
	}
	return json.Number(written), nil
}
