package pulse

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
		"a partition's row is its table's": {
			`CREATE TABLE "User" (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF "User" FOR VALUES FROM (0) TO (10)`,
			`INSERT INTO "User" VALUES (1)`,
			`{"action":"create","modelName":"User","created":{"id":1}}`,
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
