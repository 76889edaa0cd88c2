package capture

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// otherHistory says that the server's past is not the one that the log tells of.
// Positions in it are used again for other changes, which would be taken for
// known ones: with this log there is no going on.
type otherHistory struct {
	what string
	// volatile says that the log goes with the process.
	volatile bool
}

func (e *otherHistory) Error() string {
	if e.volatile {
		return e.what + ": start the service again, for what it has in memory is of the other server"
	}
	return e.what + ": choose another folder for the log, or connect to the server that it is of"
}

// checkHistory compares the server with where the log's events came from. It is
// an [*otherHistory] when the server is another cluster, or one that was set
// back: restored from a backup, promoted before it had all that the log has, or
// left behind when another was promoted.
func checkHistory(ctx context.Context, conn *pgconn.PgConn, system replication.IdentifySystemResult, from eventlog.Origin, end, confirmed replication.LSN) error {
	switch {
	case from.SystemID != "" && from.SystemID != system.SystemID:
		return &otherHistory{what: fmt.Sprintf("the database is another cluster (system identifier %s, the event log is of %s)", system.SystemID, from.SystemID)}
	case from.SystemID != "" && from.Timeline > system.Timeline:
		return &otherHistory{what: fmt.Sprintf("the database is on timeline %d and the event log on %d: another server was promoted meanwhile, or this one was restored", system.Timeline, from.Timeline)}
	case from.SystemID != "" && from.Timeline < system.Timeline:
		left, err := leftTimeline(ctx, conn, system.Timeline, from.Timeline)
		if err != nil {
			return err
		}
		if left < end {
			return &otherHistory{what: fmt.Sprintf("timeline %d of the database left timeline %d at %s, before the event log's end at %s: it lacks changes that were delivered", system.Timeline, from.Timeline, left, end)}
		}
		return nil
	}
	// A confirmed position was flushed by the server; the log cannot end after it
	// unless there is none.
	if end = max(end, confirmed); system.XLogPos < end {
		return &otherHistory{what: fmt.Sprintf("the database is at %s, before the event log's end at %s: it was set back", system.XLogPos, end)}
	}
	return nil
}

// leftTimeline is where a timeline's past leaves an earlier one; 0 where it never
// was on that.
func leftTimeline(ctx context.Context, conn *pgconn.PgConn, timeline, earlier int32) (replication.LSN, error) {
	file, err := replication.TimelineHistory(ctx, conn, timeline)
	if err != nil {
		return 0, err
	}
	past, err := replication.ParseTimelineHistory(file.Content)
	if err != nil {
		return 0, err
	}
	for _, p := range past {
		if p.Timeline == earlier {
			return p.At, nil
		}
	}
	return 0, nil
}
