package runner

import (
	"fmt"
	"strconv"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/condition"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// defaultIdle ends a stream that sends nothing when the step does not say how
// long to read it.
const defaultIdle = 5 * time.Second

// longestStream bounds the times of x-sse: a longer one is a mistake, or outlives
// the pipeline that waits for it.
const longestStream = 24 * time.Hour

// streamOptions is the step extension x-sse: when to stop reading a stream.
type streamOptions struct {
	given bool
	// at is the step, where the extension is missing.
	at source.Position
	// events is how many are wanted; 0 means no number.
	events int
	until  *condition.Condition
	// within, idle and linger are 0 where not given.
	within, idle, linger time.Duration
}

// stream plans the x-sse extension. An unknown member is an error: a misspelt
// one would be a stream read in another way than its author meant.
func (c *scoped) stream(s *arazzo.Step) streamOptions {
	o := streamOptions{at: s.Position()}
	v := s.Extension("x-sse")
	if v == nil {
		c.otherExtensions(s)
		o.idle = defaultIdle
		return o
	}
	o.given = true
	if v.Kind != source.Object {
		c.wrongStream(v.Position, "x-sse is no object")
	}
	for _, m := range v.Members {
		c.streamMember(&o, m)
	}
	if o.events > 0 && o.until != nil {
		c.wrongStream(v.Position, "x-sse has both events and until, and each says when to stop")
	}
	if o.idle == 0 && o.within == 0 {
		o.idle = defaultIdle
	}
	return o
}

// otherExtensions warns of an extension that may be a misspelt x-sse. Others are
// no business of this runner.
func (c *scoped) otherExtensions(s *arazzo.Step) {
	for _, m := range s.Extensions() {
		if fix := didYouMean(m.Key, []string{"x-sse"}); fix != "" {
			c.report(&source.Diagnostic{
				Code: "arazzo/unknown-extension", Severity: source.Warning, Position: m.Position,
				Message: fmt.Sprintf("the extension %s means nothing to this runner", m.Key), Fix: fix,
			})
		}
	}
}

func (c *scoped) streamMember(o *streamOptions, m source.Member) {
	switch m.Key {
	case "events":
		o.events = c.count(m, maxEvents)
	case "within":
		o.within = c.milliseconds(m)
	case "idle":
		o.idle = c.milliseconds(m)
	case "linger":
		o.linger = c.milliseconds(m)
	case "until":
		o.until = c.until(m.Value)
	default:
		c.wrongStream(m.Position, fmt.Sprintf("x-sse has no member %q", m.Key))
	}
}

func (c *scoped) until(v *source.Value) *condition.Condition {
	text, _ := v.Text()
	parsed, err := condition.Simple(text)
	if err != nil {
		c.wrongStream(v.Position, fmt.Sprintf("until is not a simple condition: %v", err))
		return nil
	}
	for _, r := range parsed.References() {
		c.check(r, v.Offset(r.Offset))
	}
	return parsed
}

func (c *scoped) milliseconds(m source.Member) time.Duration {
	return time.Duration(c.count(m, int(longestStream.Milliseconds()))) * time.Millisecond
}

// count reads a positive whole number.
func (c *scoped) count(m source.Member, most int) int {
	n, err := strconv.Atoi(fmt.Sprint(m.Value.Scalar))
	if err != nil || n < 1 || n > most || m.Value.Kind != source.Number {
		c.wrongStream(m.Value.Position, fmt.Sprintf("%s is no whole number from 1 to %d", m.Key, most))
	}
	return n
}

func (c *scoped) wrongStream(at source.Position, message string) {
	c.report(&source.Diagnostic{
		Code: "arazzo/wrong-x-sse", Position: at, Message: message,
		Expected: "events: COUNT or until: CONDITION, within: MS, idle: MS, linger: MS",
	})
}
