package capture

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
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

// ensureSlot makes publication and slot where they are missing. A stream must not
// go on as if nothing were missing: where the slot cannot have all that happened
// since the log's end, Lost is told first.
func (c *Capture) ensureSlot(ctx context.Context, conn *pgconn.PgConn) error {
	if err := c.slot.publish(ctx); err != nil {
		return err
	}
	found, err := c.slot.state(ctx)
	if err != nil {
		return err
	}
	switch {
	case found.lost:
		err = errors.Join(c.lost(ctx, "was invalidated by Postgres, which had no more room for its log"), c.slot.dropSlot(ctx))
	case !found.exists:
		err = c.lost(ctx, "was removed")
	case found.confirmed > c.receiver.confirmation.Stored():
		err = c.lost(ctx, "was read by another service or moved by hand")
		return errors.Join(err, c.receiver.confirmation.Store(ctx, found.confirmed))
	default:
		return nil
	}
	if err != nil {
		return err
	}
	start, err := c.slot.create(ctx, conn)
	return errors.Join(err, c.receiver.confirmation.Store(ctx, start))
}

func (c *Capture) lost(ctx context.Context, what string) error {
	return c.options.Lost(ctx, "the replication slot "+what+", and with it changes are gone that this stream had still to deliver")
}
