package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
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
	postgrestest.AwaitBlocked(t, w.db)
	postgrestest.Exec(t, other, "COMMIT")
	got := <-answer + w.changes(t)
	want := `{"upsertOnePassport":{"number":"Z","email":"dan@x"}}` + "\n+ Passport Z email=dan@x number=Z\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answer and rows (-want +got):\n%s", diff)
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

// More values than Postgres takes are refused, and what may still come in one statement is not
// prepared for a next time.
func TestManyKeysOfSeveralFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, test := range []struct {
		name string
		keys int
		want string
	}{
		{"as many as may be", 21_844, "P2018 The required connected records were not found. Expected 21844 records to be connected after connect operation on one-to-many relation 'LineToOrder', found 0.\n"},
		{"one more", 21_845, "P2029 Query parameter limit exceeded error: Postgres takes at most 65535 values beside a statement, this query has 65537: ask for fewer records at once\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			keys := make([]any, test.keys)
			for i := range keys {
				line := map[string]any{"shop": "s", "number": json.Number("1"), "position": json.Number(strconv.Itoa(i))}
				keys[i] = map[string]any{"shop_number_position": line}
			}
			m, _ := w.schema.Model("Order")
			lines, _ := m.Relation("lines")
			writes := []queryschema.RelationWrite{{Relation: lines, Operations: []queryschema.Nested{{Name: "connect", Value: keys}}}}
			o := &queryschema.Operation{
				Action: queryschema.UpdateOne, Model: m, Selection: []*queryschema.Selected{{Key: "shop", Field: m.Fields[0]}},
				Arguments: map[string]any{
					"where": map[string]any{"place": map[string]any{"shop": "a", "number": json.Number("1")}},
					"data":  &queryschema.Record{Writes: writes},
				},
			}
			_, _, err := w.engine.Execute(t.Context(), ast.Mutation, []*queryschema.Operation{o})
			var refused *prisma.Error
			if !errors.As(err, &refused) || refused.Code+" "+refused.Message+"\n" != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
	conn, err := w.engine.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	p := preparedOn(conn.Conn().PgConn())
	for sql := range p.statements {
		if len(sql) > maxPreparedText {
			t.Errorf("%d bytes of SQL are prepared", len(sql))
		}
	}
	if cap(p.args) > 1000 {
		t.Errorf("room for %d values is kept", cap(p.args))
	}
}

// A violated key is told also where the time for asking what its columns are is over.
func TestUniqueFailureWithoutTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := w.engine.refused(ctx, w.db, &pgconn.PgError{Code: "23505", SchemaName: "public", ConstraintName: "a_key"})
	var e *prisma.Error
	if !errors.As(err, &e) || e.Code != "P2002" || e.Meta["target"] != "a_key" {
		t.Errorf("got %v", err)
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

// What ends in the middle of a mutation leaves nothing of it.
func TestWriteThatEndsInTheMiddle(t *testing.T) {
	t.Parallel()
	const create = `mutation { createOneUser(data: {email: "e", name: "0123456789", profile: {create: {bio: "b"}}}) { email name profile { bio } } }`
	t.Run("the caller is gone", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		other := postgrestest.Connect(t, w.url)
		postgrestest.Exec(t, other, `BEGIN; LOCK TABLE "Profile"`)
		ctx, cancel := context.WithCancel(t.Context())
		failure := make(chan error)
		go func() {
			_, err := w.execute(ctx, create)
			failure <- err
		}()
		postgrestest.AwaitBlocked(t, w.db)
		cancel()
		if err := <-failure; err == nil {
			t.Error("the mutation did not fail")
		}
		postgrestest.Exec(t, other, "COMMIT")
		if diff := cmp.Diff("", w.changes(t)); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
	t.Run("the answer is too large", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.engine.limits.ResponseBytes = 40
		for _, query := range []string{
			create,
			`mutation { updateOneUser(where: {id: 1}, data: {name: "01234567890123456789012345678901234567890123456789"}) { name } }`,
			`mutation { deleteOneUser(where: {email: "dan@x"}) { id email name createdAt updatedAt } }`,
		} {
			_, err := w.execute(t.Context(), query)
			var fault *Fault
			if !errors.As(err, &fault) || fault.Code != ResponseSize {
				t.Errorf("%s: got %v", query, err)
			}
		}
		if diff := cmp.Diff("", w.changes(t)); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
}

// TestStatementsOfWrites holds which statements a write comes to, and in what order.
func TestStatementsOfWrites(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	log := &sqlLog{}
	w.engine.log = slog.New(log)
	const user, profile = `"public"."users'; DROP TABLE users; --"`, `"public"."Profile"`
	const known = `t."id", t."email", t."manager_id"`
	for _, test := range []struct {
		name, query string
		want        []string
	}{
		{
			"create", `createOneCategory(data: {name: "n"}) { id }`,
			[]string{`INSERT INTO "public"."Category" AS t ("name") VALUES ($1) RETURNING t."id"`},
		},
		{
			"create with what it refers to", `createOnePassport(data: {number: "D", owner: {create: {email: "e", role: USER, settings: "1"}}}) { number owner { id } }`,
			[]string{
				`INSERT INTO ` + user + ` AS t ("email", "role", "settings", "createdAt", "updatedAt") VALUES ($1, $2, $3, $4, $5) RETURNING ` + known,
				`INSERT INTO "public"."Passport" AS t ("number", "email") VALUES ($1, $2) RETURNING t."number", t."email"`,
				`SELECT t0."number", t2."row" FROM "public"."Passport" AS t0 LEFT JOIN LATERAL (SELECT json_build_array(t1."id") AS "row" FROM ` + user + ` AS t1 WHERE t1."email" = t0."email" LIMIT 1) AS t2 ON TRUE WHERE t0."number" = $1`,
			},
		},
		{
			"update of nothing", `updateOneCategory(where: {name: "root"}, data: {}) { id }`,
			[]string{`SELECT t."id" FROM "public"."Category" AS t WHERE t."name" = $1 LIMIT 1`},
		},
		{
			"set", `updateOneCategory(where: {id: 1}, data: {children: {set: [{id: 2}, {id: 4}]}}) { id }`,
			[]string{
				`SELECT t."id", t."parentId" FROM "public"."Category" AS t WHERE t."id" = $1 LIMIT 1`,
				`UPDATE "public"."Category" AS t SET "parentId" = $1 WHERE t."parentId" = $2 AND NOT (t."id" = ANY ($3))`,
				`UPDATE "public"."Category" AS t SET "parentId" = $1 WHERE t."id" = ANY ($2)`,
				`SELECT "id" FROM "public"."Category" WHERE "id" = $1`,
			},
		},
		{
			"nested update", `updateOneUser(where: {id: 1}, data: {profile: {update: {bio: "b"}}}) { id }`,
			[]string{
				`SELECT ` + known + ` FROM ` + user + ` AS t WHERE t."id" = $1 LIMIT 1`,
				`UPDATE ` + profile + ` AS t SET "bio" = $1 WHERE t."userId" = $2 RETURNING t."id", t."userId"`,
				`SELECT "id" FROM ` + user + ` WHERE "id" = $1`,
			},
		},
		{
			"connect over a join table", `updateOnePost(where: {id: "p1"}, data: {categories: {connect: [{id: 3}, {id: 4}]}}) { id }`,
			[]string{
				`SELECT t."id", t."author", t."reviewerId" FROM "public"."Post" AS t WHERE t."id" = $1 LIMIT 1`,
				`WITH other AS (SELECT t."id" AS id FROM "public"."Category" AS t WHERE t."id" = ANY ($1)), joined AS (INSERT INTO "public"."_CategoryToPost" ("B", "A") SELECT self."id", other.id FROM "public"."Post" AS self, other WHERE self."id" = $2 ON CONFLICT DO NOTHING) SELECT count(*) FROM other`,
				`SELECT "id" FROM "public"."Post" WHERE "id" = $1`,
			},
		},
		{
			"upsert", `upsertOneCategory(where: {name: "n"}, create: {name: "n"}, update: {parentId: 1}) { id }`,
			[]string{`INSERT INTO "public"."Category" AS t ("name") VALUES ($1) ON CONFLICT ("name") DO UPDATE SET "parentId" = $2 RETURNING t."id"`},
		},
		{
			"upsert by another key", `upsertOneCategory(where: {id: 77}, create: {name: "n"}, update: {parentId: 1}) { id }`,
			[]string{
				`SELECT t."id", t."parentId" FROM "public"."Category" AS t WHERE t."id" = $1 LIMIT 1`,
				`SAVEPOINT upsert`,
				`INSERT INTO "public"."Category" AS t ("name") VALUES ($1) RETURNING t."id", t."parentId"`,
				`SELECT "id" FROM "public"."Category" WHERE "id" = $1`,
			},
		},
		{
			"delete with a relation selected", `deleteOneProfile(where: {id: 1}) { id user { id } }`,
			[]string{
				`SELECT t."id", t."userId" FROM ` + profile + ` AS t WHERE t."id" = $1 LIMIT 1`,
				`SELECT t0."id", t2."row" FROM ` + profile + ` AS t0 LEFT JOIN LATERAL (SELECT json_build_array(t1."id") AS "row" FROM ` + user + ` AS t1 WHERE t1."id" = t0."userId") AS t2 ON TRUE WHERE t0."id" = $1`,
				`DELETE FROM ` + profile + ` AS t WHERE t."id" = $1`,
			},
		},
		{
			"delete", `deleteOneCategory(where: {id: 4}) { name }`,
			[]string{`DELETE FROM "public"."Category" AS t WHERE t."id" = $1 RETURNING t."name"`},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			w.reset(t)
			log.sql = nil
			w.ask(t, "mutation { "+test.query+" }")
			if diff := cmp.Diff(test.want, log.sql); diff != "" {
				t.Errorf("statements (-want +got):\n%s", diff)
			}
		})
	}
}

// sqlLog keeps the statements of a log of queries, of one caller.
type sqlLog struct {
	slog.Handler
	sql []string
}

func (l *sqlLog) Enabled(context.Context, slog.Level) bool { return true }

func (l *sqlLog) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "sql" {
			l.sql = append(l.sql, a.Value.String())
		}
		return true
	})
	return nil
}
