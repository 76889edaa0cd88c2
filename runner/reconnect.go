package runner

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/exchange"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// maxUnready bounds the requests of one reconnection to a server that is not ready.
const maxUnready = 10

// defaultReconnection is the pause before a stream is asked for again when the
// server names none, and longestReconnection what it may name at the most.
const (
	defaultReconnection = time.Second
	longestReconnection = 30 * time.Second
)

// mayReconnect tells whether a stream that ended before there was enough is asked
// for again: where the step wants that, as often as it says. Without the id of the
// last event the server could not go on behind it, and events would count twice.
func (x *reading) mayReconnect(a arrival) bool {
	x.refused = a.refused
	if a.refused != "" || x.reconnects == x.Reconnect || isFutile(a.err) {
		return false
	}
	if x.withoutID = len(x.events) > 0 && x.last.id == ""; x.withoutID {
		return false
	}
	x.reconnects++
	return true
}

// reconnect asks for the stream again, from its last event on (HTML, section 9.2.4),
// also when the server is not ready for it yet. Where the server has no stream for it
// any more it says why.
func (x *reading) reconnect(ctx context.Context) (from *decoder, refused string) {
	for range maxUnready {
		pause := defaultReconnection
		if x.last.retry > 0 {
			pause = min(x.last.retry, longestReconnection)
		}
		if err := x.run.options.Clock.Wait(ctx, pause); err != nil {
			return nil, err.Error()
		}
		answer, err := x.ask(ctx)
		if err != nil {
			refused = err.Error()
			continue
		}
		if open := streamOf(answer.Header); open != nil && answer.Status == http.StatusOK {
			body := answer.Body
			context.AfterFunc(ctx, func() { _ = body.Close() })
			return open(body, x.last), ""
		}
		_ = answer.Body.Close()
		refused = "the server answered " + began(answer.Status, answer.Header)
		if answer.Status < http.StatusInternalServerError {
			return nil, refused // 204 asks to stop, and others do not get better
		}
	}
	return nil, refused
}

// ask sends the request. It may take as long as any attempt until its headers.
func (x *reading) ask(ctx context.Context) (*exchange.Response, error) {
	asking, giveUp := context.WithCancel(ctx)
	limit := time.AfterFunc(x.run.options.StepTimeout, giveUp)
	defer limit.Stop()
	return x.run.send(asking, x.step, x.seen.request, x.resumption(), nil)
}

// resumption are the request's headers with the id of the last event.
func (x *reading) resumption() http.Header {
	sent := x.seen.request.header.Clone()
	if x.last.id != "" {
		sent.Set("Last-Event-ID", x.last.id)
	}
	return sent
}

// reconnected tells how often the stream was asked for again.
func (x *reading) reconnected() *source.Diagnostic {
	return &source.Diagnostic{
		Code: "stream-reconnected", Severity: source.Info, Position: x.At,
		Message: fmt.Sprintf("the stream ended before there was enough, and was asked for again %d times", x.reconnects),
	}
}
