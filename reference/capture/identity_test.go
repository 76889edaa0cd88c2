package capture

import (
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

const refusal = `msg="pulse: Postgres refuses updates and deletes of published tables without a primary key or another replica identity"`

// TestRefusedWritersAreToldOf watches a database some of whose tables cannot be
// updated from then on, nor a table that is made later.
func TestRefusedWritersAreToldOf(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable+`
		CREATE TABLE "Log" (line text);
		CREATE TABLE whole (line text);
		ALTER TABLE whole REPLICA IDENTITY FULL;
		CREATE TABLE nothing (id int PRIMARY KEY);
		ALTER TABLE nothing REPLICA IDENTITY NOTHING;
		CREATE TABLE by_index (id int NOT NULL UNIQUE);
		ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_id_key;
		CREATE TABLE parts (id int) PARTITION BY RANGE (id);
		CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (10);
		CREATE UNLOGGED TABLE brief (line text);
		CREATE VIEW seen AS SELECT 1`)
	const first = refusal + ` tables="public.Log, public.nothing, public.part" ` +
		`sql="ALTER TABLE \"public\".\"Log\" REPLICA IDENTITY FULL; ALTER TABLE \"public\".\"nothing\" REPLICA IDENTITY FULL; ALTER TABLE \"public\".\"part\" REPLICA IDENTITY FULL;"`
	w.logged.has(t, first)
	w.execute("CREATE TABLE late (line text)")
	const second = refusal + ` tables=public.late sql="ALTER TABLE \"public\".\"late\" REPLICA IDENTITY FULL;"`
	eventually.True(t, "the new table to be told of", func() bool { return strings.Contains(w.logged.String(), second) })
	if n := strings.Count(w.logged.String(), refusal); n != 2 {
		t.Errorf("told %d times:\n%s", n, w.logged)
	}
}

// TestNobodyIsRefused has publications of the user's that hinder no writer.
func TestNobodyIsRefused(t *testing.T) {
	t.Parallel()
	for name, publication := range map[string]string{
		"inserts alone":           "CREATE PUBLICATION mine FOR ALL TABLES WITH (publish = 'insert')",
		"tables with an identity": `CREATE PUBLICATION mine FOR TABLE "User"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, userTable+`CREATE TABLE "Log" (line text);`+publication, ofTheUser)
			if strings.Contains(w.logged.String(), refusal) {
				t.Errorf("the log:\n%s", w.logged)
			}
		})
	}
	t.Run("a partition's root is published", func(t *testing.T) {
		t.Parallel()
		w := newStillWorld(t, postgrestest.Database(t), userTable+`
			CREATE TABLE parts (id int) PARTITION BY RANGE (id);
			CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (10);
			CREATE TABLE "Log" (line text)`, ofTheUser)
		w.needs(130000, "before 13 a partitioned table cannot be published")
		w.execute("CREATE PUBLICATION mine FOR TABLE parts WITH (publish_via_partition_root = true)")
		w.start()
		w.logged.has(t, refusal+" tables=public.part ")
	})
}
