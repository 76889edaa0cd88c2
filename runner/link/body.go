package link

import (
	"fmt"
	"mime"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/selector"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Body is what a step sends.
type Body struct {
	// ContentType is the document's, else the operation's own (S-090).
	ContentType string
	// Payload is nil where replacements alone make the body (S-100).
	Payload      *Value
	Replacements []Replacement
	// At is where the body stands.
	At source.Position
}

// Replacement is a Payload Replacement Object with what it refers to.
type Replacement struct {
	*arazzo.Replacement
	// Place is the target in its language: that of the target's type, else XPath in
	// XML, and JSON Pointer in whatever else is made of a JSON value (S-098).
	Place *selector.Template
	Value *Value
}

// body links the request body and settles its media type. A step that calls a
// workflow has none, which the reader said.
func (at *site) body(parameters []*arazzo.Parameter) {
	s := at.step
	given := at.givenBody(parameters)
	var declared []string
	required := false
	if s.Operation != nil && s.Operation.RequestBody != nil {
		declared, required = s.Operation.RequestBody.MediaTypes, s.Operation.RequestBody.Required
	}
	switch {
	case s.WorkflowID != "":
	case given == nil || given.Payload == nil && len(given.Replacements) == 0:
		if required && (given != nil || s.Field("requestBody") == nil) {
			at.missingBody()
		}
	case s.receives():
		at.unreceived(given)
	default:
		at.content(given, declared)
	}
}

func (at *site) missingBody() {
	s := at.step
	at.report(&source.Diagnostic{
		Code: "arazzo/missing-body", Position: s.Position(),
		Message:  fmt.Sprintf("the step %q sends no request body", s.StepID),
		Expected: fmt.Sprintf("a requestBody: %s %s requires one", s.Operation.Method, s.Operation.Path),
		Fix:      "add a requestBody with a payload",
	})
}

func isBody(s *arazzo.Step, p *arazzo.Parameter) bool { return p.In == "body" && s.WorkflowID == "" }

// givenBody is the step's requestBody; in a document of Arazzo 1.0.0 it may be a
// parameter (S-007).
func (at *site) givenBody(parameters []*arazzo.Parameter) *arazzo.RequestBody {
	given := at.step.RequestBody
	for _, p := range parameters {
		switch {
		case !isBody(at.step.Step, p) || p.Value == nil:
		case given == nil:
			given = &arazzo.RequestBody{Object: p.Object, Payload: p.Value}
		default:
			at.report(&source.Diagnostic{
				Code: "arazzo/no-effect", Severity: source.Warning, Position: used(p, "in"),
				Message:  fmt.Sprintf("the body parameter %s has no effect: the step has a body", p.Name),
				Expected: "one body", Fix: "remove it",
			})
		}
	}
	return given
}

// content links what the body is made of.
func (at *site) content(given *arazzo.RequestBody, declared []string) {
	body := &Body{ContentType: given.ContentType, At: given.Position()}
	at.step.Body = body
	if body.ContentType == "" {
		body.ContentType = preferred(declared)
	}
	if given.Payload != nil {
		body.Payload = at.value(given.Payload)
	}
	for _, r := range given.Replacements {
		body.Replacements = append(body.Replacements, at.replacement(r))
	}
	at.mediaType(given, declared)
	at.constantJSON(given)
}

// mediaType judges the media type that the document names.
func (at *site) mediaType(given *arazzo.RequestBody, declared []string) {
	if given.ContentType == "" {
		return
	}
	media, _, err := mime.ParseMediaType(given.ContentType)
	switch {
	case err != nil:
		at.report(&source.Diagnostic{
			Code: "arazzo/wrong-value", Position: given.At("contentType"),
			Message: fmt.Sprintf("%q is not a media type", given.ContentType), Expected: "a media type such as application/json",
		})
	case len(declared) > 0 && !slices.ContainsFunc(declared, func(r string) bool { return within(media, r) }):
		at.report(&source.Diagnostic{
			Code: "arazzo/undeclared-content-type", Severity: source.Warning, Position: given.At("contentType"),
			Message:  fmt.Sprintf("%s %s does not take %s", at.step.Operation.Method, at.step.Operation.Path, media),
			Expected: oneOf(declared),
		})
	}
}

// constantJSON judges a text without expressions that is sent as JSON (S-092).
func (at *site) constantJSON(given *arazzo.RequestBody) {
	text, isText := at.step.Body.Payload.constant()
	if !isText || !IsJSON(at.step.Body.ContentType) {
		return
	}
	if _, err := source.DecodeJSON(text); err != nil {
		at.report(&source.Diagnostic{
			Code: "arazzo/wrong-value", Position: given.Payload.Position, Message: fmt.Sprintf("the payload is a text, and not JSON: %v", err),
			Expected: "the text of a JSON value, or a payload that is not a string", Fix: "write a JSON string in quotes of its own: '\"text\"'",
		})
	}
}

// replacement links a Payload Replacement Object (S-097, S-098, S-101).
func (at *site) replacement(r *arazzo.Replacement) Replacement {
	linked := Replacement{Replacement: r}
	if r.Value != nil {
		linked.Value = at.value(r.Value)
	}
	language := selector.Language{Name: r.TargetType.Name, Version: r.TargetType.Version}
	switch {
	case r.Field("targetSelectorType") != nil:
	case IsXML(at.step.Body.ContentType):
		language.Name = selector.XPath
	default:
		language.Name = selector.JSONPointer
	}
	if v := r.Field("target"); v != nil {
		linked.Place = at.query(language, v)
	}
	return linked
}
