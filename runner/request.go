package runner

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/contract"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/payload"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// draft is a request under construction, part by part.
type draft struct {
	*request
	path    string
	queries []string
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
		path:    s.Operation.Path,
	}
	m.header.Set("User-Agent", "arazzo")
	m.header.Set("Accept", accept(s.Operation))
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
	if m.whole && len(m.queries) > 1 {
		return nil, &Problem{Code: "unresolved-value", Message: "the request was not sent: its whole query is one text, and a credential belongs into the query too"}
	}
	if cookie := m.header.Get("Cookie"); cookie != "" {
		m.cookies = append([]string{cookie}, m.cookies...)
	}
	if len(m.cookies) > 0 {
		m.header.Set("Cookie", strings.Join(m.cookies, "; "))
	}
	m.url = s.server + m.path
	if len(m.queries) > 0 {
		m.url += "?" + strings.Join(m.queries, "&")
	}
	return m.request, nil
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
// so is null, with a note, which a path cannot be.
func (m *draft) write(p *parameter, seen *scope) *Problem {
	value, err := p.evaluate(seen)
	if expression.IsOptional(err) && !p.wire.Required {
		return nil
	}
	if err != nil {
		return unresolved(fmt.Sprintf("the %s parameter %q", p.in, p.name), err)
	}
	wire, present, err := p.wire.EncodeLike(value, p.source())
	if err != nil {
		return &Problem{Code: "unresolved-value", Message: fmt.Sprintf("the request was not sent: %v", err)}
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
	switch p.in {
	case "path":
		m.request.path[p.name] = value
		m.path = strings.ReplaceAll(m.path, "{"+p.name+"}", wire)
	case "query":
		m.query[p.name] = value
		m.queries = append(m.queries, wire)
	case "querystring":
		m.wholeQuery(p, wire)
	case "cookie":
		m.cookies = append(m.cookies, wire)
	default:
		m.header.Set(p.name, wire)
	}
	return nil
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

// evaluate gives the value. Into the text of a whole query values are written escaped,
// as into a body of its media type.
func (p *parameter) evaluate(seen *scope) (any, error) {
	switch {
	case p.grant != nil:
		return "Bearer " + seen.tokens[*p.grant], nil
	case p.value == nil:
		return p.secret, nil
	case p.in == "querystring":
		value, _, err := p.value.EvaluateAs(p.wire.ContentType, seen)
		return value, err
	default:
		return p.value.Evaluate(seen)
	}
}

// source is the value in the document, nil of what the run adds.
func (p *parameter) source() *source.Value {
	if p.value == nil {
		return nil
	}
	return p.value.Source()
}

func unresolved(what string, err error) *Problem {
	return &Problem{Code: "unresolved-value", Message: fmt.Sprintf("%s was not sent: %v", what, err)}
}

// shownRequest is the request for the result, without its secrets.
func (r *run) shownRequest(sent *request) *RequestResult {
	shown := sent.url
	if u, err := url.Parse(sent.url); err == nil {
		shown = r.secrets.url(u)
	}
	return &RequestResult{
		Method: sent.method, URL: shown, Headers: r.secrets.header(sent.header), Body: r.secrets.shownBody(sent.body),
	}
}
