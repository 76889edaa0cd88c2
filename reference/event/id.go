package event

import (
	"encoding/binary"
	"time"

	"github.com/oklog/ulid/v2"
)

// NextID is the identifier of the event at pos, given that of the event before:
// the commit time in milliseconds, then the commit LSN, then the low 16 bits of
// the index. It is raised, by its time, where that would not make it greater
// than the last one: commit times may go backwards, and the index runs over
// after 65,536 changes. Identifiers therefore grow in log order, and the same
// changes after the same event have the same identifiers.
func NextID(last ulid.ULID, pos Position, committed time.Time) ulid.ULID {
	ms := last.Time()
	// A clock before 1970 or beyond the last ULID, in the year 10889, is not
	// believed.
	if c := committed.UnixMilli(); c > 0 && uint64(c) < ulid.MaxTime() {
		ms = max(ms, uint64(c))
	}
	var id ulid.ULID
	binary.BigEndian.PutUint64(id[6:], uint64(pos.LSN))
	binary.BigEndian.PutUint16(id[14:], uint16(pos.Index))
	setTime(&id, ms)
	if id.Compare(last) <= 0 {
		setTime(&id, ms+1)
	}
	return id
}

// setTime is ulid's SetTime for a time that is known to fit its 48 bits.
func setTime(id *ulid.ULID, ms uint64) {
	binary.BigEndian.PutUint16(id[0:], uint16(ms>>32))
	binary.BigEndian.PutUint32(id[2:], uint32(ms))
}

// ParseID reads an identifier in the contract's form: 26 upper-case characters
// of Crockford's base 32. Anything else names no event.
func ParseID(s string) (ulid.ULID, bool) {
	id, err := ulid.ParseStrict(s)
	return id, err == nil && id.String() == s
}
