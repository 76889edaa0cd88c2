package rule

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// kinds is a set of JSON types; a number is whole or not. All of them together
// say that nothing is known.
type kinds uint8

const (
	isNull kinds = 1 << iota
	isBoolean
	isWhole
	isFraction
	isText
	isArray
	isObject

	isNumber   = isWhole | isFraction
	isAnything = isNull | isBoolean | isNumber | isText | isArray | isObject
)

var kindsByName = map[string]kinds{
	"null": isNull, "boolean": isBoolean, "integer": isWhole, "number": isNumber,
	"string": isText, "array": isArray, "object": isObject,
}

// kindsOf are the types that a schema names; anything where it names none, or one
// that JSON Schema does not have.
func kindsOf(names []string) kinds {
	var set kinds
	for _, name := range names {
		one, ok := kindsByName[name]
		if !ok {
			return isAnything
		}
		set |= one
	}
	if set == 0 {
		return isAnything
	}
	return set
}

// kindOf is the type of one value. A number is whole by its value: 1.0 is an
// integer of JSON Schema.
func kindOf(data any) kinds {
	n, ok := data.(json.Number)
	if !ok {
		return kindsByName[string(source.KindOf(data))]
	}
	// By its text: a number may have millions of digits. One with an exponent may
	// be whole.
	_, fraction, _ := strings.Cut(n.String(), ".")
	if !strings.ContainsAny(fraction, "eE") && strings.Trim(fraction, "0") != "" {
		return isFraction
	}
	return isWhole
}

// within tells whether nothing but these is possible.
func (k kinds) within(others kinds) bool { return k&^others == 0 }

// String names the set for a message, such as "an integer or null".
func (k kinds) String() string {
	var names []string
	for _, one := range []struct {
		set  kinds
		name string
	}{
		{isArray, "an array"},
		{isBoolean, "a boolean"},
		{isNumber, "a number"},
		{isObject, "an object"},
		{isText, "a string"},
		{isNull, "null"},
	} {
		switch {
		case one.set == isNumber && k&isNumber == isWhole:
			names = append(names, "an integer")
		case k&one.set != 0:
			names = append(names, one.name)
		}
	}
	return strings.Join(names, " or ")
}

// enumText lists values for a message: at most the first ten.
func enumText(values []any) string {
	var texts []string
	for _, value := range values[:min(len(values), 10)] {
		texts = append(texts, jsonText(value))
	}
	if len(values) > len(texts) {
		texts = append(texts, "…")
	}
	return strings.Join(texts, ", ")
}

// jsonText shows a value, shortened.
func jsonText(value any) string {
	const most = 60
	b, err := json.Marshal(value)
	if err != nil {
		return string(source.KindOf(value))
	}
	if text := []rune(string(b)); len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(b)
}

// near are the fixes for a name or value that is close to these. To one or two
// letters everything short is close.
func near(name string, names []string) string {
	const fewest = 3
	if utf8.RuneCountInString(name) < fewest {
		return ""
	}
	if found := source.Nearest(name, slices.Clone(names)); len(found) > 0 {
		return "did you mean " + strings.Join(found, " or ") + "?"
	}
	return ""
}
