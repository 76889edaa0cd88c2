package runner

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/exchange"
	"github.com/arazzo-conformance/arazzo/runner/source"
	"github.com/arazzo-conformance/arazzo/runner/sse"
)

// maxEventBytes bounds one event of a stream; all that a step keeps of it together
// has [Options.MaxResponseBytes] at the most, like any response.
const maxEventBytes = 16 << 20

// decoder gives the next event of a stream, and io.EOF at its end.
type decoder func() (event, error)

// event is one event: the value that expressions see, and what the server wants of a
// client that asks for the stream again.
type event struct {
	value any
	id    string
	retry time.Duration
}

// opener begins to read a stream that goes on behind the last event; behind none, that
// is the zero event.
type opener func(body io.Reader, last event) decoder

// streamOf returns how the response streams, or nil when it does not.
func streamOf(h http.Header) opener {
	media, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	switch media {
	case "text/event-stream":
		return serverSentEvents
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines":
		return newlineDelimited
	default:
		return nil
	}
}

func serverSentEvents(body io.Reader, last event) decoder {
	reader := sse.NewReader(body)
	reader.Resume(sse.Event{ID: last.id, Retry: last.retry})
	return func() (event, error) {
		e, err := reader.Next()
		return event{map[string]any{"id": e.ID, "event": e.Type, "data": dataOf(e.Data)}, e.ID, e.Retry}, err
	}
}

// newlineDelimited reads a value from each line. The last line needs no end, unless the
// stream broke: then nobody knows what of it is missing.
func newlineDelimited(body io.Reader, _ event) decoder {
	broken := false
	lines := bufio.NewScanner(readerFunc(func(p []byte) (int, error) {
		n, err := body.Read(p)
		broken = err != nil && !errors.Is(err, io.EOF)
		return n, err
	}))
	lines.Buffer(nil, maxEventBytes)
	lines.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		if atEOF && broken && bytes.IndexByte(data, '\n') < 0 {
			return len(data), nil, nil
		}
		return bufio.ScanLines(data, atEOF)
	})
	return func() (event, error) {
		for lines.Scan() {
			if line := bytes.TrimSpace(lines.Bytes()); len(line) > 0 {
				return event{value: map[string]any{"id": nil, "event": nil, "data": dataOf(string(line))}}, nil
			}
		}
		if err := lines.Err(); err != nil {
			return event{}, err
		}
		return event{}, io.EOF
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// dataOf parses an event's data where it is JSON.
func dataOf(text string) any {
	if value, err := source.DecodeJSON(text); err == nil {
		return value
	}
	return text
}

// tooLarge tells a stream that has more bytes than a response may have.
func tooLarge(err error) bool {
	var told *exchange.Error
	return errors.As(err, &told) && told.Code == exchange.TooLarge
}
