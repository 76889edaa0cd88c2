package runner

import (
	"context"
	"net/http"
	"regexp"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
)

// pause waits before a retry: for so long, or as long as the response's Retry-After
// asks for (S-123). It says why the run is over when that ends first.
func (x *workflowRun) pause(ctx context.Context, after time.Duration, answer *response) *Problem {
	if problem := x.mayGoOn(ctx); problem != nil {
		return problem
	}
	if err := x.options.Clock.Wait(ctx, x.wait(after, answer)); err != nil {
		return interruption(ctx)
	}
	return nil
}

// wait is how long a pause is.
func (x *workflowRun) wait(after time.Duration, answer *response) time.Duration {
	if answer == nil {
		return after
	}
	if asked, ok := retryAfter(answer.header, x.options.Clock.Now()); ok {
		return asked
	}
	return after
}

// poll waits before a step that goes to itself is visited again (S-129, D12).
func (v *visit) poll(ctx context.Context) *Problem {
	if v.next.Step != v.step.Step || v.next.Type != arazzo.Goto {
		return nil
	}
	return v.pause(ctx, max(v.options.PollInterval, 0), v.seen.response)
}

// longestRetryAfter caps what a server may ask for, so that it cannot hold a
// pipeline for hours.
const longestRetryAfter = 5 * time.Minute

var delaySeconds = regexp.MustCompile(`^[0-9]+$`)

// retryAfter reads the header of RFC 9110, section 10.2.3: seconds, or a date.
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	text := h.Get("Retry-After")
	if delaySeconds.MatchString(text) {
		seconds, err := time.ParseDuration(text + "s")
		if err != nil { // more than a Duration holds
			seconds = longestRetryAfter
		}
		return min(seconds, longestRetryAfter), true
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(at.Sub(now), 0), longestRetryAfter), true
	}
	return 0, false
}
