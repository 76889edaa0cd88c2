package sse_test

import (
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/sse"
)

// FuzzNext compares with the simplest reader of a whole stream, and holds that
// chunks make no difference.
func FuzzNext(f *testing.F) {
	for _, stream := range streams {
		f.Add(stream.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := readAll(strings.NewReader(text))
		if err != io.EOF {
			t.Fatalf("%q ended with %v", text, err)
		}
		for i := range got {
			got[i].Retry = 0 // the table has its cases
		}
		if diff := cmp.Diff(simplest(text), got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
		chunked, _ := readAll(iotest.OneByteReader(strings.NewReader(text)))
		for i := range chunked {
			chunked[i].Retry = 0
		}
		if diff := cmp.Diff(got, chunked); diff != "" {
			t.Errorf("%q byte by byte (-want +got):\n%s", text, diff)
		}
	})
}

var lineEnd = regexp.MustCompile(`\r\n|\r|\n`)

func simplest(stream string) []sse.Event {
	lines := lineEnd.Split(strings.TrimPrefix(stream, "\uFEFF"), -1)
	var events []sse.Event
	var id, kind string
	var data []string
	replaced := false
	for _, line := range lines[:len(lines)-1] {
		name, value, _ := strings.Cut(line, ":")
		sent := strings.TrimPrefix(value, " ")
		value = strings.ToValidUTF8(sent, "\uFFFD")
		switch {
		case line == "" && data != nil:
			event := sse.Event{ID: id, Type: kind, Data: strings.Join(data, "\n"), Replaced: replaced}
			if kind == "" {
				event.Type = "message"
			}
			events = append(events, event)
			fallthrough
		case line == "":
			kind, data, replaced = "", nil, false
		case name == "data":
			data, replaced = append(data, value), replaced || value != sent
		case name == "event":
			kind = value
		case name == "id" && !strings.Contains(value, "\x00"):
			id = value
		}
	}
	return events
}
