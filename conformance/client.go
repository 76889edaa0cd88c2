package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/exchange"
)

// answerWithin bounds one answer to the suite's own questions, which ask for next to
// nothing.
const answerWithin = 10 * time.Second

// graphqlPath is the operation executeQuery; what stands for the version and the engine
// may be anything.
const graphqlPath = "/2024/conformance/graphql"

// client asks the APIs of a target without a document: what smoke has to know, and
// what remains to be deleted.
type client struct {
	http   *exchange.Client
	target Target
	within time.Duration
}

func newClient(t Target, timescale float64) *client {
	return &client{http: exchange.New(exchange.Options{MaxResponseBytes: maxAnswerBytes, TLS: t.tls()}), target: t, within: lasting(answerWithin, timescale)}
}

// tls is how the target is met where it has TLS.
func (t Target) tls() exchange.TLS { return exchange.TLS{Roots: t.Roots} }

// lasting is a bound on time, multiplied.
func lasting(bound time.Duration, timescale float64) time.Duration {
	return time.Duration(timescale * float64(bound))
}

// answer is what came of a request.
type answer struct {
	request string
	status  int
	media   string
	text    string
	// json is the body as JSON; nil where it is none.
	json any
}

// unanswered is the error of a request that got no answer, or no whole one.
type unanswered struct{ error }

func (u unanswered) Unwrap() error { return u.error }

// ask sends a request with the target's key. A body that is given is sent as JSON.
func (c *client) ask(ctx context.Context, method, base, path string, body any) (answer, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.within, fmt.Errorf("no answer within %s", c.within))
	defer cancel()
	response, err := c.send(ctx, method, base, path, body)
	if err != nil {
		return answer{}, unanswered{err}
	}
	text, err := response.ReadAll()
	if err != nil {
		return answer{}, unanswered{err}
	}
	a := answer{request: method + " " + path, status: response.Status, media: c.target.shown(response.Header.Get("Content-Type")), text: c.target.shown(string(text))}
	_ = json.Unmarshal(text, &a.json) // what is no JSON is shown as it is
	return a, nil
}

// send sends a request, whose answer is still to be read. The path is added to that of
// the base URL.
func (c *client) send(ctx context.Context, method, base, path string, body any) (*exchange.Response, error) {
	r := &exchange.Request{Method: method, URL: strings.TrimSuffix(base, "/") + path, Header: http.Header{"Authorization": {"Bearer " + c.target.APIKey}}}
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		r.Body = text
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := c.http.Do(ctx, r)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = context.Cause(ctx)
	}
	if err != nil && response != nil {
		_ = response.Body.Close() // it led nowhere
	}
	return response, err
}

func (c *client) pulse(ctx context.Context, method, path string, body any) (answer, error) {
	return c.ask(ctx, method, c.target.PulseURL, path, body)
}

// query runs a GraphQL document. The error of a query that was answered, and not with
// data, says with what.
func (c *client) query(ctx context.Context, document string, variables map[string]any) (map[string]any, error) {
	a, err := c.ask(ctx, http.MethodPost, c.target.AccelerateURL, graphqlPath, query(document, variables))
	if err != nil {
		return nil, err
	}
	data, ok := member(a.json, "data").(map[string]any)
	if a.status != http.StatusOK || !ok || member(a.json, "errors") != nil {
		return nil, errors.New(a.said())
	}
	return data, nil
}

// query is the body of executeQuery.
func query(document string, variables map[string]any) map[string]any {
	if variables == nil {
		return map[string]any{"query": document}
	}
	return map[string]any{"query": document, "variables": variables}
}

// said tells for a person what was answered.
func (a answer) said() string {
	text := oneLine(a.text)
	if text == "" {
		text = "no body"
	}
	media := ""
	if a.json == nil && a.media != "" {
		media = ", " + a.media
	}
	return fmt.Sprintf("%s was answered %d%s: %s", a.request, a.status, media, text)
}

// refuses tells whether the answer is an error of one of the APIs: JSON with a code and
// a message.
func (a answer) refuses() bool {
	code, _ := member(a.json, "code").(string)
	_, message := member(a.json, "message").(string)
	return a.status >= http.StatusBadRequest && code != "" && message
}

// member is a member of a JSON object; nil where there is none.
func member(value any, name string) any {
	object, _ := value.(map[string]any)
	return object[name]
}

// segment is a text as one segment of a path.
func segment(text string) string { return url.PathEscape(text) }
