package capture

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// refusedShown is how many tables one line of the log names.
const refusedShown = 20

// selectRefused are the tables of a publication whose updates or deletes Postgres
// refuses, for they have no replica identity: those that have rows, so the
// partitions in place of their root.
const selectRefused = `
SELECT n.nspname::text, c.relname::text
FROM pg_publication p, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE p.pubname = $1 AND (p.pubupdate OR p.pubdelete) AND c.relkind = 'r' AND c.relpersistence = 'p' AND c.oid >= 16384
	AND NOT CASE c.relreplident
		WHEN 'f' THEN true
		WHEN 'd' THEN EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate AND i.indisvalid)
		WHEN 'i' THEN EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident)
		ELSE false END
	AND (p.puballtables OR EXISTS (
		SELECT FROM pg_publication_tables t JOIN pg_namespace tn ON tn.nspname = t.schemaname
			JOIN pg_class tc ON tc.relnamespace = tn.oid AND tc.relname = t.tablename
		WHERE t.pubname = p.pubname AND (tc.oid = c.oid OR c.relispartition AND tc.oid IN (SELECT relid FROM pg_partition_ancestors(c.oid)))))
ORDER BY 1, 2`

// warnOfRefusals says, once for each table, that its writers are refused because it
// is published: the one way in which being watched hurts a database. The doctor says
// it in advance.
func (c *Capture) warnOfRefusals(ctx context.Context) error {
	ctx, cancel := c.db.within(ctx)
	defer cancel()
	rows, err := c.db.pool.Query(ctx, selectRefused, c.slot.publication)
	var found []tableName
	if err == nil {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (name tableName, err error) {
			return name, row.Scan(&name.namespace, &name.name)
		})
	}
	if err != nil {
		return fmt.Errorf("the tables' replica identities: %w", err)
	}
	var tables, fixes []string
	for _, name := range found {
		if c.refused[name] {
			continue
		}
		c.refused[name] = true
		tables = append(tables, name.namespace+"."+name.name)
		fixes = append(fixes, fmt.Sprintf("ALTER TABLE %s REPLICA IDENTITY FULL;", pgx.Identifier{name.namespace, name.name}.Sanitize()))
	}
	if n := len(tables); n > refusedShown {
		tables = append(tables[:refusedShown], fmt.Sprintf("%d more", n-refusedShown))
		fixes = fixes[:refusedShown]
	}
	if len(tables) > 0 {
		c.options.Log.Warn("pulse: Postgres refuses updates and deletes of published tables without a primary key or another replica identity",
			"tables", strings.Join(tables, ", "), "sql", strings.Join(fixes, " "))
	}
	return nil
}
