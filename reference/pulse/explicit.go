package pulse

import (
	"net/http"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// The contract has no operation by which a consumer says what it has done with.
// What reached its machine, or a proxy before it, may be lost there all the same. A
// consumer that connects with ?ack=explicit acknowledges by itself, with
// Last-Event-ID when it comes back or with POST /streams/{streamName}/ack in between,
// and by nothing else.

// isExplicit reads the query parameter ack.
func isExplicit(r *http.Request) (bool, *problem) {
	switch mode := r.URL.Query().Get("ack"); mode {
	case "", "implicit":
		return false, nil
	case "explicit":
		return true, nil
	default:
		return false, invalid("ack: expected implicit or explicit, found %s.", prisma.Describe(mode))
	}
}

// acknowledgeEvent moves a stream's cursor to the event that the body names, {"id"},
// and says nothing but 204: that one and all before are done with. An earlier one
// than the cursor moves nothing.
func (s *Service) acknowledgeEvent(w http.ResponseWriter, r *http.Request) {
	members, p := s.readObject(w, r)
	if p != nil {
		p.write(w)
		return
	}
	id, p := text(members, "id")
	if p != nil {
		p.write(w)
		return
	}
	name := r.PathValue("streamName")
	n, _, err := s.streams.get(r.Context(), name)
	if err != nil {
		s.failStream(w, r, name, err)
		return
	}
	j := &judge{stream: n}
	if reason := j.follow(s.schemaNow(r.Context())); reason != "" {
		stopped(name, reason).write(w)
		return
	}
	e, err := s.eventOf(r.Context(), n, j, id)
	switch {
	case err != nil:
		s.fail(w, r, codeServerError, err)
		return
	case e == nil && (n.Cursor == nil || n.Cursor.ID.String() != id):
		invalid("id: expected that of an event of this stream, found %s.", prisma.Describe(id)).write(w)
		return
	case e != nil:
		// Whoever has the stream by now: what is done with is done with.
		n.Consumer = ""
		if err := s.streams.acknowledge(r.Context(), n, *e, event.Position{}); err != nil {
			s.failStream(w, r, name, err)
			return
		}
	}
	w.WriteHeader(http.StatusNoContent)
}
