package runner

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// encodable refuses a body that this version cannot write.
func (p *planner) encodable(s *link.Step) {
	if s.Body == nil || s.Body.Payload == nil {
		return
	}
	payload := s.Body.Payload.Source()
	media, _, err := mime.ParseMediaType(s.Body.ContentType)
	if err != nil || link.IsJSON(media) || payload.Kind == source.String && !strings.HasPrefix(media, "multipart/") {
		return
	}
	p.report(&source.Diagnostic{
		Code: "unsupported", Position: payload.Position,
		Message:  fmt.Sprintf("this version of the runner cannot write %s of type %s", payload.Kind, media),
		Expected: "a JSON body, or a payload that is a string",
	})
}

// isTemplate tells a payload that is a text with or without expressions in it
// from one that is an expression as a whole, which keeps its type (S-092, S-093).
func isTemplate(payload *link.Value) bool {
	text, ok := payload.Source().Text()
	if !ok {
		return false
	}
	_, err := expression.ParseWhole(text)
	return err != nil
}

// writeBody evaluates the payload and writes it as its media type says. Where the
// payload is an input that nobody gave there is none (S-096), unless the
// operation requires one.
func (m *draft) writeBody(s *step, seen *scope) *Problem {
	if s.Body == nil || s.Body.Payload == nil {
		return nil
	}
	value, err := m.payload(s, seen)
	if expression.IsOptional(err) && (s.Operation.RequestBody == nil || !s.Operation.RequestBody.Required) {
		return nil
	}
	if err == nil {
		err = m.encode(s, value)
	}
	if err != nil {
		return unresolved("the request body", err)
	}
	m.header.Set("Content-Type", s.Body.ContentType)
	return nil
}

// payload evaluates the payload. In a text that is sent as JSON the values are
// written as JSON, so that data can never become syntax.
func (m *draft) payload(s *step, seen *scope) (any, error) {
	template := s.Body.Payload.Template()
	if template == nil || !link.IsJSON(s.Body.ContentType) || !isTemplate(s.Body.Payload) {
		return s.Body.Payload.Evaluate(seen)
	}
	return template.Expand(func(e *expression.Expression, before string) (string, error) {
		value, err := e.Evaluate(seen)
		if err != nil {
			return "", err
		}
		return writeInto(before, value)
	})
}

// writeInto writes a value into a JSON text: inside a string literal with what
// JSON escapes escaped, elsewhere as a JSON value. A text that is one JSON value
// itself stands as it is there.
func writeInto(before string, value any) (string, error) {
	text, isText := value.(string)
	if !insideString(before) {
		if _, err := source.DecodeJSON(text); isText && err == nil {
			return text, nil
		}
		written, err := jsonText(value)
		return string(written), err
	}
	if !isText {
		text = expression.Text(value)
	}
	quoted, err := jsonText(text)
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

// encode writes the payload's value. A string payload is the body's own text
// (S-092), which has to be JSON where JSON is sent.
func (m *draft) encode(s *step, value any) (err error) {
	text, isText := value.(string)
	m.body, m.text = value, []byte(text)
	switch {
	case link.IsJSON(s.Body.ContentType) && isTemplate(s.Body.Payload):
		if m.body, err = source.DecodeJSON(text); err != nil {
			err = fmt.Errorf("the payload is not JSON after its expressions are put in: %w", err)
		}
	case link.IsJSON(s.Body.ContentType):
		m.text, err = jsonText(value)
	case !isText:
		err = fmt.Errorf("the payload is of type %s and cannot be written as %s", source.KindOf(value), s.Body.ContentType)
	}
	return err
}

// jsonText writes a value as JSON, with < > & as they are.
func jsonText(value any) ([]byte, error) {
	if !isUnicode(value) {
		return nil, errNotUnicode
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

var errNotUnicode = errors.New("it holds bytes that are not UTF-8, which JSON cannot carry")

// isUnicode tells whether JSON can carry every text in the value: the bytes of
// an image that an earlier step received, it cannot.
func isUnicode(value any) bool {
	switch v := value.(type) {
	case string:
		return utf8.ValidString(v)
	case []any:
		return !slices.ContainsFunc(v, func(item any) bool { return !isUnicode(item) })
	case map[string]any:
		for name, member := range v {
			if !utf8.ValidString(name) || !isUnicode(member) {
				return false
			}
		}
	}
	return true
}
