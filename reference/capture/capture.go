package capture

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/replication"
	"github.com/arazzo-conformance/arazzo/reference/spool"
)

// Options say what a [Capture] watches and how.
type Options struct {
	// DatabaseURL is the watched Postgres database, as a URI. Its server runs with
	// wal_level=logical; its role may replicate, and where the publication does
	// not exist yet it is a superuser.
	DatabaseURL string
	// Schema reads the database's models. It is called at the start and whenever
	// something appears that the last answer did not have.
	Schema func(context.Context) (*prisma.Schema, error)
	// Temporary says that the log is thrown away with the process: nobody resumes
	// from what a slot has still to deliver.
	Temporary bool
	// Volatile says that nothing is kept at all: the slot is one of Postgres' own
	// temporary ones, which goes with the connection that made it, and the next
	// connection makes another. Lost is told whenever one broke. Transactions come
	// after their commit, whole, and nothing of them is on this machine's disk.
	Volatile bool
	// Disposable says that the whole database is thrown away with the process.
	Disposable bool
	// Slot and Publication name what is kept in the database; empty means
	// arazzo_pulse_ and the database's OID, then _temporary for a Temporary
	// service. A publication that exists is used as it is and never removed,
	// unless an earlier service made it. The slot of a Volatile service has something
	// random after its name.
	Slot, Publication string
	// SpoolDir is a folder for what is streamed of transactions in progress. Nobody
	// else uses it; nothing in it outlives the Capture. A Volatile one has none.
	SpoolDir string
	// Exclusive, where given, says whether the caller has the only right to the slot
	// at this moment, as by a lease: then who else reads from it is late in noticing
	// that its own right has ended, and is cut off.
	Exclusive func() bool
	// Lost is told why changes are gone that the log should have had, before
	// capture goes on behind the gap.
	Lost func(ctx context.Context, reason string) error
	// Log takes what an operator should know.
	Log *slog.Logger

	// watchEvery is watchInterval, or shorter in a test.
	watchEvery time.Duration
	// answerWait is the constant, or shorter in a test.
	answerWait time.Duration
}

// Capture carries the changes of one database into its log. [Open] makes one; then
// follow [Capture.Connect], [Capture.Run], and after that has ended
// [Capture.Drop] where nothing is to stay in the database, and [Capture.Close].
type Capture struct {
	options  Options
	db       *database
	slot     *slot
	catalog  *catalog
	receiver *receiver
	gauge    *gauge
	// spool is that of the last Connect.
	spool atomic.Pointer[spool.Spool]
	// origin is where events come from since the last connection.
	origin atomic.Pointer[eventlog.Origin]
	// conn is the connection between Connect and Run.
	conn *pgconn.PgConn
	// refused are the tables that warnOfRefusals told of.
	refused map[tableName]bool
}

// Open connects to the database and reads its schema; it changes nothing there.
// Its errors say what to run where the server is not set up for logical
// replication.
func Open(ctx context.Context, o Options) (*Capture, error) {
	o.watchEvery = cmp.Or(o.watchEvery, watchInterval)
	db, err := openDatabase(ctx, o.DatabaseURL)
	if err != nil {
		return nil, err
	}
	db.answerWait = cmp.Or(o.answerWait, answerWait)
	c := &Capture{options: o, db: db, slot: newSlot(db, o), catalog: newCatalog(o.Schema, db), refused: map[tableName]bool{}}
	c.gauge = newGauge(c.slot.name)
	if _, err := c.catalog.refresh(ctx); err != nil {
		db.pool.Close()
		return nil, err
	}
	return c, nil
}

// Database tells the database from every other: the cluster, and the one in it.
func (c *Capture) Database(ctx context.Context) (string, error) {
	conn, err := c.db.replicate(ctx)
	if err != nil {
		return "", err
	}
	system, err := replication.IdentifySystem(ctx, conn)
	if err = errors.Join(err, conn.Close(ctx)); err != nil {
		return "", err
	}
	return databaseName(system.SystemID, c.db.oid), nil
}

func databaseName(system string, oid uint32) string { return fmt.Sprintf("%s/%d", system, oid) }

// Connect makes publication and slot where they are missing and begins to
// stream. When it returns, every change committed from then on comes into the
// log. It may be called again after Run has ended.
func (c *Capture) Connect(ctx context.Context, log *eventlog.Log, confirmation *eventlog.Confirmation) (err error) {
	if err := c.sweepSlot(ctx); err != nil {
		return err
	}
	if err := c.tellOfKeptSlot(ctx); err != nil {
		return err
	}
	if _, err := c.catalog.learn(ctx); err != nil {
		return err
	}
	var spooled *spool.Spool
	if !c.options.Volatile {
		if spooled, err = spool.Open(c.options.SpoolDir); err != nil {
			return err
		}
	}
	c.receiver = &receiver{
		slot: c.slot, log: log, catalog: c.catalog, ensure: c.ensure, confirmation: confirmation,
		logger: c.options.Log, gauge: c.gauge, spool: spooled,
	}
	if c.options.Volatile {
		c.receiver.broken = c.broken
	}
	if c.conn, err = c.receiver.connect(ctx); err != nil {
		return errors.Join(err, spooled.Close())
	}
	c.spool.Store(spooled)
	if err := c.warnOfRefusals(ctx); err != nil {
		c.options.Log.Warn("pulse: whether tables can be written to while they are published is not known", "error", err)
	}
	return nil
}

// Run receives until ctx ends, over as many connections as it takes, and
// confirms what the log has.
func (c *Capture) Run(ctx context.Context) {
	var watching sync.WaitGroup
	watching.Go(func() { c.watch(ctx) })
	c.receiver.run(ctx, c.conn)
	watching.Wait()
	if err := c.spool.Load().Close(); err != nil {
		c.options.Log.Warn("pulse: files of transactions in progress stay until the next start", "error", err)
	}
}

// State is what an operator wants to know; it asks nobody and never waits.
func (c *Capture) State() State {
	now := c.gauge.read()
	if spooled := c.spool.Load(); spooled != nil {
		now.Spooled, now.SpooledBytes = spooled.Size()
	}
	return now
}

// Link is the state of the replication connection.
func (c *Capture) Link() Link { return c.gauge.read().Link }

// Position is one that every transaction committed so far lies before, and every
// later one at or after.
func (c *Capture) Position(ctx context.Context) (event.Position, error) {
	lsn, err := c.db.end(ctx)
	return event.Position{LSN: lsn}, err
}

// Schema is the last known schema.
func (c *Capture) Schema() *prisma.Schema { return c.catalog.known.Load() }

// Refresh reads the schema again.
func (c *Capture) Refresh(ctx context.Context) (*prisma.Schema, error) { return c.catalog.refresh(ctx) }

// Model is the model of that name, nil when there is none even now.
func (c *Capture) Model(ctx context.Context, name string) (*prisma.Model, error) {
	return c.catalog.model(ctx, name)
}

// Drop removes the slot, and the publication when it is of our making. A slot
// that nobody reads keeps the server's log for ever.
func (c *Capture) Drop(ctx context.Context) error {
	if err := c.slot.drop(ctx); err != nil {
		return fmt.Errorf("%w; to remove by hand what is left, run %s", err, c.Removal())
	}
	return c.forget(ctx)
}

// forget has the log know that it has no slot any more: one of that name that is
// there later is another log's.
func (c *Capture) forget(ctx context.Context) error {
	if c.receiver == nil {
		return nil
	}
	from, err := c.receiver.confirmation.Origin(ctx)
	if err != nil || from.Slot == "" {
		return err
	}
	from.Slot = ""
	return c.receiver.confirmation.StoreOrigin(ctx, from)
}

// Removal is the SQL that does by hand what Drop does.
func (c *Capture) Removal() string { return c.slot.removal() }

// Undo removes from the database what this Capture made, and nothing that was
// there before; for a start that failed later on.
func (c *Capture) Undo(ctx context.Context) error {
	err := c.slot.undo(ctx)
	if err == nil && c.slot.made {
		err = c.forget(ctx)
	}
	return err
}

// Close lets go of the connections.
func (c *Capture) Close() { c.db.pool.Close() }
