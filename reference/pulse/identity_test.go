package pulse

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"
)

// TestEventContent is the table of what an event shows under each replica
// identity.
func TestEventContent(t *testing.T) {
	t.Parallel()
	const long = `(SELECT string_agg(md5(i::text), '') FROM generate_series(1, 200) i)`
	for name, tt := range map[string]struct{ setup, change, want string }{
		"insert": {
			`CREATE TABLE "User" (id int PRIMARY KEY, name text)`,
			`INSERT INTO "User" VALUES (1, 'a')`,
			`{"action":"create","modelName":"User","created":{"id":1,"name":"a"}}`,
		},
		"insert of a null": {
			`CREATE TABLE "User" (id int PRIMARY KEY, name text, tags text[])`,
			`INSERT INTO "User" VALUES (1)`,
			`{"action":"create","modelName":"User","created":{"id":1,"name":null,"tags":[]}}`,
		},
		"insert without a primary key": {
			`CREATE TABLE "User" (id int)`,
			`INSERT INTO "User" VALUES (1)`,
			`{"action":"create","modelName":"User","created":{"id":1}}`,
		},
		"update, default identity": {
			`CREATE TABLE "User" (id int PRIMARY KEY, name text); INSERT INTO "User" VALUES (1, 'a')`,
			`UPDATE "User" SET name = 'b'`,
			`{"action":"update","modelName":"User","after":{"id":1,"name":"b"}}`,
		},
		"update of the key, default identity": {
			`CREATE TABLE "User" (id int PRIMARY KEY, name text); INSERT INTO "User" VALUES (1, 'a')`,
			`UPDATE "User" SET id = 2`,
			`{"action":"update","modelName":"User","after":{"id":2,"name":"a"}}`,
		},
		"update, full identity": {
			`CREATE TABLE "User" (id int PRIMARY KEY, name text); ALTER TABLE "User" REPLICA IDENTITY FULL; INSERT INTO "User" VALUES (1, 'a')`,
			`UPDATE "User" SET name = NULL`,
			`{"action":"update","modelName":"User","before":{"id":1,"name":"a"},"after":{"id":1,"name":null}}`,
		},
		"update of the key, full identity": {
			`CREATE TABLE "User" (id int PRIMARY KEY, name text); ALTER TABLE "User" REPLICA IDENTITY FULL; INSERT INTO "User" VALUES (1, 'a')`,
			`UPDATE "User" SET id = 2`,
			`{"action":"update","modelName":"User","before":{"id":1,"name":"a"},"after":{"id":2,"name":"a"}}`,
		},
		"update that changes nothing, full identity": {
			`CREATE TABLE "User" (id int PRIMARY KEY, tags text[]); ALTER TABLE "User" REPLICA IDENTITY FULL; INSERT INTO "User" VALUES (1)`,
			`UPDATE "User" SET id = 1`,
			`{"action":"update","modelName":"User","before":{"id":1,"tags":[]},"after":{"id":1,"tags":[]}}`,
		},
		"update without a primary key, full identity": {
			`CREATE TABLE "User" (id int); ALTER TABLE "User" REPLICA IDENTITY FULL; INSERT INTO "User" VALUES (1), (1)`,
			`UPDATE "User" SET id = NULL`,
			`{"action":"update","modelName":"User","before":{"id":1},"after":{"id":null}}`,
		},
		"update of the index's column, identity by index": {
			`CREATE TABLE "User" (id int PRIMARY KEY, name text NOT NULL UNIQUE); ALTER TABLE "User" REPLICA IDENTITY USING INDEX "User_name_key"; INSERT INTO "User" VALUES (1, 'a')`,
			`UPDATE "User" SET name = 'b'`,
			`{"action":"update","modelName":"User","after":{"id":1,"name":"b"}}`,
		},
		"update of the primary key, identity by index": {
			`CREATE TABLE "User" (id int PRIMARY KEY, name text NOT NULL UNIQUE); ALTER TABLE "User" REPLICA IDENTITY USING INDEX "User_name_key"; INSERT INTO "User" VALUES (1, 'a')`,
			`UPDATE "User" SET id = 2`,
			`{"action":"update","modelName":"User","after":{"id":2,"name":"a"}}`,
		},
		"update that makes a long value null, default identity": {
			`CREATE TABLE "User" (id int PRIMARY KEY, long text); ALTER TABLE "User" ALTER long SET STORAGE EXTERNAL; INSERT INTO "User" VALUES (1, ` + long + `)`,
			`UPDATE "User" SET long = NULL`,
			`{"action":"update","modelName":"User","after":{"id":1,"long":null}}`,
		},
		"update beside an unchanged long value, identity by index": {
			`CREATE TABLE "User" (id int PRIMARY KEY, name text NOT NULL UNIQUE, long text); ALTER TABLE "User" ALTER long SET STORAGE EXTERNAL, REPLICA IDENTITY USING INDEX "User_name_key"; INSERT INTO "User" VALUES (1, 'a', ` + long + `)`,
			`UPDATE "User" SET name = 'b'`,
			`{"action":"update","modelName":"User","after":{"id":1,"name":"b"}}`,
		},
		"insert, identity nothing": {
			`CREATE TABLE "User" (id int PRIMARY KEY); ALTER TABLE "User" REPLICA IDENTITY NOTHING`,
			`INSERT INTO "User" VALUES (1)`,
			`{"action":"create","modelName":"User","created":{"id":1}}`,
		},
		"insert into a table without columns": {
			`CREATE TABLE "User" ()`,
			`INSERT INTO "User" DEFAULT VALUES`,
			`{"action":"create","modelName":"User","created":{}}`,
		},
		"delete by a key of several columns": {
			`CREATE TABLE "User" (name text, b int, a int, PRIMARY KEY (a, b)); INSERT INTO "User" VALUES ('x', 2, 1)`,
			`DELETE FROM "User"`,
			`{"action":"delete","modelName":"User","deleted":{"b":2,"a":1}}`,
		},
		"delete by a key that covers another column": {
			`CREATE TABLE "User" (id int, name text, PRIMARY KEY (id) INCLUDE (name)); INSERT INTO "User" VALUES (1, 'x')`,
			`DELETE FROM "User"`,
			`{"action":"delete","modelName":"User","deleted":{"id":1}}`,
		},
		"defaults and identity columns": {
			`CREATE TABLE "User" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n bigint GENERATED BY DEFAULT AS IDENTITY (START 7), s serial, name text DEFAULT 'x')`,
			`INSERT INTO "User" DEFAULT VALUES`,
			`{"action":"create","modelName":"User","created":{"id":1,"n":"7","s":1,"name":"x"}}`,
		},
		"dropped column": {
			`CREATE TABLE "User" (id int PRIMARY KEY, gone text, name text); INSERT INTO "User" VALUES (1, 'x', 'a'); ALTER TABLE "User" DROP gone; ALTER TABLE "User" REPLICA IDENTITY FULL`,
			`UPDATE "User" SET name = 'b'`,
			`{"action":"update","modelName":"User","before":{"id":1,"name":"a"},"after":{"id":1,"name":"b"}}`,
		},
		"column that rows from before it do not hold": {
			`CREATE TABLE "User" (id int PRIMARY KEY); INSERT INTO "User" VALUES (1); ALTER TABLE "User" ADD age int DEFAULT 7; ALTER TABLE "User" REPLICA IDENTITY FULL`,
			`DELETE FROM "User"`,
			`{"action":"delete","modelName":"User","deleted":{"id":1,"age":7}}`,
		},
		"upsert of a row that is there": {
			`CREATE TABLE "User" (id int PRIMARY KEY, name text); INSERT INTO "User" VALUES (1, 'a')`,
			`INSERT INTO "User" VALUES (1, 'b') ON CONFLICT (id) DO UPDATE SET name = excluded.name`,
			`{"action":"update","modelName":"User","after":{"id":1,"name":"b"}}`,
		},
		"row of a trigger": {
			`CREATE TABLE other (id int); CREATE TABLE "User" (id int PRIMARY KEY);
			 CREATE FUNCTION copy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO "User" VALUES (NEW.id); RETURN NEW; END';
			 CREATE TRIGGER copy AFTER INSERT ON other FOR EACH ROW EXECUTE FUNCTION copy()`,
			`INSERT INTO other VALUES (1)`,
			`{"action":"create","modelName":"User","created":{"id":1}}`,
		},
		"row of a child table is not its parent's": {
			`CREATE TABLE "User" (id int PRIMARY KEY); CREATE TABLE child (extra int) INHERITS ("User")`,
			`INSERT INTO child VALUES (1, 2); INSERT INTO "User" VALUES (2)`,
			`{"action":"create","modelName":"User","created":{"id":2}}`,
		},
		"update beside an unchanged long value, default identity": {
			`CREATE TABLE "User" (id int PRIMARY KEY, name text, long text); ALTER TABLE "User" ALTER long SET STORAGE EXTERNAL; INSERT INTO "User" VALUES (1, 'a', ` + long + `)`,
			`UPDATE "User" SET name = 'b'`,
			`{"action":"update","modelName":"User","after":{"id":1,"name":"b"}}`,
		},
		"delete, default identity": {
			`CREATE TABLE "User" (id int PRIMARY KEY, name text); INSERT INTO "User" VALUES (1, 'a')`,
			`DELETE FROM "User"`,
			`{"action":"delete","modelName":"User","deleted":{"id":1}}`,
		},
		"delete, identity by index": {
			`CREATE TABLE "User" (id int PRIMARY KEY, name text NOT NULL UNIQUE); ALTER TABLE "User" REPLICA IDENTITY USING INDEX "User_name_key"; INSERT INTO "User" VALUES (1, 'a')`,
			`DELETE FROM "User"`,
			`{"action":"delete","modelName":"User","deleted":{"name":"a"}}`,
		},
		"delete, full identity": {
			`CREATE TABLE "User" (id int PRIMARY KEY, name text); ALTER TABLE "User" REPLICA IDENTITY FULL; INSERT INTO "User" VALUES (1, 'a')`,
			`DELETE FROM "User"`,
			`{"action":"delete","modelName":"User","deleted":{"id":1,"name":"a"}}`,
		},
		"every type": {
			// The database's own settings must not change how values are printed.
			`DO $$ BEGIN
				EXECUTE format('ALTER DATABASE %I SET datestyle = German', current_database());
				EXECUTE format('ALTER DATABASE %I SET bytea_output = escape', current_database());
			 END $$;
			 CREATE TYPE mood AS ENUM ('fine', 'so <so>');
			 CREATE TABLE "User" (id int PRIMARY KEY, b bigint, d numeric(10,2), f float8, y bool, t timestamptz, x bytea, j json, m mood, l int[])`,
			`SET timezone = 'Asia/Tokyo'; INSERT INTO "User" VALUES (1, 9007199254740993, 1.50, 0.25, true, '2024-02-29 12:00:00.123456+01', '\x00ff', E'{"b" : 1,\n"a": [1.10]}', 'so <so>', '{1,NULL,3}')`,
			`{"action":"create","modelName":"User","created":{"id":1,"b":"9007199254740993","d":"1.5","f":0.25,"y":true,"t":"2024-02-29T11:00:00.123Z","x":"AP8=","j":{"b":1,"a":[1.10]},"m":"so <so>","l":[1,null,3]}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, tt.setup)
			events := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
			execute(t, w.db, tt.change)
			if diff := cmp.Diff(tt.want, events.next().data); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSeveralChangesAsEvents: each change of each row is an event, in order.
func TestSeveralChangesAsEvents(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		setup, change string
		want          []string
	}{
		"one row, one transaction": {
			userTable,
			`INSERT INTO "User" VALUES (1, 'a'); UPDATE "User" SET name = 'b'; DELETE FROM "User"; INSERT INTO "User" VALUES (1, 'c')`,
			[]string{
				created(1, "a"),
				`{"action":"update","modelName":"User","after":{"id":1,"name":"b"}}`,
				`{"action":"delete","modelName":"User","deleted":{"id":1}}`,
				created(1, "c"),
			},
		},
		"rolled back to a savepoint": {
			userTable,
			`BEGIN; INSERT INTO "User" VALUES (1, 'a'); SAVEPOINT s; INSERT INTO "User" VALUES (2, 'b'); ROLLBACK TO s; INSERT INTO "User" VALUES (3, 'c'); COMMIT`,
			[]string{created(1, "a"), created(3, "c")},
		},
		"truncated in between": {
			userTable,
			`INSERT INTO "User" VALUES (1, 'a'); TRUNCATE "User"; INSERT INTO "User" VALUES (1, 'b')`,
			[]string{created(1, "a"), created(1, "b")},
		},
		"deleted by a foreign key": {
			`CREATE TABLE "Group" (id int PRIMARY KEY); CREATE TABLE "User" (id int PRIMARY KEY, name text, "group" int REFERENCES "Group" ON DELETE CASCADE);
			 INSERT INTO "Group" VALUES (1); INSERT INTO "User" VALUES (1, 'a', 1), (2, 'b', 1)`,
			`DELETE FROM "Group"`,
			[]string{`{"action":"delete","modelName":"User","deleted":{"id":1}}`, `{"action":"delete","modelName":"User","deleted":{"id":2}}`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, tt.setup)
			events := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
			execute(t, w.db, tt.change)
			if diff := cmp.Diff(tt.want, events.take(len(tt.want))); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPostgresRefusesWhatNoEventCouldTell: without an identity rows come, and cannot
// be changed or deleted while they are published.
func TestPostgresRefusesWhatNoEventCouldTell(t *testing.T) {
	t.Parallel()
	for name, setup := range map[string]string{
		"no primary key":   `CREATE TABLE "User" (id int); INSERT INTO "User" VALUES (1)`,
		"identity nothing": `CREATE TABLE "User" (id int PRIMARY KEY); ALTER TABLE "User" REPLICA IDENTITY NOTHING; INSERT INTO "User" VALUES (1)`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setup)
			for _, change := range []string{`UPDATE "User" SET id = 2`, `DELETE FROM "User"`} {
				_, err := w.db.Exec(t.Context(), change)
				var refused *pgconn.PgError
				if !errors.As(err, &refused) || refused.Code != "55000" {
					t.Errorf("%s: %v", change, err)
				}
			}
		})
	}
}

// TestUnchangedLongKeyIsKnown: a key that is stored out of line and did not change is
// not sent with the new row, but as the old key.
func TestUnchangedLongKeyIsKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `CREATE TABLE "User" (id text PRIMARY KEY, name text) WITH (toast_tuple_target = 128);
		ALTER TABLE "User" ALTER id SET STORAGE EXTERNAL;
		INSERT INTO "User" VALUES (repeat('x', 2500), 'a')`)
	events := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	execute(t, w.db, `UPDATE "User" SET name = 'b'`)
	want := `{"action":"update","modelName":"User","after":{"id":"` + strings.Repeat("x", 2500) + `","name":"b"}}`
	if diff := cmp.Diff(want, events.next().data); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

// TestGeneratedColumns: Postgres publishes what it stores of them from 18 on, and
// before that nothing.
func TestGeneratedColumns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `CREATE TABLE "User" (id int PRIMARY KEY, double int GENERATED ALWAYS AS (id * 2) STORED); ALTER TABLE "User" REPLICA IDENTITY FULL`)
	events := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	execute(t, w.db, `INSERT INTO "User" VALUES (1); UPDATE "User" SET id = 2`)
	want := []string{
		`{"action":"create","modelName":"User","created":{"id":1}}`,
		`{"action":"update","modelName":"User","before":{"id":1},"after":{"id":2}}`,
	}
	if w.version(t) >= 180000 {
		want = []string{
			`{"action":"create","modelName":"User","created":{"id":1,"double":2}}`,
			`{"action":"update","modelName":"User","before":{"id":1,"double":2},"after":{"id":2,"double":4}}`,
		}
	}
	if diff := cmp.Diff(want, events.take(2)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestPartitions: their rows are the table's, also one that an update moves.
func TestPartitions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `CREATE TABLE "User" (id int PRIMARY KEY, name text) PARTITION BY RANGE (id);
		CREATE TABLE low PARTITION OF "User" FOR VALUES FROM (0) TO (10);
		CREATE TABLE high (name text, gone int, id int NOT NULL); ALTER TABLE high DROP gone;
		ALTER TABLE "User" ATTACH PARTITION high FOR VALUES FROM (10) TO (20)`)
	if w.version(t) < 130000 {
		t.Skip("Postgres 12 cannot publish partitions as their table")
	}
	events := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a'); UPDATE "User" SET name = 'b'; UPDATE "User" SET id = 11`)
	want := []string{
		created(1, "a"),
		`{"action":"update","modelName":"User","after":{"id":1,"name":"b"}}`,
		`{"action":"delete","modelName":"User","deleted":{"id":1}}`,
		created(11, "b"),
	}
	if diff := cmp.Diff(want, events.take(len(want))); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestPartitionsHaveIdentitiesOfTheirOwn: what the partition did not keep of an old
// row is not known, whatever the root's identity, by which Postgres names what it
// sends.
func TestPartitionsHaveIdentitiesOfTheirOwn(t *testing.T) {
	t.Parallel()
	const table = `CREATE TABLE "User" (id int PRIMARY KEY, name text, long text) PARTITION BY RANGE (id);
		CREATE TABLE low PARTITION OF "User" FOR VALUES FROM (0) TO (10);
		CREATE TABLE high (long text, gone int, name text NOT NULL, id int NOT NULL); ALTER TABLE high DROP gone; CREATE UNIQUE INDEX by_name ON high (name);
		ALTER TABLE "User" ATTACH PARTITION high FOR VALUES FROM (10) TO (20);
		ALTER TABLE low ALTER long SET STORAGE EXTERNAL;
		INSERT INTO "User" VALUES (1, 'a', repeat('x', 2500)), (2, 'b', NULL), (11, 'c', 'y'), (12, 'd', NULL);`
	for name, tt := range map[string]struct {
		setup string
		want  []string
	}{
		"only the root's is full": {
			`ALTER TABLE "User" REPLICA IDENTITY FULL`,
			[]string{
				`{"action":"update","modelName":"User","after":{"id":3,"name":"a"}}`,
				`{"action":"update","modelName":"User","after":{"id":13,"name":"c","long":"y"}}`,
				`{"action":"delete","modelName":"User","deleted":{"id":3}}`,
				`{"action":"delete","modelName":"User","deleted":{"id":13}}`,
				`{"action":"delete","modelName":"User","deleted":{"id":2}}`,
				`{"action":"delete","modelName":"User","deleted":{"id":12}}`,
			},
		},
		"the root's and one partition's are full": {
			`ALTER TABLE "User" REPLICA IDENTITY FULL; ALTER TABLE high REPLICA IDENTITY FULL`,
			[]string{
				`{"action":"update","modelName":"User","after":{"id":3,"name":"a"}}`,
				`{"action":"update","modelName":"User","before":{"id":11,"name":"c","long":"y"},"after":{"id":13,"name":"c","long":"y"}}`,
				`{"action":"delete","modelName":"User","deleted":{"id":3}}`,
				`{"action":"delete","modelName":"User","deleted":{"id":13,"name":"c","long":"y"}}`,
				`{"action":"delete","modelName":"User","deleted":{"id":2}}`,
				`{"action":"delete","modelName":"User","deleted":{"id":12,"name":"d","long":null}}`,
			},
		},
		"one partition's is an index": {
			`ALTER TABLE high REPLICA IDENTITY USING INDEX by_name`,
			[]string{
				`{"action":"update","modelName":"User","after":{"id":3,"name":"a"}}`,
				`{"action":"update","modelName":"User","after":{"id":13,"name":"c","long":"y"}}`,
				`{"action":"delete","modelName":"User","deleted":{"id":3}}`,
				`{"action":"delete","modelName":"User","deleted":{"name":"c"}}`,
				`{"action":"delete","modelName":"User","deleted":{"id":2}}`,
				`{"action":"delete","modelName":"User","deleted":{"name":"d"}}`,
			},
		},
		"one partition's changes meanwhile": {
			`ALTER TABLE "User" REPLICA IDENTITY FULL; DELETE FROM "User" WHERE id = 2; ALTER TABLE low REPLICA IDENTITY FULL`,
			[]string{
				`{"action":"update","modelName":"User","before":{"id":1,"name":"a","long":"` + strings.Repeat("x", 2500) + `"},"after":{"id":3,"name":"a","long":"` + strings.Repeat("x", 2500) + `"}}`,
				`{"action":"update","modelName":"User","after":{"id":13,"name":"c","long":"y"}}`,
				`{"action":"delete","modelName":"User","deleted":{"id":3,"name":"a","long":"` + strings.Repeat("x", 2500) + `"}}`,
				`{"action":"delete","modelName":"User","deleted":{"id":13}}`,
				`{"action":"delete","modelName":"User","deleted":{"id":12}}`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, table)
			if w.version(t) < 130000 {
				t.Skip("Postgres 12 cannot publish partitions as their table")
			}
			execute(t, w.db, tt.setup)
			events := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
			execute(t, w.db, `UPDATE "User" SET id = id + 2 WHERE id IN (1, 11);
				DELETE FROM "User" WHERE id = 3; DELETE FROM "User" WHERE id = 13; DELETE FROM "User" WHERE id = 2; DELETE FROM "User" WHERE id = 12`)
			if diff := cmp.Diff(tt.want, events.take(len(tt.want))); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

// version is Postgres' server_version_num.
func (w *world) version(t *testing.T) (version int) {
	t.Helper()
	if err := w.db.QueryRow(t.Context(), "SELECT current_setting('server_version_num')::int").Scan(&version); err != nil {
		t.Fatal(err)
	}
	return version
}

// TestUnchangedLongValueIsKnownUnderFull is apart from the table above for its
// value, which stands in the event twice.
func TestUnchangedLongValueIsKnownUnderFull(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `CREATE TABLE "User" (id int PRIMARY KEY, name text, long text);
		ALTER TABLE "User" ALTER long SET STORAGE EXTERNAL, REPLICA IDENTITY FULL;
		INSERT INTO "User" VALUES (1, 'a', repeat('x', 4000))`)
	events := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	execute(t, w.db, `UPDATE "User" SET name = 'b'`)
	long := strings.Repeat("x", 4000)
	want := `{"action":"update","modelName":"User","before":{"id":1,"name":"a","long":"` + long + `"},"after":{"id":1,"name":"b","long":"` + long + `"}}`
	if diff := cmp.Diff(want, events.next().data); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

func TestSchemaChangesAreFollowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable+`; INSERT INTO "User" VALUES (1, 'a')`)
	events := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	for _, step := range []struct{ change, want string }{
		{`UPDATE "User" SET name = 'b'`, `{"action":"update","modelName":"User","after":{"id":1,"name":"b"}}`},
		{`ALTER TABLE "User" ADD age int; UPDATE "User" SET age = 7`, `{"action":"update","modelName":"User","after":{"id":1,"name":"b","age":7}}`},
		{`ALTER TABLE "User" ALTER age TYPE text; UPDATE "User" SET age = '8'`, `{"action":"update","modelName":"User","after":{"id":1,"name":"b","age":"8"}}`},
		{`ALTER TABLE "User" DROP name; TRUNCATE "User"; INSERT INTO "User" VALUES (2, 'nine')`, `{"action":"create","modelName":"User","created":{"id":2,"age":"nine"}}`},
		{`ALTER TABLE "User" RENAME age TO years; UPDATE "User" SET years = 'ten'`, `{"action":"update","modelName":"User","after":{"id":2,"years":"ten"}}`},
	} {
		execute(t, w.db, step.change)
		if diff := cmp.Diff(step.want, events.next().data); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.change, diff)
		}
	}

	execute(t, w.db, `CREATE TABLE "Late" (id int PRIMARY KEY)`)
	late := w.open(t, "POST", "/subscribe", `{"model":"Late"}`)
	execute(t, w.db, `INSERT INTO "Late" VALUES (1)`)
	if diff := cmp.Diff(`{"action":"create","modelName":"Late","created":{"id":1}}`, late.next().data); diff != "" {
		t.Errorf("event of a new table (-want +got):\n%s", diff)
	}
}

// TestDeepJSONIsAnsweredToo: the event around a value is deeper than the value, which
// encoding/json refuses at ten thousand levels.
func TestDeepJSONIsAnsweredToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `CREATE TABLE "User" (id int PRIMARY KEY, data json)`)
	events := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	execute(t, w.db, `INSERT INTO "User" SELECT n, (repeat('[', n) || repeat(']', n))::json FROM unnest(ARRAY[9998, 9999, 10000, 10001]) n`)
	for range 4 {
		e := events.next()
		got := w.call(t, "GET", "/events/"+e.id, "")
		if want := fmt.Sprintf(`{"id":%q,%s`, e.id, e.data[1:]); got.status != http.StatusOK || got.body != want {
			t.Errorf("%.120s: got %d with %d bytes, want %d", e.data, got.status, len(got.body), len(want))
		}
	}
}
