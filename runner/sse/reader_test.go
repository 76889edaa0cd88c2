package sse_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/sse"
)

// readAll gives the events of a stream and the error that ended it.
func readAll(stream io.Reader) ([]sse.Event, error) {
	reader := sse.NewReader(stream)
	var events []sse.Event
	for {
		event, err := reader.Next()
		if err != nil {
			return events, err
		}
		events = append(events, event)
	}
}

// message is an event that has data alone.
func message(data string) sse.Event { return sse.Event{Type: "message", Data: data} }

var streams = []struct {
	name, text string
	want       []sse.Event
}{
	{"nothing", "", nil},
	{"one event", "data: a\n\n", []sse.Event{message("a")}},
	{"all fields", "id: 7\nevent: row\nretry: 1500\ndata: {}\n\n", []sse.Event{{ID: "7", Type: "row", Data: "{}", Retry: 1500 * time.Millisecond}}},
	{"line feeds", "data: a\n\ndata: b\n\n", []sse.Event{message("a"), message("b")}},
	{"carriage returns", "data: a\r\rdata: b\r\r", []sse.Event{message("a"), message("b")}},
	{"both", "data: a\r\n\r\ndata: b\r\n\r\n", []sse.Event{message("a"), message("b")}},
	{"line ends of all kinds", "data: a\r\ndata: b\rdata: c\n\rdata: d\n\r\n", []sse.Event{message("a\nb\nc"), message("d")}},
	{"a line feed before a carriage return is two ends", "data: a\n\rdata: b\n\n", []sse.Event{message("a"), message("b")}},
	{"several lines of data", "data: a\ndata:\ndata: b\n\n", []sse.Event{message("a\n\nb")}},
	{"data without a colon", "data\n\n", []sse.Event{message("")}},
	{"two lines of data without a colon", "data\ndata\n\n", []sse.Event{message("\n")}},
	{"empty data", "data:\n\n", []sse.Event{message("")}},
	{"one space after the colon is dropped", "data:  a\n\ndata:b\n\ndata: \n\n", []sse.Event{message(" a"), message("b"), message("")}},
	{"a tab after the colon is kept", "data:\ta\n\n", []sse.Event{message("\ta")}},
	{"a colon in the value", "data: a:b: c\n\n", []sse.Event{message("a:b: c")}},
	{"comments", ": hello\n:\ndata: a\n:data: b\n\n", []sse.Event{message("a")}},
	{"unknown fields", "dat: x\nDATA: x\n data: x\ndata : x\ndata: a\n\n", []sse.Event{message("a")}},
	{"blank lines between events", "\n\n\ndata: a\n\n\n\ndata: b\n\n", []sse.Event{message("a"), message("b")}},
	{"a type is for one event", "event: row\ndata: a\n\ndata: b\n\n", []sse.Event{{Type: "row", Data: "a"}, message("b")}},
	{"a type without data is dropped", "event: row\n\ndata: a\n\n", []sse.Event{message("a")}},
	{"the last type counts", "event: a\nevent: b\ndata: x\n\n", []sse.Event{{Type: "b", Data: "x"}}},
	{"an empty type is none", "event: a\nevent:\ndata: x\n\n", []sse.Event{message("x")}},
	{"an ID stays", "id: 1\ndata: a\n\ndata: b\n\n", []sse.Event{{ID: "1", Type: "message", Data: "a"}, {ID: "1", Type: "message", Data: "b"}}},
	{"an ID without data counts", "id: 1\n\ndata: a\n\n", []sse.Event{{ID: "1", Type: "message", Data: "a"}}},
	{"an empty ID takes it back", "id: 1\ndata: a\n\nid\ndata: b\n\n", []sse.Event{{ID: "1", Type: "message", Data: "a"}, message("b")}},
	{"an ID with NUL is ignored", "id: 1\nid: 2\x003\ndata: a\n\n", []sse.Event{{ID: "1", Type: "message", Data: "a"}}},
	{"a retry stays", "retry: 10\n\ndata: a\n\n", []sse.Event{{Type: "message", Data: "a", Retry: 10 * time.Millisecond}}},
	{"a retry that is no number is ignored", "retry: 10\nretry: 1s\nretry: -1\nretry: 1.5\nretry:\nretry: ١\ndata: a\n\n", []sse.Event{{Type: "message", Data: "a", Retry: 10 * time.Millisecond}}},
	{"a retry of many centuries", "retry: 9223372036854775807\ndata: a\n\n", []sse.Event{{Type: "message", Data: "a", Retry: 9223372036854 * time.Millisecond}}},
	{"a retry beyond 64 bits", "retry: 99999999999999999999\ndata: a\n\n", []sse.Event{{Type: "message", Data: "a", Retry: 9223372036854 * time.Millisecond}}},
	{"a byte order mark first", "\uFEFFdata: a\n\n", []sse.Event{message("a")}},
	{"a byte order mark later", "data: a\n\n\uFEFFdata: b\n\n", []sse.Event{message("a")}},
	{"two byte order marks", "\uFEFF\uFEFFdata: a\n\ndata: b\n\n", []sse.Event{message("b")}},
	{"bytes that are not UTF-8", "data: a\xffb\n\n", []sse.Event{{Type: "message", Data: "a\uFFFDb", Replaced: true}}},
	{"characters of several bytes", "data: naïve ☺ 𝄞\n\n", []sse.Event{message("naïve ☺ 𝄞")}},
	{"an event without its blank line", "data: a\n\ndata: b\n", []sse.Event{message("a")}},
	{"a line without its end", "data: a\n\ndata: b", []sse.Event{message("a")}},
	{"a carriage return at the end", "data: a\n\r", []sse.Event{message("a")}},
}

func TestNext(t *testing.T) {
	t.Parallel()
	for _, test := range streams {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := readAll(strings.NewReader(test.text))
			if err != io.EOF {
				t.Errorf("ended with %v, want io.EOF", err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestNextDoesNotDependOnChunks cuts every stream at every byte.
func TestNextDoesNotDependOnChunks(t *testing.T) {
	t.Parallel()
	for _, test := range streams {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for cut := range len(test.text) + 1 {
				got, _ := readAll(io.MultiReader(strings.NewReader(test.text[:cut]), strings.NewReader(test.text[cut:])))
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("cut at byte %d (-want +got):\n%s", cut, diff)
				}
			}
			got, _ := readAll(iotest.OneByteReader(strings.NewReader(test.text)))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("byte by byte (-want +got):\n%s", diff)
			}
		})
	}
}

// once gives its text in one read, and fails the test when more is asked for.
type once struct {
	t    *testing.T
	text string
}

func (o *once) Read(p []byte) (int, error) {
	if o.text == "" {
		o.t.Error("the reader asked for more than the event needs")
		return 0, io.EOF
	}
	n := copy(p, o.text)
	o.text = o.text[n:]
	return n, nil
}

func TestNextDoesNotWaitForMoreThanTheEvent(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"line feeds":                     "data: a\n\n",
		"carriage returns":               "data: a\r\r",
		"the line feed not there yet":    "data: a\r\n\r",
		"the start of another event":     "data: a\n\ndata: b",
		"the start of a byte order mark": "\uFEFFdata: a\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := sse.NewReader(&once{t, text}).Next()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(message("a"), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNextErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	endless := iotest.OneByteReader(strings.NewReader(strings.Repeat("x", 1000)))
	for _, test := range []struct {
		name   string
		stream io.Reader
		want   error
		text   string
		events []sse.Event
	}{
		{"the stream breaks", io.MultiReader(strings.NewReader("data: a\n\ndata: b\n"), iotest.ErrReader(broken)), broken, "reading the event stream: connection reset", []sse.Event{message("a")}},
		{"the stream is cut", iotest.ErrReader(io.ErrUnexpectedEOF), io.ErrUnexpectedEOF, "reading the event stream: unexpected EOF", nil},
		{"a line without an end", endless, sse.ErrTooLarge, "event too large: expected at most 20 bytes", nil},
		{"a long comment", strings.NewReader(":" + strings.Repeat("x", 20) + "\n\n"), sse.ErrTooLarge, "event too large: expected at most 20 bytes", nil},
		{"the largest line", strings.NewReader("data:" + strings.Repeat("x", 15) + "\n\n"), io.EOF, "EOF", []sse.Event{message(strings.Repeat("x", 15))}},
		{"the largest lines together", strings.NewReader(strings.Repeat("data: 123456\n", 3) + "\n"), io.EOF, "EOF", []sse.Event{message("123456\n123456\n123456")}},
		{"more lines", strings.NewReader(strings.Repeat("data: 123456\n", 4) + "\n"), sse.ErrTooLarge, "event too large: expected at most 20 bytes", nil},
		{"many events", strings.NewReader(strings.Repeat("data: 123456\n\n", 3)), io.EOF, "EOF", []sse.Event{message("123456"), message("123456"), message("123456")}},
		{"many comments in one event", strings.NewReader(strings.Repeat(": 123456\n", 9) + "data: a\n\n"), io.EOF, "EOF", []sse.Event{message("a")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			reader := sse.NewReader(test.stream)
			reader.MaxEventBytes = 20
			var events []sse.Event
			event, err := reader.Next()
			for ; err == nil; event, err = reader.Next() {
				events = append(events, event)
			}
			if diff := cmp.Diff(test.events, events); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !errors.Is(err, test.want) || err.Error() != test.text {
				t.Errorf("got %v, want %s", err, test.text)
			}
			if _, again := reader.Next(); again != err {
				t.Errorf("then got %v, want the same error again", again)
			}
		})
	}
}

// TestRest holds what is told of what came behind the last event.
func TestRest(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"nothing":                         {"", ""},
		"nothing behind an event":         {"data: a\n\n", ""},
		"blank lines":                     {"data: a\n\n\r\n\n", ""},
		"a comment":                       {"data: a\n\n: hello\n\n", ": hello"},
		"an event without its blank line": {"data: a\n\ndata: b\r\nid: 7\r\n", "data: b\r\nid: 7"},
		"a line without its end":          {"data: a\n\ndata: b", "data: b"},
		"an event without data":           {"event: a\n\n", "event: a"},
		"what is no stream":               {`{"error": "no"}`, `{"error": "no"}`},
		"much":                            {strings.Repeat("x", 600) + "\n" + strings.Repeat("x", 600), strings.Repeat("x", 512)},
		"a character that is cut":         {strings.Repeat("x", 511) + "é", strings.Repeat("x", 511) + "\uFFFD"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for chunks, stream := range map[string]io.Reader{"whole": strings.NewReader(test.text), "byte by byte": iotest.OneByteReader(strings.NewReader(test.text))} {
				reader := sse.NewReader(stream)
				for err := error(nil); err == nil; {
					_, err = reader.Next()
				}
				if got := reader.Rest(); got != test.want {
					t.Errorf("%s: got %q, want %q", chunks, got, test.want)
				}
			}
		})
	}
}

// TestRestWhileItWaits holds that it can be asked for from elsewhere.
func TestRestWhileItWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		stream, w := io.Pipe()
		reader := sse.NewReader(stream)
		go func() { _, _ = reader.Next() }()
		go func() { _, _ = io.WriteString(w, "data: a\n") }()
		synctest.Wait()
		if got := reader.Rest(); got != "data: a" {
			t.Errorf("got %q", got)
		}
		_ = stream.Close()
	})
}
