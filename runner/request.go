package runner

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/contract"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/payload"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// draft is a request under construction, part by part.
type draft struct {
	*request
	// texts are what is written for the parameters of the path.
	texts   map[string]string
	queries []string
	// shownTexts and shownQueries are those with a mask in the places of secrets.
	shownTexts   map[string]string
	shownQueries []string
	// hasShort is true where one of these is too short to be masked by its text.
	hasShort bool
	// whole is true where the query is one text that is no form: nothing can stand
	// beside it.
	whole   bool
	cookies []string
}

// build evaluates the step's parameters and payload. A value that is absent, or
// cannot be written as OpenAPI says, is a problem: nothing is sent.
func (x *workflowRun) build(s *step, seen *scope) (*request, *Problem) {
	m := &draft{
		request: &request{method: s.Operation.Method, header: http.Header{}, path: map[string]any{}, query: map[string]any{}},
		texts:   map[string]string{}, shownTexts: map[string]string{},
	}
	m.header.Set("User-Agent", "arazzo")
	m.header.Set("Accept", s.accept)
	if problem := m.writeBody(x, s, seen); problem != nil {
		return nil, problem
	}
	for i := range s.parameters {
		if m.text != nil && s.parameters[i].isContentType() {
			continue // the body was written as it says
		}
		if problem := m.write(&s.parameters[i], seen); problem != nil {
			return nil, problem
		}
	}
	if problem := m.target(s, seen); problem != nil {
		return nil, problem
	}
	if cookie := m.header.Get("Cookie"); cookie != "" {
		m.cookies = append([]string{cookie}, m.cookies...)
	}
	if len(m.cookies) > 0 {
		m.header.Set("Cookie", strings.Join(m.cookies, "; "))
	}
	return m.request, nil
}

// target makes the URL, when all of its parameters are written.
func (m *draft) target(s *step, seen *scope) *Problem {
	path, err := s.Operation.Target(m.texts)
	shownPath, _ := s.Operation.Target(m.shownTexts) // a mask makes no dots
	switch {
	case err != nil:
		return notSent(err)
	case m.whole && len(m.queries) > 1:
		return notSent(errors.New("its whole query is one text, and a credential belongs into the query too"))
	}
	if m.url, m.shown = s.server+path, s.server+shownPath; len(m.queries) > 0 {
		m.url += "?" + strings.Join(m.queries, "&")
		m.shown += "?" + strings.Join(m.shownQueries, "&")
	}
	if m.url != m.shown && m.hasShort {
		seen.secrets.addText(m.url) // for $url, and what is told of a redirect
	}
	return nil
}

func notSent(err error) *Problem {
	return &Problem{Code: "unresolved-value", Message: fmt.Sprintf("the request was not sent: %v", err)}
}

// accept lists what the operation declares to answer with.
func accept(o *openapi.Operation) string {
	var media []string
	for _, r := range o.Responses {
		for _, m := range r.MediaTypes {
			if !slices.Contains(media, m) {
				media = append(media, m)
			}
		}
	}
	if len(media) == 0 {
		return "*/*"
	}
	return strings.Join(media, ", ")
}

// write evaluates one parameter and puts it where it belongs. An input that
// nobody gave is left out (S-096), unless the operation requires the parameter;
// so is null, with a note, which is an error there and in a path.
func (m *draft) write(p *parameter, seen *scope) *Problem {
	value, err := p.evaluate(seen, &m.notes)
	if expression.IsOptional(err) && !p.wire.Required {
		return nil
	}
	if err != nil {
		problem := unresolved(fmt.Sprintf("the %s parameter %q", p.in, p.name), err)
		problem.at = p.position
		return problem
	}
	wire, present, err := p.wire.EncodeLike(value, p.source())
	if err != nil {
		return notSent(err)
	}
	if !present {
		m.omitted(p, value)
		return nil
	}
	m.values = append(m.values, contract.Value{In: p.in, Name: p.name, Value: value})
	if p.credential {
		m.credentials = append(m.credentials, p.name)
		if p.value != nil { // the step's own; what the run adds is known
			seen.secrets.add(value)
		}
	}
	shown := m.cover(p, value, wire, seen)
	switch p.in {
	case "path":
		m.request.path[p.name] = value
		m.texts[p.name], m.shownTexts[p.name] = wire, shown
	case "query":
		m.query[p.name] = value
		m.queries, m.shownQueries = append(m.queries, wire), append(m.shownQueries, shown)
	case "querystring":
		m.wholeQuery(p, wire)
		m.shownQueries = append(m.shownQueries, shown)
	case "cookie":
		m.cookies = append(m.cookies, wire)
	default:
		m.header.Set(p.name, wire)
	}
	return nil
}

// cover is how a parameter is shown: with a mask in its place where what it carries
// is secret, and too short to be masked by its text.
func (m *draft) cover(p *parameter, value any, wire string, seen *scope) string {
	short := p.credential && isShort(value) || p.value != nil && p.value.Refers(seen.isShortSecret)
	if !short {
		return wire // masked by its text
	}
	m.hasShort = true
	switch p.in {
	case "path":
		return secret.Masked
	case "query", "querystring":
		parts := strings.Split(wire, "&")
		for i, part := range parts {
			if name, _, named := strings.Cut(part, "="); named {
				parts[i] = name + "=" + secret.Masked
				continue
			}
			parts[i] = secret.Masked
		}
		return strings.Join(parts, "&")
	case "cookie": // the header Cookie is never shown
		return wire
	default:
		m.covered = append(m.covered, p.name)
		return wire
	}
}

// isShortSecret tells whether an expression gives a secret that is too short to be
// masked by its text.
func (s *scope) isShortSecret(r expression.Reference) bool {
	if r.Root != expression.Inputs {
		return false
	}
	value, err := r.Evaluate(s)
	if err != nil || !s.secrets.hasShort(value) {
		return false
	}
	name, access, _ := r.Split(slices.Collect(maps.Keys(s.inputs.values)))
	inside := access != "" || len(r.Pointer) > 0 || !isShort(value)
	return s.inputs.secret[name] || inside // a member, or an object with one
}

// wholeQuery takes a query as a whole. Expressions see the parts of a form.
func (m *draft) wholeQuery(p *parameter, wire string) {
	m.queries = append(m.queries, wire)
	if m.whole = !payload.IsForm(p.wire.ContentType); m.whole {
		return
	}
	for pair := range strings.SplitSeq(wire, "&") {
		name, text, _ := strings.Cut(pair, "=")
		name, badName := url.QueryUnescape(name)
		text, badText := url.QueryUnescape(text)
		if _, known := m.query[name]; !known && badName == nil && badText == nil {
			m.query[name] = text
		}
	}
}

// omitted notes a parameter that has a value of which nothing can be sent.
func (m *draft) omitted(p *parameter, value any) {
	m.notes = append(m.notes, &source.Diagnostic{
		Code: "omitted-parameter", Severity: source.Warning, Position: p.position,
		Message: fmt.Sprintf("the %s parameter %q was left out: its value is %s", p.in, p.name, expression.Text(value)),
	})
}

// leftOut notes a text that was left out with an optional input in it: all of what is
// named, or a part (S-096).
func leftOut(value *link.Value, notes *source.Diagnostics, what string, names ...any) link.LeftOut {
	return func(at source.Position, absent error) {
		told := fmt.Sprintf(what, names...)
		if at != value.Source().Position {
			told = "a part of " + told
		}
		*notes = append(*notes, &source.Diagnostic{
			Code: "omitted-parameter", Severity: source.Warning, Position: at,
			Message: fmt.Sprintf("%s was left out: it is a text, and %v", told, absent), Fix: "give the input, or a default to it",
		})
	}
}

// evaluate gives the value. Into the text of a whole query values are written escaped,
// as into a body of its media type.
func (p *parameter) evaluate(seen *scope, notes *source.Diagnostics) (any, error) {
	var told link.LeftOut
	if p.value != nil {
		told = leftOut(p.value, notes, "the %s parameter %q", p.in, p.name)
	}
	switch {
	case p.grant != nil:
		return "Bearer " + seen.tokens[*p.grant], nil
	case p.value == nil:
		return p.secret, nil
	case p.in == "querystring":
		value, _, err := p.value.EvaluateAs(p.wire.ContentType, seen, told)
		return value, err
	default:
		return p.value.Evaluate(seen, told)
	}
}

// source is the value in the document, nil of what the run adds.
func (p *parameter) source() *source.Value {
	if p.value == nil {
		return nil
	}
	return p.value.Source()
}

// unresolved is the problem of something that has no value, or none that can be
// sent, with what to do about it.
func unresolved(what string, err error) *Problem {
	problem := &Problem{Code: "unresolved-value", Message: fmt.Sprintf("%s was not sent: %v", what, err)}
	var absent *expression.Absent
	switch {
	case !errors.As(err, &absent):
	case absent.Expression.Root == expression.Inputs:
		problem.Fix = fmt.Sprintf("give the input: -i %s=VALUE", absent.Expression.Name)
	default:
		problem.Fix = "see what the steps before it gave: run with -v"
	}
	return problem
}

// shownRequest is the request for the result, without its secrets.
func (r *run) shownRequest(sent *request) *RequestResult {
	if r.secrets.show {
		return &RequestResult{Method: sent.method, URL: sent.url, Headers: r.secrets.header(sent.header), Body: r.secrets.shownBody(sent.body)}
	}
	shown := sent.shown
	if u, err := url.Parse(shown); err == nil {
		shown = r.secrets.url(u)
	}
	headers := r.secrets.header(sent.header)
	for _, name := range sent.covered {
		headers.Set(name, secret.Masked)
	}
	return &RequestResult{Method: sent.method, URL: shown, Headers: headers, Body: r.secrets.shownBody(sent.shownBody)}
}
