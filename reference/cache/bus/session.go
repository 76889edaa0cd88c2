package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// session is listening without a gap, from the first beat that is heard to the first
// message that may be missing.
type session struct {
	bus *Bus

	// heard says that a beat was; from then on the cache may serve.
	heard bool
	// consumer and stream are the numbers of the last message.
	consumer, stream uint64

	mu sync.Mutex
	// sent are the moments of the beats of this session that are still to be heard.
	sent map[uint64]time.Time
	// quiet is since when nothing was heard.
	quiet time.Time
}

// run listens until something is missing, and says what.
func (s *session) run() error {
	ctx, cancel := context.WithCancelCause(s.bus.live)
	defer cancel(nil)
	consumer, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer s.drop(consumer)
	messages, err := consumer.Messages(jetstream.PullMaxMessages(1000), jetstream.WithMessagesErrOnMissingHeartbeat(false))
	if err != nil {
		return err
	}
	defer messages.Stop()
	var beating sync.WaitGroup
	defer beating.Wait()
	defer cancel(nil)
	beating.Go(func() { cancel(s.beat(ctx)) })
	for {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err == nil {
			err = s.take(m)
		}
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		if err != nil {
			return err
		}
	}
}

// open makes the stream where it is missing, and a consumer of what comes into it from
// now on.
func (s *session) open(ctx context.Context) (jetstream.Consumer, error) {
	ctx, cancel := context.WithTimeout(ctx, tellWait)
	defer cancel()
	b := s.bus.broker
	stream, err := b.JetStream.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: b.Name(of), Subjects: []string{b.Subject(of)},
		Description: "Invalidations that the nodes of Accelerate tell each other.",
		// Nothing of it needs to outlive the servers: nodes that miss something begin anew.
		Storage: jetstream.MemoryStorage, Replicas: b.Replicas(),
		MaxAge: kept, MaxBytes: maxBytes, Discard: jetstream.DiscardOld,
	})
	if err != nil {
		return nil, fmt.Errorf("stream %s: %w", b.Name(of), err)
	}
	return stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
		Description:   "node " + s.bus.node,
		DeliverPolicy: jetstream.DeliverNewPolicy,
		AckPolicy:     jetstream.AckNonePolicy,
		// What is lost is noticed, and costs no more than beginning anew.
		MemoryStorage: true, Replicas: 1, InactiveThreshold: kept,
	})
}

// drop removes the consumer, which would go by itself in a while.
func (s *session) drop(consumer jetstream.Consumer) {
	if s.bus.broker.Trouble() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), tellWait)
	defer cancel()
	_ = s.bus.broker.JetStream.DeleteConsumer(ctx, s.bus.broker.Name(of), consumer.CachedInfo().Name)
}

// beat says something once in a while, and ends when nothing of it is heard though NATS
// is there: the stream may have gone, or the consumer.
func (s *session) beat(ctx context.Context) error {
	tick := time.NewTicker(s.bus.beat)
	defer tick.Stop()
	for {
		n := s.begin()
		if err := s.bus.say(ctx, message{Node: s.bus.node, Beat: n}); err != nil {
			s.forget(n)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if silence := s.silence(); silence > s.bus.within {
			return fmt.Errorf("nothing that this node says has come back for %s", silence.Round(time.Millisecond))
		}
	}
}

// silence is how long nothing was heard though it could have been.
func (s *session) silence() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.quiet.IsZero() || s.bus.broker.Trouble() != nil {
		s.quiet = time.Now()
	}
	return time.Since(s.quiet)
}

// begin notes the moment of the next beat, before it is said.
func (s *session) begin() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	// One of an earlier session may still come, and must not be taken for it.
	n := s.bus.beats.Add(1)
	s.sent[n] = time.Now()
	return n
}

func (s *session) forget(n uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sent, n)
}

// errGap says that messages are missing.
var errGap = errors.New("messages are missing")

// take does what a message says.
func (s *session) take(m jetstream.Msg) error {
	of, err := m.Metadata()
	if err != nil {
		return err
	}
	if s.heard && (of.Sequence.Consumer != s.consumer+1 || of.Sequence.Stream != s.stream+1) {
		return fmt.Errorf("%w: %d (%d) came after %d (%d)", errGap, of.Sequence.Stream, of.Sequence.Consumer, s.stream, s.consumer)
	}
	s.consumer, s.stream = of.Sequence.Consumer, of.Sequence.Stream
	var said message
	err = json.Unmarshal(m.Data(), &said)
	switch {
	case err == nil && said.Beat > 0:
		if said.Node == s.bus.node {
			s.hear(said.Beat)
		}
	case err == nil && said.Node == s.bus.node:
		// It was done here before it was told.
	case err == nil && len(said.Tags) > 0:
		s.bus.local.Invalidate(said.Tags...)
	default:
		// Everything, or something that this version does not understand.
		s.bus.local.InvalidateAll()
	}
	return nil
}

// hear takes note of a beat of this node: all that was told before it was said has been
// done. Before the first there may be a gap.
func (s *session) hear(n uint64) {
	s.mu.Lock()
	s.quiet = time.Now()
	at, known := s.sent[n]
	for said := range s.sent {
		if said <= n {
			delete(s.sent, said)
		}
	}
	s.mu.Unlock()
	if !known {
		return
	}
	if !s.heard {
		s.bus.local.InvalidateAll()
		s.heard = true
	}
	s.bus.local.Heard(at)
}
