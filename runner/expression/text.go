package expression

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Text writes a value into a string (Arazzo 1.1.0, section 5.7): a string as it
// is, other scalars in JSON's spelling, objects and arrays as JSON text. A number
// keeps its digits, and has an exponent only beyond what is ordinary.
func Text(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return source.PlainNumber(v)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) != nil {
		return fmt.Sprint(value)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Excerpt writes a value for a person, as JSON, and cuts what is longer than so
// many characters.
func Excerpt(value any, most int) string {
	text := Text(value)
	if s, ok := value.(string); ok {
		text = fmt.Sprintf("%q", s)
	}
	return Cut(text, most)
}

// Cut is a text of so many characters at the most. What is left out is marked, so that
// who hides a secret in it can tell where one is cut.
func Cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
