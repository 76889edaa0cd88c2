package contract

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// keywords translates what stands in one Schema Object.
type keywords struct {
	*writer
	raw   openapi.Raw
	place place
	out   map[string]any
}

// child is the value of a keyword that the dialect knows.
func (k *keywords) child(name string) openapi.Raw {
	if !k.dialect.knows(name) {
		return openapi.Raw{}
	}
	return k.raw.Child(name)
}

// write translates every keyword. Those that only describe are left out.
func (k *keywords) write() any {
	isNullable, isWrapped := k.nullable()
	if isWrapped {
		k.place.pointer += "/anyOf/1"
		k.places[k.place.pointer] = k.raw
	}
	k.references()
	k.types()
	k.values()
	k.limits()
	k.format()
	k.pattern()
	k.required()
	k.combinations()
	k.conditions()
	k.object()
	k.array()
	if isNullable {
		k.allowNull()
	}
	if isWrapped {
		return k.orNull()
	}
	return k.out
}

// wrong notes a keyword whose value is not what it has to be. It is left out: the
// schema then allows more.
func (k *keywords) wrong(name, expected string) {
	k.fault(k.place, k.raw.Child(name).Position(), "%s is not %s", name, expected)
}

// lostKeyword notes one without which other keywords would allow less.
func (k *keywords) lostKeyword(name, expected string) {
	k.lost(k.raw.Child(name).Position(), "%s is not %s", name, expected)
}

func (k *keywords) references() {
	if ref := k.raw.Child("$ref"); ref.Exists() && !k.dialect.ignoresSiblings() {
		if reference := k.reference(ref, k.place); reference != nil {
			k.out["$ref"] = reference["$ref"]
		}
	}
	if ref := k.child("$dynamicRef"); ref.Exists() {
		for name, value := range k.dynamicRef(ref, k.place) {
			if name == "$ref" && k.out["$ref"] != nil {
				k.out["allOf"] = []any{map[string]any{"$ref": value}}
				continue
			}
			k.out[name] = value
		}
	}
	if ref := k.child("$recursiveRef"); ref.Exists() {
		k.lost(ref.Position(), "$recursiveRef cannot be judged")
	}
}

// typeNames are the types of JSON Schema.
var typeNames = []string{"array", "boolean", "integer", "null", "number", "object", "string"}

func (k *keywords) types() {
	field := k.raw.Child("type")
	if !field.Exists() {
		return
	}
	var names []any
	items := field.Items()
	if !field.IsList() {
		items = []openapi.Raw{field}
	}
	for _, item := range items {
		name, _ := item.Data()
		if name == nil {
			name = "null" // type: null, without quotes
		}
		if text, isText := name.(string); !isText || !slices.Contains(typeNames, text) {
			k.wrong("type", "a type of JSON Schema: "+strings.Join(typeNames, ", "))
			return
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		k.out["type"] = names
	}
}

func (k *keywords) values() {
	if field := k.raw.Child("enum"); field.Exists() {
		list, ok := field.Data()
		if values, isList := list.([]any); ok && isList && immense(values) == "" {
			k.out["enum"] = values
		} else {
			k.wrong("enum", "a list of values")
		}
	}
	if field := k.child("const"); field.Exists() {
		if value, ok := field.Data(); ok && immense(value) == "" {
			k.out["const"] = value
		} else {
			k.wrong("const", "a value")
		}
	}
}

// Keywords that take a number, and those that count.
var (
	amounts = []string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
	counts  = []string{
		"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains",
	}
)

func (k *keywords) limits() {
	for _, name := range slices.Concat(amounts, counts) {
		field := k.child(name)
		if !field.Exists() {
			continue
		}
		value, _ := field.Data()
		number, ok := rational(value)
		isCount := slices.Contains(counts, name)
		switch is, isTruth := value.(bool); {
		case isTruth && strings.HasPrefix(name, "exclusive"):
			// So it is in OpenAPI 3.0 and draft 4; in later ones it is a mistake that
			// can mean nothing else.
			if is {
				k.exclude(name)
			}
		case !ok || name == "multipleOf" && number.Sign() <= 0:
			k.wrong(name, "a number that can be compared")
		case isCount && (!number.IsInt() || number.Sign() < 0):
			k.wrong(name, "a count")
		case isCount:
			k.out[name] = json.Number(number.Num().String())
		default:
			k.out[name] = value
		}
	}
	if field := k.raw.Child("uniqueItems"); field.Exists() {
		if is, ok := field.Data(); ok && (is == true || is == false) {
			k.out["uniqueItems"] = is
		} else {
			k.wrong("uniqueItems", "true or false")
		}
	}
}

// exclude makes a limit of early JSON Schema exclusive. The limits come before.
func (k *keywords) exclude(name string) {
	limit := map[string]string{"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}[name]
	if value, ok := k.out[limit]; ok {
		delete(k.out, limit)
		k.out[name] = value
	}
}

func (k *keywords) format() {
	if name := k.raw.Child("format").Text(); judgesFormat(name) {
		k.out["format"] = name
	}
}

func (k *keywords) pattern() {
	field := k.raw.Child("pattern")
	if !field.Exists() {
		return
	}
	text, _ := field.Data()
	pattern, isText := text.(string)
	if !isText {
		k.wrong("pattern", "a text")
		return
	}
	if _, err := compilePattern(pattern); err != nil {
		k.fault(k.place, field.Position(), "pattern is no regular expression of ECMAScript: %v", err)
		return
	}
	k.out["pattern"] = pattern
}

func (k *keywords) required() {
	field := k.raw.Child("required")
	if !field.Exists() || k.place.parameter {
		return
	}
	names, ok := texts(field)
	if !ok {
		k.wrong("required", "a list of names")
		return
	}
	holding := append(slices.Clone(k.place.outer), k.raw)
	names = slices.DeleteFunc(names, func(name any) bool { return k.isHidden(name.(string), holding) })
	if len(names) > 0 {
		k.out["required"] = names
	}
}

// texts is a list of texts, each once.
func texts(field openapi.Raw) (list []any, ok bool) {
	value, _ := field.Data()
	items, ok := value.([]any)
	for _, item := range items {
		if _, isText := item.(string); !isText {
			return nil, false
		}
		if !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list, ok
}

// nullable tells whether null is allowed: OpenAPI 3.0 says so, or 2.0 by an
// extension. Beside a combination of schemas nullable has no effect by the letter
// of 3.0.4; there it means what it says, and the schema is wrapped.
func (k *keywords) nullable() (is, wrapped bool) {
	nullable, _ := k.child("nullable").Data()
	extension, _ := k.child("x-nullable").Data()
	if nullable != true && extension != true {
		return false, false
	}
	return true, slices.ContainsFunc([]string{"allOf", "anyOf", "oneOf", "not"}, func(name string) bool {
		return k.child(name).Exists()
	})
}

// allowNull adds null to the types.
func (k *keywords) allowNull() {
	if types, ok := k.out["type"].([]any); ok && !slices.Contains(types, any("null")) {
		k.out["type"] = append(slices.Clone(types), "null")
	}
}

// orNull allows null beside the schema. An enum has to list null then (OpenAPI
// 3.0.4, Schema Object).
func (k *keywords) orNull() any {
	null := map[string]any{"type": "null"}
	if values, ok := k.out["enum"]; ok {
		null["enum"] = values
	}
	return map[string]any{"anyOf": []any{null, k.out}, "format": anyFormat}
}

// rational is a number's exact value. It is false for what is no number, and for
// one that cannot be compared.
func rational(value any) (*big.Rat, bool) {
	n, isNumber := value.(json.Number)
	if !isNumber || immense(n) != "" {
		return nil, false
	}
	return new(big.Rat).SetString(n.String())
}
