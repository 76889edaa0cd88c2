package pulse

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/oklog/ulid/v2"
)

func TestChunkRoundTrip(t *testing.T) {
	t.Parallel()
	events := []event{
		{position{1, 0}, ulid.ULID{1}, actionCreate, "User", []byte(`{"a":1}`)},
		{position{1 << 63, 1 << 40}, ulid.ULID{2}, actionUpdate, "ünï cödé", []byte(`{}`)},
		{position{1 << 63, 1<<40 + 1}, ulid.ULID{3}, actionDelete, "", bytes.Repeat([]byte("x"), 100000)},
	}
	got, err := decodeChunk(encodeChunk(events))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(events, got, cmp.AllowUnexported(event{}, position{})); diff != "" {
		t.Errorf("events (-stored +read):\n%s", diff)
	}
}

func TestDamagedChunk(t *testing.T) {
	t.Parallel()
	whole := encodeChunk([]event{{position{1, 0}, ulid.ULID{1}, actionCreate, "User", []byte(`{"a":1}`)}})
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
	f.Add(encodeChunk([]event{{position{1, 0}, ulid.ULID{1}, actionCreate, "User", []byte(`{"a":1}`)}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		events, err := decodeChunk(data)
		if err != nil {
			return
		}
		again, err := decodeChunk(encodeChunk(events))
		if diff := cmp.Diff(events, again, cmp.AllowUnexported(event{}, position{})); err != nil || diff != "" {
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

func TestIdentifiers(t *testing.T) {
	t.Parallel()
	at := func(ms int64) time.Time { return time.UnixMilli(ms) }
	lsn := func(last byte, index byte) []byte { return []byte{0, 0, 0, 0, 0, 0, 0, last, 0, index} }
	id := func(ms uint64, low []byte) (u ulid.ULID) {
		setTime(&u, ms)
		copy(u[6:], low)
		return u
	}
	for name, tt := range map[string]struct {
		last      ulid.ULID
		pos       position
		committed time.Time
		want      ulid.ULID
	}{
		"commit time, LSN and index":           {ulid.ULID{}, position{7, 1}, at(1000), id(1000, lsn(7, 1))},
		"next change of a transaction":         {id(1000, lsn(7, 1)), position{7, 2}, at(1000), id(1000, lsn(7, 2))},
		"the clock went back":                  {id(1000, lsn(7, 1)), position{8, 0}, at(900), id(1000, lsn(8, 0))},
		"the index ran over":                   {id(1000, []byte{0, 0, 0, 0, 0, 0, 0, 7, 0xff, 0xff}), position{7, 65536}, at(1000), id(1001, lsn(7, 0))},
		"the change after":                     {id(1001, lsn(7, 0)), position{7, 65537}, at(1000), id(1001, lsn(7, 1))},
		"changes without events, to run over":  {id(1000, lsn(7, 1)), position{7, 65536 + 5}, at(1000), id(1000, lsn(7, 5))},
		"a clock before 1970":                  {id(1000, lsn(7, 1)), position{8, 0}, at(-1), id(1000, lsn(8, 0))},
		"a clock that no identifier can hold":  {id(1000, lsn(7, 1)), position{8, 0}, at(1 << 50), id(1000, lsn(8, 0))},
		"time of the largest half, both parts": {ulid.ULID{}, position{7, 1}, at(1<<47 + 1), id(1<<47+1, lsn(7, 1))},
	} {
		got := nextID(tt.last, tt.pos, tt.committed)
		if got != tt.want || got.Compare(tt.last) <= 0 {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
