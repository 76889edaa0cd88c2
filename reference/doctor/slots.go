package doctor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/capture"
)

const (
	// longLag is when a slot counts as left behind, in bytes of the server's log.
	longLag = 1 << 30
	// lowSpace is how little log a slot may be away from being lost.
	lowSpace = 1 << 30
)

// slot is a replication slot of the server. What its version does not have, or
// does not tell, is nil.
type slot struct {
	Name, Type       string
	Plugin, Database *string
	Active           bool
	// Temporary slots go with the connection that made them.
	Temporary    bool
	PID          *int32
	Application  *string
	WALStatus    *string
	Invalidation *string
	SafeSize     *int64
	Confirmed    *string
	// Lag is the log that has not been confirmed, Retained what is kept for it, in
	// bytes.
	Lag, Retained *int64
	Failover      *bool
}

// wal_status and safe_wal_size came with Postgres 13, failover and
// invalidation_reason with 17.
const selectSlots = `
WITH now AS (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END AS lsn)
SELECT s.slot_name::text AS name, s.slot_type AS type, s.plugin::text, s.database::text,
	s.active, s.temporary, s.active_pid AS pid, a.application_name AS application,
	to_jsonb(s) ->> 'wal_status' AS wal_status, to_jsonb(s) ->> 'invalidation_reason' AS invalidation,
	(to_jsonb(s) ->> 'safe_wal_size')::bigint AS safe_size, s.confirmed_flush_lsn::text AS confirmed,
	(now.lsn - s.confirmed_flush_lsn)::bigint AS lag, (now.lsn - s.restart_lsn)::bigint AS retained,
	(to_jsonb(s) ->> 'failover')::bool AS failover
FROM now, pg_replication_slots s LEFT JOIN pg_stat_activity a ON a.pid = s.active_pid
ORDER BY s.slot_name`

func slotOwner(f *facts) []Finding {
	if f.server == nil {
		return nil
	}
	s := f.slot()
	switch volatile := f.volatileSlot(); {
	case s == nil && volatile != "":
		return finding(OK, "a running service without persistence reads the replication slot %s, which goes with its connection", volatile)
	case s == nil:
		return finding(OK, "the replication slot %s is not there yet: the service makes it", f.options.Slot)
	case s.Type != "logical":
		return otherSlot(s, "is a physical one")
	case text(s.Plugin) != capture.Plugin:
		return otherSlot(s, fmt.Sprintf("has the output plugin %s, not %s", text(s.Plugin), capture.Plugin))
	case text(s.Database) != f.server.Database:
		return otherSlot(s, "belongs to the database "+text(s.Database))
	case s.PID != nil && !s.ours():
		found := finding(Error, "the replication slot %s is read by process %d (%s): the service cannot have it", s.Name, *s.PID, *s.Application)
		found[0].SQL = []string{fmt.Sprintf("SELECT pg_terminate_backend(%d)", *s.PID)}
		found[0].Next = "stop that reader, or choose another slot name"
		return found
	case s.Active:
		return finding(OK, "the replication slot %s is there, and a running service reads it", s.Name)
	default:
		return finding(OK, "the replication slot %s is there, confirmed up to %s; nobody reads it now", s.Name, text(s.Confirmed))
	}
}

// volatileSlot is the slot of a service that runs without persistence, empty where
// there is none.
func (f *facts) volatileSlot() string {
	i := slices.IndexFunc(f.slots, func(s slot) bool {
		return s.Temporary && s.ours() && text(s.Database) == f.server.Database && strings.HasPrefix(s.Name, capture.VolatilePrefix(f.options.Slot))
	})
	if i < 0 {
		return ""
	}
	return f.slots[i].Name
}

// ours says that the slot's reader is a service such as this; one that is not
// told, for want of rights, counts as one.
func (s *slot) ours() bool {
	return text(s.Application) == "" || *s.Application == capture.ApplicationName
}

// text is a text that Postgres may leave out.
func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

func otherSlot(s *slot, why string) []Finding {
	found := finding(Error, "the replication slot %s %s", s.Name, why)
	found[0].Next = "choose another slot name"
	return found
}

func slotWAL(f *facts) []Finding {
	s := f.slot()
	if s == nil || s.WALStatus == nil {
		return nil
	}
	reason := ""
	if s.Invalidation != nil {
		reason = " (" + *s.Invalidation + ")"
	}
	switch *s.WALStatus {
	case "lost":
		found := finding(Error, "the replication slot %s is lost%s: the server has removed log that it was to deliver", s.Name, reason)
		found[0].SQL = []string{capture.DropSlot(s.Name)}
		found[0].Next = "start the service: it makes a new slot and stops the streams that have a gap; they are deleted and made anew"
		return found
	case "unreserved":
		found := finding(Warning, "the replication slot %s is about to be lost%s: the server may remove its log at the next checkpoint", s.Name, reason)
		found[0].Next = "start the service now, or raise max_slot_wal_keep_size"
		return found
	}
	if s.SafeSize != nil && *s.SafeSize < lowSpace {
		return finding(Warning, "the replication slot %s is lost after %d MB more of the server's log", s.Name, *s.SafeSize>>20)
	}
	return finding(OK, "the log that the replication slot %s needs is %s", s.Name, *s.WALStatus)
}

func slotLag(f *facts) []Finding {
	s := f.slot()
	if s == nil || s.Lag == nil {
		return nil
	}
	kept := ""
	if s.Retained != nil {
		kept = fmt.Sprintf("; the server keeps %d MB for it", *s.Retained>>20)
	}
	if *s.Lag < longLag {
		return finding(OK, "the replication slot %s is %d MB behind%s", s.Name, *s.Lag>>20, kept)
	}
	found := finding(Warning, "the replication slot %s is %d MB behind%s", s.Name, *s.Lag>>20, kept)
	found[0].Next = "start the service; to give its streams up instead, drop the slot"
	found[0].SQL = []string{capture.DropSlot(s.Name)}
	return found
}

// slotFailover matters only where there is a standby to fail over to.
func slotFailover(f *facts) []Finding {
	s := f.slot()
	if s == nil || s.Type != "logical" || s.Failover == nil || *s.Failover || f.server == nil || f.server.Standbys == 0 {
		return nil
	}
	found := finding(Info, "the replication slot %s is not synchronized to standbys: after a failover it is gone, and streams stop", s.Name)
	found[0].Next = "drop it while no stream needs it: the service makes it anew as one that standbys may synchronize"
	return found
}

// abandonedSlots are those of temporary services that were killed.
func abandonedSlots(f *facts) []Finding {
	var names, fix []string
	for _, s := range f.slots {
		if strings.HasPrefix(s.Name, "arazzo_pulse_") && strings.HasSuffix(s.Name, "_temporary") && !s.Active {
			names, fix = append(names, s.Name), append(fix, capture.DropSlot(s.Name))
		}
	}
	if names == nil {
		return nil
	}
	found := finding(Warning, "slots of temporary services that were killed keep the server's log for nobody")
	found[0].Objects, found[0].SQL = names, fix
	return found
}
