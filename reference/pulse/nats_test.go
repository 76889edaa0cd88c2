package pulse

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// streamFromSlot reads from a slot until the test ends or Postgres ends it.
func streamFromSlot(t *testing.T, databaseURL, slot string) {
	t.Helper()
	config, err := pgconn.ParseConfig(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	config.RuntimeParams["replication"] = "database"
	conn, err := pgconn.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	options := replication.StartReplicationOptions{PluginArgs: []string{"proto_version '1'", fmt.Sprintf("publication_names '%s'", slot)}}
	if err := replication.StartReplication(t.Context(), conn, slot, 0, options); err != nil {
		t.Fatal(err)
	}
}
