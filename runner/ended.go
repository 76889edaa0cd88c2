package runner

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/exchange"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
	"github.com/arazzo-conformance/arazzo/runner/sse"
)

// Why a stream was left: it ended by itself, or nobody waited for it any more.
const (
	serverClosed  = "the server closed the stream"
	workflowEnded = "the workflow ended"
)

// lacking tells that a stream was left, or ended, before there was enough.
func (x *reading) lacking(why string) *Problem {
	switch {
	case !x.step.wantsStream(x.seen.response.status):
		return nil
	case len(x.events) < x.Events:
		return &Problem{Code: "stream-ended", Message: fmt.Sprintf("%d of %d events came: %s", len(x.events), x.Events, x.ended(why)), Fix: x.remedy(why)}
	case x.Until != nil && !x.satisfied():
		return &Problem{Code: "stream-ended", Message: fmt.Sprintf("the condition of until never held in %d events: %s; %s", len(x.events), x.ended(why), x.unsatisfied()), Fix: x.remedy(why)}
	}
	return nil
}

// ended is why a stream was left, with what else is known of it.
func (x *reading) ended(why string) string {
	if x.isHeldBack(why) {
		why += "; the stream is compressed with " + x.encoding()
	}
	return why + x.besides()
}

// besides says why the stream was not had again, and what a server may have meant for an
// event.
func (x *reading) besides() string {
	told := ""
	if x.refused != "" {
		told = "; asked for again, " + x.refused
	}
	if x.withoutID {
		told = "; it was not asked for again, for its last event has no id"
	}
	if rest := x.strange(); rest != "" {
		told += "; what else came is no event: " + rest
	}
	return told
}

// isHeldBack tells whether what the server sent may be in its compressor yet.
func (x *reading) isHeldBack(why string) bool {
	return why != serverClosed && x.encoding() != "" && x.decoder.Load().rest() == ""
}

// encoding is how the stream is compressed; empty where it is not.
func (x *reading) encoding() string {
	encoding := strings.Join(x.seen.response.header.Values("Content-Encoding"), ", ")
	if strings.EqualFold(encoding, "identity") {
		return ""
	}
	return expression.Cut(encoding, excerptLength)
}

// remedy is what to do about a stream that was left too early.
func (x *reading) remedy(why string) string {
	switch {
	case x.strange() != "":
		return "an event of text/event-stream has a line that begins with data: and ends with a blank line; one of newline-delimited JSON is a line"
	case x.withoutID:
		return giveIDs
	case x.isHeldBack(why):
		return "have the server flush its compressor behind each event, or ask for none with the header Accept-Encoding: identity"
	case why == workflowEnded:
		return "have a later step wait for it with dependsOn"
	case why == serverClosed:
		return "see why the server ends it, want fewer events, or ask for it again with reconnect"
	default:
		return "see why the server sends no more, want fewer events, or wait longer with idle or within"
	}
}

// giveIDs is what to do about a stream that cannot be asked for again.
const giveIDs = "have the server give its events an id, which a client that asks again names as the last one it has"

// strange is an excerpt of what came behind the last event and is none, where there is
// more than a server sends that means no event: comments, which keep a connection open,
// and what is for asking again.
func (x *reading) strange() string {
	rest := x.decoder.Load().rest()
	for line := range strings.Lines(rest) {
		switch name, _, _ := strings.Cut(strings.TrimSpace(line), ":"); name {
		case "", "id", "retry":
		default:
			return excerpt(x.run.secrets.text(rest))
		}
	}
	return ""
}

// unsatisfied is what the condition of until saw at last.
func (x *reading) unsatisfied() string {
	return seenBy(x.run.maskCriterion(resultOf(x.Until.Evaluate(x.seen, nil))))
}

// tell notes what a reader of the report has to know of how the stream was read.
func (x *reading) tell(why string, problem *Problem) {
	if x.reconnects > 0 {
		x.note(x.reconnected())
	}
	if x.replaced > 0 {
		x.note(&source.Diagnostic{
			Code: "undecodable-body", Severity: source.Warning, Position: x.At,
			Message:  fmt.Sprintf("event no. %d of the step %q has bytes that are no UTF-8: U+FFFD stands in their place", x.replaced, x.step.StepID),
			Expected: "events in UTF-8, whatever charset the header names",
		})
	}
	if problem != nil {
		return
	}
	rest := x.strange()
	switch {
	case why == serverClosed && rest != "":
		x.note(&source.Diagnostic{
			Code: "undecodable-body", Severity: source.Warning, Position: x.At,
			Message:  fmt.Sprintf("the stream of the step %q ended with what is no event: %s", x.step.StepID, rest),
			Expected: "events, each with its data and a blank line behind it",
		})
	case !x.Given && why != serverClosed:
		x.note(&source.Diagnostic{
			Code: "stream-cut", Severity: source.Warning, Position: x.At,
			Message:  fmt.Sprintf("the stream was read until %s; it may have had more to say", x.ended(why)),
			Expected: "an x-sse extension that says when the step has enough",
		})
	}
}

func (x *reading) note(d *source.Diagnostic) {
	x.seen.request.notes = append(x.seen.request.notes, d)
}

// closed says how the stream ended by itself.
func (x *reading) closed(err error) (string, *Problem) {
	var told *exchange.Error
	switch {
	case errors.Is(err, io.EOF):
		return serverClosed, nil
	case tooLong(err):
		return "", &Problem{
			Code: exchange.TooLarge, Message: fmt.Sprintf("event no. %d of the stream, or a line before it, has more than %d bytes", len(x.events)+1, maxEventBytes),
			Fix: "have the server send smaller events",
		}
	case errors.As(err, &told) && told.Code == exchange.TooLarge:
		return "", &Problem{Code: told.Code, Message: fmt.Sprintf("the stream has more than %d bytes", x.run.options.MaxResponseBytes), Fix: told.Fix}
	case errors.As(err, &told) && told.Code != exchange.Broken:
		return "", &Problem{Code: told.Code, Message: told.Message, Fix: told.Fix}
	}
	return "", x.broke(err)
}

// broke tells of a stream whose connection ended.
func (x *reading) broke(err error) *Problem {
	why := err.Error()
	if told := (*exchange.Error)(nil); errors.As(err, &told) {
		why = told.Message
	}
	fix := "see why the connection ends, or ask for the stream again with reconnect"
	if x.withoutID {
		fix = giveIDs
	}
	return &Problem{Code: "stream-ended", Message: fmt.Sprintf("the stream broke after %d events: %s%s", len(x.events), why, x.besides()), Fix: fix}
}

// tooLong tells of an event that is longer than any may be.
func tooLong(err error) bool {
	return errors.Is(err, sse.ErrTooLarge) || errors.Is(err, bufio.ErrTooLong)
}

// isFutile tells that a stream which ended with err would end so again.
func isFutile(err error) bool {
	var told *exchange.Error
	return tooLong(err) || errors.As(err, &told) && told.Code != exchange.Broken
}

func (x *reading) tooMany() *Problem {
	return &Problem{
		Code: exchange.TooLarge, Message: fmt.Sprintf("the stream has more than %d events", link.MaxEvents),
		Fix: "stop reading it earlier, with events, until or within of x-sse",
	}
}
