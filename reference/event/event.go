package event

import (
	"cmp"

	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// Action is what happened to a row, in the contract's word.
type Action string

// The actions.
const (
	Create Action = "create"
	Update Action = "update"
	Delete Action = "delete"
)

// The members of an event that show a row: created of a create, after and where
// known before of an update, deleted of a delete.
const (
	Created = "created"
	After   = "after"
	Before  = "before"
	Deleted = "deleted"
)

// Position is the place of a change in the order of all changes of a database:
// the commit record of its transaction, and its number within, from 0. Every row
// change that the slot sends counts, also one that became no event, so that a
// transaction sent again has the same positions.
type Position struct {
	LSN   replication.LSN `json:"lsn"`
	Index uint64          `json:"index"`
}

// Compare is negative, zero or positive as p is before, at or after q.
func (p Position) Compare(q Position) int {
	if c := cmp.Compare(p.LSN, q.LSN); c != 0 {
		return c
	}
	return cmp.Compare(p.Index, q.Index)
}

// Next is the position right after p.
func (p Position) Next() Position {
	return Position{LSN: p.LSN, Index: p.Index + 1}
}

// Event is a change as it is stored. It is formatted once; every reader shares
// the bytes, which are never changed.
type Event struct {
	Position
	ID     ulid.ULID
	Action Action
	// Model is the Prisma model's name.
	Model string
	// Body is the event as it is delivered: JSON on one line.
	Body []byte
}

// AppendHead appends the beginning of an event's JSON, schema PulseEvent of the
// contract: the members that all events have. The model's name is JSON already. The
// images that follow begin with AppendImage; two braces end the whole.
func AppendHead(dst []byte, id ulid.ULID, act Action, model []byte) []byte {
	dst = append(dst, `{"id":"`...)
	start := len(dst)
	dst = append(dst, make([]byte, ulid.EncodedSize)...)
	// The only error is of a buffer that is too small.
	_ = id.MarshalTextTo(dst[start:])
	dst = append(dst, `","action":"`...)
	dst = append(dst, act...)
	dst = append(dst, `","modelName":`...)
	return append(dst, model...)
}

// AppendImage appends the name of an image and the brace that opens it; its fields
// and a closing brace follow.
func AppendImage(dst []byte, image string) []byte {
	dst = append(dst, `,"`...)
	dst = append(dst, image...)
	return append(dst, `":{`...)
}
