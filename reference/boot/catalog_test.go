package boot

import (
	"context"
	"errors"
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// A Postgres that was restarted since the last look answers the next one.
func TestCatalogConnectsAgain(t *testing.T) {
	t.Parallel()
	database := postgrestest.Database(t)
	db := postgrestest.Connect(t, database)
	postgrestest.Exec(t, db, `CREATE TABLE "User" (id int PRIMARY KEY)`)
	c := newCatalog(database)
	defer c.close(context.Background())
	for range 2 {
		schema, err := c.fresh(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := schema.Model("User"); !ok {
			t.Error("there is no model User")
		}
		postgrestest.Exec(t, db, `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	}
}

// Who waits for somebody else's look waits no longer than its own context.
func TestCatalogWaitsWithinTheContext(t *testing.T) {
	t.Parallel()
	c := newCatalog("")
	c.turn <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.recent(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
