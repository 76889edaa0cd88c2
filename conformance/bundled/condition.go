package bundled

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/arazzo-conformance/arazzo/conformance"
)

// condition is a server on which one holds, when it was asked for.
type condition struct {
	// start starts it, and says what has to be ended of it even when it fails.
	start  func(context.Context, *Reference, *condition) error
	once   sync.Once
	err    error
	target conformance.Target
	logged journal
	// closers end it, the last one first.
	closers []func(context.Context) error

	mutex sync.Mutex
	// keys are those that nobody had yet, of the first and of the second environment,
	// where each who asks gets keys of his own; else nil.
	keys [][2]string
}

// onStop ends something before what was there before it.
func (c *condition) onStop(f func(context.Context) error) { c.closers = append(c.closers, f) }

// Under is a reference on which the condition holds. Who asks first waits for its
// start; all others get the same one. Under [conformance.RateLimited] each gets keys
// of his own, of the same two environments, so that none takes another's share.
func (r *Reference) Under(_ context.Context, name conformance.Condition) (conformance.Target, error) {
	c := r.conditions[name]
	if c == nil {
		return conformance.Target{}, fmt.Errorf("the bundled reference has no way to the condition %q", name)
	}
	c.once.Do(func() {
		// Whoever asked may go away; the others want it all the same.
		if c.err = c.start(r.live, r, c); c.err != nil {
			c.err = fmt.Errorf("the condition %s cannot be made: %w", name, c.err)
		}
	})
	if c.err != nil {
		return conformance.Target{}, c.err
	}
	return c.next()
}

// next is the target, with keys of its own where the condition is about keys.
func (c *condition) next() (conformance.Target, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	target := c.target
	if c.keys == nil {
		return target, nil
	}
	if len(c.keys) == 0 {
		return target, fmt.Errorf("each case under this condition has a key of its own, and there are no more than %d", rateLimitedKeys)
	}
	target.APIKey, target.OtherAPIKey = c.keys[0][0], c.keys[0][1]
	c.keys = c.keys[1:]
	return target, nil
}

// stop ends the server, or keeps it from being started.
func (c *condition) stop(ctx context.Context) error {
	c.once.Do(func() { c.err = errors.New("the reference was stopped") })
	var errs []error
	for len(c.closers) > 0 {
		last := c.closers[len(c.closers)-1]
		c.closers = c.closers[:len(c.closers)-1]
		errs = append(errs, last(ctx))
	}
	return errors.Join(errs...)
}
