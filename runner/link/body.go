package link

import (
	"fmt"
	"mime"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
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
	Value *Value
}

// body links the request body and settles its media type.
func (at *site) body() {
	s := at.step
	given := s.RequestBody
	if given == nil {
		given = bodyParameter(s.Step)
	}
	var declared []string
	required := false
	if s.Operation != nil && s.Operation.RequestBody != nil {
		declared, required = s.Operation.RequestBody.MediaTypes, s.Operation.RequestBody.Required
	}
	if given == nil || given.Payload == nil && len(given.Replacements) == 0 {
		if required {
			at.report(&source.Diagnostic{
				Code: "arazzo/missing-body", Position: s.Position(),
				Message:  fmt.Sprintf("the step %q sends no request body", s.StepID),
				Expected: fmt.Sprintf("a requestBody: %s %s requires one", s.Operation.Method, s.Operation.Path),
			})
		}
		return
	}
	s.Body = &Body{ContentType: given.ContentType, At: given.Position()}
	if s.Body.ContentType == "" {
		s.Body.ContentType = preferred(declared)
	}
	if given.Payload != nil {
		s.Body.Payload = at.value(given.Payload)
	}
	for _, r := range given.Replacements {
		s.Body.Replacements = append(s.Body.Replacements, at.replacement(r))
	}
	at.mediaType(given, declared)
}

// bodyParameter is the body of a document of Arazzo 1.0.0, in which it was a
// parameter (S-007).
func bodyParameter(s *arazzo.Step) *arazzo.RequestBody {
	for _, p := range s.Parameters {
		if p.In == "body" {
			return &arazzo.RequestBody{Object: p.Object, Payload: p.Value}
		}
	}
	return nil
}

// preferred is the media type to send when the document names none: the first
// that is JSON, else the first; JSON where only ranges such as */* are declared.
func preferred(mediaTypes []string) string {
	concrete := slices.DeleteFunc(slices.Clone(mediaTypes), func(m string) bool { return strings.Contains(m, "*") })
	if i := slices.IndexFunc(concrete, IsJSON); i >= 0 {
		return concrete[i]
	}
	if len(concrete) > 0 && len(concrete) == len(mediaTypes) {
		return concrete[0]
	}
	return "application/json"
}

// mediaType judges the media type, and a constant text that is sent as JSON.
func (at *site) mediaType(given *arazzo.RequestBody, declared []string) {
	body := at.step.Body
	media, _, err := mime.ParseMediaType(body.ContentType)
	if err != nil {
		at.report(&source.Diagnostic{
			Code: "arazzo/wrong-value", Position: given.At("contentType"),
			Message: fmt.Sprintf("%q is not a media type", body.ContentType), Expected: "a media type such as application/json",
		})
		return
	}
	if given.ContentType != "" && len(declared) > 0 && !slices.ContainsFunc(declared, func(range_ string) bool { return within(media, range_) }) {
		at.report(&source.Diagnostic{
			Code: "arazzo/undeclared-content-type", Severity: source.Warning, Position: given.At("contentType"),
			Message:  fmt.Sprintf("%s %s does not take %s", at.step.Operation.Method, at.step.Operation.Path, media),
			Expected: oneOf(declared),
		})
	}
	if text, isText := body.Payload.constant(); isText && IsJSON(media) {
		if _, err := source.DecodeJSON(text); err != nil {
			at.report(&source.Diagnostic{
				Code: "arazzo/wrong-value", Position: given.At("payload"), Message: fmt.Sprintf("the payload is a text, and not JSON: %v", err),
				Expected: "the text of a JSON value, or a payload that is not a string", Fix: "write a JSON string in quotes of its own: '\"text\"'",
			})
		}
	}
}

// within tells whether a media type is in a range such as text/*.
func within(media, range_ string) bool {
	base, _, err := mime.ParseMediaType(range_)
	if err != nil {
		return true // nothing can be said of it
	}
	kind, _, _ := strings.Cut(media, "/")
	return base == media || base == "*/*" || base == kind+"/*"
}

// constant is the text of a string without expressions.
func (v *Value) constant() (string, bool) {
	if v == nil || v.template == nil || len(v.template.References()) > 0 {
		return "", false
	}
	return v.from.Text()
}

// IsJSON tells whether a media type is JSON or ends in +json.
func IsJSON(media string) bool {
	media, _, _ = strings.Cut(media, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	return media == "application/json" || strings.HasSuffix(media, "+json") || media == "text/json"
}

// IsXML tells whether a media type is XML or ends in +xml.
func IsXML(media string) bool {
	media, _, _ = strings.Cut(media, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	return media == "application/xml" || strings.HasSuffix(media, "+xml") || media == "text/xml"
}

// replacement links a Payload Replacement Object.
func (at *site) replacement(r *arazzo.Replacement) Replacement {
	linked := Replacement{Replacement: r}
	if r.Value != nil {
		linked.Value = at.value(r.Value)
	}
	return linked
}
