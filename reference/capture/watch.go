package capture

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// watchInterval is how often Postgres is asked for the slot. It looks at memory
// alone for that, and what may be learned of takes minutes to come about.
const watchInterval = 10 * time.Second

// watch reports what Postgres says of the slot, until ctx ends.
func (c *Capture) watch(ctx context.Context) {
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		// What the link's state does not say already is no news: without Postgres the
		// last answer stays, with its time.
		if now, err := c.slot.watch(ctx); err == nil {
			c.warn(now)
			c.gauge.slot(now)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// warn says, once, that the slot is about to be lost.
func (c *Capture) warn(now SlotState) {
	const danger = "unreserved"
	if now.WALStatus == danger && c.gauge.read().Slot.WALStatus != danger {
		c.options.Log.Error("pulse: Postgres is about to give up the replication slot, which keeps more log than max_slot_wal_keep_size allows",
			"slot", now.Name, "lag", now.LagBytes, "sql", "ALTER SYSTEM SET max_slot_wal_keep_size = -1; SELECT pg_reload_conf();")
	}
}

// watch asks Postgres for the slot; the zero state with the name where there is
// none.
func (s *slot) watch(ctx context.Context) (SlotState, error) {
	ctx, cancel := context.WithTimeout(ctx, watchInterval)
	defer cancel()
	now := SlotState{Name: s.name, Checked: time.Now()}
	// The columns wal_status and safe_wal_size came with Postgres 13.
	const query = `SELECT coalesce(to_jsonb(s) ->> 'wal_status', ''), (to_jsonb(s) ->> 'safe_wal_size')::bigint,
			coalesce(pg_current_wal_insert_lsn() - confirmed_flush_lsn, 0)::bigint,
			coalesce(pg_current_wal_insert_lsn() - restart_lsn, 0)::bigint
		FROM pg_replication_slots s WHERE slot_name = $1`
	err := s.db.pool.QueryRow(ctx, query, s.name).Scan(&now.WALStatus, &now.SafeWALSize, &now.LagBytes, &now.RetainedBytes)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return SlotState{}, fmt.Errorf("replication slot %q: %w", s.name, err)
	}
	return now, nil
}
