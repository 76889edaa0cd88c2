package runner

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/exchange"
	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// startWithin is how long the body of an answer is waited for that is not the stream
// which the step wants: a page or an error is there by then, and what has no end is told
// by its beginning.
const startWithin = time.Second

// wantsStream tells whether the step wants a stream of an answer with that status. An
// error is for the step's criteria to judge, and so is a redirect that was not followed,
// where there are any.
func (s *step) wantsStream(status int) bool {
	judged := status >= http.StatusBadRequest || status >= http.StatusMultipleChoices && len(s.Criteria) > 0
	return s.Stream.Given && !judged
}

// noStream reads an answer in place of which a stream was wanted, and says what it is.
func (r *run) noStream(ctx context.Context, s *step, answer *exchange.Response, seen *scope, received *response) *Problem {
	patience := min(startWithin, r.limit(s).time)
	timer := time.AfterFunc(patience, func() { _ = answer.Body.Close() })
	text, err := answer.ReadAll()
	isLate := !timer.Stop()
	if ctx.Err() != nil {
		return interruption(ctx)
	}
	what := began(answer.Status, answer.Header)
	switch {
	case err == nil:
		r.read(s, answer.Header, text, seen, received)
		what += r.whole(received)
	case isLate:
		what += fmt.Sprintf("%s was not over after %s", r.beginning(text), patience)
	default:
		what += fmt.Sprintf("%s broke off: %v", r.beginning(text), err)
	}
	return &Problem{Code: "not-a-stream", Message: "x-sse expects a stream of events, and what came is " + what}
}

// whole tells of a body that is whole.
func (r *run) whole(received *response) string {
	if received.empty {
		return " and without a body"
	}
	return ": " + excerpt(r.secrets.value(received.body))
}

// beginning tells of one by its beginning.
func (r *run) beginning(text []byte) string {
	if len(text) == 0 {
		return ", of which nothing came, and"
	}
	return ", which begins with " + r.start(text) + " and"
}

// start is an excerpt of the start of a text.
func (r *run) start(text []byte) string {
	const enough = 4 * excerptLength // bytes of so many characters
	return excerpt(r.secrets.text(string(text[:min(len(text), enough)])))
}

// began tells of an answer by its status and type.
func began(status int, h http.Header) string {
	media := strings.Join(h.Values("Content-Type"), ", ")
	if media == "" {
		return fmt.Sprintf("%d without a Content-Type", status)
	}
	return fmt.Sprintf("%d with the Content-Type %q", status, expression.Cut(media, excerptLength))
}
