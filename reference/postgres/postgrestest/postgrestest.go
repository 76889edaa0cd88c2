package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/postgres"
)

// server is the cluster, started by the first test that needs it and gone with
// the process.
var server = sync.OnceValues(func() (*postgres.Server, error) {
	return postgres.Start(context.Background(), postgres.Options{})
})

var databases atomic.Int32

// Skip skips the test when err says that no Postgres can be had here, and fails
// it where CI is set: there one has to be had. Any other error fails it too.
func Skip(t testing.TB, err error) {
	t.Helper()
	var unavailable *postgres.UnavailableError
	if errors.As(err, &unavailable) && os.Getenv("CI") == "" {
		t.Skipf("there is no Postgres to test with: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Cluster is the URL of the cluster's first database, as a superuser.
func Cluster(t testing.TB) string {
	t.Helper()
	s, err := server()
	Skip(t, err)
	return s.URL()
}

// Database is the URL of a new and empty database.
func Database(t testing.TB) string {
	t.Helper()
	cluster := Cluster(t)
	address, err := url.Parse(cluster)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("test%d", databases.Add(1))
	Exec(t, Connect(t, cluster), "CREATE DATABASE "+name)
	address.Path = "/" + name
	return address.String()
}

// Connect opens a connection that ends with the test.
func Connect(t testing.TB, databaseURL string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// Exec runs statements without parameters.
func Exec(t testing.TB, conn *pgx.Conn, script string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), script); err != nil {
		t.Fatal(err)
	}
}

// Blocked is how many statements in a connection's database wait for a lock.
func Blocked(t testing.TB, conn *pgx.Conn) (count int) {
	t.Helper()
	const blocked = `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`
	if err := conn.QueryRow(t.Context(), blocked).Scan(&count); err != nil {
		t.Fatal(err)
	}
	return count
}

// AwaitBlocked returns when a statement in a connection's database waits for a lock; the
// test's own deadline ends the wait for one that never does.
func AwaitBlocked(t testing.TB, conn *pgx.Conn) {
	t.Helper()
	for Blocked(t, conn) == 0 {
	}
}

// Lock keeps everybody from a table until the transaction that it returns ends.
func Lock(t testing.TB, databaseURL, table string) pgx.Tx {
	t.Helper()
	locker, err := Connect(t, databaseURL).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := locker.Exec(t.Context(), "LOCK TABLE "+pgx.Identifier{table}.Sanitize()); err != nil {
		t.Fatal(err)
	}
	return locker
}
