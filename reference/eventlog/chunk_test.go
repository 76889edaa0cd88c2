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
		{Position: event.Position{LSN: 1 << 63, Index: 1<<40 + 1}, ID: ulid.ULID{3}, Action: event.Delete, Model: "", Body: bytes.Repeat([]byte("x"), 100000)},
	}
	got, err := decodeChunk(encodeChunk(events))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(events, got); diff != "" {
		t.Errorf("events (-stored +read):\n%s", diff)
	}
}

func TestDamagedChunk(t *testing.T) {
	t.Parallel()
	whole := encodeChunk([]event.Event{{Position: event.Position{LSN: 1, Index: 0}, ID: ulid.ULID{1}, Action: event.Create, Model: "User", Body: []byte(`{"a":1}`)}})
	action := bytes.Clone(whole)
	action[1+8+1+16] = 9
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"empty":             {nil, "event log: expected a chunk of format 1"},
		"of another format": {[]byte{2}, "event log: expected a chunk of format 1"},
		"without events":    {whole[:1], "event log: a chunk without events"},
		"cut in the LSN":    {whole[:5], "event log: event 1 of a chunk: ends early: 8 bytes expected, 4 left"},
		"cut in the body":   {whole[:len(whole)-2], "event log: event 1 of a chunk: ends early: 7 bytes expected, 5 left"},
		"a length beyond everything": {
			append(bytes.Clone(whole[:1+8+1+16+1]), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
			"event log: event 1 of a chunk: ends early: 18446744073709551615 bytes expected, 0 left",
		},
		"an unknown action": {action, "event log: event 1 of a chunk: unknown action 9"},
	} {
		_, err := decodeChunk(tt.data)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: error %v, want %s", name, err, tt.want)
		}
	}
}

func FuzzDecodeChunk(f *testing.F) {
	f.Add(encodeChunk([]event.Event{{Position: event.Position{LSN: 1, Index: 0}, ID: ulid.ULID{1}, Action: event.Create, Model: "User", Body: []byte(`{"a":1}`)}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		events, err := decodeChunk(data)
		if err != nil {
			return
		}
		again, err := decodeChunk(encodeChunk(events))
		if diff := cmp.Diff(events, again); err != nil || diff != "" {
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
