package pulse

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/oklog/ulid/v2"
)

// maxStreamName is the longest name of a stream, in characters.
const maxStreamName = 255

// streamInfo is schema StreamInfo of the contract.
type streamInfo struct {
	Name   string `json:"name"`
	Model  string `json:"model"`
	Status string `json:"status"`
	// Cursor is left out before the first acknowledgement: null is not in the
	// schema.
	Cursor    *ulid.ULID `json:"cursor,omitempty"`
	CreatedAt string     `json:"createdAt"`
}

// timeFormat is RFC 3339 with milliseconds.
const timeFormat = "2006-01-02T15:04:05.000Z07:00"

func (s *Service) info(n *namedStream) streamInfo {
	info := streamInfo{Name: n.Name, Model: n.Model, Status: "active", CreatedAt: n.CreatedAt.Format(timeFormat)}
	switch {
	case n.Stopped != "" || s.catalog.known(n.Model) == nil:
		info.Status = "stopped"
	case s.receiver.link() == linkDisconnected:
		info.Status = "paused"
	}
	if n.Cursor != nil {
		info.Cursor = &n.Cursor.ID
	}
	return info
}

// createStream answers 201 once every later change is certain to be delivered:
// the stream starts at the database's position now.
func (s *Service) createStream(w http.ResponseWriter, r *http.Request) {
	members, p := readObject(w, r)
	if p != nil {
		p.write(w)
		return
	}
	name, p := text(members, "name")
	if p == nil && (name == "" || utf8.RuneCountInString(name) > maxStreamName) {
		p = invalid("name must have 1 to %d characters.", maxStreamName)
	}
	if p != nil {
		p.write(w)
		return
	}
	f, ok := s.filterOf(w, r, members)
	if !ok {
		return
	}
	start, ok := s.positionNow(w, r)
	if !ok {
		return
	}
	n := &namedStream{Name: name, Model: f.model, Filter: members["filter"], Start: start}
	switch err := s.streams.create(r.Context(), n); {
	case errors.Is(err, errStreamExists):
		(&problem{
			status: http.StatusConflict, code: codeStreamExists, meta: map[string]any{"name": name},
			message: "A stream of this name exists: consume it to resume, or delete it first.",
		}).write(w)
	case errors.Is(err, errTooMany):
		invalid("%v: delete one first.", err).write(w)
	case err != nil:
		s.fail(w, r, codeServerError, err)
	default:
		writeJSON(w, http.StatusCreated, s.info(n))
	}
}

// filterOf reads model and filter of a body. When not ok it has answered.
func (s *Service) filterOf(w http.ResponseWriter, r *http.Request, members map[string]json.RawMessage) (_ *filter, ok bool) {
	name, p := text(members, "model")
	if p != nil {
		p.write(w)
		return nil, false
	}
	model, err := s.catalog.model(r.Context(), name)
	if err != nil {
		s.fail(w, r, codeDatasourceError, err)
		return nil, false
	}
	if model == nil {
		invalid("There is no model %q in the database.", name).write(w)
		return nil, false
	}
	f, err := parseFilter(members["filter"], model)
	if err != nil {
		invalid("%v.", err).write(w)
		return nil, false
	}
	return f, true
}

// positionNow is where a stream that begins now begins. When not ok it has
// answered.
func (s *Service) positionNow(w http.ResponseWriter, r *http.Request) (_ position, ok bool) {
	lsn, err := s.db.end(r.Context())
	if err != nil {
		s.fail(w, r, codeDatasourceError, err)
		return position{}, false
	}
	return position{LSN: lsn}, true
}

func (s *Service) listStreams(w http.ResponseWriter, r *http.Request) {
	all, err := s.streams.list(r.Context())
	if err != nil {
		s.fail(w, r, codeServerError, err)
		return
	}
	data := make([]streamInfo, 0, len(all))
	for _, n := range all {
		data = append(data, s.info(n))
	}
	writeJSON(w, http.StatusOK, map[string]any{"data": data})
}

func (s *Service) deleteStream(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("streamName")
	switch err := s.streams.remove(r.Context(), name); {
	case errors.Is(err, errStreamUnknown):
		streamNotFound(name).write(w)
	case err != nil:
		s.fail(w, r, codeServerError, err)
	default:
		s.consumers.end(name)
		w.WriteHeader(http.StatusNoContent)
	}
}

func (s *Service) getEvent(w http.ResponseWriter, r *http.Request) {
	var found *event
	id, ok := parseID(r.PathValue("eventId"))
	if ok {
		var err error
		if found, err = s.log.find(r.Context(), id); err != nil {
			s.fail(w, r, codeServerError, err)
			return
		}
	}
	if found == nil {
		(&problem{status: http.StatusNotFound, code: codeEventNotFound, message: "There is no event with this identifier."}).write(w)
		return
	}
	writeJSON(w, http.StatusOK, json.RawMessage(found.Body))
}

func (s *Service) getHealthStatus(w http.ResponseWriter, _ *http.Request) {
	link := s.receiver.link()
	health := struct {
		Status            string    `json:"status"`
		ReplicationStatus linkState `json:"replicationStatus"`
		Timestamp         string    `json:"timestamp"`
	}{"healthy", link, time.Now().UTC().Format(timeFormat)}
	status := http.StatusOK
	switch link {
	case linkReconnecting:
		health.Status = "degraded"
	case linkDisconnected:
		health.Status, status = "unavailable", http.StatusServiceUnavailable
	}
	writeJSON(w, status, health)
}

// resumption is where a consumer begins, given its Last-Event-ID. The identifier
// of an event of this stream beyond the cursor acknowledges everything up to it.
// An older one has it delivered again from there, without moving the cursor. One
// that names no event of this stream changes nothing.
func (s *Service) resumption(ctx context.Context, n *namedStream, f *filter, lastEventID string) (position, error) {
	from := n.resume()
	id, ok := parseID(lastEventID)
	if !ok {
		return from, nil
	}
	e, err := s.log.find(ctx, id)
	if err != nil || e == nil || e.compare(n.Start) < 0 || !f.wants(*e) {
		return from, err
	}
	if err := s.streams.acknowledge(ctx, n.Name, n.ID, *e); err != nil {
		return from, err
	}
	return e.next(), nil
}
