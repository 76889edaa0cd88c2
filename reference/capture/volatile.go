package capture

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// A volatile capture keeps nothing, neither here nor in the database: its slot is a
// temporary one, which Postgres removes with the connection that made it, whatever
// ended that. What is committed while there is no connection is nobody's.

const (
	// maxSlotName is the longest name of a slot that Postgres takes, in bytes
	// (NAMEDATALEN, less one).
	maxSlotName = 63
	// randomEnd is how many characters after the name tell volatile slots apart.
	randomEnd = 8
)

// VolatilePrefix is what the name of a volatile service's slot begins with, where a
// lasting one's would have that name.
func VolatilePrefix(name string) string {
	return name[:min(len(name), maxSlotName-1-randomEnd)] + "_"
}

// beVolatile gives the slot a name of its own: several services may run side by side,
// and nobody else ever reads from it.
func (s *slot) beVolatile() {
	s.name = VolatilePrefix(s.lasting) + strings.ToLower(rand.Text()[:randomEnd])
	s.exclusive = func() bool { return true }
}

// renewSlot makes the slot of a new connection. One that is there already is of our
// last connection, which was cut off without Postgres' noticing.
func (c *Capture) renewSlot(ctx context.Context, conn *pgconn.PgConn) error {
	found, err := c.slot.state(ctx)
	if err == nil && found.exists {
		err = c.slot.dropSlot(ctx)
	}
	if err != nil {
		return err
	}
	return c.makeSlot(ctx, conn)
}

// broken says that what is committed from now on is gone, until there is another
// connection.
func (c *Capture) broken(ctx context.Context) {
	if err := c.options.Lost(ctx, "the replication connection broke, and nothing keeps what is committed until there is another"); err != nil {
		c.options.Log.Warn("pulse: not everybody was told of changes that are gone", "error", err)
	}
}

// tellOfKeptSlot says what becomes of the slot that an earlier service, which kept
// its events, left in the database: it stays, and keeps the server's log.
func (c *Capture) tellOfKeptSlot(ctx context.Context) error {
	if !c.options.Volatile {
		return nil
	}
	kept := c.slot.lasting
	var idle bool
	var retained int64
	const query = `SELECT count(*) FILTER (WHERE NOT active) > 0, coalesce(sum(pg_current_wal_insert_lsn() - restart_lsn), 0)::bigint
		FROM pg_replication_slots WHERE slot_name = $1 AND plugin = $2 AND database = current_database()`
	if err := c.db.pool.QueryRow(ctx, query, kept, Plugin).Scan(&idle, &retained); err != nil {
		return fmt.Errorf("replication slot %q: %w", kept, err)
	}
	if idle {
		c.options.Log.Warn("pulse: a replication slot of a run with persistence is there, and the database keeps its log for it; to give its named streams up, run",
			"slot", kept, "retained", retained, "sql", DropSlot(kept)+";")
	}
	return nil
}

// dropIdlePublication removes a publication of our making, unless other slots of the
// service's name are read through it.
func (s *slot) dropIdlePublication(ctx context.Context) error {
	var needed bool
	const query = `SELECT EXISTS (SELECT FROM pg_replication_slots WHERE database = current_database() AND slot_name <> $1
			AND (slot_name = $2 OR left(slot_name::text, length($3::text)) = $3::text))`
	err := s.db.pool.QueryRow(ctx, query, s.name, s.lasting, VolatilePrefix(s.lasting)).Scan(&needed)
	if err != nil {
		return fmt.Errorf("replication slots: %w", err)
	}
	if needed {
		return nil
	}
	return s.dropPublication(ctx)
}
