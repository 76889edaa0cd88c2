package contract

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// explanation turns the library's errors into findings.
type explanation struct {
	*exchange
	value any
	// at is where the value stands in the body.
	at    string
	found []Finding
	// broken says why the errors are not to be trusted.
	broken string
}

// against compares a value with a schema and reports the findings.
func (x *exchange) against(s *openapi.Schema, value any, at, what string) {
	found, _ := x.compare(s, value, at, false)
	x.tell(found, what)
}

// tell reports findings of what is no body, or not the only one.
func (x *exchange) tell(found []Finding, what string) {
	for _, f := range found {
		if what != "" {
			f.Message = what + ": " + f.Message
		}
		x.find(f)
	}
}

// tellText reports findings of what is not in the body: a pointer into it would
// mislead.
func (x *exchange) tellText(found []Finding, what, name string) {
	for i := range found {
		found[i].Name = name
		if found[i].Pointer != "" {
			found[i].Message += " at " + found[i].Pointer
		}
		found[i].Pointer = ""
	}
	x.tell(found, what)
}

// compareText compares what stands in a text: by the type that its schema wants,
// or as it is, because both are the same on the wire. A text that fits in one way
// is as the schema says.
func (x *exchange) compareText(s *openapi.Schema, value any, w written, parameter bool) []Finding {
	if _, ok := x.compare(s, value, "", parameter); ok {
		return nil
	}
	found, _ := x.compare(s, typed(value, s, w, 0), "", parameter)
	return found
}

// compare compares a value with a schema. It is true when the value is as the
// schema says, or when that cannot be told.
func (x *exchange) compare(s *openapi.Schema, value any, at string, parameter bool) (found []Finding, ok bool) {
	raw := s.Raw()
	if !raw.Exists() || x.areOff(x.check) {
		return nil, true
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.compile(raw, x.mode, parameter)
	for _, note := range c.notes {
		x.doubt(note)
	}
	if c.schema == nil {
		return nil, true
	}
	x.Checker.patience = x.patience
	v := x.judge(c, value)
	x.patience = x.Checker.patience
	e := &explanation{exchange: x, value: value, at: at, broken: v.unknown}
	for _, cause := range v.errors {
		e.walk(cause)
	}
	switch {
	case e.broken != "":
		x.doubt(unchecked(source.Warning, raw.Position(), "a value was not compared with its schema: "+e.broken))
		return nil, true
	case v.fits:
		return nil, true
	case v.nodes > maxExplained:
		return []Finding{{
			Check: x.check, Pointer: at, Position: raw.Position(), Expected: "a value that is",
			Message: fmt.Sprintf("it is not as its schema says, and with %d values it is not told where", v.nodes),
		}}, false
	}
	return e.sorted(), false
}

// sorted are the findings in the order of their pointers: the library visits
// members in no order.
func (e *explanation) sorted() []Finding {
	slices.SortStableFunc(e.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Message, b.Message), cmp.Compare(a.Expected, b.Expected))
	})
	return e.found
}

// walk collects findings from an error and its causes.
func (e *explanation) walk(err *jsonschema.ValidationError) {
	switch k := err.ErrorKind.(type) {
	case *kind.Schema, *kind.Group, *kind.Reference, *kind.AllOf:
		for _, cause := range err.Causes {
			e.walk(cause)
		}
	case *kind.AnyOf:
		e.alternatives(err, "anyOf")
	case *kind.OneOf:
		if len(k.Subschemas) > 0 {
			e.add(err, "oneOf", fmt.Sprintf("it fits the schemas %d and %d of oneOf", k.Subschemas[0], k.Subschemas[1]), "exactly one of them")
			return
		}
		e.alternatives(err, "oneOf")
	case *kind.RefCycle:
		e.broken = "the schema refers to itself without an end"
	case *kind.InvalidJsonValue:
		e.broken = "the value is none of JSON"
	case *kind.Required:
		for _, name := range k.Missing {
			e.add(err, "required", fmt.Sprintf("the member %q is missing", name), fmt.Sprintf("an object with %q", name)).HasFound = false
		}
	case *kind.AdditionalProperties:
		slices.Sort(k.Properties)
		for _, name := range k.Properties {
			f := e.add(err, "additionalProperties", fmt.Sprintf("the member %q is not declared", name), "no members but those in properties")
			f.HasFound = false
		}
	default:
		keyword, message, expected := describe(err.ErrorKind)
		e.add(err, keyword, message, expected)
	}
}

// alternatives explains that a value fits none of several schemas: by the errors
// of the one that it was meant for, where that is plain.
func (e *explanation) alternatives(err *jsonschema.ValidationError, keyword string) {
	if written := e.placeOf(err.SchemaURL).Child(keyword); !written.Exists() && len(err.Causes) == 2 {
		e.walk(err.Causes[1]) // the first one allows null beside the schema as it is written
		return
	}
	var others []*jsonschema.ValidationError
	var wanted []string
	for _, cause := range err.Causes {
		if t, ok := typeAt(cause, len(err.InstanceLocation)); ok {
			wanted = append(wanted, t.Want...)
			continue
		}
		others = append(others, cause)
	}
	switch {
	case len(others) == 1:
		e.walk(others[0])
		return
	case len(others) == 0 && len(wanted) > 0:
		slices.Sort(wanted)
		e.add(err, keyword, "the value is of another type", strings.Join(slices.Compact(wanted), " or "))
		return
	}
	nearest := &explanation{exchange: e.exchange, value: e.value, at: e.at}
	for _, cause := range others {
		one := &explanation{exchange: e.exchange, value: e.value, at: e.at}
		if one.walk(cause); len(one.found) == 0 {
			continue
		}
		if len(nearest.found) == 0 || len(one.found) < len(nearest.found) {
			nearest = one
		}
	}
	f := e.add(err, keyword, fmt.Sprintf("it fits none of the %d schemas of %s", len(err.Causes), keyword), "one of them")
	if len(nearest.found) > 0 {
		n := nearest.sorted()[0]
		f.Message += "; of the nearest one: " + n.Message
		if n.Pointer != f.Pointer {
			f.Message += " at " + n.Pointer
		}
		f.Expected += ", such as " + n.Expected
	}
}

// typeAt tells whether an error is nothing but the value's own type.
func typeAt(err *jsonschema.ValidationError, depth int) (*kind.Type, bool) {
	switch k := err.ErrorKind.(type) {
	case *kind.Type:
		return k, len(err.InstanceLocation) == depth
	case *kind.Reference, *kind.Schema:
		if len(err.Causes) == 1 {
			return typeAt(err.Causes[0], depth)
		}
	}
	return nil, false
}

// add notes one mismatch at a keyword of a schema.
func (e *explanation) add(err *jsonschema.ValidationError, keyword, message, expected string) *Finding {
	f := Finding{Check: e.check, Message: message, Expected: expected, Pointer: e.at}
	for _, token := range err.InstanceLocation {
		f.Pointer += "/" + escape(token)
	}
	f.Found, f.HasFound = lookUp(e.value, err.InstanceLocation)
	raw := e.placeOf(err.SchemaURL)
	f.Position = raw.Position()
	if at := raw.Child(keyword); at.Exists() {
		f.Position = at.Position()
	} else if at := raw.Child(strings.ToLower(strings.TrimPrefix(keyword, "exclusive"))); at.Exists() {
		f.Position = at.Position() // a limit that exclusiveMinimum: true stands beside
	}
	e.found = append(e.found, f)
	return &e.found[len(e.found)-1]
}

// placeOf is the schema that an error names, or the nearest around it.
func (e *explanation) placeOf(location string) openapi.Raw {
	url, fragment, _ := strings.Cut(location, "#")
	r := e.located[url]
	if r == nil {
		return openapi.Raw{}
	}
	for pointer := fragmentText(fragment); ; {
		if raw, ok := r.places[pointer]; ok {
			return raw
		}
		cut := strings.LastIndexByte(pointer, '/')
		if cut < 0 {
			return r.raw
		}
		pointer = pointer[:cut]
	}
}

// lookUp is the value at a place.
func lookUp(value any, tokens []string) (found any, ok bool) {
	for _, token := range tokens {
		switch v := value.(type) {
		case map[string]any:
			if value, ok = v[token]; !ok {
				return nil, false
			}
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			value = v[i]
		default:
			return nil, false
		}
	}
	return value, true
}

// describe says what one keyword found, and what it wants. The value itself is no
// part of it.
func describe(k jsonschema.ErrorKind) (keyword, message, expected string) {
	switch k := k.(type) {
	case *kind.Type:
		return "type", "the value is of type " + k.Got, strings.Join(k.Want, " or ")
	case *kind.Enum:
		return "enum", "the value is not in the list", "one of " + values(k.Want)
	case *kind.Const:
		return "const", "the value is another one", values([]any{k.Want})
	case *kind.Format:
		return "format", "the text or number is not of the format " + k.Want, "format " + k.Want
	case *kind.Pattern:
		return "pattern", "the text does not match the pattern", k.Want
	case *kind.FalseSchema:
		return "", "nothing is allowed here", "no value"
	case *kind.Not:
		return "not", "it fits the schema under not", "a value that does not"
	case *kind.PropertyNames:
		return "propertyNames", fmt.Sprintf("the name %q is not allowed", k.Property), "a name that fits propertyNames"
	case *kind.DependentRequired:
		return "dependentRequired", fmt.Sprintf("%q is there, and %s is missing", k.Prop, quoted(k.Missing)), "both"
	case *kind.UniqueItems:
		return "uniqueItems", fmt.Sprintf("the items %d and %d are equal", k.Duplicates[0], k.Duplicates[1]), "no two equal items"
	case *kind.Contains:
		return "contains", "no item fits the schema of contains", "one that does"
	default:
		return describeLimit(k)
	}
}

// describeLimit says it of the keywords that count and measure.
func describeLimit(k jsonschema.ErrorKind) (keyword, message, expected string) {
	count := func(keyword, noun string, got, want int, bound string) (string, string, string) {
		return keyword, fmt.Sprintf("it has %d %s", got, noun), fmt.Sprintf("at %s %d", bound, want)
	}
	switch k := k.(type) {
	case *kind.MinLength:
		return count("minLength", "characters", k.Got, k.Want, "least")
	case *kind.MaxLength:
		return count("maxLength", "characters", k.Got, k.Want, "most")
	case *kind.MinItems:
		return count("minItems", "items", k.Got, k.Want, "least")
	case *kind.MaxItems:
		return count("maxItems", "items", k.Got, k.Want, "most")
	case *kind.MinProperties:
		return count("minProperties", "members", k.Got, k.Want, "least")
	case *kind.MaxProperties:
		return count("maxProperties", "members", k.Got, k.Want, "most")
	case *kind.MinContains:
		return count("minContains", "items that fit contains", len(k.Got), k.Want, "least")
	case *kind.MaxContains:
		return count("maxContains", "items that fit contains", len(k.Got), k.Want, "most")
	case *kind.Minimum:
		return "minimum", "the number is too small", "at least " + decimal(k.Want)
	case *kind.Maximum:
		return "maximum", "the number is too large", "at most " + decimal(k.Want)
	case *kind.ExclusiveMinimum:
		return "exclusiveMinimum", "the number is too small", "more than " + decimal(k.Want)
	case *kind.ExclusiveMaximum:
		return "exclusiveMaximum", "the number is too large", "less than " + decimal(k.Want)
	case *kind.MultipleOf:
		return "multipleOf", "the number is no multiple", "a multiple of " + decimal(k.Want)
	}
	path := k.KeywordPath()
	if len(path) > 0 {
		keyword = path[0]
	}
	return keyword, "the value is not as " + first(keyword, "the schema") + " says", "a value that is"
}

// decimal writes a number exactly where it has few digits.
func decimal(n *big.Rat) string {
	if n.IsInt() {
		return n.Num().String()
	}
	text := strings.TrimRight(n.FloatString(30), "0")
	if exact, ok := new(big.Rat).SetString(text); ok && exact.Cmp(n) == 0 {
		return text
	}
	return n.String()
}

// maxListed bounds the values that a message lists, in bytes.
const maxListed = 200

func values(list []any) string {
	var shown []string
	length := 0
	for _, v := range list {
		text, err := json.Marshal(v)
		if length += len(text); err != nil || length > maxListed {
			return strings.Join(append(shown, "…"), ", ")
		}
		shown = append(shown, string(text))
	}
	return strings.Join(shown, ", ")
}

func quoted(names []string) string {
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = name
	}
	return values(list)
}
