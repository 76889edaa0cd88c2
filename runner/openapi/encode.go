package openapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Encode writes a value as it goes on the wire: in a path the text that
// replaces {name}, in a query "name=value" parts joined with '&', in a header
// the field's value, in a cookie "name=value" parts joined with "; ", and of a
// whole query (querystring) all that follows the '?'. Everything is
// percent-encoded where the place asks for it.
//
// A value is nil, a bool, a string, a number (a json.Number keeps every digit, see
// [source.PlainNumber]), a
// []any or a map[string]any, whose members go in the order of their names; nulls
// within are left out. What stands in a member of an object goes on in
// brackets where the style does: deepObject, and a form's field without a style. A list
// by itself, of which deepObject says nothing, is a[0]=b&a[1]=c there.
//
// Present is false when there is nothing to send: null, an empty list or map. Of a
// parameter that is required that is an error, and in a path the empty text is one
// too. What a segment of a path comes to as a whole is for [Operation.Target] to judge.
func (p *Parameter) Encode(value any) (wire string, present bool, err error) {
	return p.EncodeLike(value, nil)
}

// EncodeLike is [Parameter.Encode] with members in the order of the document's value
// that it was made of, see [source.Value.Order].
func (p *Parameter) EncodeLike(value any, like *source.Value) (wire string, present bool, err error) {
	if p.In == "querystring" {
		if wire, err = p.wholeQuery(value, like); err == nil && wire == "" && p.Required {
			err = required(value)
		}
		if err != nil {
			err = fmt.Errorf("querystring parameter %q: %w", p.Name, err)
		}
		return wire, wire != "", err
	}
	parts, err := p.parts(value, like)
	wire = p.notation().first + strings.Join(parts, p.notation().between)
	switch {
	case err != nil:
	case p.In == "path" && len(parts) == 0:
		err = errors.New("there is no value, and a path cannot do without; expected a string, a number or a boolean")
	case p.In == "path" && wire == "":
		err = errors.New("the value is the empty string, which would make it the path of another resource")
	case p.Required && len(parts) == 0:
		err = required(value)
	}
	if err != nil {
		return "", false, fmt.Errorf("%s parameter %q: %w", p.In, p.Name, err)
	}
	return wire, len(parts) > 0, nil
}

func required(value any) error {
	return fmt.Errorf("the operation requires it, and of this %s nothing can be written; expected a value", source.KindOf(value))
}

// parts are the exploded parts of the value; one that is not exploded is one part.
func (p *Parameter) parts(value any, like *source.Value) ([]string, error) {
	if value == nil {
		return nil, nil
	}
	if p.ContentType != "" {
		return p.contentParts(value, like)
	}
	object, isObject := value.(map[string]any)
	list, isList := value.([]any)
	name := percentEncode(p.Name)
	switch {
	case p.Style == "deepObject" && isList:
		return p.indexed(name, list, like)
	case p.Style == "deepObject" && !isObject:
		return nil, fmt.Errorf("style deepObject takes an object or an array, found %s", source.KindOf(value))
	case p.Style == "deepObject" || p.Style == "brackets":
		return p.bracketed(name, value, like)
	case isObject:
		return p.mapParts(object, like)
	case isList:
		return p.listParts(list)
	}
	text, err := p.scalar(value)
	if err != nil {
		return nil, err
	}
	return []string{p.pair(text)}, nil
}

func (p *Parameter) listParts(list []any) ([]string, error) {
	var texts []string
	for _, item := range list {
		if item == nil {
			continue
		}
		text, err := p.item(item)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	if !p.Explode {
		return p.joined(texts), nil
	}
	for i, text := range texts {
		texts[i] = p.pair(text)
	}
	return texts, nil
}

func (p *Parameter) mapParts(object map[string]any, like *source.Value) ([]string, error) {
	var texts []string
	for _, key := range like.Order(object) {
		if object[key] == nil {
			continue
		}
		name, err := p.item(key)
		if err != nil {
			return nil, err
		}
		text, err := p.item(object[key])
		if err != nil {
			return nil, fmt.Errorf("member %q: %w", key, err)
		}
		switch {
		case !p.Explode:
			texts = append(texts, name, text)
		case text == "" && p.notation().named:
			texts = append(texts, name+p.notation().empty)
		default:
			texts = append(texts, name+"="+text)
		}
	}
	if p.Explode {
		return texts, nil
	}
	return p.joined(texts), nil
}

// scalar is the escaped text of a value without parts.
func (p *Parameter) scalar(value any) (string, error) {
	text, err := p.text(value)
	if err != nil {
		return "", err
	}
	return p.escape(text)
}

// item is the escaped text of one part of several. What the other side could not tell
// from what divides the parts is refused where the place has no escape for it.
func (p *Parameter) item(value any) (string, error) {
	text, err := p.text(value)
	if err != nil {
		return "", err
	}
	if d := p.divider(); d != "" && strings.Contains(text, d) {
		return "", fmt.Errorf("the part %s has the %q in it that divides the parts of style %s; expected parts without it, or the whole as one text", excerpt(text), d, p.Style)
	}
	if p.AllowReserved && (!p.Explode || p.In == "path") {
		return encode(text, strings.ReplaceAll(reserved[p.In], ",", "")), nil
	}
	return p.escape(text)
}

// text is a value without parts, as it is before it is escaped.
func (p *Parameter) text(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case json.Number:
		return source.PlainNumber(v), nil
	case bool, int, int64, float64:
		text, err := json.Marshal(v)
		return string(text), err
	case []any, map[string]any:
		return "", fmt.Errorf("style %s takes no %s here; expected a string, a number or a boolean", p.Style, source.KindOf(v))
	default:
		return "", fmt.Errorf("the Go type %T holds no JSON value", v)
	}
}

// excerpt is a text for a message: what is left out of a long one is marked, so that
// who hides a secret in it can tell where one is cut.
func excerpt(text string) string {
	const most = 40
	quoted := []rune(strconv.Quote(text))
	if len(quoted) <= most {
		return string(quoted)
	}
	return string(quoted[:most]) + "…"
}
