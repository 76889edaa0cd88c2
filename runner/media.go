package runner

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner/source"
	"github.com/arazzo-conformance/arazzo/runner/sse"
)

// maxEventBytes bounds one event of a stream; all that a step keeps of it together
// has [Options.MaxResponseBytes] at the most, like any response.
const maxEventBytes = 16 << 20

// decoder reads a stream.
type decoder struct {
	// next gives the next event, and io.EOF at the end.
	next func() (event, error)
	// rest is the beginning of what came behind the last event and is none. It may be
	// asked for while next waits.
	rest func() string
}

// event is one event: the value that expressions see, and what the server wants of a
// client that asks for the stream again.
type event struct {
	value any
	id    string
	retry time.Duration
	// replaced tells that U+FFFD stands in the place of bytes that are no UTF-8.
	replaced bool
}

// opener begins to read a stream that goes on behind the last event; behind none, that
// is the zero event.
type opener func(body io.Reader, last event) *decoder

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

func serverSentEvents(body io.Reader, last event) *decoder {
	reader := sse.NewReader(body)
	reader.Resume(sse.Event{ID: last.id, Retry: last.retry})
	return &decoder{rest: reader.Rest, next: func() (event, error) {
		e, err := reader.Next()
		return event{map[string]any{"id": e.ID, "event": e.Type, "data": dataOf(e.Data)}, e.ID, e.Retry, e.Replaced}, err
	}}
}

// newlineDelimited reads a value from each line. The last line needs no end, unless the
// stream broke: then nobody knows what of it is missing.
func newlineDelimited(body io.Reader, _ event) *decoder {
	broken, ended := false, false
	var rest unended
	lines := bufio.NewScanner(readerFunc(func(p []byte) (int, error) {
		n, err := body.Read(p)
		rest.add(p[:n])
		ended = errors.Is(err, io.EOF)
		broken = err != nil && !ended
		return n, err
	}))
	lines.Buffer(nil, maxEventBytes)
	lines.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		if atEOF && broken && bytes.IndexByte(data, '\n') < 0 {
			return len(data), nil, nil
		}
		return bufio.ScanLines(data, atEOF)
	})
	return &decoder{rest: rest.String, next: func() (event, error) {
		for lines.Scan() {
			if ended {
				rest.forget() // the last line needs no end
			}
			if line := bytes.TrimSpace(lines.Bytes()); len(line) > 0 {
				text := strings.ToValidUTF8(string(line), "\uFFFD")
				return event{value: map[string]any{"id": nil, "event": nil, "data": dataOf(text)}, replaced: !utf8.Valid(line)}, nil
			}
		}
		if err := lines.Err(); err != nil {
			return event{}, err
		}
		return event{}, io.EOF
	}}
}

// unended is the beginning of a line whose end has not come.
type unended struct {
	lock sync.Mutex
	text []byte
}

func (u *unended) add(text []byte) {
	u.lock.Lock()
	defer u.lock.Unlock()
	if end := bytes.LastIndexByte(text, '\n'); end >= 0 {
		u.text, text = u.text[:0], text[end+1:]
	}
	const enough = 4*excerptLength + 1 // bytes of more characters than are shown
	u.text = append(u.text, text[:min(len(text), enough-len(u.text))]...)
}

func (u *unended) forget() {
	u.lock.Lock()
	defer u.lock.Unlock()
	u.text = u.text[:0]
}

func (u *unended) String() string {
	u.lock.Lock()
	defer u.lock.Unlock()
	return string(bytes.TrimSpace(u.text))
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
