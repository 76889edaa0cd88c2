package prisma

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// AppendJSON appends to dst the JSON of what Postgres prints for the column, see
// the package comment; nil text is SQL NULL. An error says that text is not of the
// field's type, as when the table was altered since it was introspected; what is
// returned then is dst as it was.
func (f *Field) AppendJSON(dst, text []byte) ([]byte, error) {
	out, err := f.appendJSON(dst, text, false)
	if err != nil {
		return dst, f.mismatch(err)
	}
	return out, nil
}

// AppendGraphQL is AppendJSON in the form of the query engine's GraphQL protocol: Json
// is a string of JSON text, and a list of lists is an error, for GraphQL has a type
// for each field.
func (f *Field) AppendGraphQL(dst, text []byte) ([]byte, error) {
	out, err := f.appendJSON(dst, text, true)
	if err != nil {
		return dst, f.mismatch(err)
	}
	return out, nil
}

func (f *Field) mismatch(err error) error {
	return fmt.Errorf("column %q of type %s: %w", f.Column, f.NativeType, err)
}

// isList tells whether the value is a list. The elements of a list of an unknown
// type need not even be separated by commas, so such a list stays text like its
// elements.
func (f *Field) isList() bool { return f.List && f.Type != Unsupported }

func (f *Field) appendJSON(dst, text []byte, isGraphQL bool) ([]byte, error) {
	switch {
	case f.isList() && text == nil:
		return append(dst, "[]"...), nil
	case f.isList():
		return f.appendList(dst, text, isGraphQL)
	case text == nil:
		return append(dst, "null"...), nil
	case isGraphQL && f.Type == JSON:
		return appendQuotedJSON(dst, text)
	}
	return f.appendScalar(dst, text)
}

func (f *Field) appendList(dst, text []byte, isGraphQL bool) ([]byte, error) {
	scanner := scanArray(text)
	first := true
	for {
		token, element, err := scanner.next()
		if err != nil || token == arrayEnd {
			return dst, err
		}
		if token != arrayClose && !first {
			dst = append(dst, ',')
		}
		first = token == arrayOpen
		switch {
		case token == arrayOpen && isGraphQL && scanner.depth > 1:
			return dst, errArrayNested
		case token == arrayOpen:
			dst = append(dst, '[')
		case token == arrayClose:
			dst = append(dst, ']')
		case token == arrayNull:
			dst = append(dst, "null"...)
		case isGraphQL && f.Type == JSON:
			dst, err = appendQuotedJSON(dst, element)
		default:
			dst, err = f.appendScalar(dst, element)
		}
		if err != nil {
			return dst, err
		}
	}
}

// appendScalar appends the JSON of one value that is not NULL.
func (f *Field) appendScalar(dst, text []byte) ([]byte, error) {
	switch f.Type {
	case Boolean:
		return appendBoolean(dst, text)
	case Int:
		return appendInt(dst, text)
	case BigInt:
		return quotedBy(appendInt, dst, text)
	case Float:
		return appendFloat(dst, text)
	case Decimal:
		return quotedBy(appendDecimal, dst, text)
	case DateTime:
		return quotedBy(appendDateTime, dst, text)
	case JSON:
		return appendRaw(dst, text)
	case Bytes:
		return quotedBy(appendBase64, dst, text)
	case EnumType:
		return AppendString(dst, f.Enum.valueOf(text)), nil
	default:
		return AppendString(dst, text), nil
	}
}

// quotedBy puts what content appends, which needs no escape, in quotes.
func quotedBy(content func(dst, text []byte) ([]byte, error), dst, text []byte) ([]byte, error) {
	dst, err := content(append(dst, '"'), text)
	return append(dst, '"'), err
}

func appendBoolean(dst, text []byte) ([]byte, error) {
	switch string(text) {
	case "t":
		return append(dst, "true"...), nil
	case "f":
		return append(dst, "false"...), nil
	}
	return dst, expected("t or f", text)
}

// surelyWithin is how many digits a whole number may have and be within 64 bits
// whatever they are.
const surelyWithin = 18

func appendInt(dst, text []byte) ([]byte, error) {
	n, fits := parseNumber(text), true
	if n.whole > surelyWithin {
		_, err := strconv.ParseInt(string(text), 10, 64)
		fits = err == nil
	}
	if !n.isAll(text) || !n.isWhole() || !fits {
		return dst, expected("a whole number within 64 bits", text)
	}
	return append(dst, text...), nil
}

// isNoNumber tells of the words that stand for what JSON has no number for.
func isNoNumber(text []byte) bool {
	switch string(text) {
	case "NaN", "Infinity", "-Infinity":
		return true
	}
	return false
}

func appendFloat(dst, text []byte) ([]byte, error) {
	switch {
	case isNoNumber(text):
		return AppendString(dst, text), nil
	case !parseNumber(text).isAll(text):
		return dst, expected("a number", text)
	}
	return append(dst, text...), nil
}

// appendDecimal takes what numeric prints, and what money does under lc_monetary
// C: a dollar sign, and commas between thousands.
func appendDecimal(dst, text []byte) ([]byte, error) {
	if isNoNumber(text) {
		return append(dst, text...), nil
	}
	plain := text
	if bytes.IndexByte(text, '$') >= 0 {
		plain = moneyDigits(text)
	}
	n := parseNumber(plain)
	if !n.isAll(plain) || n.exponent {
		return dst, expected("a number without exponent", text)
	}
	if n.fraction > 0 {
		plain = bytes.TrimSuffix(bytes.TrimRight(plain, "0"), []byte("."))
	}
	return append(dst, plain...), nil
}

// moneyDigits makes -1234.50 of -$1,234.50, and no number of what is no money.
func moneyDigits(text []byte) []byte {
	digits, negative := bytes.CutPrefix(text, []byte("-"))
	digits, ok := bytes.CutPrefix(digits, []byte("$"))
	if !ok {
		return nil
	}
	digits = bytes.ReplaceAll(digits, []byte(","), nil)
	if negative {
		return append([]byte("-"), digits...)
	}
	return digits
}

// appendRaw appends JSON without insignificant white space.
func appendRaw(dst, text []byte) ([]byte, error) {
	if !utf8.Valid(text) {
		text = bytes.ToValidUTF8(text, []byte("\ufffd"))
	}
	compact := bytes.NewBuffer(dst)
	if err := json.Compact(compact, text); err != nil {
		return dst, fmt.Errorf("expected JSON: %w", err)
	}
	return compact.Bytes(), nil
}

// appendQuotedJSON appends JSON as a string of its text. The text is written behind
// where the string goes, and then overwritten.
func appendQuotedJSON(dst, text []byte) ([]byte, error) {
	start := len(dst)
	dst, err := appendRaw(dst, text)
	if err != nil {
		return dst, err
	}
	end := len(dst)
	dst = AppendString(dst, dst[start:end])
	return append(dst[:start], dst[end:]...), nil
}

// base64Step is how many bytes are turned at once: a multiple of three, so that
// only the last step pads.
const base64Step = 768

func appendBase64(dst, text []byte) ([]byte, error) {
	digits, ok := bytes.CutPrefix(text, []byte(`\x`))
	if !ok {
		return dst, errors.New(`expected \x and hexadecimal digits: set bytea_output to hex`)
	}
	var raw [base64Step]byte
	for len(digits) > 0 {
		step := digits[:min(len(digits), hex.EncodedLen(base64Step))]
		n, err := hex.Decode(raw[:], step)
		if err != nil {
			return dst, fmt.Errorf(`expected \x and hexadecimal digits: %w`, err)
		}
		dst = base64.StdEncoding.AppendEncode(dst, raw[:n])
		digits = digits[len(step):]
	}
	return dst, nil
}

// expected is the error for text that is not what a type prints. Only the
// beginning of a long text is shown.
func expected(what string, found []byte) error {
	const shown = 40
	if len(found) > shown {
		return fmt.Errorf("expected %s, found %q", what, string(found[:shown])+"...")
	}
	return fmt.Errorf("expected %s, found %q", what, found)
}
