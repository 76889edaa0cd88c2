package eventlog

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/event"
)

func TestChunkRoundTrip(t *testing.T) {
	t.Parallel()
	events := []event.Event{
		{Position: event.Position{LSN: 1, Index: 0}, ID: ulid.ULID{1}, Action: event.Create, Model: "User", Body: []byte(`{"a":1}`)},
		{Position: event.Position{LSN: 1 << 63, Index: 1 << 40}, ID: ulid.ULID{2}, Action: event.Update, Model: "ünï cödé", Body: []byte(`{}`)},
		{Position: event.Position{LSN: 1 << 63, Index: 1<<40 + 1}, ID: ulid.ULID{3}, Action: event.Delete, Model: "", Body: bytes.Repeat([]byte("x"), 10000)},
	}
	stored, data := newChunk(events)
	got, err := decodeChunk(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(events, got.events); diff != "" {
		t.Errorf("events (-stored +read):\n%s", diff)
	}
	if !bytes.Equal(stored.frames, got.frames) || stored.size != got.size || got.size < len(data) {
		t.Errorf("frames of %d bytes are read as %d, a chunk of size %d as %d", len(stored.frames), len(got.frames), stored.size, got.size)
	}
	first := string(got.frameOf(0, 0))
	if want := "id: 01000000000000000000000000\ndata: {\"a\":1}\n\n"; first != want {
		t.Errorf("frame %q, want %q", first, want)
	}
}

func TestDamagedChunk(t *testing.T) {
	t.Parallel()
	_, whole := newChunk(oneEvent)
	change := func(at int, to byte) []byte {
		data := bytes.Clone(whole)
		data[at] = to
		return data
	}
	const heads = 1 + 4 // where they begin: LSN, index, action, model, length of the body
	frames := heads + 1 + 1 + 1 + 1 + len("User") + 1
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"empty":                    {nil, "event log: expected a chunk of format 2"},
		"of another format":        {[]byte{1}, "event log: expected a chunk of format 2"},
		"cut in the heads' length": {whole[:3], "event log: event 0 of a chunk: ends early: 4 bytes expected, 2 left"},
		"without events":           {[]byte{chunkFormat, 0, 0, 0, 0}, "event log: a chunk without events"},
		"cut in the heads":         {whole[:7], "event log: event 0 of a chunk: ends early: 9 bytes expected, 2 left"},
		"cut in the body":          {whole[:len(whole)-4], "event log: event 0 of a chunk: ends early: 7 bytes expected, 5 left"},
		"an end that is another":   {change(len(whole)-1, 'x'), `event log: event 0 of a chunk: its frame begins with "id: 01000000000000000000000000\ndata: " and ends with "\nx"`},
		"a frame that is another":  {change(frames, 'x'), `event log: event 0 of a chunk: its frame begins with "xd: 01000000000000000000000000\ndata: " and ends with "\n\n"`},
		"no identifier":            {change(frames+4, '8'), `event log: event 0 of a chunk: its frame begins with "id: 81000000000000000000000000\ndata: " and ends with "\n\n"`},
		"more than its events":     {append(bytes.Clone(whole), 'x'), "event log: event 1 of a chunk: 1 bytes after its last event"},
		"heads beyond everything":  {append([]byte{chunkFormat, 255, 255, 255, 255}, whole[heads:]...), "event log: event 0 of a chunk: ends early: 4294967295 bytes expected, 55 left"},
		"a length that overflows": {
			append([]byte{chunkFormat, 0, 0, 0, 11}, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
			"event log: event 0 of a chunk: ends early, or a length that overflows",
		},
		"an unknown action": {change(heads+2, 9), "event log: event 0 of a chunk: unknown action 9"},
	} {
		_, err := decodeChunk(tt.data)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: error %v, want %s", name, err, tt.want)
		}
	}
}

var oneEvent = []event.Event{{Position: event.Position{LSN: 1, Index: 0}, ID: ulid.ULID{1}, Action: event.Create, Model: "User", Body: []byte(`{"a":1}`)}}

func FuzzDecodeChunk(f *testing.F) {
	_, data := newChunk(oneEvent)
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := decodeChunk(data)
		if err != nil {
			return
		}
		_, stored := newChunk(c.events)
		again, err := decodeChunk(stored)
		if diff := cmp.Diff(c.events, again.events); err != nil || diff != "" {
			t.Errorf("read, stored and read again: %v\n%s", err, diff)
		}
	})
}

func TestTailKeepsTheEnd(t *testing.T) {
	t.Parallel()
	var tl tail
	for seq := uint64(5); seq <= 8; seq++ {
		tl.push(&chunk{seq: seq, size: tailBytes/2 - 1})
	}
	got := map[uint64]bool{}
	for seq := uint64(4); seq <= 9; seq++ {
		got[seq] = tl.at(seq) != nil
	}
	want := map[uint64]bool{4: false, 5: false, 6: false, 7: true, 8: true, 9: false}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("chunks in memory (-want +got):\n%s", diff)
	}
	tl.push(&chunk{seq: 9, size: 2 * tailBytes})
	if tl.at(9) == nil || tl.at(8) != nil {
		t.Error("a chunk larger than the tail must be the only one in it")
	}
}
