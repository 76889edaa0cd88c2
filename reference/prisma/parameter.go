package prisma

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Symbol is a bare name in a GraphQL document: a member of an enum, or one of
// the names Prisma gives to the nulls of Json.
type Symbol string

// The nulls of a Json field: the JSON value null, SQL NULL, and in a filter both.
const (
	JSONNull Symbol = "JsonNull"
	DBNull   Symbol = "DbNull"
	AnyNull  Symbol = "AnyNull"
)

// Parameter turns an input value into the text to bind to a parameter of the
// column's type, nil for SQL NULL. The text goes to a bare placeholder, without a
// cast, so that Postgres takes the type from the column and refuses what does
// not fit it: a cast to varchar(3) would cut a longer text off in silence.
//
// A value is nil, bool, string, json.Number, Symbol or []any of these. A list
// field takes a list or, as GraphQL has it, one element. Json takes a string of
// JSON text, JSONNull or DBNull; DateTime an RFC 3339 string; Bytes base64;
// BigInt and Decimal a number or a string of its digits; an enum a Symbol or a
// string, which is not compared with the enum's values. That a number fits the
// column and null is allowed there is left to Postgres.
//
// An error says what was expected and what was found; it does not name the
// field, which the caller knows by the path that led to it.
func (f *Field) Parameter(value any) (*string, error) {
	if f.Type == Unsupported {
		return nil, fmt.Errorf("columns of type %s cannot be written or compared", f.NativeType)
	}
	if value == nil || (f.Type == JSON && value == DBNull) {
		return nil, nil
	}
	if f.List {
		return f.listParameter(value)
	}
	text, err := f.parameter(value)
	if err != nil {
		return nil, err
	}
	return &text, nil
}

// parameter is the text of one scalar, for an enum what Postgres calls it.
func (f *Field) parameter(value any) (string, error) {
	text, err := f.Type.parameter(value)
	if f.Type == EnumType {
		text = f.Enum.labelOf(text)
	}
	return text, err
}

func (f *Field) listParameter(value any) (*string, error) {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	elements := make([]string, len(list))
	for i, element := range list {
		text, err := f.parameter(element)
		if err != nil {
			return nil, fmt.Errorf("element %d of the list: %w", i, err)
		}
		elements[i] = text
	}
	text := joinArray(elements)
	return &text, nil
}

// accepts says for each type what its input looks like, for errors.
var accepts = map[Type]string{
	String:   "String",
	Boolean:  "Boolean, true or false",
	Int:      "Int, a whole number within 64 bits",
	BigInt:   "BigInt, a whole number within 64 bits or a string of its digits",
	Float:    "Float, a number",
	Decimal:  "Decimal, a number or a string of its digits",
	DateTime: `DateTime, an RFC 3339 string such as "2024-02-03T00:00:00.000Z"`,
	JSON:     "Json, a string of JSON text, JsonNull or DbNull",
	Bytes:    "Bytes, a string of base64",
	EnumType: "Enum, one of its values",
}

var errMismatch = errors.New("value is not of the type")

// parameter is the text of one scalar.
func (t Type) parameter(value any) (string, error) {
	var text string
	var err error
	switch v := value.(type) {
	case bool:
		text, err = t.fromBool(v)
	case string:
		text, err = t.fromString(v)
	case json.Number:
		text, err = t.fromNumber(v.String())
	case Symbol:
		text, err = t.fromSymbol(v)
	default:
		err = errMismatch
	}
	if errors.Is(err, errMismatch) {
		return "", fmt.Errorf("expected %s, found %s", accepts[t], Describe(value))
	}
	return text, err
}

func (t Type) fromBool(value bool) (string, error) {
	if t != Boolean {
		return "", errMismatch
	}
	return strconv.FormatBool(value), nil
}

func (t Type) fromString(value string) (string, error) {
	if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return "", errors.New("expected text that Postgres can hold, found one with U+0000 or invalid UTF-8")
	}
	switch t {
	case String, EnumType:
		return value, nil
	case BigInt, Decimal:
		return t.fromNumber(value)
	case DateTime:
		return dateTimeParameter(value)
	case JSON:
		if json.Valid([]byte(value)) {
			return value, nil
		}
	case Bytes:
		if raw, err := base64.StdEncoding.DecodeString(value); err == nil {
			return `\x` + hex.EncodeToString(raw), nil
		}
	}
	return "", errMismatch
}

func (t Type) fromNumber(digits string) (string, error) {
	switch t {
	case Int, BigInt:
		if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
			return strconv.FormatInt(n, 10), nil
		}
	case Float, Decimal:
		if isNumber(digits) {
			return digits, nil
		}
	}
	return "", errMismatch
}

func (t Type) fromSymbol(value Symbol) (string, error) {
	switch {
	case t == EnumType:
		return string(value), nil
	case t == JSON && value == JSONNull:
		return "null", nil
	}
	return "", errMismatch
}

// dateTimeParameter writes the instant in a form that every one of the five date
// and time types of Postgres reads: time knows no "T", and timestamp ignores an
// offset, hence UTC.
func dateTimeParameter(value string) (string, error) {
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return "", errMismatch
	}
	return t.UTC().Format("2006-01-02 15:04:05.999999999+00"), nil
}

// Describe names an input value in an error; only the beginning of a long one is
// shown.
func Describe(value any) string {
	var text string
	switch v := value.(type) {
	case nil:
		return "null"
	case []any:
		return "a list"
	case bool, json.Number, Symbol:
		text = fmt.Sprint(v)
	case string:
		text = strconv.Quote(v)
	default:
		return "an object"
	}
	return Excerpt(text)
}

// Excerpt is a text of a request as an error shows it: the first 60 bytes of a longer
// one, and three dots.
func Excerpt(text string) string {
	const shown = 60
	if len(text) <= shown {
		return text
	}
	return strings.ToValidUTF8(text[:shown], "") + "..."
}
