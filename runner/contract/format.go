package contract

import (
	"encoding/json"
	"errors"
	"math/big"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// libraryFormats are the formats of JSON Schema that the library judges as their
// standards say.
var libraryFormats = []string{
	"date", "duration", "email", "hostname", "ipv4", "ipv6", "json-pointer", "relative-json-pointer",
	"uri", "uri-reference", "uuid",
}

// integers are the formats of numbers in the OpenAPI registry, by their range.
var integers = map[string]struct{ least, most *big.Int }{
	"int8": signed(8), "int16": signed(16), "int32": signed(32), "int64": signed(64),
	"uint8": unsigned(8), "uint16": unsigned(16), "uint32": unsigned(32), "uint64": unsigned(64),
}

func signed(bits uint) struct{ least, most *big.Int } {
	half := new(big.Int).Lsh(big.NewInt(1), bits-1)
	return struct{ least, most *big.Int }{new(big.Int).Neg(half), new(big.Int).Sub(half, big.NewInt(1))}
}

func unsigned(bits uint) struct{ least, most *big.Int } {
	all := new(big.Int).Lsh(big.NewInt(1), bits)
	return struct{ least, most *big.Int }{new(big.Int), all.Sub(all, big.NewInt(1))}
}

// anyFormat is given to schemas without a format, so that each is counted.
const anyFormat = "x-any"

// formats are those that are judged; every other one is a hint to people.
var formats = func() map[string]func(any) error {
	m := map[string]func(any) error{anyFormat: func(any) error { return nil }, "date-time": dateTime}
	for name := range integers {
		m[name] = func(v any) error { return inRange(name, v) }
	}
	return m
}()

// judgesFormat tells whether a format is judged.
func judgesFormat(name string) bool {
	_, ours := formats[name]
	return ours && name != anyFormat || slices.Contains(libraryFormats, name)
}

// inRange judges a number by a format of the OpenAPI registry.
func inRange(name string, v any) error {
	n, isNumber := v.(json.Number)
	if !isNumber {
		return nil
	}
	value, ok := new(big.Rat).SetString(n.String())
	if !ok || !value.IsInt() {
		return errors.New("it is no whole number")
	}
	limits := integers[name]
	if value.Num().Cmp(limits.least) < 0 || value.Num().Cmp(limits.most) > 0 {
		return errors.New("it is out of range")
	}
	return nil
}

// rfc3339 is the form of a date-time (RFC 3339, section 5.6).
var rfc3339 = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\d{4}-\d\d-\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$`)
})

// dateTime judges a date-time. The library's own lets numbers with signs pass.
func dateTime(v any) error {
	text, isText := v.(string)
	if !isText {
		return nil
	}
	m := rfc3339().FindStringSubmatch(text)
	if m == nil {
		return errors.New("it is no date-time of RFC 3339")
	}
	_, err := time.Parse(time.DateOnly, m[1])
	return err
}

// standardFormats are the library's own, which it hands out in a schema alone.
var standardFormats = sync.OnceValue(func() map[string]*jsonschema.Format {
	properties := map[string]any{}
	for _, name := range libraryFormats {
		properties[name] = map[string]any{"format": name}
	}
	probe := jsonschema.NewCompiler()
	probe.DefaultDraft(jsonschema.Draft2020)
	probe.AssertFormat()
	_ = probe.AddResource("arazzo:///formats", map[string]any{"properties": properties}) // the URL is new
	schema := probe.MustCompile("arazzo:///formats")
	found := map[string]*jsonschema.Format{}
	for name, property := range schema.Properties {
		found[name] = property.Format
	}
	return found
})

// registerFormats gives the library the formats that are judged, each counted.
func (c *Checker) registerFormats(library *jsonschema.Compiler) {
	for name, judge := range formats {
		library.RegisterFormat(&jsonschema.Format{Name: name, Validate: c.counted(judge)})
	}
	for _, name := range libraryFormats { // most runs never meet one of them
		judge := func(v any) error { return standardFormats()[name].Validate(v) }
		library.RegisterFormat(&jsonschema.Format{Name: name, Validate: c.counted(judge)})
	}
}
