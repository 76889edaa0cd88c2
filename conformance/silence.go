package conformance

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/runner"
)

// againAfter is the pause before a target is asked again whether it is there: one that
// fell may be started anew by who watches it.
const againAfter = 100 * time.Millisecond

// rounds is how often as many cases as run side by side may in a row get no answer.
const rounds = 3

// silence is what a run knows of answers that did not come. A target that is gone is not
// asked by all that remains: where it hangs, each case would wait for it.
type silence struct {
	listening sync.Mutex
	// inARow counts the cases that got no answer since one did, gone says why no more
	// is asked; empty while the target is there.
	inARow int
	gone   string
}

func (s *silence) isGone() string {
	s.listening.Lock()
	defer s.listening.Unlock()
	return s.gone
}

// heard notes whether a case got its answers. After one that did not the target is
// asked for its health, and given up when it gives no answer to that either.
func (s *suite) heard(ctx context.Context, id string, outcome Outcome) {
	s.listening.Lock()
	defer s.listening.Unlock()
	switch {
	case outcome.Verdict == report.Error || s.gone != "":
		return
	case !outcome.silent():
		s.inARow = 0
		return
	}
	s.inARow++
	if err := s.health(ctx); err != nil && ctx.Err() == nil {
		s.gone = fmt.Sprintf("the target gives no answer any more, after the case %s, nor to GET /health: %v", id, err)
	} else if s.inARow >= rounds*s.Parallel {
		s.gone = fmt.Sprintf("the target answers GET /health alone: %d cases in a row got no answer, the last was %s", s.inARow, id)
	}
}

// silent tells whether the case failed for an answer that did not come.
func (o Outcome) silent() bool {
	if o.Verdict != report.Fail || o.Result == nil {
		return false
	}
	return o.Result.Outcome() == runner.OutcomeUnreachable ||
		slices.ContainsFunc(o.Result.Diagnostics, func(d runner.Diagnostic) bool { return d.Code == "timeout" })
}

// health is the error of a target one of whose APIs gives no answer for as long as one
// may take.
func (s *suite) health(ctx context.Context) error {
	c := newClient(s.Target, s.Timescale)
	c.within = cmp.Or(s.within, c.within)
	defer c.http.Close()
	ctx, cancel := context.WithTimeoutCause(ctx, c.within, fmt.Errorf("no answer within %s", c.within))
	defer cancel()
	for _, base := range []string{s.Target.PulseURL, s.Target.AccelerateURL} {
		if base == "" {
			continue
		}
		if err := c.await(ctx, base); err != nil {
			return err
		}
	}
	return nil
}

// await asks until there is an answer.
func (c *client) await(ctx context.Context, base string) error {
	for {
		_, err := c.ask(ctx, http.MethodGet, base, "/health", nil)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(againAfter):
		}
	}
}
