package pulse

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// condition asks one field to equal a value.
type condition struct {
	field *prisma.Field
	// value is the wanted value in canonical form; null asks for SQL NULL.
	value string
	null  bool
}

// parseCondition reads a bare value or {"equals": value}.
func parseCondition(where, name string, raw json.RawMessage, model *prisma.Model) (condition, error) {
	field, known := model.Field(name)
	if !known {
		return condition{}, fmt.Errorf("%s: %q is no scalar field of model %s", where, name, model.Name)
	}
	if field.List || field.Type == prisma.JSON || field.Type == prisma.Unsupported {
		return condition{}, fmt.Errorf("%s: conditions on a field of type %s are not supported", where, typeName(field))
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return condition{}, fmt.Errorf("%s: %w", where, err)
	}
	value, err := operand(value)
	if err != nil {
		return condition{}, fmt.Errorf("%s: %w", where, err)
	}
	if value == nil {
		return condition{field: field, null: true}, nil
	}
	canonical, ok := canonicalValue(field.Type, value)
	if !ok {
		return condition{}, fmt.Errorf("%s: expected a value of type %s, found %s", where, typeName(field), prisma.Describe(value))
	}
	if field.Type == prisma.EnumType && !slices.Contains(field.Enum.Values, canonical) {
		return condition{}, fmt.Errorf("%s: enum %s has no value %q; it has %s", where, field.Enum.Name, canonical, strings.Join(field.Enum.Values, ", "))
	}
	return condition{field: field, value: canonical}, nil
}

// operand is the value that is compared with: as it stands, under equals, or in
// either place tagged as the Prisma Client sends it, {"$type","value"}.
func operand(value any) (any, error) {
	members, isObject := value.(map[string]any)
	if !isObject {
		return value, nil
	}
	if _, tagged := members["$type"]; tagged {
		inner, given := members["value"]
		if !given {
			return nil, errors.New("expected value beside $type")
		}
		return inner, nil
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if name != "equals" {
			return nil, fmt.Errorf("operator %s is not supported; equals is", name)
		}
	}
	inner, given := members["equals"]
	if !given {
		return nil, errors.New("expected a value, or an object with the operator equals")
	}
	if tagged, ok := inner.(map[string]any); ok && tagged["$type"] == nil {
		return nil, errors.New("expected a value under equals")
	}
	return operand(inner)
}

// holds compares by value: an absent field matches nothing, not even null.
func (c condition) holds(row map[string]any) bool {
	value, present := row[c.field.Name]
	if value == nil || c.null {
		return present && value == nil && c.null
	}
	canonical, ok := canonicalValue(c.field.Type, value)
	return ok && canonical == c.value
}

// canonicalValue is a text that two JSON values of a type share exactly when
// they are equal; not ok when the value is not of that type.
func canonicalValue(t prisma.Type, value any) (canonical string, ok bool) {
	text, isText := value.(string)
	number, isNumber := value.(json.Number)
	switch t {
	case prisma.String, prisma.EnumType:
		return text, isText
	case prisma.Boolean:
		b, isBool := value.(bool)
		return strconv.FormatBool(b), isBool
	case prisma.Int:
		return canonicalInt(number.String(), isNumber)
	case prisma.BigInt:
		return canonicalInt(text+number.String(), true)
	case prisma.Float:
		return canonicalFloat(text + number.String())
	case prisma.Decimal:
		return canonicalDecimal(text + number.String())
	case prisma.DateTime:
		return canonicalTime(text)
	case prisma.Bytes:
		decoded, err := base64.StdEncoding.DecodeString(text)
		return string(decoded), isText && err == nil
	}
	return "", false
}

func canonicalInt(text string, ok bool) (string, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return strconv.FormatInt(n, 10), ok && err == nil
}

func canonicalFloat(text string) (string, bool) {
	f, err := strconv.ParseFloat(text, 64)
	if f == 0 {
		// Zero has a sign, and equals itself without.
		return "0", err == nil
	}
	return strconv.FormatFloat(f, 'g', -1, 64), err == nil
}

// decimalDigits bounds a Decimal operand: Postgres' numeric has up to 131,072
// digits before the point, but an exponent could ask for a number of any size.
const decimalDigits = 1000

func canonicalDecimal(text string) (string, bool) {
	if text == "NaN" || text == "Infinity" || text == "-Infinity" {
		return text, true
	}
	if len(text) > decimalDigits || strings.ContainsAny(text, "eEpPxX_/") {
		return "", false
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return "", false
	}
	return r.RatString(), true
}

// canonicalTime compares to the millisecond, which is what events carry.
func canonicalTime(text string) (string, bool) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return "", false
	}
	return strconv.FormatInt(t.UnixMilli(), 10), true
}

func typeName(f *prisma.Field) string {
	if f.List {
		return string(f.Type) + "[]"
	}
	return string(f.Type)
}
