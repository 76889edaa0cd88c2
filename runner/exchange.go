package runner

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner/exchange"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// exchange sends the request and reads the response. The step's time limit
// covers all of it; for a stream, one that is not the step's own ends with the
// headers (S-065).
func (r *run) exchange(ctx context.Context, s *step, seen *scope) (*response, *Problem) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	allowed := r.limit(s)
	if allowed.time == 0 {
		return nil, allowed.problem()
	}
	var begun atomic.Pointer[response]
	limit := time.AfterFunc(allowed.time, func() { cancel(allowed.passed(begun.Load())) })
	defer limit.Stop()
	answer, err := r.send(ctx, s, seen.request, seen.request.header, seen.sent)
	if seen.sent != nil {
		seen.sent() // or it never will be
	}
	if answer == nil {
		return nil, r.unansweredBy(ctx, s, seen.request, err)
	}
	defer answer.Body.Close()
	begun.Store(&response{status: answer.Status, header: answer.Header})
	received := &response{status: answer.Status, header: answer.Header}
	r.redirected(s, seen.request, received, answer.Redirects)
	if err != nil {
		return received, r.unanswered(ctx, err)
	}
	if open := streamOf(answer.Header); open != nil {
		if !allowed.own {
			limit.Stop()
		}
		seen.response = received
		if seen.opened != nil && received.status < 300 {
			seen.opened()
		}
		return received, r.stream(ctx, s, open, answer.Body, seen)
	}
	if s.wantsStream(answer.Status) {
		limit.Stop()
		return received, r.noStream(ctx, s, answer, seen, received)
	}
	text, err := answer.ReadAll()
	if err != nil {
		return received, r.half(ctx, text, err)
	}
	r.read(s, answer.Header, text, seen, received)
	return received, nil
}

// read takes a body that is whole.
func (r *run) read(s *step, h http.Header, text []byte, seen *scope, received *response) {
	var unread error
	received.empty = len(text) == 0
	if received.body, unread = parseBody(h.Get("Content-Type"), text); unread != nil {
		received.malformed = unread.Error()
		seen.request.notes = append(seen.request.notes, undecodable(s, h, unread))
	}
}

// send sends a request with these headers, and tells when it is sent, where somebody
// wants to know.
func (r *run) send(ctx context.Context, s *step, sent *request, header http.Header, tell func()) (*exchange.Response, error) {
	return r.client.Do(ctx, &exchange.Request{
		Method: sent.method, URL: sent.url, Header: header, Body: sent.text, Credentials: sent.credentials, Wanted: s.wants, Sent: tell,
		Repeated: func(u *url.URL) {
			sent.notes = append(sent.notes, &source.Diagnostic{
				Code: "request-repeated", Severity: source.Info, Position: s.Position(),
				Message: fmt.Sprintf("the connection ended before an answer came, and %s %s was sent again on another: the server may have got it twice", sent.method, r.secrets.url(u)),
			})
		},
	})
}

// stepLimit is how long one attempt may take.
type stepLimit struct {
	time time.Duration
	own  bool
}

// limit is the step's own timeout, else that of the run's options.
func (r *run) limit(s *step) *stepLimit {
	if limit, own := s.timeLimit(); own {
		return &stepLimit{limit, true}
	}
	return &stepLimit{r.options.StepTimeout, false}
}

// problem tells that it was too short.
func (l *stepLimit) problem() *Problem {
	switch {
	case l.time == 0:
		return &Problem{Code: "timeout", Message: "the request was not sent: the step's timeout is 0, which allows it no time", Fix: "give the step a timeout in milliseconds, or none"}
	case l.own:
		return &Problem{Code: "timeout", Message: fmt.Sprintf("it was not over within %s, the step's own timeout", l.time), Fix: "allow more time with the step's timeout, or see what keeps the server"}
	default:
		return &Problem{Code: "timeout", Message: fmt.Sprintf("no answer within %s, the time that --step-timeout allows", l.time)}
	}
}

// passed tells that it was too short, of an answer that began too, or of none.
func (l *stepLimit) passed(begun *response) *Problem {
	problem := l.problem()
	if begun == nil {
		return problem
	}
	allowed := "the step's own timeout"
	if !l.own {
		allowed = "the time that --step-timeout allows"
	}
	problem.Message = fmt.Sprintf("the answer began as %s, and was not over within %s, %s", began(begun.status, begun.header), l.time, allowed)
	return problem
}

// unanswered tells why there is no answer, or no whole one: the run is over, the
// step took too long, or something is wrong with the connection or the answer.
func (r *run) unanswered(ctx context.Context, err error) *Problem {
	var told *exchange.Error
	switch {
	case ctx.Err() != nil:
		return interruption(ctx)
	case errors.As(err, &told):
		return &Problem{Code: told.Code, Message: told.Message, Fix: told.Fix}
	default:
		return &Problem{Code: exchange.NoResponse, Message: err.Error()}
	}
}

// half is [run.unanswered] of an answer that began, by which it is known.
func (r *run) half(ctx context.Context, text []byte, err error) *Problem {
	problem := r.unanswered(ctx, err)
	if len(text) > 0 && (problem.Code == exchange.Broken || ctx.Err() != nil) {
		problem.Message += "; it begins with " + r.start(text)
	}
	return problem
}

// unansweredBy is [run.unanswered] of a request to which nobody answered: where a
// redirect led, that is another server than the one that was asked.
func (r *run) unansweredBy(ctx context.Context, s *step, sent *request, err error) *Problem {
	problem := r.unanswered(ctx, err)
	var told *exchange.Error
	if !errors.As(err, &told) || len(told.Redirects) == 0 {
		return problem
	}
	var last response
	r.redirected(s, sent, &last, told.Redirects)
	problem.target = last.url
	problem.Message = fmt.Sprintf("%s, to which it was redirected: %s", last.url, problem.Message)
	return problem
}

// redirected notes the redirects that were followed: the answer is another
// server's, or another resource's, than the one that was asked.
func (r *run) redirected(s *step, sent *request, received *response, followed []exchange.Redirect) {
	for _, f := range followed {
		received.url = r.secrets.url(f.To)
		sent.notes = append(sent.notes, &source.Diagnostic{
			Code: "redirected", Severity: source.Info, Position: s.Position(),
			Message: fmt.Sprintf("%s redirected with %d to %s", r.secrets.url(f.From), f.Status, received.url),
		})
	}
}

// parseBody gives a body the form in which expressions see it: JSON values for
// JSON, text for the rest, null for none (S-206). What is not what its media type
// says is a text of its bytes, with an error.
func parseBody(contentType string, body []byte) (any, error) {
	if len(body) == 0 {
		return nil, nil
	}
	text, err := exchange.Text(contentType, body)
	media, _, _ := mime.ParseMediaType(contentType)
	if err != nil || !link.IsJSON(media) {
		return text, err
	}
	value, err := source.DecodeJSON(text)
	if err != nil {
		return text, fmt.Errorf("it is no JSON: %w", err)
	}
	return value, nil
}

// undecodable warns of a body that is not what the server says it is: what a
// condition finds in it may not be what its author meant.
func undecodable(s *step, h http.Header, err error) *source.Diagnostic {
	return &source.Diagnostic{
		Code: "undecodable-body", Severity: source.Warning, Position: s.Position(),
		Message:  fmt.Sprintf("the response of the step %q is said to be %s, and is not: %v", s.StepID, h.Get("Content-Type"), err),
		Expected: "a body of the type that its header names",
	}
}

// shownResponse is the response for the result, without its secrets.
func (r *run) shownResponse(received *response) *ResponseResult {
	if received == nil {
		return nil
	}
	body := received.body
	if text, ok := body.(string); ok && !utf8.ValidString(text) {
		body = map[string]any{"base64": []byte(r.secrets.text(text))}
	}
	return &ResponseResult{Status: received.status, Headers: r.secrets.header(received.header), Body: r.secrets.value(body), URL: received.url}
}
