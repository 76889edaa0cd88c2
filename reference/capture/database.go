package capture

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
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

const (
	// visibleWait bounds the wait for a transaction that is on disk to be seen; what
	// is longer is tried again.
	visibleWait = 30 * time.Second
	visiblePoll = time.Millisecond
)

// answerWait bounds a question to a catalog, which takes milliseconds.
const answerWait = 10 * time.Second

// oldestVersion is the server_version_num of Postgres 12.
const oldestVersion = 120000

// errStandby is why a server is not read from: publications and slots are made on
// the primary, and changes are told of as they are committed there.
var errStandby = errors.New("database: the server is a standby, in recovery: connect to the primary; " +
	"a URL may name several hosts, with target_session_attrs=read-write for the one that is the primary at the time")

// Postgres' SQLSTATE codes that get an explanation.
const (
	sqlObjectInUse           = "55006"
	sqlUndefinedObject       = "42704"
	sqlInsufficientPrivilege = "42501"
	sqlConfigurationLimit    = "53400"
	sqlTooManyConnections    = "53300"
	sqlUndefinedFile         = "58P01"
	sqlUntranslatable        = "22P05"
	sqlInvalidText           = "22021"
)

// database is the watched database: its SQL side, and replication connections.
type database struct {
	pool *pgxpool.Pool
	// oid tells the databases of a cluster apart, whatever their names become.
	oid uint32
	// version is server_version_num, 150018 for 15.18.
	version int
	// answerWait bounds a question: a connection may die without a word, and the kernel
	// hopes for a quarter of an hour.
	answerWait time.Duration
}

// openDatabase connects and checks what logical replication needs of a server.
func openDatabase(ctx context.Context, url string) (*database, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, prisma.URLError(err)
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
	d := &database{pool: pool, answerWait: answerWait}
	if err := d.check(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return d, nil
}

func (d *database) check(ctx context.Context) error {
	var level string
	var standby bool
	const query = `SELECT current_setting('wal_level'), pg_is_in_recovery(), current_setting('server_version_num')::int, oid
		FROM pg_database WHERE datname = current_database()`
	if err := d.pool.QueryRow(ctx, query).Scan(&level, &standby, &d.version, &d.oid); err != nil {
		return fmt.Errorf("database: %w: start that Postgres, or correct the database URL", Connecting(err))
	}
	if d.version < oldestVersion {
		return fmt.Errorf("database: the server's version is %d, change capture needs Postgres 12 or newer: upgrade it", d.version)
	}
	if standby {
		return errStandby
	}
	if level != "logical" {
		return &SetupError{fmt.Errorf("database: wal_level is %s, change capture needs logical: run %s and restart Postgres", level, EnableLogical)}
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

// within bounds a question by answerWait.
func (d *database) within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, d.answerWait)
}

// tables are the names of all tables by their OID, that of its root for a
// partition.
func (d *database) tables(ctx context.Context) (map[uint32]tableName, error) {
	ctx, cancel := context.WithTimeout(ctx, introspectionWait)
	defer cancel()
	const query = `SELECT c.oid, n.nspname, r.relname
		FROM pg_catalog.pg_class c
		JOIN pg_catalog.pg_class r ON r.oid = coalesce(pg_partition_root(c.oid), c.oid)
		JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
		WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`
	names := map[uint32]tableName{}
	rows, err := d.pool.Query(ctx, query)
	if err == nil {
		var oid uint32
		var named tableName
		_, err = pgx.ForEachRow(rows, []any{&oid, &named.namespace, &named.name}, func() error {
			names[oid] = named
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("read the names of the database's tables: %w", err)
	}
	return names, nil
}

// visible waits until others see what a committed transaction did. Its changes
// are decoded as soon as its commit is on disk, which is before: moments, or until
// a synchronous standby has it.
func (d *database) visible(ctx context.Context, xid uint32) error {
	ctx, cancel := context.WithTimeout(ctx, visibleWait)
	defer cancel()
	// The snapshot's numbers have 64 bits, those of the stream the lower half: less
	// than half of that range behind the end of the snapshot is the past.
	const query = `SELECT NOT EXISTS (SELECT FROM txid_snapshot_xip(s) x WHERE x % (1::bigint << 32) = $1)
			AND (txid_snapshot_xmax(s) - $1) % (1::bigint << 32) BETWEEN 1 AND 1::bigint << 31
		FROM txid_current_snapshot() s`
	for {
		var seen bool
		if err := d.pool.QueryRow(ctx, query, int64(xid)).Scan(&seen); err != nil {
			return fmt.Errorf("wait until transaction %d is seen by others: %w", xid, err)
		}
		if seen {
			return nil
		}
		select {
		case <-time.After(visiblePoll):
		case <-ctx.Done():
			return fmt.Errorf("transaction %d is committed and not seen by others for %s: is a synchronous standby missing (synchronous_standby_names)?", xid, visibleWait)
		}
	}
}

// look asks on a new connection what a failover or an upgrade may have changed; the
// error is an [*otherHistory] where the name means another database now.
func (d *database) look(ctx context.Context, conn *pgconn.PgConn) error {
	const query = `SELECT pg_is_in_recovery(), current_setting('server_version_num'), oid FROM pg_database WHERE datname = current_database()`
	results, err := conn.Exec(ctx, query).ReadAll()
	if err == nil && (len(results) != 1 || len(results[0].Rows) != 1) {
		err = errors.New("expected one row")
	}
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	row := results[0].Rows[0]
	if string(row[0]) == "t" {
		return errStandby
	}
	if d.version, err = strconv.Atoi(string(row[1])); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if oid := string(row[2]); oid != strconv.FormatUint(uint64(d.oid), 10) {
		return &otherHistory{what: fmt.Sprintf("the database was replaced by another of its name (OID %s, the event log is of %d)", oid, d.oid)}
	}
	return nil
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
