package sse

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// DefaultMaxEventBytes is the limit of a [Reader] unless another is set: far more
// than a message or a changed row, and little enough to hold in memory.
const DefaultMaxEventBytes = 16 << 20

// ErrTooLarge is wrapped by the error of [Reader.Next] when an event passes the
// limit.
var ErrTooLarge = errors.New("event too large")

// Event is one event of a stream.
type Event struct {
	// ID is the last event ID in force, given with this event or an earlier one;
	// empty when there is none.
	ID string
	// Type is "message" when the stream gave none.
	Type string
	// Data is the lines of data, joined by line feeds.
	Data string
	// Retry is the last reconnection time in force, 0 when there is none.
	Retry time.Duration
	// Replaced is true where bytes of Data are no UTF-8: U+FFFD stands in their place.
	Replaced bool
}

// Reader reads events from a stream. But for Rest it is not for several goroutines at
// once.
type Reader struct {
	// MaxEventBytes bounds the data of one event, and each line by itself. Set it
	// before the first Next; 0 stands for DefaultMaxEventBytes.
	MaxEventBytes int

	lines lines
	id    string
	retry time.Duration
	kind  string
	data  []byte
	err   error
}

// NewReader gives a Reader of the stream r.
func NewReader(r io.Reader) *Reader {
	return &Reader{lines: lines{in: bufio.NewReader(r)}}
}

// Resume says which event came last before the stream was asked for again: its ID
// and Retry stay in force until the stream gives others. It is called before the
// first Next.
func (r *Reader) Resume(last Event) { r.id, r.retry = last.ID, last.Retry }

// Next waits for the next event. It is [io.EOF] when the stream ended; an event
// without the blank line at its end is discarded then, as the standard says.
// Other errors wrap [ErrTooLarge] or what the stream failed with. After an error
// Next gives the same one again.
func (r *Reader) Next() (Event, error) {
	for r.err == nil {
		line, err := r.lines.next(r.limit())
		switch {
		case err != nil:
			r.err = err
		case len(line) > 0:
			r.err = r.field(line)
		case len(r.data) > 0:
			return r.dispatch(), nil
		default:
			r.kind = ""
		}
	}
	return Event{}, r.err
}

// Rest is the beginning of what came behind the last event and is none: comments, what
// the standard ignores, and an event whose blank line has not come. It may be called
// while another goroutine waits in Next, to see what a server sends from which no event
// comes.
func (r *Reader) Rest() string { return text([]byte(r.lines.rest.String())) }

func (r *Reader) limit() int {
	if r.MaxEventBytes > 0 {
		return r.MaxEventBytes
	}
	return DefaultMaxEventBytes
}

// field interprets a line that is not blank. A comment has an empty name, which
// is ignored like every name the standard does not know.
func (r *Reader) field(line []byte) error {
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(name) {
	case "data":
		if len(r.data)+len(value) > r.limit() {
			return tooLarge(r.limit())
		}
		r.data = append(append(r.data, value...), '\n')
	case "event":
		r.kind = text(value)
	case "id":
		if bytes.IndexByte(value, 0) < 0 {
			r.id = text(value)
		}
	case "retry":
		r.setRetry(string(value))
	}
	return nil
}

// setRetry takes milliseconds; anything but digits is ignored. A time beyond
// what a Duration holds, some 292 years, becomes the longest.
func (r *Reader) setRetry(value string) {
	if value == "" || strings.Trim(value, "0123456789") != "" {
		return
	}
	const most = int64(math.MaxInt64 / time.Millisecond)
	milliseconds, err := strconv.ParseInt(value, 10, 64)
	if err != nil || milliseconds > most {
		milliseconds = most
	}
	r.retry = time.Duration(milliseconds) * time.Millisecond
}

// dispatch is the event of the data so far.
func (r *Reader) dispatch() Event {
	event := Event{
		ID:    r.id,
		Type:  r.kind,
		Data:  text(r.data[:len(r.data)-1]),
		Retry: r.retry,
	}
	if event.Type == "" {
		event.Type = "message"
	}
	event.Replaced = !utf8.Valid(r.data)
	r.kind, r.data = "", r.data[:0]
	r.lines.rest.forget()
	return event
}

// text decodes UTF-8; bytes that are none become U+FFFD.
func text(value []byte) string { return strings.ToValidUTF8(string(value), "\uFFFD") }

func tooLarge(limit int) error {
	return fmt.Errorf("%w: expected at most %d bytes", ErrTooLarge, limit)
}
