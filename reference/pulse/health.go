package pulse

import (
	"fmt"
	"net/http"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/capture"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
)

// HealthStatus is the member status of schema HealthStatus.
type HealthStatus string

// The statuses. Only Unavailable is answered 503.
const (
	Healthy     HealthStatus = "healthy"
	Degraded    HealthStatus = "degraded"
	Unavailable HealthStatus = "unavailable"
)

// Health is how a service fares, and why not better.
type Health struct {
	Status HealthStatus
	// Link is the state of the replication connection.
	Link capture.Link
	// Slot is the zero value where the database was not asked yet.
	Slot   capture.SlotState
	Causes []Cause
}

// Cause is why a service is not healthy. Everybody may read it: what names hosts,
// users or statements stands in the log.
type Cause struct {
	// Code is one that docs/pulse.md lists, for programs.
	Code string `json:"code"`
	// Message is a sentence for people.
	Message string `json:"message"`
}

// maxSlotLag is from when on the slot's lag counts as a cause, in bytes: a
// transaction of millions of rows reaches it for a while, and so does a service
// that does not keep up.
const maxSlotLag = 1 << 30

// Health is how the service fares at this moment. It asks nobody and never waits.
func (s *Service) Health() Health {
	if s.isClosed() {
		return shuttingDown()
	}
	now, handover := s.state()
	var unwritten error
	if s.holdsSlot() {
		unwritten = s.log.Failure()
	}
	h := healthOf(now, unwritten, s.looks.failure(), !s.options.NoPersistence)
	if handover != "" {
		h.add(Degraded, "slot-without-node", handover)
	}
	switch {
	case s.broker.Trouble() == nil:
	case s.broker.Shared():
		h.add(Degraded, "nats-away", "NATS, which keeps the event log, cannot be reached: no named stream goes on until it can.")
	default:
		h.add(Degraded, "event-log-full", "The event log cannot be written, as when its disk is full. It goes on by itself when it can.")
	}
	return h
}

// healthOf finds what is wrong, the worst first; kept says that the slot keeps what
// cannot be taken.
func healthOf(now capture.State, unwritten, unread error, kept bool) Health {
	meanwhile := "the slot keeps what is to come."
	if !kept {
		meanwhile = "what is committed meanwhile is lost, and subscriptions have ended."
	}
	h := Health{Status: Healthy, Link: now.Link, Slot: now.Slot}
	switch now.Link {
	case capture.LinkConnected:
	case capture.LinkReconnecting:
		h.add(Degraded, "replication-reconnecting", "The replication connection broke a moment ago; "+meanwhile)
	default:
		h.add(Unavailable, "replication-disconnected", "There is no replication connection to the database; "+meanwhile)
	}
	switch now.Slot.WALStatus {
	case "lost":
		h.add(Degraded, "slot-lost", "The database has removed log that the replication slot was to deliver: named streams stop.")
	case "unreserved":
		h.add(Degraded, "slot-unreserved", "The database may remove log that the replication slot needs at its next checkpoint.")
	}
	if now.Slot.LagBytes > maxSlotLag {
		h.add(Degraded, "slot-lag", fmt.Sprintf("The replication slot is %d MB behind.", now.Slot.LagBytes>>20))
	}
	if unwritten != nil {
		h.add(Degraded, "event-log-not-written", "The last events could not be stored, as when a disk is full; "+meanwhile)
	}
	if unread != nil {
		h.add(Degraded, "schema-not-read", "The database's tables could not be read when they were last asked for.")
	}
	return h
}

// add makes the health as bad as a cause.
func (h *Health) add(s HealthStatus, code, message string) {
	if h.Status != Unavailable {
		h.Status = s
	}
	h.Causes = append(h.Causes, Cause{code, message})
}

// shuttingDown is the health of a service at its end.
func shuttingDown() Health {
	h := Health{Link: capture.LinkDisconnected}
	h.add(Unavailable, "shutting-down", "The service is shutting down.")
	return h
}

func (s *Service) getHealthStatus(w http.ResponseWriter, _ *http.Request) { s.Health().write(w) }

// write answers with schema HealthStatus, and why. The contract has no members
// slot and causes, and allows others than it has.
func (h Health) write(w http.ResponseWriter) {
	type slot struct {
		LagBytes  int64  `json:"lagBytes"`
		WALStatus string `json:"walStatus,omitempty"`
	}
	answer := struct {
		Status            HealthStatus `json:"status"`
		ReplicationStatus capture.Link `json:"replicationStatus"`
		Timestamp         string       `json:"timestamp"`
		Slot              *slot        `json:"slot,omitempty"`
		Causes            []Cause      `json:"causes,omitempty"`
	}{h.Status, h.Link, time.Now().UTC().Format(timeFormat), nil, h.Causes}
	if !h.Slot.Checked.IsZero() {
		answer.Slot = &slot{h.Slot.LagBytes, h.Slot.WALStatus}
	}
	code := http.StatusOK
	if h.Status == Unavailable {
		code = http.StatusServiceUnavailable
	}
	jsonhttp.Write(w, code, answer)
}
