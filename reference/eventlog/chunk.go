package eventlog

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

const (
	// ChunkBytes is where a chunk is closed. Many events in one message cost a
	// twentieth of one message each; beyond this size nothing more is gained.
	ChunkBytes = 512 << 10
	// MaxEventBytes leaves room for a chunk's frame and headers around one event.
	MaxEventBytes = broker.MaxPayload - 16<<10
)

// chunkFormat is the first byte of a stored chunk.
const chunkFormat = 1

// actionCodes are the actions by their stored byte.
var actionCodes = [...]event.Action{1: event.Create, 2: event.Update, 3: event.Delete}

// chunk is a run of consecutive events: one message of the log.
type chunk struct {
	// seq is the message's sequence number in the log; the first is 1.
	seq    uint64
	events []event.Event
	// size is the number of stored bytes.
	size int
}

// encodeChunk frames events: for each its LSN (8 bytes), index (uvarint), ULID
// (16 bytes), action (1 byte), model and body (each a uvarint length and text).
func encodeChunk(events []event.Event) []byte {
	size := 1
	for _, e := range events {
		size += 8 + 16 + 1 + 3*binary.MaxVarintLen32 + binary.MaxVarintLen64 + len(e.Model) + len(e.Body)
	}
	data := append(make([]byte, 0, size), chunkFormat)
	for _, e := range events {
		data = binary.BigEndian.AppendUint64(data, uint64(e.LSN))
		data = binary.AppendUvarint(data, e.Index)
		data = append(data, e.ID[:]...)
		data = append(data, codeOf(e.Action))
		data = binary.AppendUvarint(data, uint64(len(e.Model)))
		data = append(data, e.Model...)
		data = binary.AppendUvarint(data, uint64(len(e.Body)))
		data = append(data, e.Body...)
	}
	return data
}

func codeOf(a event.Action) byte {
	for code, known := range actionCodes {
		if known == a {
			return byte(code)
		}
	}
	return 0
}

// decodeChunk reads what encodeChunk wrote. The events share data's memory.
func decodeChunk(data []byte) ([]event.Event, error) {
	if len(data) == 0 || data[0] != chunkFormat {
		return nil, fmt.Errorf("event log: expected a chunk of format %d", chunkFormat)
	}
	f := frames{rest: data[1:]}
	var events []event.Event
	for len(f.rest) > 0 && f.err == nil {
		events = append(events, f.next())
	}
	if f.err != nil {
		return nil, fmt.Errorf("event log: event %d of a chunk: %w", len(events), f.err)
	}
	if len(events) == 0 {
		return nil, errors.New("event log: a chunk without events")
	}
	return events, nil
}

// frames takes fields off the front of a chunk; after its first error it gives
// zeros.
type frames struct {
	rest []byte
	err  error
}

func (f *frames) next() event.Event {
	e := event.Event{Position: event.Position{LSN: replication.LSN(f.uint64()), Index: f.uvarint()}}
	e.ID = ulid.ULID(f.take(16))
	code := int(f.take(1)[0])
	if f.err == nil && (code == 0 || code >= len(actionCodes)) {
		f.err = fmt.Errorf("unknown action %d", code)
	}
	if f.err != nil {
		return e
	}
	e.Action = actionCodes[code]
	e.Model = string(f.text())
	e.Body = f.text()
	return e
}

// take is always n bytes long for the fixed sizes it is asked for, so that its
// callers need not look at the error.
func (f *frames) take(n int) []byte {
	if f.err == nil && n > len(f.rest) {
		f.err = fmt.Errorf("ends early: %d bytes expected, %d left", n, len(f.rest))
	}
	if f.err != nil {
		return make([]byte, 16)
	}
	taken := f.rest[:n:n]
	f.rest = f.rest[n:]
	return taken
}

func (f *frames) uint64() uint64 { return binary.BigEndian.Uint64(f.take(8)) }

func (f *frames) uvarint() uint64 {
	v, n := binary.Uvarint(f.rest)
	if f.err == nil && n <= 0 {
		f.err = errors.New("ends early, or a length that overflows")
	}
	if f.err != nil {
		return 0
	}
	f.rest = f.rest[n:]
	return v
}

func (f *frames) text() []byte {
	n := f.uvarint()
	if f.err == nil && n > uint64(len(f.rest)) {
		f.err = fmt.Errorf("ends early: %d bytes expected, %d left", n, len(f.rest))
	}
	if f.err != nil {
		return nil
	}
	return f.take(int(n))
}
