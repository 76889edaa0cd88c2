package link

import (
	"errors"
	"fmt"
	"mime"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/payload"
	"github.com/arazzo-conformance/arazzo/runner/selector"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Body is what a step sends.
type Body struct {
	// ContentType is that of the step's header (S-086), else the body's, else the
	// operation's own (S-090).
	ContentType string
	// TypeVaries is true where an expression in the step's header gives the type: what
	// it will be is known when the request is built.
	TypeVaries bool
	// Raw is true where the payload is a text that is sent as it stands, by x-raw; Bytes
	// too, where each of its characters is a byte.
	Raw, Bytes bool
	// Payload is nil where replacements alone make the body (S-100).
	Payload      *Value
	Replacements []Replacement
	// Files are the files that it names by a path.
	Files []File
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
	body.Raw, body.Bytes = at.isRaw(given)
	at.step.Body = body
	at.contentTypeHeader()
	if body.ContentType == "" {
		body.ContentType = preferred(declared)
	}
	if given.Payload != nil {
		body.Payload = at.value(given.Payload)
	}
	if !body.Raw {
		at.files(body, body.Payload)
	}
	for _, r := range given.Replacements {
		body.Replacements = append(body.Replacements, at.replacement(r))
	}
	at.mediaType(given, declared)
	if body.Raw {
		at.characters(given)
		return // whatever the content type asks of a body
	}
	if err := at.step.Content(body.ContentType).Check(); err != nil {
		at.report(&source.Diagnostic{
			Code: "arazzo/wrong-value", Position: given.At("contentType"), Message: fmt.Sprintf("a body cannot be written as %s: %v", body.ContentType, err),
			Expected: "a content type that can be written", Fix: "leave out the parameter",
		})
		return
	}
	at.writableBody(given)
}

// contentTypeHeader takes the media type from a header of the step.
func (at *site) contentTypeHeader() {
	body := at.step.Body
	for _, p := range at.step.Parameters {
		if p.Value == nil || !Same(p.Name, p.In, "Content-Type", "header") {
			continue
		}
		text, _ := p.Parameter.Value.Text()
		if _, _, err := mime.ParseMediaType(text); err == nil && p.Value.isConstant() {
			body.ContentType = text
		}
		body.TypeVaries = !p.Value.isConstant()
	}
}

// Content is what the body is written as: a media type, and what the operation says
// of it.
func (s *Step) Content(mediaType string) payload.Content {
	var declared *openapi.RequestBody
	if s.Operation != nil {
		declared = s.Operation.RequestBody
	}
	c := payload.Of(mediaType, declared)
	c.Raw, c.Bytes = s.Body.Raw, s.Body.Bytes
	if s.Body.Payload != nil {
		c.Like = s.Body.Payload.Source()
	}
	return c
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

// writableBody judges a constant body: what cannot be written as its media type says
// could be sent by no run (S-092, S-094, S-095, S-099).
func (at *site) writableBody(given *arazzo.RequestBody) {
	body := at.step.Body
	if body.TypeVaries {
		return
	}
	position := given.Position()
	var with []payload.Replacement
	for _, r := range body.Replacements {
		if r.Place == nil || len(r.Place.References()) > 0 || r.Value == nil || !r.Value.isConstant() {
			return
		}
		target, err := r.Place.Resolve(nil)
		replacing, wrong := r.Value.Evaluate(nil, nil)
		if err != nil || wrong != nil {
			return
		}
		with, position = append(with, payload.Replacement{Target: target, Value: replacing}), r.At("target")
	}
	var value any = map[string]any{}
	isText := false
	switch {
	case body.Payload == nil:
	case !body.Payload.isConstant() && payload.IsForm(body.ContentType) && given.Payload.Kind == source.Object && len(with) == 0:
		value, position = body.Payload.outline(), given.Payload.Position
	case !body.Payload.isConstant():
		return
	default:
		var err error
		if value, isText, err = body.Payload.EvaluateAs(body.ContentType, nil, nil); err != nil {
			return // a file that was reported
		}
		if len(with) == 0 {
			position = given.Payload.Position
		}
	}
	content := at.step.Content(body.ContentType)
	content.Read = func(string) ([]byte, error) { return nil, nil } // it is looked for when the document is run
	if _, isFile := value.(*payload.File); !isFile && !content.Takes(source.KindOf(value)) {
		return // a run refuses it by name
	}
	at.unwritable(content, value, isText, with, position)
}

func (at *site) unwritable(content payload.Content, value any, isText bool, with []payload.Replacement, position source.Position) {
	write := content.Write
	text, _ := value.(string)
	if isText {
		write = func(_ any, with ...payload.Replacement) (*payload.Body, error) {
			return content.WriteText(text, with...)
		}
	}
	if _, err := write(value, with...); err != nil {
		d := &source.Diagnostic{
			Code: "arazzo/wrong-value", Position: position, Message: fmt.Sprintf("the body cannot be written as %s: %v", content.MediaType, err),
			Expected: "a payload that the media type can carry",
		}
		if cause := errors.Unwrap(err); cause != nil && isText && IsJSON(content.MediaType) && len(with) == 0 {
			d.Message = fmt.Sprintf("the payload is a text, and not JSON: %v", cause)
			d.Expected, d.Fix = "the text of a JSON value, or a payload that is not a string", "write a JSON string in quotes of its own: '\"text\"'"
		}
		at.report(d)
	}
}
