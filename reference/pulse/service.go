package pulse

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/capture"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
)

// undoWait bounds the clean-up after a failed start, whose reason may be that the
// database hangs.
const undoWait = 5 * time.Second

// spoolFolder is in the folder of the event log, and under its lock.
const spoolFolder = "spool"

// Service is the Prisma Pulse API of one database. It is an [http.Handler];
// [Open] makes one, [Service.Close] ends it.
type Service struct {
	options Options
	routes  *http.ServeMux

	capture   *capture.Capture
	broker    *broker.Broker
	log       *eventlog.Log
	streams   *streamStore
	consumers consumers
	node      node
	homes     homes
	// stretch is the time since changes were last lost.
	stretch stretch
	// confirmation is only asked how far the log goes back.
	confirmation *eventlog.Confirmation
	// subscribers counts the live subscriptions.
	subscribers subscribers
	looks       *looks
	counts      *counts
	deliveries  deliveries
	// bodyWait is the constant, but in a test that cannot wait.
	bodyWait time.Duration

	// receiving ends first: capture and retention hang on it, and chores counts
	// them.
	receiving    context.Context
	endReceiving context.CancelFunc
	chores       sync.WaitGroup
	// draining is closed then, and working counts the requests that have still to
	// end; live ends when they have had their time.
	draining chan struct{}
	working  sync.WaitGroup
	live     context.Context
	end      context.CancelFunc
	// closing guards closed and the first use of working after it.
	closing sync.Mutex
	closed  bool
	drain   sync.Once
}

// Open connects to the database, makes publication and slot where they are
// missing and opens the event log. When it returns, every change committed from
// then on is captured. Its errors say what to run where the server is not set up
// for logical replication.
func Open(ctx context.Context, o Options) (_ *Service, err error) {
	if o, err = o.complete(); err != nil {
		return nil, err
	}
	s := &Service{options: o, bodyWait: bodyWait, counts: newCounts(), draining: make(chan struct{})}
	s.live, s.end = context.WithCancel(context.Background())
	s.receiving, s.endReceiving = context.WithCancel(s.live)
	s.routes = s.newRoutes()
	if err := s.prepare(ctx); err != nil {
		return nil, fmt.Errorf("pulse: %w", errors.Join(err, s.undo(ctx)))
	}
	s.chores.Go(func() { s.retain(s.receiving) })
	s.chores.Go(func() { s.watchStreams(s.receiving) })
	return s, nil
}

func (s *Service) prepare(ctx context.Context) error {
	o := s.options
	var err error
	if s.capture, err = capture.Open(ctx, capture.Options{
		DatabaseURL: o.DatabaseURL, Schema: s.models, Temporary: o.Temporary, Disposable: o.Disposable,
		Slot: o.Slot, Publication: o.Publication, SpoolDir: filepath.Join(o.DataDir, spoolFolder), Lost: s.lost, Log: o.Log,
		Exclusive: s.exclusive(), Volatile: o.NoPersistence,
	}); err != nil {
		return err
	}
	if s.broker, err = openBroker(ctx, o); err != nil {
		return err
	}
	owner, err := s.capture.Database(ctx)
	if err != nil {
		return err
	}
	s.broker.Enter(o.Environment, owner)
	s.looks = &looks{read: s.capture.Refresh, live: s.live}
	if s.log, err = eventlog.Open(ctx, s.broker, eventlog.Options{Owner: owner, MaxBytes: o.logBytes()}); err != nil {
		return err
	}
	if s.streams, err = openStreams(ctx, s.broker); err != nil {
		return err
	}
	if err := s.streams.sweep(ctx); err != nil {
		return err
	}
	if err := s.stopMoved(ctx, s.capture.Schema()); err != nil {
		return err
	}
	if s.confirmation, err = eventlog.OpenConfirmation(ctx, s.broker, s.log); err != nil {
		return err
	}
	return s.join(ctx)
}

// Broker is the message server of the environment, which ends with the service.
func (s *Service) Broker() *broker.Broker { return s.broker }

// lost ends everything that would go on over a gap.
func (s *Service) lost(ctx context.Context, reason string) error {
	if n := s.subscribers.n.Load(); n > 0 {
		s.options.Log.Warn("pulse: subscriptions end, for changes are gone that they had still to deliver", "subscriptions", n, "reason", reason)
	}
	s.stretch.end()
	return s.stopStreams(ctx, reason)
}

// stopStreams marks every named stream as one with a gap, and ends its consumer.
func (s *Service) stopStreams(ctx context.Context, reason string) error {
	_, err := s.stop(ctx, reason, func(*namedStream) bool { return true })
	s.consumers.endAll()
	return err
}

// stop marks the named streams that broken names as ones that cannot go on, tells the
// log of each, and says which they are.
func (s *Service) stop(ctx context.Context, reason string, broken func(*namedStream) bool) (stopped []string, err error) {
	stopped, err = s.streams.stop(ctx, reason, broken)
	for _, name := range stopped {
		s.options.Log.Error("pulse: a stream is stopped", "stream", name, "reason", reason)
	}
	return stopped, err
}

// drainWait bounds what of Close is for others' sake: longer than an
// acknowledgement's grace and the slowest reader that is not cut take.
const drainWait = 10 * time.Second

// Drain ends the service's work in the order in which nothing in flight is lost. No
// request is taken any more, and the health is unavailable. What was received is
// stored, and the slot confirmed. Event streams get what the log has, named ones
// stay until it is acknowledged, and end; other requests are answered. It takes as
// long as that, ten seconds at most; [Service.Close] has to follow, and drains by
// itself where nobody did. A second call does nothing.
func (s *Service) Drain(ctx context.Context) {
	s.closing.Lock()
	s.closed = true
	s.closing.Unlock()
	s.drain.Do(func() {
		ctx, cancel := context.WithTimeout(ctx, drainWait)
		defer cancel()
		s.node.held = s.holdsSlot()
		s.endReceiving()
		_ = waitFor(ctx, &s.chores) // Close waits for them in any case
		close(s.draining)
		if waitFor(ctx, &s.working) != nil {
			subscribers, consumers, _, _ := s.deliveries.read()
			s.options.Log.Warn("pulse: at the end, event streams were cut whose readers did not take what there was",
				"subscribers", subscribers, "consumers", consumers)
		}
	})
}

// Close drains the service and ends what that did not. It removes slot and
// publication when nobody needs them any more: when the service is Temporary or
// no named stream exists, for a slot that nobody reads keeps the server's log
// for ever, or when it keeps no events. Otherwise it keeps them and says so in the log. With Disposable it
// leaves the database alone. A second call does nothing.
func (s *Service) Close(ctx context.Context) error {
	s.Drain(ctx)
	s.closing.Lock()
	again := s.live.Err() != nil
	s.end()
	s.closing.Unlock()
	if again {
		return nil
	}
	if err := errors.Join(s.finish(ctx), s.leave(ctx), s.release()); err != nil {
		return fmt.Errorf("pulse: %w", err)
	}
	return nil
}

// finish waits for requests and the receiver to end, as long as ctx allows: an
// answer may be on its way to a peer that does not read.
func (s *Service) finish(ctx context.Context) error {
	if err := errors.Join(waitFor(ctx, &s.working), waitFor(ctx, &s.chores)); err != nil {
		return fmt.Errorf("wait for requests to end: %w", err)
	}
	return nil
}

// waitFor waits for a group, as long as ctx allows.
func waitFor(ctx context.Context, group *sync.WaitGroup) error {
	idle := make(chan struct{})
	go func() {
		group.Wait()
		close(idle)
	}()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// leave decides what stays in the database.
func (s *Service) leave(ctx context.Context) error {
	if s.options.Disposable {
		return nil
	}
	if s.broker.Shared() {
		if s.node.held {
			s.options.Log.Info("pulse: the replication slot stays, for other nodes may read it; when there are none any more, run", "sql", s.capture.Removal())
		}
		return nil
	}
	if !s.options.Temporary && !s.options.NoPersistence {
		all, err := s.streams.list(ctx)
		if err != nil {
			return err
		}
		if len(all) > 0 {
			s.options.Log.Info("pulse: the replication slot stays, for named streams resume from it; to give them up, run",
				"sql", s.capture.Removal(), "streams", len(all))
			return nil
		}
	}
	return s.capture.Drop(ctx)
}

// undo lets go of what an Open that failed has opened, and removes what it made
// in the database and on disk.
func (s *Service) undo(ctx context.Context) error {
	var err error
	s.end()
	// Where others share the log, one of them may have the slot by now.
	if s.capture != nil && (s.broker == nil || !s.broker.Shared()) {
		// Whoever gave up waiting for Open still wants this done.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoWait)
		defer cancel()
		err = s.capture.Undo(ctx)
	}
	s.chores.Wait()
	err = errors.Join(err, s.release())
	if s.broker != nil {
		err = errors.Join(err, s.broker.Remove())
	}
	return err
}

// release lets go of what is open, as far as Open came.
func (s *Service) release() error {
	s.end()
	if s.capture != nil {
		s.capture.Close()
	}
	if s.broker != nil {
		return s.broker.Close()
	}
	return nil
}

func (s *Service) isClosed() bool {
	s.closing.Lock()
	defer s.closing.Unlock()
	return s.closed
}

// enter counts a request in, so that Close can wait for it; false once closed.
func (s *Service) enter() bool {
	s.closing.Lock()
	defer s.closing.Unlock()
	if !s.closed {
		s.working.Add(1)
	}
	return !s.closed
}
