package pulse

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/capture"
	"github.com/arazzo-conformance/arazzo/reference/filter"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// The statuses of a named stream, enum status of schema StreamInfo.
const (
	// statusActive delivers to whoever consumes it.
	statusActive = "active"
	// statusPaused will deliver again without anybody's doing.
	statusPaused = "paused"
	// statusStopped delivers nothing until somebody does something.
	statusStopped = "stopped"
)

// streamInfo is schema StreamInfo of the contract.
type streamInfo struct {
	Name   string `json:"name"`
	Model  string `json:"model"`
	Status string `json:"status"`
	// Reason says why the stream is not active. The contract has no such member, and
	// allows others than it has.
	Reason string `json:"reason,omitempty"`
	// Cursor is left out before the first acknowledgement: null is not in the
	// schema.
	Cursor    *ulid.ULID `json:"cursor,omitempty"`
	CreatedAt string     `json:"createdAt"`
}

// timeFormat is RFC 3339 with milliseconds.
const timeFormat = "2006-01-02T15:04:05.000Z07:00"

// schemaAge is how old the schema may be that a status is told by: lists are
// asked for again and again, and each look costs the database some milliseconds.
const schemaAge = time.Second

// info tells of a stream, given the schema as it is now.
func (s *Service) info(n *namedStream, schema *prisma.Schema) streamInfo {
	info := streamInfo{Name: n.Name, Model: n.Model, Status: statusActive, CreatedAt: n.CreatedAt.Format(timeFormat)}
	if n.Cursor != nil {
		info.Cursor = &n.Cursor.ID
	}
	if _, reason := n.fit(schema); reason != "" {
		info.Status, info.Reason = statusStopped, reason
	} else if now, _ := s.state(); now.Link == capture.LinkDisconnected {
		info.Status, info.Reason = statusPaused, "the database cannot be reached. The service goes on trying, and the stream then goes on where it was"
	}
	return info
}

// fit fits the stream's filter to its model as the schema has it. The reason why it
// cannot is empty where it can. What a changed schema stops goes on by itself, where
// it was, once the schema fits again: nothing of it was lost meanwhile.
func (s *namedStream) fit(schema *prisma.Schema) (_ *filter.Filter, reason string) {
	if s.Stopped != "" {
		return nil, s.Stopped + ". Delete it and create it anew"
	}
	model, ok := schema.Model(s.Model)
	if !ok {
		return nil, fmt.Sprintf("the database has no model %s any more. It goes on once that is there again", s.Model)
	}
	if s.movedTo(model.Namespace) {
		return nil, fmt.Sprintf("the name %s went from a table in Postgres schema %s to one in %s. Delete it and create it anew", s.Model, s.Namespace, model.Namespace)
	}
	f, err := filter.Parse(s.Filter, model)
	if err != nil {
		return nil, fmt.Sprintf("its filter does not fit the model %s any more (%v). It goes on once it does again", s.Model, err)
	}
	return f, ""
}

// schemaNow is the schema as it was a moment ago, or the last one that is known where
// the database cannot be asked: a stream is judged by it then.
func (s *Service) schemaNow(ctx context.Context) *prisma.Schema {
	schema, err := s.looks.recent(ctx, schemaAge)
	if err != nil {
		return s.capture.Schema()
	}
	return schema
}

// stopped answers a consumer of a stream that cannot go on.
func stopped(name, reason string) *problem {
	return &problem{
		status: http.StatusInternalServerError, code: codeStreamStopped, meta: map[string]any{"name": name},
		message: "The stream is stopped: " + reason + ".",
	}
}
