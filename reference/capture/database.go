package capture

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

const (
	// poolSize is for short questions beside the replication connection.
	poolSize = 2
	// connectWait bounds one try to connect where the URL does not say it: a
	// database that hangs accepts connections and never answers on them.
	connectWait = 10 * time.Second
)

// Postgres' SQLSTATE codes that get an explanation.
const (
	sqlObjectInUse           = "55006"
	sqlUndefinedObject       = "42704"
	sqlInsufficientPrivilege = "42501"
	sqlConfigurationLimit    = "53400"
)

// database is the watched database: its SQL side, and replication connections.
type database struct {
	pool *pgxpool.Pool
	// oid tells the databases of a cluster apart, whatever their names become.
	oid uint32
	// version is server_version_num, 150018 for 15.18.
	version int
}

// openDatabase connects and checks what logical replication needs of a server.
func openDatabase(ctx context.Context, url string) (*database, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err)
	}
	config.MaxConns = poolSize
	maps.Copy(config.ConnConfig.RuntimeParams, prisma.Settings())
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectWait
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	d := &database{pool: pool}
	if err := d.check(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return d, nil
}

func (d *database) check(ctx context.Context) error {
	var level string
	const query = `SELECT current_setting('wal_level'), current_setting('server_version_num')::int, oid
		FROM pg_database WHERE datname = current_database()`
	if err := d.pool.QueryRow(ctx, query).Scan(&level, &d.version, &d.oid); err != nil {
		return fmt.Errorf("database: %w: start that Postgres, or correct the database URL", Connecting(err))
	}
	if level != "logical" {
		return fmt.Errorf("database: wal_level is %s, change capture needs logical: run %s and restart Postgres", level, EnableLogical)
	}
	return nil
}

// end is a position that every transaction committed so far lies before, and
// every later one at or after. It is the insert position: the write position may
// lie before commits that did not wait for the disk.
func (d *database) end(ctx context.Context) (replication.LSN, error) {
	var text string
	if err := d.pool.QueryRow(ctx, "SELECT pg_current_wal_insert_lsn()::text").Scan(&text); err != nil {
		return 0, fmt.Errorf("database: %w", err)
	}
	return replication.ParseLSN(text)
}

// replicate opens a connection for replication.
func (d *database) replicate(ctx context.Context) (*pgconn.PgConn, error) {
	return Replicate(ctx, &d.pool.Config().ConnConfig.Config)
}

// connectError is why a connection failed, in one line.
type connectError struct {
	reason string
	error
}

func (e *connectError) Error() string { return e.reason }
func (e *connectError) Unwrap() error { return e.error }

// Connecting shortens pgconn's account of every address that it tried, with TLS
// and without, to the last: what became of the whole.
func Connecting(err error) error {
	var failed *pgconn.ConnectError
	if !errors.As(err, &failed) {
		return err
	}
	tried := strings.Split(failed.Error(), "\n")
	reason := strings.TrimSpace(tried[len(tried)-1])
	if len(tried) > 1 {
		reason = strings.TrimSuffix(tried[0], ":") + ": " + reason
	}
	return &connectError{reason, err}
}

// hasCode reports whether err is Postgres' with this SQLSTATE.
func hasCode(err error, code string) bool {
	var pgErr *pgconn.PgError
	return errors.As(err, &pgErr) && pgErr.Code == code
}

// maybeDone reports whether what came to err may have been done: Postgres did not
// refuse it, but the answer may be lost.
func maybeDone(err error) bool {
	var refused *pgconn.PgError
	return !errors.As(err, &refused)
}

// literal makes an SQL string of any text.
func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
