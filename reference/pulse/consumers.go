package pulse

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
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

// consumers knows the one live consumer of each named stream.
type consumers struct {
	mu   sync.Mutex
	live map[string]*consumer
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
}

// take makes the caller the consumer of a stream: the newest wins, for a dead
// peer must not block resumption. An earlier one is ended first. The returned
// context ends when a newer consumer comes or the stream goes; leave must be
// called when the caller is done.
func (c *consumers) take(ctx context.Context, name string) (own context.Context, leave func()) {
	own, cancel := context.WithCancelCause(ctx)
	mine := &consumer{cancel: cancel, done: make(chan struct{})}
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
	return own, func() {
		cancel(nil)
		c.mu.Lock()
		if c.live[name] == mine {
			delete(c.live, name)
		}
		c.mu.Unlock()
		close(mine.done)
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
