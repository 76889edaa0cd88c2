package pulse

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// subscribers counts the live subscriptions.
type subscribers struct{ n atomic.Int64 }

// enter counts one in, unless there are limit already; leave must follow.
func (s *subscribers) enter(limit int) bool {
	if s.n.Add(1) > int64(limit) {
		s.leave()
		return false
	}
	return true
}

func (s *subscribers) leave() { s.n.Add(-1) }

// consumers knows the one live consumer that each named stream has on this node,
// and what the store last said of the stream.
type consumers struct {
	mu   sync.Mutex
	live map[string]*consumer
	last map[string]word
}

// word is what is known of who has a stream, since a revision of its key.
type word struct {
	revision uint64
	// id and token are the stream's and its newest consumer's; ended says that nobody
	// is to be served from it.
	id, token string
	ended     bool
}

// Why a consumer's context ended, if not by its peer or the service.
var (
	errReplaced = errors.New("a newer consumer came")
	errDeleted  = errors.New("the stream was deleted")
	errStopped  = errors.New("the stream was stopped")
)

// consumer is a connection that reads a named stream.
type consumer struct {
	cancel context.CancelCauseFunc
	done   chan struct{}
	// has is what it took, at revision 0 until it has.
	has word
}

// take makes the caller the consumer of a stream on this node: the newest wins,
// for a dead peer must not block resumption. An earlier one is ended first. The
// returned context ends when a newer consumer comes or the stream goes; leave must
// be called when the caller is done.
func (c *consumers) take(ctx context.Context, name string) (mine *consumer, own context.Context, leave func()) {
	own, cancel := context.WithCancelCause(ctx)
	mine = &consumer{cancel: cancel, done: make(chan struct{})}
	c.mu.Lock()
	earlier := c.live[name]
	if c.live == nil {
		c.live = map[string]*consumer{}
	}
	c.live[name] = mine
	c.mu.Unlock()
	if earlier != nil {
		// Waiting has no bound of its own: a canceled consumer's writes are freed,
		// and two at a time would break the stream's order.
		earlier.cancel(errReplaced)
		<-earlier.done
	}
	return mine, own, func() {
		cancel(nil)
		c.mu.Lock()
		if c.live[name] == mine {
			delete(c.live, name)
			c.forget(name)
		}
		c.mu.Unlock()
		close(mine.done)
	}
}

// took says what the consumer took in the store. Somebody on another node may have
// taken it from there already.
func (c *consumers) took(mine *consumer, name string, has word) {
	c.mu.Lock()
	defer c.mu.Unlock()
	mine.has = has
	mine.judge(c.last[name])
}

// hear takes what the store says of a stream, in any order, and ends a consumer
// that does not have it any more.
func (c *consumers) hear(name string, said word) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last == nil {
		c.last = map[string]word{}
	}
	if said.revision <= c.last[name].revision {
		return
	}
	c.last[name] = said
	c.forget(name)
	if live := c.live[name]; live != nil {
		live.judge(said)
	}
}

// gone takes a notice that a stream was deleted, for what it was deleted with may have
// gone unheard. It says nothing of a later stream of the same name.
func (c *consumers) gone(name, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last[name].id == id {
		delete(c.last, name)
	}
	if live := c.live[name]; live != nil && live.has.id == id {
		live.cancel(errDeleted)
	}
}

// forget drops what is known of a stream that was deleted, once nobody consumes it.
func (c *consumers) forget(name string) {
	if said := c.last[name]; said.ended && said.id == "" && c.live[name] == nil {
		delete(c.last, name)
	}
}

// judge ends the consumer when what was said after it took the stream speaks of
// another, or of an end.
func (m *consumer) judge(said word) {
	if m.has.revision == 0 || said.revision <= m.has.revision {
		return
	}
	switch {
	case said.id != m.has.id:
		m.cancel(errDeleted)
	case said.ended:
		m.cancel(errStopped)
	case said.token != m.has.token:
		m.cancel(errReplaced)
	}
}

// end ends the consumer of a stream, if there is one, and waits for it.
func (c *consumers) end(name string, why error) {
	c.mu.Lock()
	live := c.live[name]
	c.mu.Unlock()
	if live != nil {
		live.cancel(why)
		<-live.done
	}
}

// endAll ends every consumer, whose stream was stopped, without waiting.
func (c *consumers) endAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, live := range c.live {
		live.cancel(errStopped)
	}
}

// watchStreams hears what the store says of the streams, whichever node changes
// them, until ctx ends.
func (s *Service) watchStreams(ctx context.Context) {
	for {
		err := s.watchStreamsOnce(ctx)
		if ctx.Err() != nil {
			return
		}
		s.options.Log.Debug("pulse: the streams are watched again", "error", err)
		select {
		case <-time.After(watchAgain):
		case <-ctx.Done():
			return
		}
	}
}

// watchAgain is the pause after a broken watch.
const watchAgain = time.Second

// watchStreamsOnce hears everything from the present state on, until that breaks.
func (s *Service) watchStreamsOnce(ctx context.Context) error {
	watcher, err := s.streams.kv.WatchAll(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = watcher.Stop() }()
	for {
		select {
		case entry, open := <-watcher.Updates():
			if !open {
				return errors.New("the watch ended")
			}
			if entry != nil {
				s.hear(entry)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *Service) hear(entry jetstream.KeyValueEntry) {
	if entry.Operation() != jetstream.KeyValuePut {
		if name, err := base64.RawURLEncoding.DecodeString(entry.Key()); err == nil {
			s.consumers.hear(string(name), word{revision: entry.Revision(), ended: true})
		}
		return
	}
	if id, deleted := strings.CutPrefix(entry.Key(), notice); deleted {
		s.consumers.gone(string(entry.Value()), id)
		return
	}
	if n, err := decodeStream(entry); err == nil {
		s.consumers.hear(n.Name, word{revision: entry.Revision(), id: n.ID, token: n.Consumer, ended: n.Stopped != ""})
	}
}
