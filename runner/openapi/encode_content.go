package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// contentParts writes a parameter that is declared by a media type. JSON takes
// any value, other media types a scalar.
func (p *Parameter) contentParts(value any) ([]string, error) {
	if !IsJSON(p.ContentType) {
		text, err := p.scalar(value)
		if err != nil {
			return nil, fmt.Errorf("as %s: %w", p.ContentType, err)
		}
		return []string{p.pair(text)}, nil
	}
	text, err := jsonText(value)
	if err != nil {
		return nil, fmt.Errorf("as %s: %w", p.ContentType, err)
	}
	text, err = p.escape(text)
	if err != nil {
		return nil, err
	}
	return []string{p.pair(text)}, nil
}

// wholeQuery writes a query as a whole (OpenAPI 3.2.0, Parameter Locations). A
// form is a text that is written already, such as a=1&b=2 (Arazzo 1.1.0,
// Parameter Object); text of other media types is escaped, as is any value as
// JSON.
func (p *Parameter) wholeQuery(value any) (string, error) {
	text, isText := value.(string)
	switch {
	case value == nil:
		return "", nil
	case isText && baseType(p.ContentType) == urlEncoded:
		return encode(text, writtenQuery), nil
	case isText && IsJSON(p.ContentType):
		if _, err := source.DecodeJSON(text); err != nil {
			return "", fmt.Errorf("the text is not %s: %w", p.ContentType, err)
		}
	case IsJSON(p.ContentType):
		var err error
		if text, err = jsonText(value); err != nil {
			return "", fmt.Errorf("as %s: %w", p.ContentType, err)
		}
	case !isText:
		return "", fmt.Errorf("found %s; expected the whole query as one text, such as a=1&b=2", source.KindOf(value))
	}
	return percentEncode(text), nil
}

// jsonText writes a value as JSON, with < > & as they are.
func jsonText(value any) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return strings.TrimSuffix(b.String(), "\n"), err
}
