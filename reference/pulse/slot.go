package pulse

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/replication"
)

const (
	plugin = "pgoutput"
	// publicationMark is the comment on a publication of our making: only such a
	// one is ever dropped.
	publicationMark = "made by arazzo pulse"
	// slotBusyWait is how long a slot may be in use by a process that is gone:
	// Postgres notices within moments that its connection was closed.
	slotBusyWait = 10 * time.Second
	slotBusyPoll = 100 * time.Millisecond
)

// slot is what the service keeps in the watched database: a publication and a
// logical replication slot. There are no tables.
type slot struct {
	db                *database
	name, publication string
}

// newSlot gives the slot its names. A slot's name is the cluster's, so the default
// carries the database's OID; the publication's goes with it.
func newSlot(db *database, name, publication string) *slot {
	byDatabase := fmt.Sprintf("arazzo_pulse_%d", db.oid)
	s := &slot{db: db, name: name, publication: publication}
	if s.name == "" {
		s.name = byDatabase
	}
	if s.publication == "" {
		s.publication = byDatabase
	}
	return s
}

// publish makes the publication where there is none of that name. It comes
// before the slot: the slot cannot decode what it has no publication for.
func (s *slot) publish(ctx context.Context) error {
	var exists bool
	const query = "SELECT EXISTS (SELECT FROM pg_publication WHERE pubname = $1)"
	if err := s.db.pool.QueryRow(ctx, query, s.publication).Scan(&exists); err != nil {
		return fmt.Errorf("publication %q: %w", s.publication, err)
	}
	if exists {
		return nil
	}
	create := "CREATE PUBLICATION " + quote(s.publication) + " FOR ALL TABLES"
	if s.db.version >= 130000 {
		// The model of a partitioned table is its root, not the partitions.
		create += " WITH (publish_via_partition_root = true)"
	}
	mark := fmt.Sprintf("COMMENT ON PUBLICATION %s IS '%s'", quote(s.publication), publicationMark)
	_, err := s.db.pool.Exec(ctx, create+"; "+mark, pgx.QueryExecModeSimpleProtocol)
	if hasCode(err, sqlInsufficientPrivilege) {
		return fmt.Errorf("publication %q: %w: as a superuser run %s", s.publication, err, create)
	}
	if err != nil {
		return fmt.Errorf("publication %q: %w", s.publication, err)
	}
	return nil
}

// exists reports whether the slot is there. A slot of that name which is of
// another database or another kind is an error.
func (s *slot) exists(ctx context.Context) (bool, error) {
	var ours bool
	const query = `SELECT coalesce(plugin = $2 AND database = current_database(), false)
		FROM pg_replication_slots WHERE slot_name = $1`
	err := s.db.pool.QueryRow(ctx, query, s.name, plugin).Scan(&ours)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("replication slot %q: %w", s.name, err)
	}
	if !ours {
		return false, fmt.Errorf("replication slot %q belongs to another database or plugin: choose another slot name", s.name)
	}
	return true, nil
}

// create makes the slot: from here on Postgres keeps its log for us.
func (s *slot) create(ctx context.Context, conn *pgconn.PgConn) error {
	_, err := replication.CreateReplicationSlot(ctx, conn, s.name, plugin,
		replication.CreateReplicationSlotOptions{SnapshotAction: "NOEXPORT_SNAPSHOT"})
	if hasCode(err, sqlConfigurationLimit) {
		return fmt.Errorf("replication slot %q: %w: drop one that nobody needs, or raise max_replication_slots and restart Postgres", s.name, err)
	}
	if err != nil {
		return fmt.Errorf("replication slot %q: %w", s.name, err)
	}
	return nil
}

// start begins the stream where the slot was last confirmed.
func (s *slot) start(ctx context.Context, conn *pgconn.PgConn) error {
	publications := fmt.Sprintf("publication_names %s", literal(quote(s.publication)))
	return replication.StartReplication(ctx, conn, s.name, 0, replication.StartReplicationOptions{
		PluginArgs: []string{"proto_version '1'", publications},
	})
}

// startPatiently gives the connection of a process that is gone time to be
// noticed.
func (s *slot) startPatiently(ctx context.Context, conn *pgconn.PgConn) error {
	patience, cancel := context.WithTimeout(ctx, slotBusyWait)
	defer cancel()
	for {
		err := s.start(ctx, conn)
		if !hasCode(err, sqlObjectInUse) {
			return err
		}
		select {
		case <-time.After(slotBusyPoll):
		case <-patience.Done():
			return fmt.Errorf("%w: another service streams from it; stop that one, or choose another slot name", err)
		}
	}
}

// drop removes the slot, and the publication when it is of our making.
func (s *slot) drop(ctx context.Context) error {
	conn, err := s.db.replicate(ctx)
	if err != nil {
		return err
	}
	err = replication.DropReplicationSlot(ctx, conn, s.name, replication.DropReplicationSlotOptions{Wait: true})
	if hasCode(err, sqlUndefinedObject) {
		err = nil
	}
	if err = errors.Join(err, conn.Close(ctx)); err != nil {
		return err
	}
	var ours bool
	const query = "SELECT coalesce(obj_description(oid, 'pg_publication') = $2, false) FROM pg_publication WHERE pubname = $1"
	err = s.db.pool.QueryRow(ctx, query, s.publication, publicationMark).Scan(&ours)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !ours {
		return nil
	}
	if err == nil {
		_, err = s.db.pool.Exec(ctx, "DROP PUBLICATION "+quote(s.publication))
	}
	if err != nil {
		return fmt.Errorf("drop publication %q: %w", s.publication, err)
	}
	return nil
}

// removal is the SQL that does by hand what drop does.
func (s *slot) removal() string {
	return fmt.Sprintf("SELECT pg_drop_replication_slot(%s); DROP PUBLICATION %s;", literal(s.name), quote(s.publication))
}
