package payload

import (
	"encoding/xml"
	"fmt"
	"mime"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Escape writes a value into a text of a media type, behind the text before it, so
// that data can never become syntax: as JSON into JSON, escaped into XML,
// percent-encoded into a form, as it is into any other text. The error says why the
// value cannot stand there.
func Escape(mediaType string, value any, before string) (string, error) {
	base, parameters, _ := mime.ParseMediaType(mediaType)
	switch {
	case openapi.IsJSON(base), isLines(base):
		return escapeJSON(value, before)
	case openapi.IsXML(base):
		return escapeXML(expression.Text(value), before)
	case base == urlEncoded:
		return strings.ReplaceAll(url.QueryEscape(expression.Text(value)), "+", "%20"), nil
	}
	text := expression.Text(value)
	if boundary := parameters["boundary"]; boundary != "" && strings.Contains(text, "--"+boundary) {
		return "", fmt.Errorf("the text %s has the boundary %q in it", expression.Excerpt(text, 40), boundary)
	}
	return text, nil
}

// escapeJSON writes a value into a JSON text: inside a string literal with what
// JSON escapes escaped, elsewhere as a JSON value. A text that is one JSON value
// itself stands as it is there.
func escapeJSON(value any, before string) (string, error) {
	text, isText := value.(string)
	if !insideString(before) {
		if _, err := source.DecodeJSON(text); isText && err == nil {
			return text, nil
		}
		written, err := source.EncodeJSON(value, nil)
		return string(written), err
	}
	quoted, err := source.EncodeJSON(expression.Text(value), nil)
	if err != nil {
		return "", err
	}
	return string(quoted[1 : len(quoted)-1]), nil
}

// insideString tells whether a JSON text ends inside of a string literal.
func insideString(text string) bool {
	inside := false
	for i := 0; i < len(text); i++ {
		switch {
		case inside && text[i] == '\\':
			i++
		case text[i] == '"':
			inside = !inside
		}
	}
	return inside
}

// escapeXML writes a text into XML. Where there is no escape, as in a comment or a
// CDATA section, what would end the place is refused.
func escapeXML(text, before string) (string, error) {
	if at := strings.IndexFunc(text, notXML); at >= 0 || !utf8.ValidString(text) {
		return "", fmt.Errorf("the text %s has a character that XML cannot carry", expression.Excerpt(text, 40))
	}
	place := placeInXML(before)
	switch {
	case place == inContent:
		var b strings.Builder
		err := xml.EscapeText(&b, []byte(text))
		return b.String(), err
	case place == inTag && strings.ContainsFunc(text, notName):
		return "", fmt.Errorf("the text %s stands in a tag outside of quotes, and is no name", expression.Excerpt(text, 40))
	case place.end != "" && (strings.Contains(text, place.end) || place == inComment && strings.HasSuffix(text, "-")):
		return "", fmt.Errorf("the text %s has the %s that ends %s, and XML has no escape for it there", expression.Excerpt(text, 40), place.end, place.name)
	}
	return text, nil
}

// place is where a text of XML ends: what it is in, and what would end that.
type place struct{ name, start, end string }

var (
	inContent = place{name: "content"}
	inTag     = place{name: "a tag"}
	inComment = place{"a comment", "<!--", "--"}
	// sections are those without escapes.
	sections = []place{inComment, {"a CDATA section", "<![CDATA[", "]]>"}, {"a processing instruction", "<?", "?>"}}
)

// placeInXML finds where a text of XML ends. The value of an attribute is content:
// the same characters are escaped.
func placeInXML(text string) place {
	for {
		at := strings.IndexByte(text, '<')
		if at < 0 {
			return inContent
		}
		text = text[at:]
		rest, open := skipMarkup(text)
		if open.name != "" {
			return open
		}
		text = rest
	}
}

// skipMarkup goes behind the markup that the text begins with, or says which one
// it ends inside of.
func skipMarkup(text string) (rest string, open place) {
	for _, s := range sections {
		if body, ok := strings.CutPrefix(text, s.start); ok {
			_, rest, closed := strings.Cut(body, s.end)
			if !closed {
				return "", s
			}
			return rest, place{}
		}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"', '\'':
			end := strings.IndexByte(text[i+1:], c)
			if end < 0 {
				return "", inContent
			}
			i += end + 1
		case '>':
			return text[i+1:], place{}
		}
	}
	return "", inTag
}

func notName(r rune) bool {
	return r < 0x80 && !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("_-.:", r))
}

// notXML tells the characters that XML 1.0 does not have (section 2.2).
func notXML(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}
