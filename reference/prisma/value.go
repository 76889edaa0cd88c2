package prisma

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Value turns what Postgres prints for the column into a JSON value, see the
// package comment; nil text is SQL NULL. An error says that text is not of the
// field's type, as when the table was altered since it was introspected, or
// that it is a list of lists, for which Prisma has no type.
func (f *Field) Value(text []byte) (any, error) {
	value, err := f.value(text)
	if err != nil {
		return nil, fmt.Errorf("column %q of type %s: %w", f.Column, f.NativeType, err)
	}
	return value, nil
}

// GraphQLValue is Value in the form of the query engine's GraphQL protocol: Json
// is a string of JSON text.
func (f *Field) GraphQLValue(text []byte) (any, error) {
	value, err := f.Value(text)
	switch v := value.(type) {
	case json.RawMessage:
		return string(v), err
	case []any:
		for i, element := range v {
			if raw, ok := element.(json.RawMessage); ok {
				v[i] = string(raw)
			}
		}
	}
	return value, err
}

func (f *Field) value(text []byte) (any, error) {
	// The elements of a list of an unknown type need not even be separated by
	// commas, so the list stays text like its elements.
	if !f.List || f.Type == Unsupported {
		return f.Type.value(text)
	}
	list := []any{}
	if text == nil {
		return list, nil
	}
	elements, err := splitArray(string(text))
	if err != nil {
		return nil, err
	}
	for _, element := range elements {
		value, err := f.Type.value(element)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	return list, nil
}

// value is the JSON value of one scalar.
func (t Type) value(text []byte) (any, error) {
	if text == nil {
		return nil, nil
	}
	switch t {
	case Boolean:
		return booleanValue(string(text))
	case Int:
		return intValue(string(text))
	case BigInt:
		if _, err := intValue(string(text)); err != nil {
			return nil, err
		}
		return string(text), nil
	case Float:
		return floatValue(string(text))
	case Decimal:
		return decimalValue(string(text))
	case DateTime:
		return dateTimeValue(string(text))
	case JSON:
		return jsonValue(text)
	case Bytes:
		return bytesValue(text)
	default:
		return string(text), nil
	}
}

func booleanValue(text string) (any, error) {
	switch text {
	case "t":
		return true, nil
	case "f":
		return false, nil
	}
	return nil, expected("t or f", text)
}

func intValue(text string) (any, error) {
	if _, err := strconv.ParseInt(text, 10, 64); err != nil || !isNumber(text) {
		return nil, expected("a whole number within 64 bits", text)
	}
	return json.Number(text), nil
}

func floatValue(text string) (any, error) {
	switch text {
	case "NaN", "Infinity", "-Infinity":
		return text, nil
	}
	if !isNumber(text) {
		return nil, expected("a number", text)
	}
	return json.Number(text), nil
}

func decimalValue(text string) (any, error) {
	switch text {
	case "NaN", "Infinity", "-Infinity":
		return text, nil
	}
	if !isNumber(text) || strings.ContainsAny(text, "eE") {
		return nil, expected("a number without exponent", text)
	}
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text, nil
}

func jsonValue(text []byte) (any, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		return nil, fmt.Errorf("expected JSON: %w", err)
	}
	return json.RawMessage(compact.Bytes()), nil
}

func bytesValue(text []byte) (any, error) {
	digits, ok := bytes.CutPrefix(text, []byte(`\x`))
	if !ok {
		return nil, errors.New(`expected \x and hexadecimal digits: set bytea_output to hex`)
	}
	raw := make([]byte, hex.DecodedLen(len(digits)))
	if _, err := hex.Decode(raw, digits); err != nil {
		return nil, fmt.Errorf(`expected \x and hexadecimal digits: %w`, err)
	}
	return base64.StdEncoding.EncodeToString(raw), nil
}

// isNumber reports whether text is a number as JSON writes it, which is also how
// Postgres prints finite ones.
func isNumber(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	// JSON that begins and ends with a digit is a number without space around it.
	return digits != "" && isDigit(digits[0]) && isDigit(digits[len(digits)-1]) && json.Valid([]byte(text))
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// expected is the error for text that is not what a type prints. Only the
// beginning of a long text is shown.
func expected(what, found string) error {
	const shown = 40
	if len(found) > shown {
		found = found[:shown] + "..."
	}
	return fmt.Errorf("expected %s, found %q", what, found)
}
