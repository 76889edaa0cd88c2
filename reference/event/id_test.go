package event

import (
	"testing"
	"time"

	"github.com/oklog/ulid/v2"
)

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
		pos       Position
		committed time.Time
		want      ulid.ULID
	}{
		"commit time, LSN and index":           {ulid.ULID{}, Position{7, 1}, at(1000), id(1000, lsn(7, 1))},
		"next change of a transaction":         {id(1000, lsn(7, 1)), Position{7, 2}, at(1000), id(1000, lsn(7, 2))},
		"the clock went back":                  {id(1000, lsn(7, 1)), Position{8, 0}, at(900), id(1000, lsn(8, 0))},
		"the index ran over":                   {id(1000, []byte{0, 0, 0, 0, 0, 0, 0, 7, 0xff, 0xff}), Position{7, 65536}, at(1000), id(1001, lsn(7, 0))},
		"the change after":                     {id(1001, lsn(7, 0)), Position{7, 65537}, at(1000), id(1001, lsn(7, 1))},
		"changes without events, to run over":  {id(1000, lsn(7, 1)), Position{7, 65536 + 5}, at(1000), id(1000, lsn(7, 5))},
		"a clock before 1970":                  {id(1000, lsn(7, 1)), Position{8, 0}, at(-1), id(1000, lsn(8, 0))},
		"a clock that no identifier can hold":  {id(1000, lsn(7, 1)), Position{8, 0}, at(1 << 50), id(1000, lsn(8, 0))},
		"time of the largest half, both parts": {ulid.ULID{}, Position{7, 1}, at(1<<47 + 1), id(1<<47+1, lsn(7, 1))},
	} {
		got := NextID(tt.last, tt.pos, tt.committed)
		if got != tt.want || got.Compare(tt.last) <= 0 {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
