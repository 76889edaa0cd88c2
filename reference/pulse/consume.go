package pulse

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/filter"
)

// subscriberStall bounds the write of one chunk to a subscriber: a peer that does
// not take it in this time is cut. At most once is what was promised; a named
// stream waits.
const subscriberStall = 10 * time.Second

// consumeStreamEvents delivers a named stream from its cursor on. The newest
// consumer of a name has it: an earlier one is ended first.
func (s *Service) consumeStreamEvents(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("streamName")
	// Asked before taking over: a wrong request must not end anybody's stream.
	if _, _, err := s.streams.get(r.Context(), name); err != nil {
		s.failStream(w, r, name, err)
		return
	}
	ctx, leave := s.consumers.take(r.Context(), name)
	defer leave()
	// Asked again: the earlier consumer may have moved the cursor, and a deletion
	// that came in between did not know of us.
	n, _, err := s.streams.get(ctx, name)
	if err == nil {
		err = s.stopIfCut(ctx, n)
	}
	if err != nil {
		s.failStream(w, r, name, err)
		return
	}
	f, reason := n.fit(s.schemaNow(ctx))
	if reason != "" {
		s.options.Log.Warn("pulse: a consumer was refused: its stream is stopped", "stream", name, "reason", reason)
		stopped(name, reason).write(w)
		return
	}
	from, err := s.resumption(ctx, n, f, r.Header.Get("Last-Event-ID"))
	if err != nil {
		s.failStream(w, r, name, err)
		return
	}
	s.deliver(ctx, w, r, from, f, newAcknowledger(s.options.AckGrace, func(ctx context.Context, e event.Event) error {
		return s.streams.acknowledge(ctx, name, n.ID, e)
	}))
}

// wantedBy asks a filter about events.
func wantedBy(f *filter.Filter) func(event.Event) bool {
	return func(e event.Event) bool { return f.Wants(string(e.Action), e.Model, e.Body) }
}

func (s *Service) failStream(w http.ResponseWriter, r *http.Request, name string, err error) {
	if errors.Is(err, errStreamUnknown) {
		streamNotFound(name).write(w)
		return
	}
	s.fail(w, r, codeServerError, err)
}

// createSubscription delivers what is committed from the moment its headers are
// there until the connection ends.
func (s *Service) createSubscription(w http.ResponseWriter, r *http.Request) {
	members, p := s.readObject(w, r)
	if p != nil {
		p.write(w)
		return
	}
	if !s.subscribers.enter(s.options.MaxSubscribers) {
		w.Header().Set("Retry-After", "1")
		(&problem{
			status: http.StatusInternalServerError, code: codeTooManySubscribers, meta: map[string]any{"limit": s.options.MaxSubscribers},
			message: fmt.Sprintf("There are %d subscriptions, the most there may be: try again when one has ended.", s.options.MaxSubscribers),
		}).write(w)
		return
	}
	defer s.subscribers.leave()
	f, _, ok := s.filterOf(w, r, members)
	if !ok {
		return
	}
	if from, ok := s.positionNow(w, r); ok {
		s.deliver(r.Context(), w, r, from, f, nil)
	}
}

// deliver opens the event stream and keeps it until it ends; acks is nil for a
// subscription.
func (s *Service) deliver(ctx context.Context, w http.ResponseWriter, r *http.Request, from event.Position, f *filter.Filter, acks *acknowledger) {
	reader, err := eventlog.NewReader(ctx, s.log, from, wantedBy(f))
	if err != nil {
		s.fail(w, r, codeServerError, err)
		return
	}
	stall := subscriberStall
	if acks != nil {
		stall = 0
	}
	out, err := openEventStream(ctx, w, stall)
	if err != nil {
		s.options.Log.Debug("pulse: event stream did not open", "path", r.URL.Path, "error", err)
		return
	}
	defer out.close()
	d := delivery{reader: reader, out: out, heartbeat: s.options.Heartbeat, acks: acks}
	err = d.run(ctx)
	s.options.Log.Debug("pulse: event stream ended", "path", r.URL.Path, "reason", err)
}
