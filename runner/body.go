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
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// body plans the request body and its media type (S-090).
func (c *scoped) body(s *step) {
	declared := s.operation.RequestBody
	if s.RequestBody == nil || s.RequestBody.Payload == nil {
		if declared != nil && declared.Required {
			c.report(&source.Diagnostic{
				Code: "arazzo/missing-body", Position: s.Position(),
				Message:  fmt.Sprintf("the step %q sends no request body", s.StepID),
				Expected: fmt.Sprintf("a requestBody: %s %s requires one", s.operation.Method, s.operation.Path),
			})
		}
		return
	}
	s.contentType = s.RequestBody.ContentType
	if s.contentType == "" && declared != nil {
		s.contentType = preferred(declared.MediaTypes)
	}
	if s.contentType == "" {
		s.contentType = "application/json"
	}
	s.body = c.value(s.RequestBody.Payload)
	c.encodable(s)
}

// preferred is the media type to send when the document names none: the first
// that is JSON, else the first. A range such as */* says nothing of its own.
func preferred(mediaTypes []string) string {
	concrete := slices.DeleteFunc(slices.Clone(mediaTypes), func(m string) bool { return strings.Contains(m, "*") })
	if i := slices.IndexFunc(concrete, isJSON); i >= 0 {
		return concrete[i]
	}
	if len(concrete) > 0 && len(concrete) == len(mediaTypes) {
		return concrete[0]
	}
	return ""
}

// encodable refuses a body that this version cannot write, and a text that is no
// JSON where JSON is sent.
func (c *scoped) encodable(s *step) {
	payload := s.RequestBody.Payload
	text, isText := payload.Text()
	media, _, err := mime.ParseMediaType(s.contentType)
	switch {
	case err != nil:
		c.report(&source.Diagnostic{
			Code: "arazzo/wrong-value", Position: s.RequestBody.At("contentType"),
			Message: fmt.Sprintf("%q is not a media type", s.contentType), Expected: "a media type such as application/json",
		})
	case isJSON(media) && isText && isConstant(text):
		if _, err := source.DecodeJSON(text); err != nil {
			c.report(&source.Diagnostic{
				Code: "arazzo/wrong-value", Position: payload.Position, Message: fmt.Sprintf("the payload is a text, and not JSON: %v", err),
				Expected: "the text of a JSON value, or a payload that is not a string", Fix: "write a JSON string in quotes of its own: '\"text\"'",
			})
		}
	case isJSON(media), isText && !strings.HasPrefix(media, "multipart/"):
	default:
		c.report(&source.Diagnostic{
			Code: "unsupported", Position: payload.Position,
			Message:  fmt.Sprintf("this version of the runner cannot write %s of type %s", payload.Kind, media),
			Expected: "a JSON body, or a payload that is a string",
		})
	}
}

func isConstant(text string) bool {
	t, err := expression.ParseTemplate(text)
	return err == nil && len(t.References()) == 0
}

func isJSON(media string) bool {
	media, _, _ = strings.Cut(media, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	return media == "application/json" || strings.HasSuffix(media, "+json") || media == "text/json"
}

// isTemplate tells a payload that is a text with or without expressions in it
// from one that is an expression as a whole, which keeps its type (S-092, S-093).
func isTemplate(payload *source.Value) bool {
	text, ok := payload.Text()
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
	if s.body == nil {
		return nil
	}
	value, err := m.payload(s, seen)
	if optional(err) && (s.operation.RequestBody == nil || !s.operation.RequestBody.Required) {
		return nil
	}
	if err == nil {
		err = m.encode(s, value)
	}
	if err != nil {
		return unresolved("the request body", err)
	}
	m.header.Set("Content-Type", s.contentType)
	return nil
}

// payload evaluates the payload. In a text that is sent as JSON the values are
// written as JSON, so that data can never become syntax.
func (m *draft) payload(s *step, seen *scope) (any, error) {
	text, isText := s.RequestBody.Payload.Text()
	if !isText || !isJSON(s.contentType) || !isTemplate(s.RequestBody.Payload) {
		return s.body.Evaluate(seen)
	}
	template, err := expression.ParseTemplate(text)
	if err != nil {
		return nil, err
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
	case isJSON(s.contentType) && isTemplate(s.RequestBody.Payload):
		if m.body, err = source.DecodeJSON(text); err != nil {
			err = fmt.Errorf("the payload is not JSON after its expressions are put in: %w", err)
		}
	case isJSON(s.contentType):
		m.text, err = jsonText(value)
	case !isText:
		err = fmt.Errorf("the payload is of type %s and cannot be written as %s", source.KindOf(value), s.contentType)
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
