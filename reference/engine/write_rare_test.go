package engine

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// However many ask for one record that is not there, it is created once, and nobody is
// told of the others.
func TestUpsertsAtOnce(t *testing.T) {
	t.Parallel()
	const callers = 20
	for _, test := range []struct{ name, upsert, want string }{
		{
			"in one statement",
			`upsertOneUser(where: {email: "e"}, create: {email: "e", age: 1}, update: {age: {increment: 1}}) { id }`,
			"User age=20",
		},
		{
			"with nested writes",
			`upsertOneUser(where: {email: "e"}, create: {email: "e", age: 1, profile: {create: {bio: "b"}}}, update: {age: {increment: 1}, profile: {update: {bio: "u"}}}) { id }`,
			"Profile bio=u\nUser age=20",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			answers := make([]string, callers)
			var all sync.WaitGroup
			for i := range callers {
				all.Go(func() { answers[i] = w.ask(t, "mutation { "+test.upsert+" }") })
			}
			all.Wait()
			for _, answer := range answers {
				if answer != answers[0] || !strings.HasPrefix(answer, `{"upsertOneUser":{"id":`) {
					t.Errorf("got %s beside %s", answer, answers[0])
				}
			}
			if diff := cmp.Diff(test.want, strings.Join(w.added(t, "bio", "age"), "\n")); diff != "" {
				t.Errorf("new rows (-want +got):\n%s", diff)
			}
		})
	}
}

// added are the rows that there were not at the beginning: their model and some fields.
func (w *world) added(t *testing.T, fields ...string) []string {
	t.Helper()
	var all []string
	for line := range strings.SplitSeq(w.changes(t), "\n") {
		words := strings.Fields(strings.TrimPrefix(line, "+ "))
		if !strings.HasPrefix(line, "+ ") {
			continue
		}
		text := words[0]
		for _, word := range words[1:] {
			for _, field := range fields {
				if strings.HasPrefix(word, field+"=") {
					text += " " + word
				}
			}
		}
		all = append(all, text)
	}
	return all
}

// A record that another transaction creates between the look for it and the creation
// is updated.
func TestUpsertThatCameSecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := postgrestest.Connect(t, w.url)
	postgrestest.Exec(t, other, `BEGIN; INSERT INTO "Passport" (number, email) VALUES ('Z', 'cyd@x')`)
	answer := make(chan string)
	go func() {
		answer <- w.ask(t, `mutation { upsertOnePassport(where: {number: "Z"}, create: {number: "Z"}, update: {owner: {connect: {id: 4}}}) { number email } }`)
	}()
	w.awaitBlocked(t)
	postgrestest.Exec(t, other, "COMMIT")
	got := <-answer + w.changes(t)
	want := `{"upsertOnePassport":{"number":"Z","email":"dan@x"}}` + "\n+ Passport Z email=dan@x number=Z\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answer and rows (-want +got):\n%s", diff)
	}
}

// awaitBlocked returns when a statement waits for a lock; the test's own deadline ends the
// wait for one that never does.
func (w *world) awaitBlocked(t *testing.T) {
	t.Helper()
	const isBlocked = `SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`
	for blocked := false; !blocked; {
		if err := w.db.QueryRow(t.Context(), isBlocked).Scan(&blocked); err != nil {
			t.Fatal(err)
		}
	}
}

// A transaction that Postgres ends for another's sake leaves nothing, and is to be
// repeated.
func TestWriteConflict(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"40001", "40P01"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			postgrestest.Exec(t, w.db, fmt.Sprintf(`
CREATE FUNCTION conflict() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '%s'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER conflict BEFORE INSERT ON "Profile" FOR EACH ROW WHEN (NEW.bio = 'conflict') EXECUTE FUNCTION conflict()`, code))
			got := w.run(t, `mutation { createOneUser(data: {email: "e", profile: {create: {bio: "conflict"}}}) { id } }`)
			if want := "P2034 The transaction failed because of a write conflict or a deadlock: repeat it\n"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// More records than one statement has parameters for are one transaction all the same:
// here the engine makes three values for each.
func TestCreateManyBeyondOneStatement(t *testing.T) {
	t.Parallel()
	const records = 25_000
	w := newWorld(t)
	data := strings.Repeat("{}", records)
	for _, test := range []struct{ name, data, options, want string }{
		{"all", data, "", `{"createManyToken":{"count":25000}}`},
		{"with one that is there at the end", data + `{value:"v1"}`, "", "P2002 "},
		{"without it", data + `{value:"v1"}`, " skipDuplicates: true", `{"createManyToken":{"count":25000}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			w.reset(t)
			got := w.ask(t, "mutation { createManyToken(data: ["+test.data+"]"+test.options+") { count } }")
			var rows int
			if err := w.db.QueryRow(t.Context(), `SELECT count(*) FROM "Token" WHERE value <> 'v1'`).Scan(&rows); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(got, test.want) || rows != records*strings.Count(got, "count") {
				t.Errorf("got %s and %d rows, want %s", got, rows, test.want)
			}
		})
	}
}

func TestTooManyStatements(t *testing.T) {
	t.Parallel()
	w := &writer{ran: maxStatements}
	_, _, err := w.run(nil)
	const want = "Invalid query at data: the mutation comes to more than 10000 statements: write fewer records at once"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A record that a trigger keeps out of its table is not there for what is to follow.
func TestTriggerThatKeepsRecordsOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	postgrestest.Exec(t, w.db, `
CREATE FUNCTION nothing() RETURNS trigger AS $$ BEGIN RETURN NULL; END $$ LANGUAGE plpgsql;
CREATE TRIGGER nothing BEFORE INSERT ON "Profile" FOR EACH ROW EXECUTE FUNCTION nothing();
ALTER TABLE "Profile" DISABLE TRIGGER nothing`)
	const refusal = "P2025 An operation failed because it depends on one or more records that were required but not found. The record that was to be written is not there.\n"
	for _, test := range []struct{ name, query, want string }{
		{"create", `createOneProfile(data: {user: {connect: {id: 4}}}) { id }`, refusal},
		{"create with a relation", `createOneProfile(data: {user: {connect: {id: 4}}}) { user { id } }`, refusal},
		{"create unchecked", `createOneProfile(data: {userId: 4}) { id }`, refusal},
		{"upsert", `upsertOneProfile(where: {userId: 4}, create: {userId: 4}, update: {bio: "b"}) { id }`, refusal},
		{"upsert with a relation", `upsertOneProfile(where: {userId: 4}, create: {userId: 4}, update: {bio: "b"}) { user { id } }`, refusal},
		{"nested", `createOneUser(data: {email: "e", profile: {create: {}}}) { id }`, refusal},
		{"many", `createManyProfile(data: [{userId: 4}]) { count }`, `{"createManyProfile":{"count":0}}` + "\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w.reset(t)
			postgrestest.Exec(t, w.db, `ALTER TABLE "Profile" ENABLE TRIGGER nothing`)
			got := w.ask(t, "mutation { "+test.query+" }") + w.changes(t)
			postgrestest.Exec(t, w.db, `ALTER TABLE "Profile" DISABLE TRIGGER nothing`)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("answer and rows (-want +got):\n%s", diff)
			}
		})
	}
}

// Of a table without a key as much is possible as needs none.
func TestTableWithoutKey(t *testing.T) {
	t.Parallel()
	url := postgrestest.Database(t)
	db := postgrestest.Connect(t, url)
	postgrestest.Exec(t, db, `CREATE TABLE "Box" (id int PRIMARY KEY); CREATE TABLE "Thing" (name text, "boxId" int REFERENCES "Box")`)
	schema, err := prisma.Introspect(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorldOf(t, schema, url, `TRUNCATE "Thing", "Box"; INSERT INTO "Box" VALUES (1); INSERT INTO "Thing" VALUES ('a', 1)`)
	for _, test := range []struct{ name, query, want string }{
		{"create", `createOneThing(data: {name: "b", boxId: 1}) { name }`, `{"createOneThing":{"name":"b"}}`},
		{"create with a relation", `createOneThing(data: {name: "b", Box: {connect: {id: 1}}}) { name Box { id } }`, `P2009 Invalid query at Thing: no key of Thing`},
		{"nested", `updateOneBox(where: {id: 1}, data: {Thing: {create: {name: "b"}, updateMany: {where: {name: "b"}, data: {name: "c"}}, deleteMany: {name: "a"}}}) { Thing { name } }`, `{"updateOneBox":{"Thing":[{"name":"c"}]}}`},
		{"many", `a: createManyThing(data: [{name: "b"}, {}]) { count } b: deleteManyThing(where: {name: "a"}) { count }`, `{"a":{"count":2},"b":{"count":1}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			w.reset(t)
			if got := w.ask(t, "mutation { "+test.query+" }"); !strings.HasPrefix(got, test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
