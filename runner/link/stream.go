package link

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/condition"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// defaultIdle ends a stream that sends nothing when the step does not say how
// long to read it.
const defaultIdle = 5 * time.Second

// longestStream bounds the times of x-sse: a longer one is a mistake, or outlives
// the pipeline that waits for it.
const longestStream = 24 * time.Hour

// MaxEvents bounds the events of one stream that are kept.
const MaxEvents = 100_000

// Stream is the step extension x-sse: when to stop reading a stream.
type Stream struct {
	// Given is true where the step has the extension; At is the step.
	Given bool
	At    source.Position
	// Events is how many are wanted; 0 means no number.
	Events int
	// Until is asked after each event; nil where not given.
	Until *condition.Condition
	// Within, Idle and Linger are 0 where not given.
	Within, Idle, Linger time.Duration
	// background lets the steps after this one run while the stream is read.
	background bool
	// Reconnect is how often the stream is asked for again, from its last event on,
	// when it ends before there is enough; 0 means never.
	Reconnect int
}

// MaxReconnects bounds how often a stream is asked for again.
const MaxReconnects = 1000

// streamExtension says when to stop reading a stream.
const streamExtension = "x-sse"

// stream reads the x-sse extension. An unknown member is an error: a misspelt
// one would be a stream read in another way than its author meant.
func (at *site) stream() Stream {
	s := at.step.Step
	o := Stream{At: s.Position()}
	v := s.Extension(streamExtension)
	if v == nil {
		o.Idle = defaultIdle
		return o
	}
	o.Given = true
	if v.Kind != source.Object {
		at.wrongStream(v.Position, "x-sse is no object")
	}
	if at.callsNoOperation() {
		at.report(&source.Diagnostic{
			Code: "arazzo/no-effect", Severity: source.Warning, Position: v.Position,
			Message:  fmt.Sprintf("x-sse has no effect: the step %q calls no HTTP operation", s.StepID),
			Expected: "a step without it", Fix: "remove it",
		})
	}
	for _, m := range v.Members {
		at.streamMember(&o, m)
	}
	if o.Events > 0 && o.Until != nil {
		at.wrongStream(v.Position, "x-sse has both events and until, and each says when to stop")
	}
	if o.Idle == 0 && o.Within == 0 {
		o.Idle = defaultIdle
	}
	return o
}

func (at *site) streamMember(o *Stream, m source.Member) {
	switch m.Key {
	case "events":
		o.Events = at.count(m, MaxEvents)
	case "within":
		o.Within = at.milliseconds(m)
	case "idle":
		o.Idle = at.milliseconds(m)
	case "linger":
		o.Linger = at.milliseconds(m)
	case "until":
		o.Until = at.until(m.Value)
	case "reconnect":
		o.Reconnect = at.count(m, MaxReconnects)
	case "background":
		background, ok := m.Value.Scalar.(bool)
		if !ok {
			at.wrongStream(m.Value.Position, "background is neither true nor false")
		}
		o.background = background
	default:
		at.wrongStream(m.Position, fmt.Sprintf("x-sse has no member %q", m.Key))
	}
}

// unchanging are the roots of an exchange: while a stream is read it is the body
// alone that grows.
var unchanging = []expression.Root{
	expression.URL, expression.Method, expression.StatusCode, expression.Request, expression.Response, expression.Message,
}

// until reads the condition that ends a stream. It is asked after every event: of
// the exchange it can look at the events alone, which are $response.body, and one
// that does not look at them comes to the same each time.
func (at *site) until(v *source.Value) *condition.Condition {
	text, ok := v.Text()
	if !ok {
		at.wrongStream(v.Position, "until is not a text")
		return nil
	}
	parsed, err := condition.Simple(text)
	if err != nil {
		at.wrongStream(diagnose(err, v).Position, fmt.Sprintf("until is not a simple condition: %v", err))
		return nil
	}
	looks := false
	for _, r := range parsed.References() {
		events := r.Root == expression.Response && r.Part == "body"
		if slices.Contains(unchanging, r.Root) && !events {
			at.wrongStream(v.Offset(r.Offset), fmt.Sprintf("until looks at %s, which no event changes", r.Text))
			looks = true // and that it looks at the wrong thing was said
		}
		looks = looks || events
		at.check(r, v)
	}
	if !looks {
		at.wrongStream(v.Position, "until does not look at $response.body, which is the events so far")
	}
	at.conditionDialects(parsed, v)
	return parsed
}

func (at *site) milliseconds(m source.Member) time.Duration {
	return time.Duration(at.count(m, int(longestStream.Milliseconds()))) * time.Millisecond
}

// count reads a positive whole number.
func (at *site) count(m source.Member, most int) int {
	n, err := strconv.Atoi(fmt.Sprint(m.Value.Scalar))
	if err != nil || n < 1 || n > most || m.Value.Kind != source.Number {
		at.wrongStream(m.Value.Position, fmt.Sprintf("%s is no whole number from 1 to %d", m.Key, most))
		return 0
	}
	return n
}

func (at *site) wrongStream(place source.Position, message string) {
	at.report(&source.Diagnostic{
		Code: "arazzo/wrong-x-sse", Position: place, Message: message,
		Expected: "events: COUNT or until: CONDITION, within: MS, idle: MS, linger: MS, reconnect: COUNT, background: true",
	})
}
