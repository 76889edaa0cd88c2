package engine_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

const notes = `
model Note {
  id   Int    @id
  text String
  bin  Bytes?
  tags String[]
  meta Json?
}`

// noted is an engine of one connection on a database with notes.
func noted(t *testing.T, limits engine.Limits, script string) (*engine.Engine, *prisma.Schema, string) {
	t.Helper()
	schema, databaseURL := prismatest.Database(t, notes)
	postgrestest.Exec(t, postgrestest.Connect(t, databaseURL), script)
	limits.Connections = 1
	e, err := engine.Open(t.Context(), engine.Options{DatabaseURL: databaseURL, Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e, schema, databaseURL
}

// What is prepared goes on to work when the table is another than it was prepared for,
// alone and in a transaction.
func TestStatementsOutliveTheSchema(t *testing.T) {
	t.Parallel()
	e, schema, databaseURL := noted(t, engine.Limits{}, `INSERT INTO "Note" (id, text) VALUES (1, '7')`)
	db := postgrestest.Connect(t, databaseURL)
	const alone, both = `{ findManyNote(where: {text: "7"}) { id text } }`, `{ a: findManyNote(where: {text: "7"}) { id text } b: findManyNote { text } }`
	for _, change := range []string{
		`SELECT 1`,
		`ALTER TABLE "Note" ALTER text TYPE varchar(9)`,
		`ALTER TABLE "Note" ALTER id TYPE bigint`,
		`ALTER TABLE "Note" RENAME TO old; CREATE TABLE "Note" AS TABLE old`,
	} {
		postgrestest.Exec(t, db, change)
		if got, want := execute(t, e, schema, both), `{"a":[{"id":1,"text":"7"}],"b":[{"text":"7"}]}`; got != want {
			t.Errorf("after %s: two answer %s", change, got)
		}
		if got, want := execute(t, e, schema, alone), `{"findManyNote":[{"id":1,"text":"7"}]}`; got != want {
			t.Errorf("after %s: one answers %s", change, got)
		}
	}
	postgrestest.Exec(t, db, `ALTER TABLE "Note" ALTER id TYPE int`)
	if got, want := execute(t, e, schema, alone), `{"findManyNote":[{"id":1,"text":"7"}]}`; got != want {
		t.Errorf("alone first: %s", got)
	}
}

// A connection has a bounded number of statements prepared, and those in use stay.
func TestPreparedStatementsAreBounded(t *testing.T) {
	t.Parallel()
	e, schema, _ := noted(t, engine.Limits{}, `INSERT INTO "Note" (id, text) VALUES (1, 'x')`)
	for n := range 300 {
		terms := strings.Repeat(`{id: 1} `, n+1)
		if got, want := execute(t, e, schema, `{ findManyNote(where: {OR: [`+terms+`]}) { id } }`), `{"findManyNote":[{"id":1}]}`; got != want {
			t.Fatal(got)
		}
		execute(t, e, schema, `{ findUniqueNote(where: {id: 1}) { id } }`)
	}
	const count = `SELECT count(*)::int AS n FROM pg_prepared_statements WHERE name LIKE 'arazzo%'`
	if got, want := raw(t, e, "queryRaw", count, ""), `[{"n":int:256]`; got != want {
		t.Errorf("prepared: %s, want %s", got, want)
	}
	// Raw SQL has every statement of its connection forgotten.
	if got, want := execute(t, e, schema, `{ findUniqueNote(where: {id: 1}) { id } }`), `{"findUniqueNote":{"id":1}}`; got != want {
		t.Errorf("after raw SQL: %s", got)
	}
}

// What is prepared is bounded by its length as well: Postgres makes much of each text.
func TestPreparedTextsAreBounded(t *testing.T) {
	t.Parallel()
	e, schema, _ := noted(t, engine.Limits{}, `INSERT INTO "Note" (id, text) VALUES (1, 'x')`)
	for n := range 130 {
		terms := strings.Repeat(`{id: 1} `, 700+n)
		if got, want := execute(t, e, schema, `{ findManyNote(where: {OR: [`+terms+`]}) { id } }`), `{"findManyNote":[{"id":1}]}`; got != want {
			t.Fatal(got)
		}
	}
	const lengths = `SELECT sum(length(statement)) BETWEEN 1000000 AND 1048576 AS full, count(*) < 130 AS some FROM pg_prepared_statements WHERE name LIKE 'arazzo%'`
	if got, want := raw(t, e, "queryRaw", lengths, ""), `[{"full":bool:true,"some":bool:true]`; got != want {
		t.Errorf("prepared: %s, want %s", got, want)
	}
}

// A row that is longer than any answer is not read to its end.
func TestAnswersAreBounded(t *testing.T) {
	t.Parallel()
	e, schema, _ := noted(t, engine.Limits{ResponseBytes: 100_000}, `
		INSERT INTO "Note" (id, text, bin) VALUES (1, repeat('x', 10000000), NULL), (2, repeat('x', 90000), NULL), (3, repeat('y', 10001), NULL), (4, '', decode(repeat('00', 70000), 'hex'))`)
	before := raw(t, e, "queryRaw", "SELECT pg_backend_pid()", "")
	const tooLarge = "The result is larger than 100000 bytes: ask for fewer records with take, or for fewer fields. Nothing was changed."
	for _, test := range []struct{ name, query, want string }{
		{"one row alone", `{ findUniqueNote(where: {id: 1}) { text } }`, tooLarge},
		{"within JSON as well", `{ findManyNote(where: {id: {in: [2, 3]}}) { text } }`, tooLarge},
		{"and the next one answers", `{ findUniqueNote(where: {id: 2}) { id } }`, `{"findUniqueNote":{"id":2}}`},
		{"what is shorter in the answer than on its way", `{ findUniqueNote(where: {id: 4}) { bin } }`, `{"findUniqueNote":{"bin":"` + strings.Repeat("A", 93334) + `=="}}`},
	} {
		got := strings.Split(execute(t, e, schema, test.query), "\n")[0]
		if got != test.want {
			t.Errorf("%s: %.200s", test.name, got)
		}
	}
	if after := raw(t, e, "queryRaw", "SELECT pg_backend_pid()", ""); after == before {
		t.Error("the connection is still in use, so the row was read")
	}
}

// Every statement that the table of statements has is one that Postgres takes.
func TestStatementsOfTheTable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../statement/testdata/reads.txt")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	for _, paragraph := range strings.Split(string(text), "\n\n") {
		query := strings.Split(paragraph, "\n")[1]
		got := execute(t, w.Engine, w.schema, query)
		if !strings.HasPrefix(got, "{") && !strings.HasPrefix(got, "P2019") && !strings.HasPrefix(got, "P2025") {
			t.Errorf("%s\n%s", query, got)
		}
	}
}

// What could be SQL, a pattern, an escape or an end, in every place that takes text,
// is that text and nothing else.
func TestTextIsNeverSQL(t *testing.T) {
	t.Parallel()
	e, schema, databaseURL := noted(t, engine.Limits{}, "")
	db := postgrestest.Connect(t, databaseURL)
	for i, text := range []string{
		`'; DROP TABLE "Note"; --`, `"; DROP TABLE "Note"; --`, `$1`, `$$`, `\`, `\'`, `%`, `_`, `{"a"}`, `NULL`, `{NULL}`, `a,b`, "\n\t", `E'\x41'`, `/* */`, `::text`, "é😀\u2028", `0x41`, ``,
	} {
		id := i + 1
		meta := quote(text)
		if _, err := db.Exec(t.Context(), `INSERT INTO "Note" VALUES ($1, $2, $3, $4, jsonb_build_object('k', $2::text, $2::text, 1))`, id, text, []byte(text), []string{text, "other"}); err != nil {
			t.Fatal(err)
		}
		// A pattern has these characters for its own.
		pattern := quote(strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text))
		for _, filter := range []string{
			fmt.Sprintf(`text: %s`, quote(text)),
			fmt.Sprintf(`text: {in: [%s, "none"]}`, quote(text)),
			fmt.Sprintf(`text: {gte: %s lte: %[1]s}`, quote(text)),
			fmt.Sprintf(`text: {equals: %s mode: insensitive}`, pattern),
			fmt.Sprintf(`text: {in: [%s] mode: insensitive}`, quote(text)),
			fmt.Sprintf(`text: {startsWith: %s endsWith: %[1]s contains: %[1]s}`, pattern),
			fmt.Sprintf(`tags: {has: %s}`, quote(text)),
			fmt.Sprintf(`tags: {hasEvery: [%s, "other"]}`, quote(text)),
			fmt.Sprintf(`tags: {equals: [%s, "other"]}`, quote(text)),
			fmt.Sprintf(`meta: {path: ["k"] equals: %s}`, quote(meta)),
			fmt.Sprintf(`meta: {path: [%s] equals: "1"}`, quote(text)),
			fmt.Sprintf(`meta: {path: ["k"] string_contains: %s}`, pattern),
		} {
			got := execute(t, e, schema, fmt.Sprintf(`{ findManyNote(where: {id: %d %s}) { id text tags meta } }`, id, filter))
			want := fmt.Sprintf(`{"findManyNote":[{"id":%d,"text":%s,"tags":[%[2]s,"other"],"meta":`, id, jsonOf(text))
			if !strings.HasPrefix(got, want) {
				t.Errorf("%s\ngot  %s\nwant %s...", filter, got, want)
			}
		}
	}
}

// jsonOf is text as our answers write it.
func jsonOf(text string) string { return string(prisma.AppendString(nil, []byte(text))) }

// Text that Postgres cannot hold is refused before it comes there, and no statement
// with it is run.
func TestTextWithZeroIsRefused(t *testing.T) {
	t.Parallel()
	e, schema, _ := noted(t, engine.Limits{}, "")
	for _, filter := range []string{
		`text: "a\u0000b"`, `text: {contains: "a\u0000b"}`, `text: {in: ["a\u0000b"]}`, `text: {startsWith: "\u0000" mode: insensitive}`,
		`tags: {has: "a\u0000b"}`, `meta: {path: ["\u0000"] equals: "1"}`, `meta: {string_contains: "\u0000"}`, `meta: {path: ["a"] string_ends_with: "\u0000"}`,
	} {
		doc, err := graphql.Parse(`{ findManyNote(where: {`+filter+`}) { id } }`, nil)
		if err != nil {
			t.Fatal(err)
		}
		operations, err := queryschema.Check(schema, doc)
		if err == nil {
			_, _, err = e.Execute(t.Context(), doc.Operation, operations)
		}
		var ours *prisma.Error
		if !errors.As(err, &ours) {
			t.Errorf("%s: %v", filter, err)
			continue
		}
		if diff := cmp.Diff("P2009", ours.Code); diff != "" {
			t.Errorf("%s: %s\n%s", filter, ours.Message, diff)
		}
	}
}

// Who has the statements of a connection forgotten may go on with it.
func TestStatementsAreForgotten(t *testing.T) {
	t.Parallel()
	e, schema, _ := noted(t, engine.Limits{}, `INSERT INTO "Note" (id, text) VALUES (1, 'x')`)
	const update = `updateOneNote(where: {id: 1} data: {text: "y"}) { text }`
	const want = `"updateOneNote":{"text":"y"}}`
	if got := execute(t, e, schema, "mutation { "+update+" }"); got != "{"+want {
		t.Errorf("before: %s", got)
	}
	if got := execute(t, e, schema, `mutation { executeRaw(query: "DEALLOCATE ALL") `+update+" }"); got != `{"executeRaw":0,`+want {
		t.Errorf("after: %s", got)
	}
}

// Where a key is unique in the Prisma schema alone, there are no two records in the
// place of one.
func TestKeysThatAreNotKept(t *testing.T) {
	t.Parallel()
	schema, databaseURL := prismatest.Database(t, `
model User {
  id      Int      @id
  email   String   @unique
  profile Profile?
  card    Card?
}
model Profile {
  id     Int  @id
  user   User @relation(fields: [userId], references: [id])
  userId Int  @unique
}
model Card {
  id    Int     @id
  owner User?   @relation(fields: [email], references: [email])
  email String? @unique
}`)
	postgrestest.Exec(t, postgrestest.Connect(t, databaseURL), `
ALTER TABLE "Card" DROP CONSTRAINT "Card_email_fkey";
DROP INDEX "User_email_key", "Profile_userId_key";
INSERT INTO "User" VALUES (1, 'same'), (2, 'same');
INSERT INTO "Profile" VALUES (1, 1), (2, 1);
INSERT INTO "Card" VALUES (1, 'same')`)
	e := openEngine(t, databaseURL)
	for query, want := range map[string]string{
		`{ findManyUser(where: {id: 1}) { id profile { userId } } }`:  `{"findManyUser":[{"id":1,"profile":{"userId":1}}]}`,
		`{ findManyCard { id owner { email } } }`:                     `{"findManyCard":[{"id":1,"owner":{"email":"same"}}]}`,
		`{ findUniqueUser(where: {email: "same"}) { email } }`:        `{"findUniqueUser":{"email":"same"}}`,
		`{ findUniqueUserOrThrow(where: {email: "same"}) { email } }`: `{"findUniqueUserOrThrow":{"email":"same"}}`,
	} {
		if got := execute(t, e, schema, query); got != want {
			t.Errorf("%s: %s", query, got)
		}
	}
}
