package engine

import (
	"log/slog"
	"time"
)

// logged writes a statement that ended to the log of queries, where there is one: its
// text, which holds nothing of the request, and how long it took, the reading of its
// rows included. Bound values are not written: they may be anybody's.
func logged(log *slog.Logger, sql string, began time.Time, err *error) {
	if log == nil {
		return
	}
	log.Info("accelerate: a statement ended", "sql", sql, "duration", time.Since(began), "failed", *err != nil)
}
