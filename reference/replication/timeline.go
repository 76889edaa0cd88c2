package replication

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// TimelineHistoryResult is the history file of a timeline.
type TimelineHistoryResult struct {
	FileName string
	// Content is what [ParseTimelineHistory] reads.
	Content []byte
}

// TimelineHistory runs TIMELINE_HISTORY. The first timeline has no history: there
// the server answers with an error.
func TimelineHistory(ctx context.Context, conn *pgconn.PgConn, timeline int32) (TimelineHistoryResult, error) {
	row, err := commandRow(ctx, conn, fmt.Sprintf("TIMELINE_HISTORY %d", timeline), 2)
	if err != nil {
		return TimelineHistoryResult{}, err
	}
	return TimelineHistoryResult{FileName: string(row[0]), Content: row[1]}, nil
}

// TimelineSwitch is where a timeline was left for the next.
type TimelineSwitch struct {
	Timeline int32
	// At is the position up to which that timeline is part of the later one's past.
	At LSN
}

// ParseTimelineHistory reads a history file: on each line a timeline, the position
// where it was left, and a reason, with white space between; the oldest first.
// Lines that are empty or begin with # say nothing.
func ParseTimelineHistory(content []byte) ([]TimelineSwitch, error) {
	var past []TimelineSwitch
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 2 {
			return nil, fmt.Errorf("timeline history: %q: expected a timeline and a position", line)
		}
		timeline, err := strconv.ParseInt(fields[0], 10, 32)
		if err != nil {
			return nil, fmt.Errorf("timeline history: %q: timeline: %w", line, err)
		}
		at, err := ParseLSN(fields[1])
		if err != nil {
			return nil, fmt.Errorf("timeline history: %q: %w", line, err)
		}
		past = append(past, TimelineSwitch{int32(timeline), at})
	}
	return past, nil
}
