package pulse

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// sweepSlot removes the slot of a temporary service that was killed: what it has
// still to deliver is of no use to anybody.
func (s *Service) sweepSlot(ctx context.Context) error {
	if !s.options.Temporary || s.options.Disposable {
		return nil
	}
	found, err := s.slot.state(ctx)
	if err != nil || !found.exists {
		return err
	}
	return s.slot.dropSlot(ctx)
}

// ensureSlot makes publication and slot where they are missing. A stream must not
// go on as if nothing were missing: where the slot cannot have all that happened
// since the log's end, the named streams that are there are stopped first.
func (s *Service) ensureSlot(ctx context.Context, conn *pgconn.PgConn) error {
	if err := s.slot.publish(ctx); err != nil {
		return err
	}
	found, err := s.slot.state(ctx)
	if err != nil {
		return err
	}
	switch {
	case found.lost:
		err = errors.Join(s.stopStreams(ctx, "was invalidated by Postgres, which had no more room for its log"), s.slot.dropSlot(ctx))
	case !found.exists:
		err = s.stopStreams(ctx, "was removed")
	case found.confirmed > s.confirmation.stored:
		err = s.stopStreams(ctx, "was read by another service or moved by hand")
		return errors.Join(err, s.confirmation.store(ctx, found.confirmed))
	default:
		return nil
	}
	if err != nil {
		return err
	}
	start, err := s.slot.create(ctx, conn)
	return errors.Join(err, s.confirmation.store(ctx, start))
}

func (s *Service) stopStreams(ctx context.Context, what string) error {
	reason := "the replication slot " + what + ", and with it changes are gone that this stream had still to deliver"
	err := s.streams.stop(ctx, reason)
	s.consumers.endAll()
	return err
}
