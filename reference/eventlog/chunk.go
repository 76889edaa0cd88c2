package eventlog

import (
	"bytes"
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
const chunkFormat = 2

// What stands around an event's identifier and body in its frame: the frame is the
// event as server-sent events have it, in the log already, for every reader gets
// the same bytes.
const (
	frameID   = "id: "
	frameData = "\ndata: "
	frameEnd  = "\n\n"
	// frameHead is all that stands before the body.
	frameHead = len(frameID) + ulid.EncodedSize + len(frameData)
)

// actionCodes are the actions by their stored byte.
var actionCodes = [...]event.Action{1: event.Create, 2: event.Update, 3: event.Delete}

// chunk is a run of consecutive events: one message of the log.
type chunk struct {
	// seq is the message's sequence number in the log; the first is 1.
	seq uint64
	// events share the frames' memory.
	events []event.Event
	// frames are the events as they are delivered, one behind the other.
	frames []byte
	// size is about what the chunk takes in memory, in bytes.
	size int
}

// eventBytes is what an event takes in memory beside its frame.
const eventBytes = 96

// frameOf is the frame of an event of the chunk, given the end of the frame before.
func (c *chunk) frameOf(i, start int) []byte {
	end := start + frameHead + len(c.events[i].Body) + len(frameEnd)
	return c.frames[start:end:end]
}

// newChunk frames events and encodes them as they are stored: for each the
// difference of its LSN to the one before, its index, action (1 byte), model and
// body length (numbers as uvarints, the model with its length before it); before
// all that its length (4 bytes), and after it the frames. The chunk shares memory
// with what is returned, not with the events given.
func newChunk(events []event.Event) (*chunk, []byte) {
	size := 1 + 4
	for _, e := range events {
		size += 1 + 4*binary.MaxVarintLen32 + 2*binary.MaxVarintLen64 + len(e.Model) + frameHead + len(e.Body) + len(frameEnd)
	}
	data := append(make([]byte, 0, size), chunkFormat, 0, 0, 0, 0)
	var last replication.LSN
	for _, e := range events {
		data = binary.AppendUvarint(data, uint64(e.LSN-last))
		last = e.LSN
		data = binary.AppendUvarint(data, e.Index)
		data = append(data, codeOf(e.Action))
		data = binary.AppendUvarint(data, uint64(len(e.Model)))
		data = append(data, e.Model...)
		data = binary.AppendUvarint(data, uint64(len(e.Body)))
	}
	head := len(data)
	binary.BigEndian.PutUint32(data[1:], uint32(head-5))
	c := &chunk{events: make([]event.Event, len(events))}
	for i, e := range events {
		data = append(data, frameID...)
		data = data[:len(data)+ulid.EncodedSize]
		// The error is about the length, which is right.
		_ = e.ID.MarshalTextTo(data[len(data)-ulid.EncodedSize:])
		data = append(data, frameData...)
		body := len(data)
		data = append(append(data, e.Body...), frameEnd...)
		e.Body = data[body : body+len(e.Body) : body+len(e.Body)]
		c.events[i] = e
	}
	c.frames = data[head:]
	c.size = len(data) + eventBytes*len(events)
	return c, data
}

func codeOf(a event.Action) byte {
	for code, known := range actionCodes {
		if known == a {
			return byte(code)
		}
	}
	return 0
}

// decodeChunk reads what newChunk encoded. The chunk shares data's memory.
func decodeChunk(data []byte) (*chunk, error) {
	if len(data) == 0 || data[0] != chunkFormat {
		return nil, fmt.Errorf("event log: expected a chunk of format %d", chunkFormat)
	}
	all := fields{rest: data[1:]}
	heads := fields{rest: all.take(int(binary.BigEndian.Uint32(all.take(4))))}
	c := &chunk{frames: all.rest}
	var e event.Event
	for all.err == nil && len(heads.rest) > 0 {
		e = heads.head(e)
		length := heads.uvarint()
		if all.err = heads.err; all.err == nil {
			e.ID, e.Body = all.frame(length)
		}
		if all.err == nil {
			c.events = append(c.events, e)
		}
	}
	if all.err == nil && len(all.rest) > 0 {
		all.err = fmt.Errorf("%d bytes after its last event", len(all.rest))
	}
	if all.err != nil {
		return nil, fmt.Errorf("event log: event %d of a chunk: %w", len(c.events), all.err)
	}
	if len(c.events) == 0 {
		return nil, errors.New("event log: a chunk without events")
	}
	c.size = len(data) + eventBytes*len(c.events)
	return c, nil
}

// fields takes fields off the front of a chunk; after its first error it gives
// zeros.
type fields struct {
	rest []byte
	err  error
}

// head takes what stands before the frames of the event after last.
func (f *fields) head(last event.Event) event.Event {
	e := event.Event{Position: event.Position{LSN: last.LSN + replication.LSN(f.uvarint()), Index: f.uvarint()}}
	code := int(f.take(1)[0])
	if f.err == nil && (code == 0 || code >= len(actionCodes)) {
		f.err = fmt.Errorf("unknown action %d", code)
	}
	if f.err != nil {
		return e
	}
	e.Action = actionCodes[code]
	if model := f.text(f.uvarint()); string(model) == last.Model {
		e.Model = last.Model // mostly one model, and one string of it
	} else {
		e.Model = string(model)
	}
	return e
}

// frame takes an event's frame with a body of that length.
func (f *fields) frame(length uint64) (id ulid.ULID, body []byte) {
	head := f.text(uint64(frameHead))
	body = f.text(length)
	end := f.text(uint64(len(frameEnd)))
	if f.err != nil {
		return id, nil
	}
	text, ok := bytes.CutPrefix(head, []byte(frameID))
	if ok {
		text, ok = bytes.CutSuffix(text, []byte(frameData))
	}
	if err := id.UnmarshalText(text); err != nil || !ok || string(end) != frameEnd {
		f.err = fmt.Errorf("its frame begins with %q and ends with %q", head, end)
	}
	return id, body
}

// take is always n bytes long for the fixed sizes it is asked for, so that its
// callers need not look at the error.
func (f *fields) take(n int) []byte {
	if f.err == nil && n > len(f.rest) {
		f.err = fmt.Errorf("ends early: %d bytes expected, %d left", n, len(f.rest))
	}
	if f.err != nil {
		return make([]byte, 4)
	}
	taken := f.rest[:n:n]
	f.rest = f.rest[n:]
	return taken
}

func (f *fields) uvarint() uint64 {
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

func (f *fields) text(n uint64) []byte {
	if f.err == nil && n > uint64(len(f.rest)) {
		f.err = fmt.Errorf("ends early: %d bytes expected, %d left", n, len(f.rest))
	}
	if f.err != nil {
		return nil
	}
	return f.take(int(n))
}
