package pulse

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"
)

// past is a deadline that has passed: setting it frees a blocked write.
var past = time.Unix(1, 0)

// goodbye bounds writing the end of a response to a peer that may not read.
const goodbye = time.Second

// errPeer is in the error of a write that the peer did not take: it is gone, or did
// not read in time.
var errPeer = errors.New("the peer is gone")

const eventStreamType = "text/event-stream"

// eventStream writes server-sent events, as the WHATWG HTML standard's section
// "Server-sent events" has them. There is no event field, so that a browser's
// onmessage fires.
type eventStream struct {
	w    http.ResponseWriter
	conn *http.ResponseController
	peer peer
	// stall bounds the write of one batch; zero waits as long as the peer takes.
	stall time.Duration
	// unwatch stops the watch for the end of the context; freed is closed when
	// that watch has fired.
	unwatch func() bool
	freed   chan struct{}
}

// openEventStream answers 200 and flushes the headers at once. When ctx ends, a
// write that a slow peer blocks ends too. The caller closes the stream.
func openEventStream(ctx context.Context, w http.ResponseWriter, stall time.Duration) (*eventStream, error) {
	s := &eventStream{w: w, conn: http.NewResponseController(w), peer: peerOf(ctx), stall: stall, freed: make(chan struct{})}
	// A stream outlives the server's bounds on ordinary requests.
	if err := errors.Join(optional(s.conn.SetReadDeadline(time.Time{})), optional(s.conn.SetWriteDeadline(time.Time{}))); err != nil {
		return nil, fmt.Errorf("open event stream: %w", err)
	}
	s.peer.bound()
	h := w.Header()
	h.Set("Content-Type", eventStreamType)
	h.Set("Cache-Control", "no-store")
	// Asks proxies that buffer by default, such as nginx, to pass events on.
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	s.unwatch = context.AfterFunc(ctx, func() {
		defer close(s.freed)
		// Nothing to do about a connection that cannot be told: it is ending.
		_ = s.conn.SetWriteDeadline(past)
	})
	if err := s.send(ctx, []byte("retry: 500\n: live\n\n")); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// close lets the server write the end of the response, so that a peer whose
// stream was ended here sees an end and not a broken connection.
func (s *eventStream) close() {
	if !s.unwatch() {
		<-s.freed
	}
	// As above.
	_ = s.conn.SetWriteDeadline(time.Now().Add(goodbye))
}

// optional accepts what a response writer that is no network connection cannot.
func optional(err error) error {
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}

// send writes events as they are in the log, with one flush.
func (s *eventStream) send(ctx context.Context, events []byte) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	_, err := s.w.Write(events)
	if err == nil {
		err = s.conn.Flush()
	}
	return s.failure(ctx, err)
}

// await waits until the peer takes something: who waits with nothing in hand costs
// next to nothing.
func (s *eventStream) await(ctx context.Context) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	return s.failure(ctx, s.peer.await())
}

// failure says what it means that a write, or waiting for one, ended.
func (s *eventStream) failure(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case s.stall > 0 && errors.Is(err, os.ErrDeadlineExceeded) && ctx.Err() == nil:
		return errTooSlow
	default:
		return fmt.Errorf("%w: %w", errPeer, err)
	}
}

// beat writes a comment, so that neither side takes silence for death.
func (s *eventStream) beat(ctx context.Context) error { return s.send(ctx, []byte(":\n\n")) }

// ready sets the bound of the write that follows.
func (s *eventStream) ready(ctx context.Context) error {
	if s.stall > 0 {
		if err := optional(s.conn.SetWriteDeadline(time.Now().Add(s.stall))); err != nil {
			return err
		}
	}
	// After the deadline is set: the one that ctx's end sets must not be undone.
	return ctx.Err()
}
