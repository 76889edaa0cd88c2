package pulse

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
)

// subscriberStall bounds the write of one chunk to a subscriber: a peer that does
// not take it in this time is cut. At most once is what was promised; a named
// stream waits.
const subscriberStall = 10 * time.Second

// consumeStreamEvents delivers a named stream from its cursor on. The newest
// consumer of a name has it: an earlier one is ended first.
func (s *Service) consumeStreamEvents(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("streamName")
	explicit, p := isExplicit(r)
	if p != nil {
		p.write(w)
		return
	}
	// Asked before taking over: a wrong request must not end anybody's stream.
	if _, _, err := s.streams.get(r.Context(), name); err != nil {
		s.failStream(w, r, name, err)
		return
	}
	mine, ctx, leave := s.consumers.take(r.Context(), name)
	defer leave()
	// Taken from whoever has it on another node too. The earlier consumer may have
	// moved the cursor, and a deletion that came in between did not know of us.
	n, revision, err := s.streams.take(ctx, name, ulid.Make().String())
	if err == nil {
		s.consumers.took(mine, name, word{revision: revision, id: n.ID, token: n.Consumer})
		// A stop that is stored here ends ctx, maybe before the store's answer is there.
		err = s.stopIfCut(r.Context(), n)
	}
	if err != nil {
		s.failStream(w, r, name, reasonFor(ctx, err))
		return
	}
	j := &judge{stream: n}
	if reason := j.follow(s.schemaNow(ctx)); reason != "" {
		s.options.Log.Warn("pulse: a consumer was refused: its stream is stopped", "stream", name, "reason", reason)
		stopped(name, reason).write(w)
		return
	}
	from, err := s.resumption(ctx, n, j, r.Header.Get("Last-Event-ID"))
	if err != nil {
		s.failStream(w, r, name, reasonFor(ctx, err))
		return
	}
	d := s.named(n, j, explicit)
	d.acks.peer = peerOf(ctx)
	s.deliver(ctx, w, r, from, d)
}

// passesInLog is how often the place of a stream is stored, at least, while as much is
// read for it as a limited log holds: a reader that keeps up has most of the limit
// between its place and what goes.
const passesInLog = 8

// named is the delivery of a named stream, of which it keeps the place.
func (s *Service) named(n *namedStream, j *judge, explicit bool) *delivery {
	acks := newAcknowledger(s.options.AckGrace, func(ctx context.Context, e event.Event, passed event.Position) error {
		return s.streams.acknowledge(ctx, n, e, passed)
	})
	acks.explicit = explicit
	return &delivery{
		judge: j,
		often: uint64(s.options.RetentionBytes / passesInLog),
		seen:  connection{stream: n.ID},
		acks:  acks,
		pass: func(ctx context.Context, to event.Position) error {
			return s.streams.pass(ctx, n.Name, n.ID, to, s.log.Find)
		},
		cursor: func(ctx context.Context) event.Position {
			now, _, err := s.streams.get(ctx, n.Name)
			if err != nil || now.ID != n.ID || now.Cursor == nil {
				return event.Position{}
			}
			return now.Cursor.Position
		},
	}
}

// failReader answers for a delivery that cannot begin. A stream whose events turn
// out to be gone is stopped by that.
func (s *Service) failReader(ctx context.Context, w http.ResponseWriter, r *http.Request, d *delivery, err error) {
	if d.acks == nil {
		s.fail(w, r, codeServerError, err)
		return
	}
	n := d.judge.stream
	if errors.Is(err, eventlog.ErrCut) {
		// By the request's context: the stop itself ends ctx.
		if stopErr := s.stopIfCut(r.Context(), n); stopErr != nil {
			err = stopErr
		} else if n.Stopped != "" {
			err = errStopped
		}
	}
	s.failStream(w, r, n.Name, reasonFor(ctx, err))
}

func (s *Service) failStream(w http.ResponseWriter, r *http.Request, name string, err error) {
	switch {
	case errors.Is(err, errStreamUnknown), errors.Is(err, errDeleted):
		streamNotFound(name).write(w)
	case errors.Is(err, errStopped):
		s.failStopped(w, r, name)
	case errors.Is(err, errReplaced), errors.Is(err, errSuperseded):
		(&problem{
			status: http.StatusInternalServerError, code: codeServerError, meta: map[string]any{"name": shortened(name)},
			message: "A newer consumer has the stream.",
		}).write(w)
	default:
		s.fail(w, r, codeServerError, err)
	}
}

// failStopped answers a consumer whose stream was stopped before it was opened.
func (s *Service) failStopped(w http.ResponseWriter, r *http.Request, name string) {
	n, _, err := s.streams.get(r.Context(), name)
	if err != nil {
		s.failStream(w, r, name, err)
		return
	}
	if _, reason := n.fit(s.schemaNow(r.Context())); reason != "" {
		stopped(name, reason).write(w)
		return
	}
	s.fail(w, r, codeServerError, errStopped)
}

// reasonFor is why a consumer's context ended, where an error says no more than that
// it did.
func reasonFor(ctx context.Context, err error) error {
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
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
	j, ok := s.judgeOf(w, r, members)
	if !ok {
		return
	}
	// Before anything is asked: what is lost from now on ends it.
	ctx, leave := s.stretch.bound(r.Context())
	defer leave()
	if s.notCaptured(w) {
		return
	}
	if from, ok := s.positionNow(w, r); ok {
		s.deliver(ctx, w, r, from, &delivery{judge: j})
	}
}

// deliver opens the event stream and keeps it until it ends.
func (s *Service) deliver(ctx context.Context, w http.ResponseWriter, r *http.Request, from event.Position, d *delivery) {
	var err error
	if d.reader, err = eventlog.NewReader(ctx, s.log, from, d.judge.wants); err != nil {
		s.failReader(ctx, w, r, d, err)
		return
	}
	stall := subscriberStall
	if d.acks != nil {
		stall = 0
	}
	if d.out, err = openEventStream(ctx, w, stall); err != nil {
		s.options.Log.Debug("pulse: event stream did not open", "path", shortened(r.URL.Path), "error", err)
		return
	}
	defer d.out.close()
	d.schema, d.heartbeat, d.draining = s.capture.Schema, s.options.Heartbeat, s.draining
	defer s.deliveries.add(&d.seen)()
	s.sayWhyItEnded(ctx, r, d, d.run(ctx))
}

// sayWhyItEnded tells the log of what an operator should know: that a peer went, or
// the stream was deleted or taken over, is nothing of the kind.
func (s *Service) sayWhyItEnded(ctx context.Context, r *http.Request, d *delivery, err error) {
	reason := cutFor(ctx, err)
	if reason != "" {
		s.counts.cuts.Of(Cut{d.seen.purpose(), reason}).Add(1)
	}
	level := slog.LevelError
	switch {
	case reason == "slow", reason == "stalled", reason == "stopped":
		level = slog.LevelWarn
	case ctx.Err() != nil, errors.Is(err, errPeer), errors.Is(err, errStreamUnknown), errors.Is(err, errServiceEnds):
		level = slog.LevelDebug
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	s.options.Log.Log(ctx, level, "pulse: event stream ended",
		"for", d.seen.purpose(), "stream", shortened(r.PathValue("streamName")), "peer", r.RemoteAddr, "events", d.reader.Taken(), "reason", err)
}

// cutFor is why the service ended an event stream, in the words of [Cut]; empty where
// it did not, or ends itself.
func cutFor(ctx context.Context, err error) string {
	var misfit *misfitError
	cause := context.Cause(ctx)
	switch {
	case errors.Is(cause, errReplaced):
		return "replaced"
	case errors.Is(cause, errDeleted), errors.Is(err, errStreamUnknown):
		return "deleted"
	case errors.Is(cause, errStopped), errors.As(err, &misfit), errors.Is(err, eventlog.ErrCut):
		return "stopped"
	case errors.Is(cause, errGap):
		return "gap"
	case errors.Is(err, errTooSlow):
		return "slow"
	case cause == nil && errors.Is(err, os.ErrDeadlineExceeded):
		return "stalled"
	}
	return ""
}
