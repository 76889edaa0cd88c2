package runner

import (
	"fmt"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/payload"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// encodable refuses a body that this version cannot write. A raw one is a text, or was
// refused.
func (p *planner) encodable(s *link.Step) {
	if s.Body == nil || s.Body.TypeVaries || s.Body.Raw {
		return
	}
	kind, position := source.Object, s.Body.At
	if s.Body.Payload != nil {
		given := s.Body.Payload.Source()
		if kind, position = given.Kind, given.Position; s.Body.Payload.IsFile() {
			return
		}
	}
	if !s.Content(s.Body.ContentType).Takes(kind) {
		p.report(&source.Diagnostic{
			Code: "unsupported", Position: position,
			Message:  fmt.Sprintf("this version of the runner cannot write %s of type %s", kind, s.Body.ContentType),
			Expected: "a body of JSON, a form, parts, or a payload that is a string",
		})
	}
}

// writeBody evaluates the payload and its replacements, and writes what they come to
// as the content type says: the one that a header of the step gives, else the body's.
// Where the payload is an input that nobody gave there is no body (S-096), unless the
// operation requires one.
func (m *draft) writeBody(x *workflowRun, s *step, seen *scope) *Problem {
	if s.Body == nil {
		return nil
	}
	mediaType, err := s.contentType(seen, &m.notes)
	if err != nil {
		return unresolved("the content type", err)
	}
	body, err := m.written(x, s, seen, mediaType)
	if expression.IsOptional(err) && (s.Operation.RequestBody == nil || !s.Operation.RequestBody.Required) {
		return nil
	}
	if err != nil {
		problem := unresolved("the request body", err)
		problem.at = s.Body.At
		return problem
	}
	for _, name := range body.Omitted {
		m.notes = append(m.notes, &source.Diagnostic{
			Code: "omitted-parameter", Severity: source.Warning, Position: memberOf(s.Body, name),
			Message: fmt.Sprintf("the member %q of the body was left out: its value is null or empty, which a form cannot carry", name),
		})
	}
	m.body, m.received, m.text = body.Value, body.Received, body.Text
	if m.shownBody = body.Value; s.Body.Payload != nil {
		m.shownBody = s.Body.Payload.Cover(body.Value, secret.Masked, seen.isShortSecret)
	}
	m.header.Set("Content-Type", body.ContentType)
	return nil
}

// memberOf is where a member of the payload stands, else the body.
func memberOf(body *link.Body, name string) source.Position {
	if body.Payload != nil {
		for _, m := range body.Payload.Source().Members {
			if m.Key == name {
				return m.Position
			}
		}
	}
	return body.At
}

// contentType is what the body is written as. A header of the step goes before the
// body's own (S-086).
func (s *step) contentType(seen *scope, notes *source.Diagnostics) (string, error) {
	for i := range s.parameters {
		p := &s.parameters[i]
		if !p.isContentType() {
			continue
		}
		value, err := p.evaluate(seen, notes)
		text, isText := value.(string)
		switch {
		case err == nil && isText:
			_, _, err = p.wire.Encode(text)
			return text, err
		case err != nil && !expression.IsOptional(err):
			return "", err
		}
	}
	return s.Body.ContentType, nil
}

func (p *parameter) isContentType() bool { return link.Same(p.name, p.in, "Content-Type", "header") }

// written evaluates and writes the body.
func (m *draft) written(x *workflowRun, s *step, seen *scope, mediaType string) (*payload.Body, error) {
	var value any = map[string]any{}
	isText := false
	if s.Body.Payload != nil {
		var err error
		escapedAs := mediaType
		if s.Body.Raw {
			escapedAs = "" // as nothing
		}
		if value, isText, err = s.Body.Payload.EvaluateAs(escapedAs, seen, leftOut(s.Body.Payload, &m.notes, "the request body")); err != nil {
			return nil, err
		}
	}
	with, err := replacements(s.Body.Replacements, seen, &m.notes)
	if err != nil {
		return nil, err
	}
	content := s.Content(mediaType)
	content.Read = x.run.options.readFile
	if text, _ := value.(string); isText {
		return content.WriteText(text, with...)
	}
	return content.Write(value, with...)
}

// replacements are those of a body with their values. One whose value is an input
// that nobody gave replaces nothing (S-096).
func replacements(list []link.Replacement, seen *scope, notes *source.Diagnostics) (with []payload.Replacement, err error) {
	for _, r := range list {
		one := payload.Replacement{}
		if one.Value, err = r.Value.Evaluate(seen, leftOut(r.Value, notes, "a replacement of the body")); expression.IsOptional(err) {
			continue
		}
		if err == nil {
			one.Target, err = r.Place.Resolve(seen)
		}
		if err != nil {
			return nil, required(err)
		}
		with = append(with, one)
	}
	return with, nil
}

// required takes from an absent value that it may be left out: a body is not to be
// dropped for want of a part of a target.
func required(err error) error {
	if expression.IsOptional(err) {
		return fmt.Errorf("a target that is not known: %s", err.Error())
	}
	return err
}

// shownBody is a body as the report has it: bytes that are no text in base64.
func (s *secrets) shownBody(body any) any {
	if text, ok := body.(string); ok && !utf8.ValidString(text) {
		body = map[string]any{"base64": []byte(s.text(text))}
	}
	return s.value(body)
}
