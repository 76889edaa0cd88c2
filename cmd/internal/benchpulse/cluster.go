package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/postgres"
)

// cluster is the private Postgres of the measurement and a connection to it.
type cluster struct {
	server *postgres.Server
	url    string
	*pgx.Conn
}

// tables are what is written to: a row like many, and one that says when it was
// written. synchronous_commit stays on: without it the server would send each change
// only after 200 ms, and the latency would be that of its writer.
var tables = []string{
	`CREATE TABLE item (id bigserial PRIMARY KEY, owner int NOT NULL, name text NOT NULL, amount numeric(12,2) NOT NULL,
		active bool NOT NULL, note text, created_at timestamptz NOT NULL DEFAULT now())`,
	`CREATE TABLE timed (id bigserial PRIMARY KEY, note text NOT NULL,
		sent bigint NOT NULL DEFAULT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)`,
	`ALTER SYSTEM SET max_wal_size = '8GB'`,
	`SELECT pg_reload_conf()`,
}

// itemValues are those of one row, some 120 bytes.
const itemValues = `7, 'a name of some twenty letters', 12345.67, true, 'a note that is about sixty letters long, like those one often finds'`

func startCluster(ctx context.Context) (*cluster, error) {
	server, err := postgres.Start(ctx, postgres.Options{Progress: func(line string) { fmt.Fprintln(os.Stderr, line) }})
	if err != nil {
		return nil, err
	}
	c := &cluster{server: server, url: server.URL()}
	if c.Conn, err = pgx.Connect(ctx, c.url); err == nil {
		err = c.each(ctx, tables...)
	}
	if err != nil {
		return nil, errors.Join(err, server.Stop())
	}
	return c, nil
}

// each runs statements, each in a transaction of its own.
func (c *cluster) each(ctx context.Context, statements ...string) error {
	for _, statement := range statements {
		if _, err := c.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// text is the one value that a query answers with.
func (c *cluster) text(ctx context.Context, query string, args ...any) (text string, err error) {
	if err = c.QueryRow(ctx, query, args...).Scan(&text); err != nil {
		err = fmt.Errorf("%s: %w", query, err)
	}
	return text, err
}

// copySlot makes a slot that begins where another does.
func (c *cluster) copySlot(ctx context.Context, from, to string) error {
	_, err := c.Exec(ctx, "SELECT pg_copy_logical_replication_slot($1, $2, false)", from, to)
	return err
}

// active waits until somebody reads a slot.
func (c *cluster) active(ctx context.Context, name string) error {
	for {
		active, err := c.text(ctx, "SELECT active::text FROM pg_replication_slots WHERE slot_name = $1", name)
		if err != nil || active == "true" {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// dropSlot removes a slot, where there is one. Whoever read it is gone, which the
// server notices within moments.
func (c *cluster) dropSlot(ctx context.Context, name string) error {
	for {
		_, err := c.Exec(ctx, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1", name)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "55006" { // object_in_use
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// pause is the time between two looks at the server.
func pause(ctx context.Context) error {
	select {
	case <-time.After(10 * time.Millisecond):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *cluster) stop() error {
	return errors.Join(c.Close(context.Background()), c.server.Stop())
}
