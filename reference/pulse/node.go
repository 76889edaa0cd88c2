package pulse

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/capture"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
)

const (
	// leaseLength is how long the node that has the slot may be silent before
	// another takes it over.
	leaseLength = 10 * time.Second
	// joinPoll is how often a node that starts looks whether changes are captured.
	joinPoll = 50 * time.Millisecond
)

// node is this process's part among those that serve one database from one log.
// Alone, with a log of its own, it has no lease: the folder's lock is its right to
// the slot.
type node struct {
	lease *eventlog.Lease
	// began takes what became of this node's first time with the slot: nil once
	// changes are captured.
	began chan error
	once  sync.Once
	// held says that this node had the slot when it began to end, which gives it back.
	held bool
}

// join takes part: as the one that captures or as one that follows. When it
// returns, somebody captures.
func (s *Service) join(ctx context.Context) error {
	if !s.broker.Shared() {
		confirmation, err := eventlog.OpenConfirmation(ctx, s.broker, s.log)
		if err == nil {
			err = s.connect(ctx, confirmation)
		}
		if err == nil {
			s.chores.Go(func() { s.capture.Run(s.receiving) })
		}
		return err
	}
	length := s.options.leaseLength
	lease, err := eventlog.OpenLease(ctx, s.broker, ulid.Make().String(), length)
	if err != nil {
		return err
	}
	s.node.lease, s.node.began = lease, make(chan error, 1)
	s.chores.Go(func() { s.takePart(s.receiving) })
	return s.awaitCapture(ctx)
}

// awaitCapture waits until this node or another captures.
func (s *Service) awaitCapture(ctx context.Context) error {
	poll := time.NewTicker(joinPoll)
	defer poll.Stop()
	for {
		select {
		case err := <-s.node.began:
			return err
		case <-poll.C:
			since, err := s.confirmation.Since(ctx)
			if err != nil {
				return err
			}
			if now, _ := s.state(); since != 0 && now.Link == capture.LinkConnected {
				return nil
			}
		case <-ctx.Done():
			return fmt.Errorf("no node captures the database's changes yet: %w", ctx.Err())
		}
	}
}

// takePart follows the log until this node has the lease, captures until it has
// lost it, and begins again, until ctx ends.
func (s *Service) takePart(ctx context.Context) {
	for ctx.Err() == nil {
		held, err := s.await(ctx)
		if err != nil {
			return
		}
		s.options.Log.Info("pulse: this node has the replication slot now")
		err = s.capturing(held.Context)
		held.Release(context.WithoutCancel(ctx))
		if ctx.Err() != nil {
			return
		}
		s.options.Log.Warn("pulse: this node does not have the replication slot any more", "error", err)
		// Whatever kept it from capturing, the others have the first try now.
		select {
		case <-time.After(s.node.lease.Length() / 4):
		case <-ctx.Done():
		}
	}
}

// await follows the log until this node has the lease.
func (s *Service) await(ctx context.Context) (*eventlog.Held, error) {
	following, stop := context.WithCancel(ctx)
	var followed sync.WaitGroup
	followed.Go(func() { s.log.Follow(following, s.options.Log) })
	defer followed.Wait()
	defer stop()
	return s.node.lease.Acquire(ctx, func() string { return string(s.capture.Link()) })
}

// capturing captures until ctx ends; the error is why it could not begin.
func (s *Service) capturing(ctx context.Context) error {
	err := s.log.Recover(ctx)
	var confirmation *eventlog.Confirmation
	if err == nil {
		confirmation, err = eventlog.OpenConfirmation(ctx, s.broker, s.log)
	}
	if err == nil {
		err = s.connect(ctx, confirmation)
	}
	s.node.once.Do(func() { s.node.began <- err })
	if err == nil {
		s.capture.Run(ctx)
	}
	return err
}

// connect begins to capture. A log that has lost confirmed events, with a damaged
// file, has a gap that no slot can fill.
func (s *Service) connect(ctx context.Context, confirmation *eventlog.Confirmation) error {
	if confirmation.LogIsShort() {
		const reason = "the event log ends before what it had confirmed to Postgres: its files were damaged, " +
			"and changes are gone that this stream had still to deliver"
		if err := s.stopStreams(ctx, reason); err != nil {
			return err
		}
		if err := confirmation.Reset(ctx, confirmation.Stored()); err != nil {
			return err
		}
	}
	return s.capture.Connect(ctx, s.log, confirmation)
}

// holdsSlot reports whether this node captures.
func (s *Service) holdsSlot() bool { return s.node.lease == nil || s.node.lease.Holding() }

// exclusive is what capture asks before it cuts another reader off the slot. The
// lock of a folder says nothing of services with other folders.
func (s *Service) exclusive() func() bool {
	if s.options.NATS.URL == "" {
		return nil
	}
	return func() bool { return s.node.lease.Holding() }
}

// state is what capture does, on whichever node: where another has the slot, its
// word for the link, and nothing of what only that one knows. cause is what is
// wrong among the nodes, empty where nothing is.
func (s *Service) state() (now capture.State, cause string) {
	now = s.capture.State()
	if s.holdsSlot() {
		return now, ""
	}
	holder, link, silent := s.node.lease.Holder()
	now.Slot = capture.SlotState{}
	switch length := s.node.lease.Length(); {
	case silent > 2*length:
		now.Link, cause = capture.LinkDisconnected, "No node is known to have the replication slot."
	case holder == "" || silent > length:
		now.Link, cause = capture.LinkReconnecting, "The replication slot is handed over to another node."
	case link == "":
		now.Link = capture.LinkReconnecting
	default:
		now.Link = capture.Link(link)
	}
	return now, cause
}

// openBroker opens the message server in this process, or connects to one outside.
func openBroker(ctx context.Context, o Options) (*broker.Broker, error) {
	switch {
	case o.NoPersistence:
		return broker.OpenMemory(ctx, o.Log)
	case o.NATS.URL != "":
		return broker.Connect(ctx, o.DataDir, o.NATS, o.Log)
	}
	return broker.Open(ctx, o.DataDir, !o.Temporary, o.Log)
}
