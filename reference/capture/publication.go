package capture

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// PublicationMark is the comment on a publication of our making: only such a one
// is ever dropped.
const PublicationMark = "made by arazzo pulse"

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
	create := CreatePublication(s.publication, s.db.version)
	mark := fmt.Sprintf("COMMENT ON PUBLICATION %s IS '%s'", quote(s.publication), PublicationMark)
	_, err := s.db.pool.Exec(ctx, create+"; "+mark, pgx.QueryExecModeSimpleProtocol)
	if hasCode(err, sqlInsufficientPrivilege) {
		return fmt.Errorf("publication %q: %w: as a superuser run %s", s.publication, err, create)
	}
	s.published = maybeDone(err)
	if err != nil {
		return fmt.Errorf("publication %q: %w", s.publication, err)
	}
	return nil
}

// dropPublication removes a publication of our making, this service's or an
// earlier one's.
func (s *slot) dropPublication(ctx context.Context) error {
	var ours bool
	const query = "SELECT coalesce(obj_description(oid, 'pg_publication') = $2, false) FROM pg_publication WHERE pubname = $1"
	err := s.db.pool.QueryRow(ctx, query, s.publication, PublicationMark).Scan(&ours)
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
