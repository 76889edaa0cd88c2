package capture

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// sweepSlot removes the slot of a temporary service that was killed: what it has
// still to deliver is of no use to anybody.
func (c *Capture) sweepSlot(ctx context.Context) error {
	if !c.options.Temporary || c.options.Disposable {
		return nil
	}
	found, err := c.slot.state(ctx)
	if err != nil || !found.exists {
		return err
	}
	return c.slot.dropSlot(ctx)
}

// ensure makes publication and slot where they are missing. A stream must not go
// on as if nothing were missing: where the server or the slot cannot have all that
// happened since the log's end, Lost is told first.
func (c *Capture) ensure(ctx context.Context, conn *pgconn.PgConn) error {
	confirmation := c.receiver.confirmation
	from, err := confirmation.Origin(ctx)
	if err != nil {
		return err
	}
	system, err := c.identify(ctx, conn, from)
	var other *otherHistory
	if errors.As(err, &other) {
		other.volatile = c.options.Volatile
		return errors.Join(c.lost(ctx, other.what), err)
	}
	if err != nil {
		return err
	}
	published, gap, err := c.ensurePublication(ctx, from)
	if err != nil {
		return err
	}
	promoted := from.Timeline != 0 && from.Timeline != system.Timeline
	if c.options.Volatile {
		err = c.renewSlot(ctx, conn)
	} else {
		err = c.ensureSlot(ctx, conn, from, gap, promoted)
	}
	if err != nil {
		return err
	}
	now := eventlog.Origin{SystemID: system.SystemID, Timeline: system.Timeline, Publication: published.oid, Ours: published.ours, Slot: c.slot.name}
	c.origin.Store(&now)
	if now == from {
		return nil
	}
	return confirmation.StoreOrigin(ctx, now)
}

// identify asks whose the connection's server is, and whether its past is the log's.
// It has as long for that as a connection may be silent.
func (c *Capture) identify(ctx context.Context, conn *pgconn.PgConn, from eventlog.Origin) (system replication.IdentifySystemResult, err error) {
	ctx, cancel := context.WithTimeout(ctx, silenceLimit)
	defer cancel()
	if err := c.db.look(ctx, conn); err != nil {
		return system, err
	}
	if system, err = replication.IdentifySystem(ctx, conn); err != nil {
		return system, err
	}
	return system, checkHistory(ctx, conn, system, from, c.receiver.log.End().LSN, c.receiver.confirmation.Stored())
}

// ensurePublication makes the publication where it is missing, and says in gap
// why what was committed before is gone, empty when it is not. A publication of
// the user's that was there and is not any more is not made anew: it may have
// left out tables for a reason.
func (c *Capture) ensurePublication(ctx context.Context, from eventlog.Origin) (found publication, gap string, err error) {
	if found, err = c.slot.publicationState(ctx); err != nil {
		return found, "", err
	}
	name := c.slot.publication
	switch {
	case from.Publication == 0 || from.Publication == found.oid:
	case found.oid == 0:
		gap = fmt.Sprintf("the publication %q was dropped", name)
	default:
		gap = fmt.Sprintf("the publication %q was dropped and made again", name)
	}
	if gap == "" && c.receiver.undecodable.Load() {
		gap = fmt.Sprintf("the publication %q was made after what the replication slot has to deliver", name)
	}
	if found.oid == 0 && from.Publication != 0 && !from.Ours {
		refused := fmt.Errorf("%s: make it again with CREATE PUBLICATION %s, for the tables that it had", gap, quote(name))
		return found, gap, errors.Join(c.lost(ctx, gap), refused)
	}
	found, err = c.slot.publish(ctx)
	return found, gap, err
}

// ensureSlot makes the slot where it is missing, and makes it anew where it
// cannot deliver what it was to. gap says why that is so whatever the slot's own
// state is; promoted says that the server was a standby before. A slot that is
// another log's is left alone.
func (c *Capture) ensureSlot(ctx context.Context, conn *pgconn.PgConn, from eventlog.Origin, gap string, promoted bool) error {
	found, err := c.slot.state(ctx)
	if err == nil && found.exists && from.Slot != c.slot.name {
		err = c.slot.refuse()
	}
	if err != nil {
		return err
	}
	confirmation := c.receiver.confirmation
	switch {
	case gap != "":
	case found.lost != "":
		gap = "the replication slot was invalidated by Postgres, " + invalidated(found.lost)
	case !found.exists && promoted:
		gap = "the replication slot is not on the standby that was promoted (from Postgres 17 on, sync_replication_slots = on there keeps a copy)"
	case !found.exists:
		gap = "the replication slot was removed"
	case found.confirmed > confirmation.Stored():
		// Not before that is told: what is stored would hide it from the next try.
		if err := c.lost(ctx, "the replication slot is further than the event log confirmed: another service read it, it was moved by hand, or an older copy of the log was put back"); err != nil {
			return err
		}
		return confirmation.Begin(ctx, found.confirmed)
	case promoted:
		c.options.Log.Warn("pulse: the database was failed over to a standby, which has the replication slot: nothing is lost")
		return confirmation.Reset(ctx, found.confirmed)
	default:
		return nil
	}
	if err := c.lost(ctx, gap); err != nil {
		return err
	}
	if found.exists {
		if err := c.slot.dropSlot(ctx); err != nil {
			return err
		}
	}
	if from.Slot != c.slot.name {
		// First: a slot that is made, and not known, would be another log's.
		from.Slot = c.slot.name
		if err := confirmation.StoreOrigin(ctx, from); err != nil {
			return err
		}
	}
	return c.makeSlot(ctx, conn)
}

// makingWait is how long the making of a slot may take without a word: Postgres
// waits in it for every transaction that was open before and has written something.
const makingWait = 3 * time.Second

// openTransactions are those, the oldest first.
const openTransactions = "SELECT pid, xact_start, state, query FROM pg_stat_activity WHERE backend_xid IS NOT NULL ORDER BY xact_start;"

// makeSlot makes the slot, of which there is none.
func (c *Capture) makeSlot(ctx context.Context, conn *pgconn.PgConn) error {
	waiting := time.AfterFunc(makingWait, func() {
		c.options.Log.Warn("pulse: Postgres makes the replication slot when the transactions have ended that are open now; to see them, run", "sql", openTransactions)
	})
	defer waiting.Stop()
	start, err := c.slot.create(ctx, conn)
	if err != nil {
		return err
	}
	c.receiver.undecodable.Store(false)
	return c.receiver.confirmation.Begin(ctx, start)
}

// invalidated explains pg_replication_slots.invalidation_reason.
func invalidated(reason string) string {
	switch reason {
	case "wal_removed":
		return "which had no more room for its log"
	case "idle_timeout":
		return "for nobody read it for longer than idle_replication_slot_timeout"
	case "wal_level_insufficient":
		return "for wal_level was not logical for a while"
	}
	return "which gives as its reason " + reason
}

func (c *Capture) lost(ctx context.Context, what string) error {
	return c.options.Lost(ctx, what+", and with it changes are gone that this stream had still to deliver")
}
