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

// publication is what the database has of that name.
type publication struct {
	// oid is 0 where there is none.
	oid uint32
	// ours says that an Arazzo service made it.
	ours bool
}

func (s *slot) publicationState(ctx context.Context) (found publication, err error) {
	ctx, cancel := s.db.within(ctx)
	defer cancel()
	const query = "SELECT oid, coalesce(obj_description(oid, 'pg_publication') = $2, false) FROM pg_publication WHERE pubname = $1"
	err = s.db.pool.QueryRow(ctx, query, s.publication, PublicationMark).Scan(&found.oid, &found.ours)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return publication{}, fmt.Errorf("publication %q: %w", s.publication, err)
	}
	return found, nil
}

// publish makes the publication where there is none of that name. It comes
// before the slot: the slot cannot decode what it has no publication for.
func (s *slot) publish(ctx context.Context) (publication, error) {
	ctx, cancel := s.db.within(ctx)
	defer cancel()
	found, err := s.publicationState(ctx)
	if err != nil || found.oid != 0 {
		return found, err
	}
	create := CreatePublication(s.publication, s.db.version)
	mark := fmt.Sprintf("COMMENT ON PUBLICATION %s IS '%s'", quote(s.publication), PublicationMark)
	_, err = s.db.pool.Exec(ctx, create+"; "+mark, pgx.QueryExecModeSimpleProtocol)
	if hasCode(err, sqlInsufficientPrivilege) {
		return found, &SetupError{fmt.Errorf("publication %q: %w: as a superuser run %s", s.publication, err, create)}
	}
	s.published = maybeDone(err)
	if err != nil {
		return found, fmt.Errorf("publication %q: %w", s.publication, err)
	}
	return s.publicationState(ctx)
}

// dropPublication removes a publication of our making, this service's or an
// earlier one's.
func (s *slot) dropPublication(ctx context.Context) error {
	ctx, cancel := s.db.within(ctx)
	defer cancel()
	// Where the database was away a moment ago, the pool may have a connection that it
	// does not know to be broken; nothing is tried again at the end.
	s.db.pool.Reset()
	found, err := s.publicationState(ctx)
	if err == nil && !found.ours {
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
