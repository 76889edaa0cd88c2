package bus

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/cache"
)

const (
	// Within is how long after an invalidation was told what it was about may be served
	// elsewhere.
	Within = 5 * time.Second
	// beat is how often a node says something: a few may be lost or late.
	beat = time.Second
	// tellWait is how long JetStream may take to acknowledge.
	tellWait = 2 * time.Second
	// tryAgain is the pause after what went wrong.
	tryAgain = 250 * time.Millisecond
	// kept is how long messages stay, and a consumer that nobody reads from: a
	// connection that comes back sooner goes on where it was.
	kept = time.Minute
	// maxBytes bounds the stream.
	maxBytes = 16 << 20
)

// of is the name of the stream among those of an environment.
const of = "invalidations"

// Bus is a node's way to the others. It implements [cache.Peers].
type Bus struct {
	log *slog.Logger
	// node names this one among the nodes.
	node   string
	within time.Duration
	beat   time.Duration
	// beats numbers all that is said to be heard.
	beats atomic.Uint64

	local cache.Local
	// broker is what Begin was given, begun is closed then.
	broker *broker.Broker
	begun  chan struct{}

	live context.Context
	end  context.CancelFunc
	done sync.WaitGroup
}

// New makes a bus, which tells nothing before [Bus.Begin].
func New(log *slog.Logger) *Bus {
	b := &Bus{log: log, node: rand.Text(), within: Within, beat: beat, begun: make(chan struct{})}
	b.live, b.end = context.WithCancel(context.Background())
	return b
}

// Within is [Within].
func (b *Bus) Within() time.Duration { return b.within }

// Join has a cache hear what other nodes tell. It comes before Begin.
func (b *Bus) Join(local cache.Local) { b.local = local }

// Begin begins to listen. The broker is that of the environment, and outlives the bus.
func (b *Bus) Begin(to *broker.Broker) {
	b.broker = to
	close(b.begun)
	b.done.Go(b.listen)
}

// Close ends listening. The cache serves nothing from Within on.
func (b *Bus) Close() {
	b.end()
	b.done.Wait()
}

// message is what a node says: that it is there, or what was invalidated.
type message struct {
	Node string `json:"node"`
	// Beat numbers what a node says to hear itself; 0 is an invalidation, of everything
	// where there are no Tags.
	Beat uint64   `json:"beat,omitempty"`
	Tags []string `json:"tags,omitempty"`
}

// Tell tells the other nodes that tags were invalidated here, nil for everything. The
// error is that it cannot be told that they know.
func (b *Bus) Tell(ctx context.Context, tags []string) error {
	select {
	case <-b.begun:
	default:
		return errors.New("invalidations: NATS was not reached yet")
	}
	if err := b.broker.Trouble(); err != nil {
		return err
	}
	return b.say(ctx, message{Node: b.node, Tags: tags})
}

// say puts a message into the stream.
func (b *Bus) say(ctx context.Context, m message) error {
	ctx, cancel := context.WithTimeout(ctx, tellWait)
	defer cancel()
	text, err := json.Marshal(m)
	if err == nil {
		_, err = b.broker.JetStream.Publish(ctx, b.broker.Subject(of), text, jetstream.WithExpectStream(b.broker.Name(of)))
	}
	if err != nil {
		return fmt.Errorf("invalidations: %w", err)
	}
	return nil
}

// listen listens until the bus is closed, each time anew when something may have been
// missed.
func (b *Bus) listen() {
	told := ""
	for b.live.Err() == nil {
		s := &session{bus: b, sent: map[uint64]time.Time{}}
		err := s.run()
		if b.live.Err() != nil {
			return
		}
		// The same again while NATS is away is not worth a line each.
		if s.heard {
			told = ""
		}
		if text := err.Error(); text != told {
			told = text
			b.log.Warn("cache: invalidations of other nodes may have been missed; the cache begins anew when they are heard", "error", err)
		}
		select {
		case <-time.After(tryAgain):
		case <-b.live.Done():
		}
	}
}
