package capture

import (
	"context"
	"fmt"
	"maps"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// What an operator runs, as a superuser, where the server is not set up. The
// doctor says the same in advance.
const (
	// EnableLogical needs a restart of Postgres.
	EnableLogical = "ALTER SYSTEM SET wal_level = 'logical'"
	// Plugin is the output plugin that decodes the server's log.
	Plugin = "pgoutput"
)

// SetupError is what keeps a database from being watched until somebody sets it up:
// the server was reached, and the doctor tells all that is missing at once.
type SetupError struct{ Err error }

func (e *SetupError) Error() string { return e.Err.Error() }
func (e *SetupError) Unwrap() error { return e.Err }

// AllowReplication lets a role open replication connections.
func AllowReplication(role string) string {
	return "ALTER ROLE " + quote(role) + " REPLICATION"
}

// CreatePublication makes the publication of every table, for a server of that
// server_version_num.
func CreatePublication(name string, version int) string {
	create := "CREATE PUBLICATION " + quote(name) + " FOR ALL TABLES"
	switch {
	case version >= 180000:
		return create + " WITH (publish_via_partition_root = true, publish_generated_columns = stored)"
	case version >= 130000:
		// The model of a partitioned table is its root, not the partitions.
		return create + " WITH (publish_via_partition_root = true)"
	}
	return create
}

// DropSlot removes a replication slot; it must not be in use.
func DropSlot(name string) string {
	return "SELECT pg_drop_replication_slot(" + literal(name) + ")"
}

// DefaultName is the name of slot and publication where none was given. A slot's
// name is the cluster's, so it carries the database's OID; the publication's goes
// with it. A temporary service has names of its own: it must not read, and at its
// end remove, what the named streams of a lasting one resume from.
func DefaultName(oid uint32, temporary bool) string {
	name := fmt.Sprintf("arazzo_pulse_%d", oid)
	if temporary {
		name += "_temporary"
	}
	return name
}

// Replicate opens a connection for replication to the configured database.
// Values are printed in it as the prisma package reads them, whatever the
// database's own settings are.
func Replicate(ctx context.Context, config *pgconn.Config) (*pgconn.PgConn, error) {
	config = config.Copy()
	maps.Copy(config.RuntimeParams, prisma.Settings())
	maps.Copy(config.RuntimeParams, map[string]string{
		"replication":      "database",
		"application_name": ApplicationName,
		"timezone":         "UTC",
	})
	conn, err := pgconn.ConnectConfig(ctx, config)
	if hasCode(err, sqlInsufficientPrivilege) {
		return nil, &SetupError{fmt.Errorf("replication connection: %w: as a superuser run %s", Connecting(err), AllowReplication(config.User))}
	}
	if err == nil && conn.ParameterStatus("server_encoding") == "SQL_ASCII" {
		// Such a database does not know what its bytes mean. It would refuse to send
		// those that are no UTF-8, and the change with them, for ever.
		if _, err = conn.Exec(ctx, "SET client_encoding = 'SQL_ASCII'").ReadAll(); err != nil {
			_ = conn.Close(ctx)
		}
	}
	if hasCode(err, sqlTooManyConnections) {
		return nil, fmt.Errorf("replication connection: %w: end one that nobody needs (SELECT * FROM pg_stat_replication), or as a superuser "+
			"run ALTER SYSTEM SET max_wal_senders = 20 (or max_connections, where that is what is exceeded) and restart Postgres", Connecting(err))
	}
	if err != nil {
		return nil, fmt.Errorf("replication connection: %w", Connecting(err))
	}
	return conn, nil
}

// ApplicationName is how the service's replication connection shows in
// pg_stat_replication.
const ApplicationName = "arazzo pulse"

// quote makes an SQL identifier of any text.
func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
