package pulse

import (
	"bytes"
	"cmp"
	"encoding/json"

	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// action is what happened to a row, in the contract's word.
type action string

const (
	actionCreate action = "create"
	actionUpdate action = "update"
	actionDelete action = "delete"
)

// images are the members of an event that show a row: created of a create, after
// and where known before of an update, deleted of a delete.
const (
	imageCreated = "created"
	imageAfter   = "after"
	imageBefore  = "before"
	imageDeleted = "deleted"
)

// position is the place of a change in the order of all changes of a database:
// the commit record of its transaction, and its number within. Every row change
// that the slot sends counts, also one that became no event, so that a
// transaction sent again has the same positions.
type position struct {
	LSN   replication.LSN `json:"lsn"`
	Index uint64          `json:"index"`
}

func (p position) compare(q position) int {
	if c := cmp.Compare(p.LSN, q.LSN); c != 0 {
		return c
	}
	return cmp.Compare(p.Index, q.Index)
}

// next is the position right after p.
func (p position) next() position {
	return position{LSN: p.LSN, Index: p.Index + 1}
}

// event is a change as it is stored. It is formatted once; every reader shares
// the bytes.
type event struct {
	position
	ID     ulid.ULID
	Action action
	// Model is the Prisma model's name.
	Model string
	// Body is the event as it is delivered: JSON on one line.
	Body []byte
}

// image is a row under one of the image names, its fields in column order.
type image struct {
	name   string
	fields []member
}

type member struct {
	name  string
	value any
}

// formatEvent writes the JSON of an event, schema PulseEvent of the contract.
func formatEvent(id ulid.ULID, act action, model string, images []image) ([]byte, error) {
	f := formatter{}
	f.members([]member{{"id", id.String()}, {"action", act}, {"modelName", model}})
	for _, img := range images {
		f.buf.WriteByte(',')
		f.value(img.name)
		f.buf.WriteString(":{")
		f.members(img.fields)
		f.buf.WriteByte('}')
	}
	return append(append([]byte{'{'}, f.buf.Bytes()...), '}'), f.err
}

// formatter keeps the order of members, which a map would lose.
type formatter struct {
	buf bytes.Buffer
	err error
}

func (f *formatter) members(members []member) {
	for i, m := range members {
		if i > 0 {
			f.buf.WriteByte(',')
		}
		f.value(m.name)
		f.buf.WriteByte(':')
		f.value(m.value)
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
