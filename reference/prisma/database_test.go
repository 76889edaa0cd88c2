package prisma_test

import (
	"context"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/postgres"
)

// server is one cluster for the whole test binary, started by the first test
// that needs it and gone with the process.
var server = sync.OnceValues(func() (*postgres.Server, error) {
	return postgres.Start(context.Background(), postgres.Options{})
})

var databases atomic.Int32

// connect gives the test a database of its own, after script was run in it.
func connect(t *testing.T, script string) *pgx.Conn {
	t.Helper()
	s, err := server()
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("test%d", databases.Add(1))
	execute(t, dial(t, s.URL()), "CREATE DATABASE "+name)
	address.Path = "/" + name
	conn := dial(t, address.String())
	execute(t, conn, script)
	return conn
}

func dial(t *testing.T, databaseURL string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func execute(t *testing.T, conn *pgx.Conn, script string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), script); err != nil {
		t.Fatal(err)
	}
}
