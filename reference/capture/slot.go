package capture

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
	// temporary says that nobody resumes from it, and volatile that it goes with the
	// connection that made it.
	temporary, volatile bool
	// lasting is the name that it has, or would have, when it is not volatile.
	lasting string
	// made and published say that this service made the slot and the publication,
	// or tried to and does not know.
	made, published bool
	// exclusive is Options.Exclusive.
	exclusive func() bool
}

// newSlot gives the slot its names.
func newSlot(db *database, o Options) *slot {
	byDatabase := DefaultName(db.oid, o.Temporary)
	s := &slot{db: db, name: o.Slot, publication: o.Publication, temporary: o.Temporary, volatile: o.Volatile, exclusive: o.Exclusive}
	if s.name == "" {
		s.name = byDatabase
	}
	if s.publication == "" {
		s.publication = byDatabase
	}
	if s.lasting = s.name; s.volatile {
		s.beVolatile()
	}
	return s
}

// slotState is what the server knows of the slot.
type slotState struct {
	exists bool
	// lost says why the slot cannot deliver any more what it was to; empty while it
	// can.
	lost string
	// confirmed is up to where somebody said to have everything.
	confirmed replication.LSN
}

// state asks for the slot. One of that name which is of another database or
// another kind is an error.
func (s *slot) state(ctx context.Context) (slotState, error) {
	ctx, cancel := s.db.within(ctx)
	defer cancel()
	var ours bool
	var confirmed string
	found := slotState{exists: true}
	// The column wal_status came with Postgres 13, invalidation_reason with 17.
	const query = `SELECT coalesce(plugin = $2 AND database = current_database(), false),
			CASE WHEN to_jsonb(s) ->> 'wal_status' = 'lost' THEN coalesce(to_jsonb(s) ->> 'invalidation_reason', 'wal_removed') ELSE '' END,
			coalesce(confirmed_flush_lsn, '0/0')::text
		FROM pg_replication_slots s WHERE slot_name = $1`
	err := s.db.pool.QueryRow(ctx, query, s.name, Plugin).Scan(&ours, &found.lost, &confirmed)
	if errors.Is(err, pgx.ErrNoRows) {
		return slotState{}, nil
	}
	if err == nil {
		found.confirmed, err = replication.ParseLSN(confirmed)
	}
	if err != nil {
		return slotState{}, fmt.Errorf("replication slot %q: %w", s.name, err)
	}
	if !ours {
		return slotState{}, fmt.Errorf("replication slot %q belongs to another database or plugin: choose another slot name", s.name)
	}
	return found, nil
}

// refuse says why a slot is not read: what is confirmed for one log never comes
// again for another, and the slot would go with the last stream of either.
func (s *slot) refuse() error {
	return fmt.Errorf("replication slot %q: it is there, and this event log has never read it, or gave it up: another event log resumes from it, and would lose what this one reads: "+
		"go on with that one (--data, or --nats), name another slot (--slot), or where that log is given up, run %s", s.name, DropSlot(s.name))
}

// create makes the slot: from the answered position on Postgres keeps its log for
// us.
func (s *slot) create(ctx context.Context, conn *pgconn.PgConn) (replication.LSN, error) {
	made, err := replication.CreateReplicationSlot(ctx, conn, s.name, Plugin, replication.CreateReplicationSlotOptions{
		Temporary:      s.volatile,
		SnapshotAction: "NOEXPORT_SNAPSHOT",
		// A standby that synchronizes slots has it, and capture goes on there.
		Failover: s.db.version >= 170000 && !s.temporary && !s.volatile,
	})
	if hasCode(err, sqlConfigurationLimit) {
		return 0, fmt.Errorf("replication slot %q: %w: drop one that nobody needs (SELECT slot_name FROM pg_replication_slots WHERE NOT active), or "+
			"raise max_replication_slots and restart Postgres", s.name, err)
	}
	if hasCode(err, sqlUndefinedFile) {
		return 0, fmt.Errorf("replication slot %q: %w: the server's installation lacks its own plugin %s: install the server's packages whole", s.name, err, Plugin)
	}
	s.made = maybeDone(err)
	if err != nil {
		return 0, fmt.Errorf("replication slot %q: %w", s.name, err)
	}
	return replication.ParseLSN(made.ConsistentPoint)
}

// start begins the stream where the slot was last confirmed. From Postgres 14 on
// large transactions come while they are in progress, as soon as they need more
// than logical_decoding_work_mem; not to a volatile service, which has no place for
// what is not committed.
func (s *slot) start(ctx context.Context, conn *pgconn.PgConn) error {
	ctx, cancel := context.WithTimeout(ctx, silenceLimit)
	defer cancel()
	arguments := []string{"proto_version '1'"}
	if s.db.version >= 140000 && !s.volatile {
		arguments = []string{"proto_version '2'", "streaming 'on'"}
	}
	name, err := s.nameFor(ctx, conn)
	if err != nil {
		return err
	}
	arguments = append(arguments, fmt.Sprintf("publication_names %s", literal(quote(name))))
	return replication.StartReplication(ctx, conn, s.name, 0, replication.StartReplicationOptions{PluginArgs: arguments})
}

// nameFor is the publication's name as the connection sends it: one that has texts
// verbatim sends them so, too.
func (s *slot) nameFor(ctx context.Context, conn *pgconn.PgConn) (string, error) {
	server := conn.ParameterStatus("server_encoding")
	if server == "SQL_ASCII" || conn.ParameterStatus("client_encoding") != "SQL_ASCII" {
		return s.publication, nil
	}
	var name []byte
	if err := s.db.pool.QueryRow(ctx, "SELECT convert_to($1, $2::text::name)", s.publication, server).Scan(&name); err != nil {
		return "", fmt.Errorf("publication %q: %w", s.publication, err)
	}
	return string(name), nil
}

// patiently repeats what fails because the slot is in use, for a while: the
// connection of a process that is gone has to be noticed.
func (s *slot) patiently(ctx context.Context, do func() error) error {
	patience, cancel := context.WithTimeout(ctx, slotBusyWait)
	defer cancel()
	for {
		err := do()
		if !hasCode(err, sqlObjectInUse) {
			return err
		}
		if s.exclusive != nil && s.exclusive() {
			s.evict(patience)
		}
		select {
		case <-time.After(slotBusyPoll):
		case <-patience.Done():
			return fmt.Errorf("%w: another service streams from it: stop that one first, or run SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = %s",
				err, literal(s.name))
		}
	}
}

// evict ends whoever streams from the slot: a process that no longer may, and whose
// end Postgres would notice after wal_sender_timeout. The next try shows whether it
// came to that.
func (s *slot) evict(ctx context.Context) {
	const query = "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1 AND active_pid IS NOT NULL"
	_, _ = s.db.pool.Exec(ctx, query, s.name)
}

// drop removes the slot, and the publication when it is of our making.
func (s *slot) drop(ctx context.Context) error {
	if s.volatile {
		// Postgres may still be about to end the connection with which our slot goes: who
		// ends after us is to see that it is gone.
		return errors.Join(s.dropSlot(ctx), s.dropIdlePublication(ctx))
	}
	return errors.Join(s.dropSlot(ctx), s.dropPublication(ctx))
}

// undo removes what this service made, and nothing that was there before.
func (s *slot) undo(ctx context.Context) error {
	var err error
	if s.made && !s.volatile {
		err = s.dropSlot(ctx)
	}
	if s.published {
		err = errors.Join(err, s.dropPublication(ctx))
	}
	return err
}

func (s *slot) dropSlot(ctx context.Context) error {
	conn, err := s.db.replicate(ctx)
	if err != nil {
		return err
	}
	err = s.patiently(ctx, func() error {
		ctx, cancel := context.WithTimeout(ctx, silenceLimit)
		defer cancel()
		return replication.DropReplicationSlot(ctx, conn, s.name, replication.DropReplicationSlotOptions{})
	})
	if hasCode(err, sqlUndefinedObject) {
		err = nil
	}
	return errors.Join(err, conn.Close(ctx))
}

// removal is the SQL that does by hand what drop does.
func (s *slot) removal() string {
	if s.volatile {
		return fmt.Sprintf("DROP PUBLICATION %s;", quote(s.publication))
	}
	return fmt.Sprintf("%s; DROP PUBLICATION %s;", DropSlot(s.name), quote(s.publication))
}
