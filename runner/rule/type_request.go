package rule

import (
	"fmt"
	"mime"
	"net/url"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/payload"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// defaults judges the defaults of a workflow's inputs: one that its own schema
// refuses can never be used (S-041).
func (t *typer) defaults(w *link.Workflow) {
	for _, i := range w.Inputs {
		if preset := i.Default(); preset != nil {
			t.fit(preset, input{i}, target{what: fmt.Sprintf("the input %q", i.Name), plain: true, refused: true})
		}
	}
}

// parameters judges what a step gives to its operation, or to the workflow that
// it calls.
func (t *typer) parameters(s *link.Step, at site) {
	if s.Called != nil {
		t.inputs(s.Called, s.Parameters, at)
	}
	for _, p := range s.Parameters {
		// One that is declared with content is a text of that type.
		if p.Declared == nil || p.Declared.Schema == nil || p.Declared.ContentType != "" || p.Value == nil {
			continue
		}
		t.fit(p.Value.Source(), described{p.Declared.Schema}, target{
			site: at, written: true,
			what: fmt.Sprintf("the %s parameter %q of %s", p.In, p.Name, operation(s)),
		})
	}
}

// inputs judges what a workflow is given: it refuses what its schema does.
func (t *typer) inputs(called *link.Workflow, given []link.Parameter, at site) {
	for _, p := range given {
		i := slices.IndexFunc(called.Inputs, func(i link.Input) bool { return i.Name == p.Name })
		if i < 0 || p.Value == nil {
			continue
		}
		t.fit(p.Value.Source(), input{called.Inputs[i]}, target{
			site: at, refused: true,
			what: fmt.Sprintf("the input %q of the workflow %q", p.Name, called.WorkflowID),
		})
	}
}

func operation(s *link.Step) string { return s.Operation.Method + " " + s.Operation.Path }

// body judges what a step sends. With replacements the payload is not what is
// sent; a payload that is a text is the body's own text, whatever it says (S-092), and
// so is what x-raw sends.
func (t *typer) body(s *link.Step, at site) {
	if s.Body == nil || s.Body.Raw || s.Body.Payload == nil || s.Operation == nil || replaces(s) {
		return
	}
	given := s.Body.Payload.Source()
	media, _, err := mime.ParseMediaType(s.Body.ContentType)
	isForm := payload.IsForm(media) || payload.IsMultipart(media)
	switch {
	case err != nil || !isForm && !link.IsJSON(media):
		return
	case given.Kind == source.String && (isForm || !isExpression(given)):
		return
	case payload.IsForm(media):
		t.nestedForm(given, mediaType(s.Operation.RequestBody, media))
	}
	if m := mediaType(s.Operation.RequestBody, media); m != nil && m.Schema != nil && !m.Streams() {
		t.fit(given, described{m.Schema}, target{site: at, written: isForm, what: "the body of " + operation(s)})
	}
}

// replaces tells whether parts of the payload are replaced before it is sent.
func replaces(s *link.Step) bool {
	return s.RequestBody != nil && s.RequestBody.Field("replacements") != nil
}

// isExpression tells a string that is one expression, and keeps its type (S-203).
func isExpression(v *source.Value) bool {
	text, _ := v.Text()
	e, err := expression.ParseWhole(text)
	return err == nil && !strings.Contains(e.Text, "{$")
}

// mediaType is what an operation declares for a body of that type.
func mediaType(b *openapi.RequestBody, media string) *openapi.MediaType {
	if b == nil {
		return nil
	}
	i := slices.IndexFunc(b.Content, func(m *openapi.MediaType) bool {
		base, _, err := mime.ParseMediaType(m.Name)
		return err == nil && base == media
	})
	if i < 0 {
		return nil
	}
	return b.Content[i]
}

// nestedForm tells of objects within a form of which the description does not say how
// they are written: there are several ways (D17).
func (t *typer) nestedForm(given *source.Value, declared *openapi.MediaType) {
	for _, m := range given.Members {
		nested := declared.EncodingOf(m.Key) == nil && (m.Value.Kind == source.Object ||
			slices.ContainsFunc(m.Value.Items, func(item *source.Value) bool { return item.Kind == source.Object || item.Kind == source.Array }))
		if nested {
			t.report(&source.Diagnostic{
				Code: "arazzo/nested-form-body", Severity: source.Info, Position: m.Position,
				Message:  fmt.Sprintf("the member %q of a form is an object or a list of them: it is sent in brackets, and APIs differ in how they read one", m.Key),
				Expected: "scalars and lists of them, or a body of JSON",
			})
		}
	}
}

// server tells of an API whose place the description leaves open (D18). A source
// is named once for each of its servers.
func (t *typer) server(s *link.Step) {
	if s.Operation == nil || s.Source == nil {
		return
	}
	location, err := url.Parse(s.Source.Location)
	if open := openServer(s.Operation.Servers, err == nil && strings.HasPrefix(location.Scheme, "http")); open != "" {
		t.report(&source.Diagnostic{
			Code: "arazzo/open-server", Severity: source.Info, Position: s.Source.At("url"),
			Message:  fmt.Sprintf("the description %s %s", s.Source.Name, open),
			Expected: "a server with the whole URL of the API",
			Fix:      fmt.Sprintf("say where the API is: --server %s=URL", s.Source.Name),
		})
	}
}

// openServer says what the first server leaves open. A relative one is resolved
// against a description that was fetched.
func openServer(servers []*openapi.Server, fetched bool) string {
	if len(servers) == 0 {
		if fetched {
			return ""
		}
		return "names no server"
	}
	text := servers[0].URL
	whole, err := servers[0].Expand(nil)
	switch {
	case err != nil:
		return fmt.Sprintf("has the server %s, and no default for each variable in it", text)
	case whole != text:
		return fmt.Sprintf("has the server %s, which is %s by its defaults", text, whole)
	case !fetched && !strings.Contains(text, "://"):
		return fmt.Sprintf("has the server %s, without the host", text)
	}
	return ""
}

// unsent warns of an expression that asks for a parameter of the request which the
// step does not give: it never has a value.
func (t *typer) unsent(e *expression.Expression, position where, s *link.Step) {
	if e.Root != expression.Request || s.Operation == nil || !slices.Contains([]string{"header", "query", "path"}, e.Part) {
		return
	}
	var names []string
	for _, p := range s.Parameters {
		if link.Same(p.Name, p.In, e.Name, e.Part) {
			return
		}
		if p.In == e.Part {
			names = append(names, p.Name)
		}
	}
	if slices.ContainsFunc(s.Parameters, func(p link.Parameter) bool { return p.In == "querystring" }) || carried(s.Operation, e) {
		return
	}
	t.report(&source.Diagnostic{
		Code: "arazzo/unsent-parameter", Severity: source.Warning, Position: position(),
		Message:  fmt.Sprintf("%s has no value: the step %q gives no %s parameter %q", e.Text, s.StepID, e.Part, e.Name),
		Expected: oneOfNames(names, "a parameter that the step gives"), Fix: near(e.Name, names),
	})
}

// ownHeaders are those that a request has without a parameter.
var ownHeaders = []string{
	"Accept", "Accept-Encoding", "Authorization", "Content-Length", "Content-Type", "Cookie", "Host", "User-Agent",
}

// carried tells whether the request has the parameter without one of the step's.
func carried(o *openapi.Operation, e *expression.Expression) bool {
	if e.Part == "header" && slices.ContainsFunc(ownHeaders, func(name string) bool { return strings.EqualFold(name, e.Name) }) {
		return true
	}
	for _, requirement := range o.Security {
		for _, scheme := range requirement.Schemes {
			if name, in := scheme.Carrier(); link.Same(name, in, e.Name, e.Part) {
				return true
			}
		}
	}
	return false
}
