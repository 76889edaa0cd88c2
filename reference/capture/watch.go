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
	tick := time.NewTicker(c.options.watchEvery)
	defer tick.Stop()
	for {
		// What the link's state does not say already is no news: without Postgres the
		// last answer stays, with its time.
		if now, err := c.slot.watch(ctx); err == nil {
			c.warn(now)
			c.gauge.slot(now)
		}
		c.watchPublication(ctx)
		_ = c.warnOfRefusals(ctx) // without Postgres nobody is refused
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// watchPublication has everything looked at again when the publication is not the
// one that the slot is read with. Before Postgres 18 the next change would make
// the server say so; from 18 on it says nothing and sends nothing.
func (c *Capture) watchPublication(ctx context.Context) {
	found, err := c.slot.publicationState(ctx)
	if from := c.origin.Load(); err == nil && from != nil && found.oid != from.Publication {
		why := fmt.Errorf("the publication %q is gone, or another of that name", c.slot.publication)
		c.receiver.suspect.Store(&why)
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
	ctx, cancel := s.db.within(ctx)
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
