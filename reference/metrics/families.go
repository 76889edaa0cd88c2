package metrics

import (
	"strconv"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/accelerate"
	"github.com/arazzo-conformance/arazzo/reference/cache"
	"github.com/arazzo-conformance/arazzo/reference/capture"
	"github.com/arazzo-conformance/arazzo/reference/meter"
	"github.com/arazzo-conformance/arazzo/reference/pulse"
)

// stats is what is so of an environment. What Accelerate tells is not there before it is
// open.
type stats struct {
	pulse.Stats
	accelerate *accelerate.Stats
}

// family is the metrics of one name.
type family struct {
	name, help string
	kind       kind
	// labels are those beside environment.
	labels []string
	read   func(*stats, sink)
}

// sink takes the values of a family for one environment.
type sink struct {
	page        *page
	family      *family
	environment string
}

// values are the label's values, in the order of the family's labels.
func (s sink) value(v float64, values ...string) {
	s.page.sample(s.family.name, s.labels(values), v)
}

func (s sink) labels(values []string) []label {
	all := []label{{"environment", s.environment}}
	for i, name := range s.family.labels {
		all = append(all, label{name, values[i]})
	}
	return all
}

// one is 1 for the label that is so and 0 for the others that could be.
func (s sink) one(now string, all ...string) {
	for _, label := range all {
		v := 0.0
		if label == now {
			v = 1
		}
		s.value(v, label)
	}
}

// moment is a time in Unix seconds; one that has not come is left out.
func (s sink) moment(t time.Time) {
	if !t.IsZero() {
		s.value(float64(t.UnixMilli()) / 1000)
	}
}

func (s sink) distribution(d meter.Distribution, values ...string) {
	s.page.histogram(s.family.name, s.labels(values), d)
}

// families are all metrics of an environment, in the order of docs/pulse.md.
var families = []family{
	{"pulse_health_status", "Whether the status is the one that /health tells.", gauge, []string{"status"}, func(s *stats, to sink) {
		to.one(string(s.Health.Status), string(pulse.Healthy), string(pulse.Degraded), string(pulse.Unavailable))
	}},
	{"pulse_replication_link", "Whether the state is the one of the replication connection.", gauge, []string{"state"}, func(s *stats, to sink) {
		to.one(string(s.Capture.Link), string(capture.LinkConnected), string(capture.LinkReconnecting), string(capture.LinkDisconnected))
	}},
	{"pulse_replication_reconnects_total", "Replication connections after the first.", counter, nil, func(s *stats, to sink) {
		to.value(float64(s.Capture.Reconnects))
	}},
	{"pulse_replication_transactions_total", "Committed transactions received, also those without a change of a model.", counter, nil, func(s *stats, to sink) {
		to.value(float64(s.Capture.Transactions))
	}},
	{"pulse_replication_changes_total", "Row changes received, also those that came again and those of tables that are no models.", counter, nil, func(s *stats, to sink) {
		to.value(float64(s.Capture.Changes))
	}},
	{"pulse_replication_dropped_changes_total", "Row changes larger than an event may be.", counter, nil, func(s *stats, to sink) {
		to.value(float64(s.Capture.Dropped))
	}},
	{"pulse_spool_transactions", "Transactions in progress that are kept on disk until their end is known.", gauge, nil, func(s *stats, to sink) {
		to.value(float64(s.Capture.Spooled))
	}},
	{"pulse_spool_bytes", "Their size on disk.", gauge, nil, func(s *stats, to sink) {
		to.value(float64(s.Capture.SpooledBytes))
	}},
	{"pulse_slot_lag_bytes", "The database's log since what the slot was confirmed to.", gauge, nil, func(s *stats, to sink) {
		if !s.Capture.Slot.Checked.IsZero() {
			to.value(float64(s.Capture.Slot.LagBytes))
		}
	}},
	{"pulse_slot_retained_bytes", "The log that the database keeps for the slot.", gauge, nil, func(s *stats, to sink) {
		if !s.Capture.Slot.Checked.IsZero() {
			to.value(float64(s.Capture.Slot.RetainedBytes))
		}
	}},
	{"pulse_slot_safe_bytes", "The log that can be written before the slot is in danger; absent without a limit.", gauge, nil, func(s *stats, to sink) {
		if safe := s.Capture.Slot.SafeWALSize; safe != nil {
			to.value(float64(*safe))
		}
	}},
	{"pulse_slot_wal_status", "Whether the status is the slot's wal_status.", gauge, []string{"status"}, func(s *stats, to sink) {
		to.one(s.Capture.Slot.WALStatus, "reserved", "extended", "unreserved", "lost")
	}},
	{"pulse_slot_checked_timestamp_seconds", "When the database was last asked for the slot.", gauge, nil, func(s *stats, to sink) {
		to.moment(s.Capture.Slot.Checked)
	}},
	{"pulse_log_bytes", "The size of the event log.", gauge, nil, func(s *stats, to sink) {
		if s.Log != nil {
			to.value(float64(s.Log.Bytes))
		}
	}},
	{"pulse_log_chunks", "The chunks in the event log: runs of events that were stored together.", gauge, nil, func(s *stats, to sink) {
		if s.Log != nil {
			to.value(float64(s.Log.Chunks))
		}
	}},
	{"pulse_log_first_timestamp_seconds", "When the first chunk that is kept was stored.", gauge, nil, func(s *stats, to sink) {
		if s.Log != nil {
			to.moment(s.Log.FirstAt)
		}
	}},
	{"pulse_log_last_timestamp_seconds", "When the last chunk was stored.", gauge, nil, func(s *stats, to sink) {
		if s.Log != nil {
			to.moment(s.Log.LastAt)
		}
	}},
	{"pulse_events_stored_total", "Events stored; those of models beyond the three hundredth are together under an empty model.", counter, []string{"model", "action"}, func(s *stats, to sink) {
		if s.Log == nil {
			return
		}
		for kind, n := range s.Log.Events {
			to.value(float64(n), kind.Model, string(kind.Action))
		}
	}},
	{"pulse_log_append_duration_seconds", "How long a write to the event log took, disk included.", histogram, nil, func(s *stats, to sink) {
		if s.Log != nil {
			to.distribution(s.Log.Append)
		}
	}},
	{"pulse_commit_to_stored_seconds", "The time from a commit to its events' being stored, by both machines' clocks, in milliseconds; one for each write.", histogram, nil, func(s *stats, to sink) {
		if s.Log != nil {
			to.distribution(s.Log.Commit)
		}
	}},
	{"pulse_streams", "Named streams.", gauge, []string{"status"}, func(s *stats, to sink) {
		counts := map[string]int{"active": 0, "paused": 0, "stopped": 0}
		for _, stream := range s.Streams {
			counts[stream.Status]++
		}
		for status, n := range counts {
			to.value(float64(n), status)
		}
	}},
	{"pulse_stream_lag_bytes", "The database's log between what a named stream's consumer was sent, or without one its cursor, and the end of the event log.", gauge, []string{"stream"}, func(s *stats, to sink) {
		for _, stream := range s.Streams {
			to.value(float64(stream.LagBytes), stream.Name)
		}
	}},
	{"pulse_consumers", "Open event streams of named streams.", gauge, nil, func(s *stats, to sink) {
		to.value(float64(s.Consumers))
	}},
	{"pulse_subscribers", "Open event streams of subscriptions.", gauge, nil, func(s *stats, to sink) {
		to.value(float64(s.Subscribers))
	}},
	{"pulse_events_delivered_total", "Events written to event streams.", counter, []string{"for"}, func(s *stats, to sink) {
		for purpose, n := range s.Delivered {
			to.value(float64(n), string(purpose))
		}
	}},
	{"pulse_event_streams_cut_total", "Event streams that the service ended: the reader was slow or stalled, a newer consumer came, the stream was stopped.", counter, []string{"for", "reason"}, func(s *stats, to sink) {
		for cut, n := range s.Cut {
			to.value(float64(n), string(cut.Purpose), cut.Reason)
		}
	}},
	{"pulse_acknowledgements_total", "Moves of a cursor.", counter, nil, func(s *stats, to sink) {
		to.value(float64(s.Acknowledged))
	}},
	{"pulse_http_requests_total", "Answers, an event stream when it opens.", counter, []string{"route", "method", "code"}, func(s *stats, to sink) {
		for request, n := range s.Requests {
			to.value(float64(n), request.Route, request.Method, strconv.Itoa(request.Status))
		}
	}},
	{"pulse_http_request_duration_seconds", "How long requests took, without event streams.", histogram, []string{"route"}, func(s *stats, to sink) {
		for route, d := range s.Durations {
			to.distribution(d, route)
		}
	}},
	{"pulse_errors_total", "Answers with a PulseError, by its code.", counter, []string{"code"}, func(s *stats, to sink) {
		for code, n := range s.Errors {
			to.value(float64(n), code)
		}
	}},
	{"accelerate_queries_total", "Queries that were run or answered from the cache, by their cache status.", counter, []string{"cache"}, func(s *stats, to sink) {
		if a := s.accelerate; a != nil {
			to.value(float64(a.Cache.TTL), string(cache.TTL))
			to.value(float64(a.Cache.SWR), string(cache.SWR))
			to.value(float64(a.Cache.Miss), string(cache.Miss))
			to.value(float64(a.Uncached), accelerate.None)
		}
	}},
	{"accelerate_cache_entries", "Answers in the cache.", gauge, nil, func(s *stats, to sink) {
		if s.accelerate != nil {
			to.value(float64(s.accelerate.Cache.Entries))
		}
	}},
	{"accelerate_cache_bytes", "The memory that they hold.", gauge, nil, func(s *stats, to sink) {
		if s.accelerate != nil {
			to.value(float64(s.accelerate.Cache.Bytes))
		}
	}},
	{"accelerate_cache_loads", "Queries under way whose answers may be cached.", gauge, nil, func(s *stats, to sink) {
		if s.accelerate != nil {
			to.value(float64(s.accelerate.Cache.Loading))
		}
	}},
	{"accelerate_cache_removed_total", "Answers that left the cache: for want of room, of age, or by an invalidation.", counter, []string{"reason"}, func(s *stats, to sink) {
		if a := s.accelerate; a != nil {
			to.value(float64(a.Cache.Evicted), "evicted")
			to.value(float64(a.Cache.Expired), "expired")
			to.value(float64(a.Cache.Invalidated), "invalidated")
		}
	}},
}
