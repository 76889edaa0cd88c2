package source

import (
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// The numbers of YAML 1.2's core schema (section 10.3.2), and what JSON has none of.
var (
	yamlInt   = regexp.MustCompile(`^[-+]?[0-9]+$`)
	yamlBased = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^0(?:o[0-7]+|x[0-9a-fA-F]+)$`)
	})
	yamlFloat = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$`)
	})
	yamlNaN = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)
	})
)

// longestBased bounds an octal or hexadecimal number, in characters: to convert
// millions of digits would take minutes.
const longestBased = 1002

// quoted are the styles in which every scalar is a string.
const quoted = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle

func (c *converter) scalar(v *Value, n *yaml.Node) error {
	switch {
	case n.Style&yaml.TaggedStyle != 0:
		return c.tagged(v, n)
	case n.Style&quoted != 0:
		v.Kind, v.Scalar = String, n.Value
		return nil
	}
	v.Kind, v.Scalar = plain(n.Value)
	if v.Kind == String && notNumber(n.Value) {
		return c.fail(n, "arazzo/yaml-number", fmt.Sprintf("%s is not a JSON number", n.Value), "a finite number, or the text in quotes")
	}
	return nil
}

// notNumber tells what YAML has for infinity and for no number at all.
func notNumber(text string) bool {
	return strings.IndexByte("+-.", text[0]) >= 0 && yamlNaN().MatchString(text)
}

// plain resolves a scalar without quotes.
func plain(text string) (Kind, any) {
	switch text {
	case "", "~", "null", "Null", "NULL":
		return Null, nil
	case "true", "True", "TRUE":
		return Boolean, true
	case "false", "False", "FALSE":
		return Boolean, false
	}
	switch {
	case strings.IndexByte("+-.0123456789", text[0]) < 0: // as nearly all are
		return String, text
	case text[0] == '0' && len(text) <= longestBased && yamlBased().MatchString(text):
		i, _ := new(big.Int).SetString(text, 0)
		return Number, json.Number(i.String())
	case yamlInt.MatchString(text), yamlFloat().MatchString(text):
		return Number, jsonNumber(text)
	default:
		return String, text
	}
}

// tagged handles an explicit tag; only those of the JSON schema ruleset are
// allowed (Arazzo 1.0.1, section 4.3), and the text has to be of that type.
func (c *converter) tagged(v *Value, n *yaml.Node) error {
	v.Kind, v.Scalar = plain(n.Value)
	want := map[string]Kind{"!!str": String, "!!null": Null, "!!bool": Boolean, "!!int": Number, "!!float": Number}[n.ShortTag()]
	whole := yamlInt.MatchString(n.Value) || yamlBased().MatchString(n.Value)
	switch {
	case want == "":
		return c.wrongTag(n)
	case want == String:
		v.Kind, v.Scalar = String, n.Value
	case want != v.Kind, n.ShortTag() == "!!int" && !whole:
		return c.fail(n, "arazzo/yaml-tag", fmt.Sprintf("%q is not of the type that its tag %s says", n.Value, n.Tag), "a value of that type, or no tag")
	}
	return nil
}

func (c *converter) wrongTag(n *yaml.Node) error {
	return c.fail(n, "arazzo/yaml-tag", fmt.Sprintf("the tag %s is not allowed here", n.Tag), "no tag, or one of !!str, !!int, !!float, !!bool, !!null, !!seq, !!map")
}

// jsonNumber writes a YAML number as JSON does: no plus sign, no leading zeros,
// digits on both sides of the point.
func jsonNumber(text string) json.Number {
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign = "-"
	}
	mantissa, exponent := strings.TrimLeft(text, "+-"), ""
	if i := strings.IndexAny(mantissa, "eE"); i >= 0 {
		mantissa, exponent = mantissa[:i], mantissa[i:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	return json.Number(sign + whole + fraction + exponent)
}
