package event

import (
	"bytes"
	"cmp"
	"encoding/json"

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

// Image is a row under one of the image names, its fields in column order.
type Image struct {
	Name   string
	Fields []Member
}

// Member is a field of a row, or another member of an event. Its value is what
// encoding/json formats.
type Member struct {
	Name  string
	Value any
}

// Format writes the JSON of an event, schema PulseEvent of the contract.
func Format(id ulid.ULID, act Action, model string, images []Image) ([]byte, error) {
	f := formatter{}
	f.members([]Member{{"id", id.String()}, {"action", act}, {"modelName", model}})
	for _, img := range images {
		f.buf.WriteByte(',')
		f.value(img.Name)
		f.buf.WriteString(":{")
		f.members(img.Fields)
		f.buf.WriteByte('}')
	}
	return append(append([]byte{'{'}, f.buf.Bytes()...), '}'), f.err
}

// formatter keeps the order of members, which a map would lose.
type formatter struct {
	buf bytes.Buffer
	err error
}

func (f *formatter) members(members []Member) {
	for i, m := range members {
		if i > 0 {
			f.buf.WriteByte(',')
		}
		f.value(m.Name)
		f.buf.WriteByte(':')
		f.value(m.Value)
	}
}

func (f *formatter) value(v any) {
	encoder := json.NewEncoder(&f.buf)
	// The event is data, not part of a web page: "<" needs no escape.
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil && f.err == nil {
		f.err = err
	}
	// Encode ends each value with a line feed; an event is one line.
	f.buf.Truncate(len(bytes.TrimRight(f.buf.Bytes(), "\n")))
}
