package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// refused says in Prisma's codes what running statements on conn came
// to. An error that is neither ours nor Postgres' is the connection's.
func (e *Engine) refused(ctx context.Context, conn prisma.Querier, err error) error {
	var ours *prisma.Error
	var status *Fault
	if errors.As(err, &ours) || errors.As(err, &status) {
		return err
	}
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		e.lose()
		lost := &Fault{Connection, "The connection to the database was lost. " + unknown}
		return errors.Join(timedOut(ctx, e.limits.QueryTimeout, unknown), lost, err)
	}
	switch {
	case pg.Code == "57014":
		cancelled := &Fault{QueryTimeout, "The query took too long and was cancelled. " + unchanged}
		return errors.Join(timedOut(ctx, e.limits.QueryTimeout, unchanged), cancelled, err)
	case strings.HasPrefix(pg.Code, "53"):
		return errors.Join(&Fault{Connection, "The database lacks what the query needs (SQLSTATE " + pg.Code + ", " + pg.Message + "). " + unchanged}, err)
	case strings.HasPrefix(pg.Code, "08"), strings.HasPrefix(pg.Code, "57P"):
		e.lose()
		return errors.Join(&Fault{Connection, "The database ended the connection (SQLSTATE " + pg.Code + "). " + unknown}, err)
	case pg.Code == "23505":
		return uniqueFailure(ctx, conn, pg)
	}
	return postgresFailure(pg)
}

// isFault tells of what is wrong with the database, or took too long, whatever was asked.
func isFault(pg *pgconn.PgError) bool {
	return pg.Code == "57014" || strings.HasPrefix(pg.Code, "08") || strings.HasPrefix(pg.Code, "53") || strings.HasPrefix(pg.Code, "57P")
}

// Postgres names the index that was violated; only an index on expressions has
// no columns to name.
const selectIndexColumns = `
SELECT a.attname
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
WHERE n.nspname = $1 AND c.relname = $2 AND k.place <= i.indnkeyatts AND i.indexprs IS NULL
ORDER BY k.place`

func uniqueFailure(ctx context.Context, conn prisma.Querier, pg *pgconn.PgError) error {
	columns := indexColumns(ctx, conn, pg)
	if len(columns) == 0 {
		return prisma.NewError("P2002", "Unique constraint failed on the constraint: `"+pg.ConstraintName+"`", map[string]any{"target": pg.ConstraintName})
	}
	return prisma.NewError("P2002", "Unique constraint failed on the "+inColumns(columns), map[string]any{"target": columns})
}

// indexColumns are the columns of the index that was violated; none where they cannot be
// asked for, as when the query's time is up: what failed is known without them.
func indexColumns(ctx context.Context, conn prisma.Querier, pg *pgconn.PgError) []string {
	rows, err := conn.Query(ctx, selectIndexColumns, pg.SchemaName, pg.ConstraintName)
	if err != nil {
		return nil
	}
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil
	}
	return columns
}

// inColumns are the columns of a constraint as the query engine's messages have them.
func inColumns(columns []string) string {
	return "fields: (`" + strings.Join(columns, "`,`") + "`)"
}

// brief is what Postgres said, without most of a value of megabytes that it repeats: each
// error has it several times.
func brief(said string) string {
	const most = 2_000
	if len(said) <= most {
		return said
	}
	return strings.ToValidUTF8(said[:most], "") + "..."
}

// postgresFailure translates what Postgres refused, by SQLSTATE (appendix A of
// its manual) into the query engine's code and members of meta. These are about the
// database, as the query engine's are: they have its names, not those of the schema.
func postgresFailure(pg *pgconn.PgError) *prisma.Error {
	message := brief(pg.Message)
	said := fmt.Sprintf("%s (SQLSTATE %s)", message, pg.Code)
	switch pg.Code {
	case "23502":
		column := []string{pg.ColumnName}
		return prisma.NewError("P2011", "Null constraint violation on the "+inColumns(column), map[string]any{"constraint": column})
	case "23503":
		// Prisma 4 reads field_name, Prisma 6 constraint.
		meta := map[string]any{"field_name": pg.ConstraintName + " (index)", "constraint": pg.ConstraintName}
		return prisma.NewError("P2003", "Foreign key constraint failed on the field: `"+pg.ConstraintName+" (index)`", meta)
	case "23514", "23P01":
		return prisma.NewError("P2004", "A constraint failed on the database: "+said, map[string]any{"database_error": said})
	case "22001":
		// Postgres does not say of which column.
		return prisma.NewError("P2000", "The value is too long for the column's type: "+said, map[string]any{"column_name": "(not available)"})
	case "22003":
		return prisma.NewError("P2020", "The value is out of range for the column's type: "+said, map[string]any{"details": message})
	case "22P02", "22007", "22008":
		return prisma.NewError("P2007", "The value is not valid for the column's type: "+said, map[string]any{"database_error": said})
	case "40001", "40P01":
		return prisma.NewError("P2034", "The transaction failed because of a write conflict or a deadlock: repeat it", map[string]any{})
	case "42P01", "42703":
		return prisma.NewError("P2022", "The database changed since its schema was read: "+said, map[string]any{"column": pg.ColumnName})
	default:
		return prisma.NewError("", "The database refused: "+said, map[string]any{"database_error": said})
	}
}
