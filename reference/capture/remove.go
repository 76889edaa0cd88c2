package capture

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// removeWait bounds a removal: a lock in the database may be waited for, not for
// ever.
const removeWait = 30 * time.Second

// RemoveOptions name what [Remove] removes.
type RemoveOptions struct {
	// DatabaseURL is the Postgres database, as a URI.
	DatabaseURL string
	// Slot and Publication are the names that the service was given; empty means its
	// defaults. With neither, what a temporary service that was killed has left is
	// removed too.
	Slot, Publication string
	// DryRun has nothing removed, and all else as it would be.
	DryRun bool
}

// Removed is what a [Remove] came upon.
type Removed struct {
	// Database is who was asked, as user@host/database, and Owner which database that
	// is, as [Capture.Database] has it; empty where the server does not tell.
	Database, Owner string
	// Objects are the slots and publications that it was about.
	Objects []Object
}

// Object is a slot or a publication.
type Object struct {
	// Kind is KindSlot or KindPublication.
	Kind, Name string
	// Fate is what became of it.
	Fate Fate
	// Why says why it stays, with the next move.
	Why string
}

// The kinds of [Object].
const (
	KindSlot        = "replication slot"
	KindPublication = "publication"
)

// Fate is what a removal makes of an object.
type Fate string

// The fates. With [RemoveOptions.DryRun] they are what they would be.
const (
	Dropped Fate = "dropped"
	Kept    Fate = "kept"
	Absent  Fate = "absent"
)

// UnreachableError is why a database could not be asked.
type UnreachableError struct {
	// Database is who was to be asked, as user@host/database.
	Database string
	Err      error
}

func (e *UnreachableError) Error() string { return e.Err.Error() }
func (e *UnreachableError) Unwrap() error { return e.Err }

// RefusedError is why a [Remove] removed nothing. Next is what to do.
type RefusedError struct{ Reason, Next string }

func (e *RefusedError) Error() string { return e.Reason }

// Connect opens a connection for questions to a database, and says who asks which,
// as user@host/database. The error is an [*UnreachableError], but for a URL that is
// none.
func Connect(ctx context.Context, databaseURL string) (*pgx.Conn, string, error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, "", prisma.URLError(err)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectWait
	}
	// A pooler in between may give each statement another connection.
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	place := fmt.Sprintf("%s@%s/%s", config.User, config.Host, config.Database)
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, place, &UnreachableError{place, Connecting(err)}
	}
	return conn, place, nil
}

// Remove removes from a database what a service keeps there: its replication slot,
// and its publication where a service made it. It is for a service that does not
// run: a slot that is being read is a [*RefusedError], and then nothing is removed,
// nor where a right is missing. What is not there is no error. before, where it is
// not nil, is called before anything is removed, when it is known which database that
// is; its error ends it. With an error the answer has what was removed all the same.
func Remove(ctx context.Context, o RemoveOptions, before func(Removed) error) (Removed, error) {
	ctx, cancel := context.WithTimeout(ctx, removeWait)
	defer cancel()
	conn, place, err := Connect(ctx, o.DatabaseURL)
	if err != nil {
		return Removed{Database: place}, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	r := &removal{conn: conn, options: o}
	done := Removed{Database: place}
	if done.Owner, err = r.ask(ctx); err != nil {
		return done, &UnreachableError{place, err}
	}
	if r.standby {
		return done, &RefusedError{"the server is a standby, on which nothing can be dropped", "connect to the primary"}
	}
	fates := make([][]Object, len(r.pairs))
	for i, p := range r.pairs {
		if fates[i], err = r.judge(p); err != nil {
			return done, err
		}
	}
	if before != nil {
		if err := before(done); err != nil {
			return done, err
		}
	}
	for _, objects := range fates {
		if !o.DryRun {
			if err := r.drop(ctx, objects); err != nil {
				return done, err
			}
		}
		done.Objects = append(done.Objects, objects...)
	}
	return done, nil
}

// removal is a [Remove] on its way.
type removal struct {
	conn    *pgx.Conn
	options RemoveOptions
	standby bool
	// pairs are the slots with their publications; the first is the service's, the
	// second a temporary service's.
	pairs        []pair
	slots        []foundSlot
	publications []foundPublication
	// temporary is the name of a temporary service's.
	temporary string
}

type pair struct {
	slot, publication string
	temporary         bool
}

type foundSlot struct {
	Name, Application string
	// Decodes says that it is one of this database, and of our plugin.
	Decodes, Active bool
	PID             int32
}

type foundPublication struct {
	Name, Owner string
	Ours        bool
}

// ask asks for all that is judged, and says which database it is.
func (r *removal) ask(ctx context.Context) (owner string, err error) {
	var oid uint32
	const which = "SELECT pg_is_in_recovery(), oid FROM pg_database WHERE datname = current_database()"
	if err = r.conn.QueryRow(ctx, which).Scan(&r.standby, &oid); err != nil {
		return "", err
	}
	r.name(oid)
	var system string
	// A provider may keep this from its customers.
	if r.conn.QueryRow(ctx, "SELECT system_identifier::text FROM pg_control_system()").Scan(&system) == nil {
		owner = databaseName(system, oid)
	}
	const slots = `SELECT s.slot_name::text AS name, coalesce(a.application_name, '') AS application,
			coalesce(s.plugin = $1 AND s.database = current_database(), false) AS decodes, s.active, coalesce(s.active_pid, 0) AS pid
		FROM pg_replication_slots s LEFT JOIN pg_stat_activity a ON a.pid = s.active_pid ORDER BY s.slot_name`
	if r.slots, err = collect[foundSlot](ctx, r.conn, slots, Plugin); err != nil {
		return "", fmt.Errorf("the replication slots: %w", err)
	}
	const publications = `SELECT pubname::text AS name, pg_get_userbyid(pubowner)::text AS owner,
			coalesce(obj_description(oid, 'pg_publication') = $1, false) AS ours
		FROM pg_publication`
	if r.publications, err = collect[foundPublication](ctx, r.conn, publications, PublicationMark); err != nil {
		return "", fmt.Errorf("the publications: %w", err)
	}
	return owner, nil
}

func collect[T any](ctx context.Context, conn *pgx.Conn, query string, args ...any) ([]T, error) {
	rows, err := conn.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

// name settles which slots and publications are meant.
func (r *removal) name(oid uint32) {
	o := r.options
	lasting := DefaultName(oid, false)
	r.temporary = DefaultName(oid, true)
	first := pair{slot: lasting, publication: lasting}
	if o.Slot != "" {
		first.slot = o.Slot
	}
	if o.Publication != "" {
		first.publication = o.Publication
	}
	r.pairs = []pair{first}
	if o.Slot == "" && o.Publication == "" {
		r.pairs = append(r.pairs, pair{r.temporary, r.temporary, true})
	}
}

// judge says what is to become of a slot and its publication. Of a temporary
// service there is nothing to say where it left nothing.
func (r *removal) judge(p pair) ([]Object, error) {
	slot, err := r.judgeSlot(p)
	if err != nil {
		return nil, err
	}
	publication := r.judgePublication(p)
	if p.temporary && slot.Fate == Kept && publication.Fate == Dropped {
		publication.Fate, publication.Why = Kept, slot.Why
	}
	both := []Object{slot, publication}
	if p.temporary {
		both = slices.DeleteFunc(both, func(o Object) bool { return o.Fate == Absent })
	}
	return both, nil
}

func (r *removal) judgeSlot(p pair) (Object, error) {
	judged := Object{Kind: KindSlot, Name: p.slot, Fate: Absent}
	i := slices.IndexFunc(r.slots, func(s foundSlot) bool { return s.Name == p.slot })
	if i < 0 {
		return judged, nil
	}
	switch s := r.slots[i]; {
	case !s.Decodes:
		return judged, &RefusedError{
			fmt.Sprintf("the replication slot %q belongs to another database or plugin", p.slot),
			"name the slot that the service was given with --slot",
		}
	case s.Active && p.temporary:
		judged.Fate, judged.Why = Kept, "a temporary service uses it, and drops it when it ends"
	case s.Active:
		reader := ""
		if s.Application != "" {
			reader = " (" + s.Application + ")"
		}
		return judged, &RefusedError{
			fmt.Sprintf("the replication slot %q is read by process %d%s of the server", p.slot, s.PID, reader),
			fmt.Sprintf("stop the service that reads it, or run SELECT pg_terminate_backend(%d) where there is none", s.PID),
		}
	default:
		judged.Fate = Dropped
	}
	return judged, nil
}

func (r *removal) judgePublication(p pair) Object {
	judged := Object{Kind: KindPublication, Name: p.publication, Fate: Absent}
	i := slices.IndexFunc(r.publications, func(found foundPublication) bool { return found.Name == p.publication })
	if i < 0 {
		return judged
	}
	other := r.another()
	switch {
	case !r.publications[i].Ours:
		judged.Fate, judged.Why = Kept, "it is not of a service's making; if nobody needs it, run DROP PUBLICATION "+quote(p.publication)
	case other != "" && r.options.Publication == "" && !p.temporary:
		judged.Fate = Kept
		judged.Why = fmt.Sprintf("the replication slot %q may be read by it; if it is not, add --publication %s", other, p.publication)
	default:
		judged.Fate = Dropped
	}
	return judged
}

// another is a slot that stays and that our publication may be used for: which one a
// slot is read by, only its reader knows.
func (r *removal) another() string {
	i := slices.IndexFunc(r.slots, func(s foundSlot) bool {
		return s.Decodes && s.Name != r.pairs[0].slot && s.Name != r.temporary
	})
	if i < 0 {
		return ""
	}
	return r.slots[i].Name
}

// drop removes a slot and its publication, both or neither.
func (r *removal) drop(ctx context.Context, objects []Object) error {
	var removing string
	err := pgx.BeginFunc(ctx, r.conn, func(tx pgx.Tx) error {
		// A slot does not come back with the transaction, so it goes last.
		for _, o := range slices.Backward(objects) {
			if o.Fate != Dropped {
				continue
			}
			if removing = DropSlot(o.Name); o.Kind == KindPublication {
				removing = "DROP PUBLICATION " + quote(o.Name)
			}
			if _, err := tx.Exec(ctx, removing); err != nil {
				return fmt.Errorf("%s %q: %w", o.Kind, o.Name, err)
			}
		}
		return nil
	})
	switch {
	case err == nil:
		return nil
	case hasCode(err, sqlInsufficientPrivilege):
		return &RefusedError{err.Error(), "as a superuser run " + removing}
	case hasCode(err, sqlObjectInUse):
		return &RefusedError{err.Error(), "a service has started meanwhile: stop it first"}
	case errors.Is(err, context.DeadlineExceeded):
		return &RefusedError{fmt.Sprintf("the database did not do it within %s", removeWait), "look for who holds a lock (SELECT * FROM pg_locks WHERE NOT granted), and try again"}
	}
	return &RefusedError{err.Error(), "when that is mended, try again"}
}
