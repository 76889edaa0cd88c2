package prisma_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// connect gives the test a database of its own, after script was run in it.
func connect(t *testing.T, script string) *pgx.Conn {
	t.Helper()
	conn := postgrestest.Connect(t, postgrestest.Database(t))
	postgrestest.Exec(t, conn, script)
	return conn
}
