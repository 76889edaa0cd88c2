package demo

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

//go:embed demo.sql
var script string

//go:embed demo.prisma
var schema string

// Schema is the demo's Prisma schema.
func Schema() (*psl.Schema, error) {
	file, _, err := psl.Parse(psl.Source{Name: "demo.prisma", Text: schema})
	return file, err
}

// lock keeps two programs from loading one database at the same time; the number
// is any that nobody else locks.
const lock = 0x64656d6f

// Load makes the tables of the demo and their rows, in the first schema on the
// search path, all or nothing. A database that has tables by the names User,
// Profile and Post is left as it is, whatever is in them, so Load may be called at
// every start; one that has only some of them is an error.
func Load(ctx context.Context, databaseURL string) error {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return fmt.Errorf("load the demo: %w", err)
	}
	// A cancelled ctx must not keep the connection open.
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return load(ctx, tx) }); err != nil {
		return fmt.Errorf("load the demo: %w", err)
	}
	return nil
}

func load(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", lock); err != nil {
		return err
	}
	var loaded bool
	const isLoaded = `SELECT num_nulls(to_regclass('"User"'), to_regclass('"Profile"'), to_regclass('"Post"')) = 0`
	if err := tx.QueryRow(ctx, isLoaded).Scan(&loaded); err != nil || loaded {
		return err
	}
	_, err := tx.Exec(ctx, script)
	return err
}
