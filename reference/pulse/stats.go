package pulse

import (
	"context"
	"errors"

	"github.com/arazzo-conformance/arazzo/reference/capture"
	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/meter"
)

// Stats is what an operator wants to know of a [Service], at one moment. What is
// counted is counted since the start.
type Stats struct {
	Health  Health
	Capture capture.State
	// Log is nil where the log could not be asked.
	Log     *eventlog.Stats
	Streams []StreamStats
	// Subscribers and Consumers are the open event streams: of subscriptions, and of
	// named streams.
	Subscribers, Consumers int
	// Delivered counts the events sent on event streams, by what they are for.
	Delivered map[Purpose]uint64
	// Cut counts the event streams that the service ended before their time.
	Cut map[Cut]uint64
	// Acknowledged counts how often a cursor was moved.
	Acknowledged uint64
	// Requests counts the answers, Errors those of them with a PulseError, by its
	// code.
	Requests map[Request]uint64
	Errors   map[string]uint64
	// Durations is how long requests took, by route; event streams are not in it.
	Durations map[string]meter.Distribution
}

// StreamStats is what is so of a named stream.
type StreamStats struct {
	// Name is the stream's name, Status one of active, paused and stopped.
	Name, Status string
	// LagBytes is how much of the database's log lies between what the stream's
	// consumer was sent, or without one its cursor, and the end of the event log.
	LagBytes uint64
}

// Purpose is what an event stream is for.
type Purpose string

// The purposes.
const (
	ForStream       Purpose = "stream"
	ForSubscription Purpose = "subscription"
)

// Cut is why an event stream was ended by the service.
type Cut struct {
	Purpose Purpose
	// Reason is one of slow, stalled, gap, replaced, deleted and stopped.
	Reason string
}

// Request is what answers are counted by.
type Request struct {
	// Route is a pattern of the contract, such as /streams/{streamName}, or other.
	Route string
	// Method is one of HTTP's, or other.
	Method string
	Status int
}

// Stats asks for everything. The error is of the event log or the named streams;
// what is known nevertheless is told.
func (s *Service) Stats(ctx context.Context) (Stats, error) {
	now := Stats{
		Health: s.Health(), Capture: s.capture.State(),
		Acknowledged: s.streams.moved.Load(), Cut: s.counts.cuts.Read(),
		Requests: s.counts.requests.Read(), Errors: s.counts.errors.Read(), Durations: s.counts.readDurations(),
	}
	var reached map[string]event.Position
	now.Subscribers, now.Consumers, now.Delivered, reached = s.deliveries.read()
	log, err := s.log.Stats(ctx)
	if err == nil {
		now.Log = &log
	}
	streams, listErr := s.streams.list(ctx)
	schema, end := s.capture.Schema(), s.log.End().Position
	for _, n := range streams {
		at := n.resume()
		if live, ok := reached[n.ID]; ok && live.Compare(at) > 0 {
			at = live
		}
		now.Streams = append(now.Streams, StreamStats{Name: n.Name, Status: s.info(n, schema).Status, LagBytes: lag(at, end)})
	}
	return now, errors.Join(err, listErr)
}

// lag is how much of the database's log lies between a position and the end.
func lag(at, end event.Position) uint64 {
	if at.LSN >= end.LSN {
		return 0
	}
	return uint64(end.LSN - at.LSN)
}
