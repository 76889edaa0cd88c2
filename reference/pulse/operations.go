package pulse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/filter"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// questionWait bounds what a request asks the database: one that does not answer
// must not hold its caller.
const questionWait = 10 * time.Second

// maxStreamName is the longest name of a stream, in characters.
const maxStreamName = 255

// createStream answers 201 once every later change is certain to be delivered:
// the stream starts at the database's position now.
func (s *Service) createStream(w http.ResponseWriter, r *http.Request) {
	members, p := s.readObject(w, r)
	if p != nil {
		p.write(w)
		return
	}
	name, p := streamName(members)
	if p != nil {
		p.write(w)
		return
	}
	j, ok := s.judgeOf(w, r, members)
	if !ok {
		return
	}
	start, ok := s.positionNow(w, r)
	if !ok {
		return
	}
	n := j.stream
	n.Name, n.Start = name, start
	switch err := s.streams.create(r.Context(), n); {
	case errors.Is(err, errStreamExists):
		(&problem{
			status: http.StatusConflict, code: codeStreamExists, meta: map[string]any{"name": name},
			message: "A stream of this name exists: consume it to resume, or delete it first.",
		}).write(w)
	case errors.Is(err, errTooMany):
		(&problem{
			status: http.StatusBadRequest, code: codeTooManyStreams, meta: map[string]any{"limit": maxStreams},
			message: fmt.Sprintf("There are %d streams, the most there may be: delete one first.", maxStreams),
		}).write(w)
	case err != nil:
		s.fail(w, r, codeServerError, err)
	default:
		s.answerCreated(w, r, n, j.schema)
	}
}

// answerCreated answers for a stream that is stored, unless the slot was made anew
// since its beginning was asked for: then nobody told it of what lies between.
func (s *Service) answerCreated(w http.ResponseWriter, r *http.Request, n *namedStream, schema *prisma.Schema) {
	since, err := s.confirmation.Since(r.Context())
	if err == nil && n.Start.LSN < since {
		err = errors.Join(errors.New("the replication slot was made anew while the stream was created"), s.streams.remove(r.Context(), n.Name))
	}
	if err != nil {
		s.fail(w, r, codeServerError, err)
		return
	}
	jsonhttp.Write(w, http.StatusCreated, s.info(n, schema))
}

// streamName reads the name of a new stream. "." and ".." cannot be spelled in a
// path, not even escaped (RFC 3986, section 6.2.2.3), so nobody could consume or
// delete them; nor "/", which net/http's ServeMux takes for the end of a path when it
// is a segment of its own.
func streamName(members map[string]json.RawMessage) (string, *problem) {
	name, p := text(members, "name")
	switch n := utf8.RuneCountInString(name); {
	case p != nil:
		return "", p
	case n == 0 || n > maxStreamName:
		return "", invalid("name: expected 1 to %d characters, found %d.", maxStreamName, n)
	case name == "." || name == ".." || name == "/":
		return "", invalid("name: expected one that a URL's path can carry, found %q.", name)
	}
	return name, nil
}

// judgeOf reads model and filter of a body, and for them the schema as it is now.
// When not ok it has answered.
func (s *Service) judgeOf(w http.ResponseWriter, r *http.Request, members map[string]json.RawMessage) (_ *judge, ok bool) {
	name, p := text(members, "model")
	if p != nil {
		p.write(w)
		return nil, false
	}
	schema, err := s.looks.now(r.Context())
	if err != nil {
		s.fail(w, r, codeDatasourceError, err)
		return nil, false
	}
	model, ok := schema.Model(name)
	if !ok {
		invalid("model: there is no %s in the database; there are: %s.", prisma.Describe(name), modelNames(schema)).write(w)
		return nil, false
	}
	f, err := filter.Parse(members["filter"], model)
	if err != nil {
		invalid("%v.", err).write(w)
		return nil, false
	}
	return &judge{stream: &namedStream{Model: name, Namespace: model.Namespace, Filter: members["filter"]}, filter: f, model: model, schema: schema}, true
}

func modelNames(schema *prisma.Schema) string {
	names := make([]string, len(schema.Models))
	for i, m := range schema.Models {
		names[i] = m.Name
	}
	return shortened(strings.Join(names, ", "))
}

// positionNow is where a stream that begins now begins. When not ok it has
// answered.
func (s *Service) positionNow(w http.ResponseWriter, r *http.Request) (_ event.Position, ok bool) {
	ctx, cancel := context.WithTimeout(r.Context(), questionWait)
	defer cancel()
	now, err := s.capture.Position(ctx)
	if err != nil {
		s.fail(w, r, codeDatasourceError, err)
		return event.Position{}, false
	}
	return now, true
}

func (s *Service) listStreams(w http.ResponseWriter, r *http.Request) {
	all, err := s.streams.list(r.Context())
	if err != nil {
		s.fail(w, r, codeServerError, err)
		return
	}
	data := make([]streamInfo, 0, len(all))
	schema := s.schemaNow(r.Context())
	for _, n := range all {
		data = append(data, s.info(n, schema))
	}
	jsonhttp.Write(w, http.StatusOK, map[string]any{"data": data})
}

func (s *Service) deleteStream(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("streamName")
	switch err := s.streams.remove(r.Context(), name); {
	case errors.Is(err, errStreamUnknown):
		streamNotFound(name).write(w)
	case err != nil:
		s.fail(w, r, codeServerError, err)
	default:
		s.consumers.end(name, errDeleted)
		w.WriteHeader(http.StatusNoContent)
	}
}

func (s *Service) getEvent(w http.ResponseWriter, r *http.Request) {
	var body []byte
	if id, ok := event.ParseID(r.PathValue("eventId")); ok {
		var err error
		if body, err = s.find(r.Context(), id); err != nil {
			s.fail(w, r, codeServerError, err)
			return
		}
	}
	if body == nil {
		(&problem{status: http.StatusNotFound, code: codeEventNotFound, message: "There is no event with this identifier."}).write(w)
		return
	}
	jsonhttp.WriteText(w, http.StatusOK, body)
}

// find looks for an event, in the log and where the log has lost it among the
// cursors.
func (s *Service) find(ctx context.Context, id ulid.ULID) ([]byte, error) {
	e, err := s.log.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	if e == nil {
		return s.streams.event(ctx, id)
	}
	return e.Body, nil
}

// resumption is where a consumer begins, given its Last-Event-ID. The identifier
// of an event of this stream beyond the cursor acknowledges everything up to it.
// An older one has it delivered again from there, without moving the cursor. One
// that names no event of this stream changes nothing.
func (s *Service) resumption(ctx context.Context, n *namedStream, j *judge, lastEventID string) (event.Position, error) {
	from := n.resume()
	e, err := s.eventOf(ctx, n, j, lastEventID)
	if err != nil || e == nil {
		return from, err
	}
	if err := s.streams.acknowledge(ctx, n, *e, event.Position{}); err != nil {
		return from, err
	}
	return e.Next(), nil
}

// eventOf is the event of a stream with this identifier, nil when it has none in the
// log.
func (s *Service) eventOf(ctx context.Context, n *namedStream, j *judge, text string) (*event.Event, error) {
	id, ok := event.ParseID(text)
	if !ok {
		return nil, nil
	}
	e, err := s.log.Find(ctx, id)
	if err != nil || e == nil || e.Compare(n.Start) < 0 || !j.wants(*e) {
		return nil, err
	}
	return e, nil
}
