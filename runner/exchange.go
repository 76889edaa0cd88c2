package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// maxResponseBytes bounds a response body that does not stream.
const maxResponseBytes = 64 << 20

// noResponse is the code of an attempt that got no HTTP answer at all.
const noResponse = "no-response"

// stepTimeout ends an attempt that takes too long.
func (r *run) stepTimeout() *Problem {
	return &Problem{Code: "timeout", Message: fmt.Sprintf("no answer within %s, the time that --step-timeout allows", r.options.StepTimeout)}
}

// exchange sends the request and reads the response. The step's time limit
// covers all of it; for a stream it ends with the headers.
func (r *run) exchange(ctx context.Context, s *step, seen *scope) (*response, *Problem) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	limit := time.AfterFunc(r.options.StepTimeout, func() { cancel(r.stepTimeout()) })
	defer limit.Stop()
	answer, err := r.send(ctx, seen.request)
	if err != nil {
		return nil, r.broken(ctx, noResponse, "the server gave no answer", err)
	}
	defer answer.Body.Close()
	received := &response{status: answer.StatusCode, header: answer.Header}
	if open := streamOf(answer); open != nil {
		limit.Stop()
		seen.response = received
		if seen.opened != nil && received.status < 300 {
			seen.opened()
		}
		return received, r.stream(ctx, s.Stream, open, answer.Body, seen)
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxResponseBytes+1))
	switch {
	case err != nil:
		return received, r.broken(ctx, "response-broken", "the response broke off", err)
	case len(text) > maxResponseBytes:
		return received, &Problem{Code: "response-too-large", Message: fmt.Sprintf("the response has more than %d bytes", maxResponseBytes)}
	}
	media := answer.Header.Get("Content-Type")
	received.body = parseBody(media, text)
	if s.Stream.Given && answer.StatusCode < 300 {
		return received, &Problem{Code: "not-a-stream", Message: fmt.Sprintf("x-sse expects a stream of events, and the response is of type %q", media)}
	}
	return received, nil
}

func (r *run) send(ctx context.Context, sent *request) (*http.Response, error) {
	var body io.Reader
	if sent.text != nil {
		body = bytes.NewReader(sent.text)
	}
	out, err := http.NewRequestWithContext(ctx, sent.method, sent.url, body)
	if err != nil {
		return nil, err
	}
	out.Header = sent.header.Clone()
	if host := out.Header.Get("Host"); host != "" {
		out.Host = host
	}
	return r.client.Do(out)
}

// broken tells why there is no answer, or no whole one: the run is over, the
// step took too long, or the connection failed.
func (r *run) broken(ctx context.Context, code, what string, err error) *Problem {
	if ctx.Err() != nil {
		return interruption(ctx)
	}
	var inURL *url.Error
	if errors.As(err, &inURL) {
		err = inURL.Err // net/http's own error repeats the method and URL
	}
	return &Problem{Code: code, Message: fmt.Sprintf("%s: %v", what, err)}
}

// parseBody gives a body the form in which expressions see it: JSON values for
// JSON, text for the rest, null for none (S-206).
func parseBody(contentType string, text []byte) any {
	if len(text) == 0 {
		return nil
	}
	media, _, err := mime.ParseMediaType(contentType)
	if err == nil && link.IsJSON(media) {
		if value, err := source.DecodeJSON(string(text)); err == nil {
			return value
		}
	}
	return string(text)
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
	return &ResponseResult{Status: received.status, Headers: r.secrets.header(received.header), Body: r.secrets.value(body)}
}
