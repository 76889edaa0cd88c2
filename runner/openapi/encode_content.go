package openapi

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// contentParts writes a parameter that is declared by a media type. JSON takes
// any value, other media types a scalar.
func (p *Parameter) contentParts(value any, like *source.Value) ([]string, error) {
	if !IsJSON(p.ContentType) {
		text, err := p.scalar(value)
		if err != nil {
			return nil, fmt.Errorf("as %s: %w", p.ContentType, err)
		}
		return []string{p.pair(text)}, nil
	}
	text, err := source.EncodeJSON(value, like)
	if err != nil {
		return nil, fmt.Errorf("as %s: %w", p.ContentType, err)
	}
	escaped, err := p.escape(string(text))
	if err != nil {
		return nil, err
	}
	return []string{p.pair(escaped)}, nil
}

// wholeQuery writes a query as a whole (OpenAPI 3.2.0, Parameter Locations). A
// form is a text that is written already, such as a=1&b=2 (Arazzo 1.1.0,
// Parameter Object); text of other media types is escaped, as is any value as
// JSON.
func (p *Parameter) wholeQuery(value any, like *source.Value) (string, error) {
	text, isText := value.(string)
	switch {
	case value == nil:
		return "", nil
	case isText && BaseType(p.ContentType) == urlEncoded:
		return encode(text, writtenQuery), nil
	case isText && IsJSON(p.ContentType):
		if _, err := source.DecodeJSON(text); err != nil {
			return "", fmt.Errorf("the text is not %s: %w", p.ContentType, err)
		}
	case IsJSON(p.ContentType):
		written, err := source.EncodeJSON(value, like)
		if err != nil {
			return "", fmt.Errorf("as %s: %w", p.ContentType, err)
		}
		text = string(written)
	case !isText:
		return "", fmt.Errorf("found %s; expected the whole query as one text, such as a=1&b=2", source.KindOf(value))
	}
	return percentEncode(text), nil
}
