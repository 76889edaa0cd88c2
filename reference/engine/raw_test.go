package engine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// openEngine is an engine on the database with one connection, so that each query
// has that of the one before.
func openEngine(t *testing.T, databaseURL string) *engine.Engine {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{DatabaseURL: databaseURL, Limits: engine.Limits{Connections: 1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

// execute runs a document and gives the data, or the error's code and message.
func execute(t *testing.T, e *engine.Engine, schema *prisma.Schema, query string) string {
	t.Helper()
	doc, err := graphql.Parse(query, nil)
	if err != nil {
		return failure(err)
	}
	operations, err := queryschema.Check(schema, doc)
	if err != nil {
		return failure(err)
	}
	data, _, err := e.Execute(t.Context(), doc.Operation, operations)
	if err != nil {
		return failure(err)
	}
	if !json.Valid(data) {
		t.Errorf("no JSON: %s", data)
	}
	return string(data)
}

func failure(err error) string {
	var ours *prisma.Error
	if errors.As(err, &ours) {
		return fmt.Sprintf("%s %s", ours.Code, ours.Message)
	}
	return err.Error()
}

// rawField is a root field of raw SQL; parameters is JSON text, "" for none.
func rawField(action, sql, parameters string) string {
	field := action + "(query: " + quote(sql)
	if parameters != "" {
		field += " parameters: " + quote(parameters)
	}
	return field + ")"
}

func quote(text string) string {
	quoted, _ := json.Marshal(text)
	return string(quoted)
}

// raw runs SQL, and gives of rows the cells as type:value.
func raw(t *testing.T, e *engine.Engine, action, sql, parameters string) string {
	t.Helper()
	got := execute(t, e, &prisma.Schema{}, "mutation { "+rawField(action, sql, parameters)+" }")
	got, isData := strings.CutPrefix(got, `{"`+action+`":`)
	if !isData {
		return got
	}
	return strings.NewReplacer(`{"prisma__type":"`, "", `","prisma__value":`, ":", `}`, "").Replace(got)
}

const rawTables = `
CREATE EXTENSION IF NOT EXISTS citext;
CREATE TYPE mood AS ENUM ('fine', 'so so');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE item (id int PRIMARY KEY, name text UNIQUE, at timestamp, n numeric, small int2, parent int REFERENCES item DEFERRABLE INITIALLY DEFERRED);
INSERT INTO item VALUES (1, 'one'), (2, 'two');
CREATE PROCEDURE commits() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO item VALUES (100, 'from a procedure'); COMMIT; END $$;`

func rawEngine(t *testing.T) *engine.Engine {
	t.Helper()
	return openEngine(t, rawDatabase(t))
}

func rawDatabase(t *testing.T) string {
	t.Helper()
	databaseURL := postgrestest.Database(t)
	postgrestest.Exec(t, postgrestest.Connect(t, databaseURL), rawTables)
	return databaseURL
}

// The whole answer, once: cells stand beside their types, null has one too.
func TestRawAnswer(t *testing.T) {
	t.Parallel()
	e := rawEngine(t)
	got := execute(t, e, &prisma.Schema{}, `mutation { rows: queryRaw(query: "SELECT id, name, at, '{1,NULL}'::int[] AS list FROM item ORDER BY id" parameters: "[]") changed: executeRaw(query: "UPDATE item SET name = name || $1" parameters: "[\"x\"]") }`)
	const want = `{"rows":[` +
		`{"id":{"prisma__type":"int","prisma__value":1},"name":{"prisma__type":"string","prisma__value":"one"},"at":{"prisma__type":"null","prisma__value":null},` +
		`"list":{"prisma__type":"array","prisma__value":[{"prisma__type":"int","prisma__value":1},{"prisma__type":"null","prisma__value":null}]}},` +
		`{"id":{"prisma__type":"int","prisma__value":2},"name":{"prisma__type":"string","prisma__value":"two"},"at":{"prisma__type":"null","prisma__value":null},` +
		`"list":{"prisma__type":"array","prisma__value":[{"prisma__type":"int","prisma__value":1},{"prisma__type":"null","prisma__value":null}]}}` +
		`],"changed":2}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Every type of Postgres that the query engine has a word for, and what it writes.
func TestRawTypes(t *testing.T) {
	t.Parallel()
	e := rawEngine(t)
	for _, test := range []struct{ sql, want string }{
		{`true`, `bool:true`},
		{`1::int2`, `int:1`},
		{`1`, `int:1`},
		{`9007199254740993::int8`, `bigint:"9007199254740993"`},
		{`26::oid`, `bigint:"26"`},
		{`42.51::float4`, `float:42.51`},
		{`1.5::float8`, `double:1.5`},
		{`1e300::float8`, `double:1e+300`},
		{`'NaN'::float8`, `double:"NaN"`},
		{`'-Infinity'::float4`, `float:"-Infinity"`},
		{`12.30::numeric`, `decimal:"12.3"`},
		{`1000::numeric`, `decimal:"1000"`},
		{`'NaN'::numeric`, `decimal:"NaN"`},
		{`'-1234.5'::money`, `decimal:"-1234.5"`},
		{`'é"'`, `string:"é\""`},
		{`'x'::varchar(3)`, `string:"x"`},
		{`'x'::char(3)`, `string:"x  "`},
		{`'x'::name`, `string:"x"`},
		{`'x'::"char"`, `char:"x"`},
		{`'X'::citext`, `string:"X"`},
		{`'{X}'::citext[]`, `array:[string:"X"]`},
		{`'10.0.0.1'::inet`, `string:"10.0.0.1"`},
		{`'10.0.0.0/8'::inet`, `string:"10.0.0.0/8"`},
		{`'10.0.0.0/8'::cidr`, `string:"10.0.0.0/8"`},
		{`b'101'`, `string:"101"`},
		{`b'101'::varbit`, `string:"101"`},
		{`'0b5c2c3e-0000-4000-8000-000000000000'::uuid`, `uuid:"0b5c2c3e-0000-4000-8000-000000000000"`},
		{`'<a/>'::xml`, `xml:"<a/>"`},
		{`'{"b": 1, "a": [1, null]}'::json`, `json:{"b":1,"a":[1,null]`},
		{`'{"b": 1, "a": 1}'::jsonb`, `json:{"a":1,"b":1`},
		{`'null'::jsonb`, `json:null`},
		{`'\x00ff'::bytea`, `bytes:"AP8="`},
		{`date '2024-02-03'`, `date:"2024-02-03"`},
		{`date '12345-02-03'`, `date:"+012345-02-03"`},
		{`date '0044-03-15 BC'`, `date:"-000043-03-15"`},
		{`date 'infinity'`, `date:"infinity"`},
		{`time '12:34'`, `time:"12:34:00"`},
		{`time '12:34:56.7'`, `time:"12:34:56.700"`},
		{`time '24:00'`, `time:"24:00:00"`},
		{`timetz '12:34:56.789012+05:30'`, `time:"12:34:56.789012"`},
		{`timestamp '2024-02-03 04:05:06'`, `datetime:"2024-02-03T04:05:06+00:00"`},
		{`timestamp '2024-02-03 04:05:06.789'`, `datetime:"2024-02-03T04:05:06.789+00:00"`},
		{`timestamp '2024-02-03 04:05:06.789012'`, `datetime:"2024-02-03T04:05:06.789012+00:00"`},
		{`timestamptz '2024-02-03 04:05:06+05:30'`, `datetime:"2024-02-02T22:35:06+00:00"`},
		{`timestamp '-infinity'`, `datetime:"-infinity"`},
		{`'so so'::mood`, `enum:"so so"`},
		{`'{fine,"so so",NULL}'::mood[]`, `array:[enum:"fine",enum:"so so",null:null]`},
		{`5::positive`, `int:5`},
		{`'{5,6}'::positive[]`, `array:[int:5,int:6]`},
		{`'{1,2,NULL}'::int[]`, `array:[int:1,int:2,null:null]`},
		{`'{{1,2},{3,4}}'::int8[]`, `array:[array:[bigint:"1",bigint:"2"],array:[bigint:"3",bigint:"4"]]`},
		{`'{}'::text[]`, `array:[]`},
		{`'{"a,b",NULL,"NULL"}'::text[]`, `array:[string:"a,b",null:null,string:"NULL"]`},
		{`'{1.50}'::numeric[]`, `array:[decimal:"1.5"]`},
		{`'{$1.50}'::money[]`, `array:[decimal:"1.5"]`},
		{`array[date '2024-02-03']`, `array:[date:"2024-02-03"]`},
		{`array[timetz '12:34+00']`, `array:[time:"12:34:00"]`},
		{`array['<a/>'::xml]`, `array:[xml:"<a/>"]`},
		{`array['{"a":1}'::jsonb]`, `array:[json:{"a":1]`},
		{`array[26::oid]`, `array:[bigint:"26"]`},
		{`array[b'1']`, `array:[string:"1"]`},
		{`array['a'::"char"]`, `array:[char:"a"]`},
		{`array['\x01'::bytea]`, `array:[bytes:"AQ=="]`},
		{`NULL`, `null:null`},
		{`NULL::int[]`, `null:null`},
		{`NULL::mood`, `null:null`},
	} {
		t.Run(test.sql, func(t *testing.T) {
			got := raw(t, e, "queryRaw", "SELECT "+test.sql+" AS x", "")
			if diff := cmp.Diff(`[{"x":`+test.want+`]`, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Types that the query engine has no form for are an error, once there is a row of
// them; and nothing happened.
func TestRawUnsupportedTypes(t *testing.T) {
	t.Parallel()
	e := rawEngine(t)
	for _, test := range []struct{ sql, name string }{
		{`interval '1 day'`, "interval"},
		{`point(1, 2)`, "point"},
		{`NULL::point`, "point"},
		{`row(1, 2)`, "record"},
		{`int4range(1, 2)`, "int4range"},
		{`pg_sleep(0)`, "void"},
		{`array[interval '1 day']`, "_interval"},
		{`'item'::regclass`, "regclass"},
		{`'08:00:2b:01:02:03'::macaddr`, "macaddr"},
	} {
		t.Run(test.sql, func(t *testing.T) {
			got := raw(t, e, "queryRaw", "INSERT INTO item (id) VALUES (50) RETURNING "+test.sql, "")
			want := "P2010 Raw query failed. Code: `N/A`. Message: `Failed to deserialize column of type '" + test.name + "'. If you're using $queryRaw and this column is " +
				"explicitly marked as `Unsupported` in your Prisma schema, try casting this column to any supported Prisma type such as `String`.`"
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if got, want := raw(t, e, "queryRaw", "SELECT id, point(1, 2) FROM item WHERE id = 50", ""), "[]"; got != want {
		t.Errorf("after all failures: %s, want %s", got, want)
	}
}

// A parameter is bound as the type that its JSON has; what is bound as null is of the
// type that Postgres infers.
func TestRawParameters(t *testing.T) {
	t.Parallel()
	e := rawEngine(t)
	for _, test := range []struct{ sql, parameters, want string }{
		{`SELECT $1 AS n`, `[1]`, `[{"n":bigint:"1"]`},
		{`SELECT $1 AS n`, `["x"]`, `[{"n":string:"x"]`},
		{`SELECT $1 AS n`, `[null]`, `[{"n":null:null]`},
		{`SELECT $1 AS n`, `[1.5]`, `[{"n":decimal:"1.5"]`},
		{`SELECT $1 AS n`, `[true]`, `[{"n":bool:true]`},
		{`SELECT $1 AS n`, `[9223372036854775808]`, `[{"n":decimal:"9223372036854775808"]`},
		{`SELECT $1 AS n`, `[-9223372036854775808]`, `[{"n":bigint:"-9223372036854775808"]`},
		{`SELECT $1 AS n`, `[1e2]`, `[{"n":decimal:"100"]`},
		{`SELECT $1 AS n`, `[1.0]`, `[{"n":decimal:"1"]`},
		{`SELECT $1 AS n`, `[{"a":[1,{"b":null}]}]`, `[{"n":json:{"a":[1,{"b":null]]`},
		{`SELECT $1 AS n`, `[[1,2]]`, `[{"n":array:[bigint:"1",bigint:"2"]]`},
		{`SELECT $1 AS n`, `[["a","b\"\\","NULL"]]`, `[{"n":array:[string:"a",string:"b\"\\",string:"NULL"]]`},
		{`SELECT $1 AS n`, `[[true,false]]`, `[{"n":array:[bool:true,bool:false]]`},
		{`SELECT $1 AS n`, `[[1.5,2.5]]`, `[{"n":array:[decimal:"1.5",decimal:"2.5"]]`},
		{`SELECT $1 AS n`, `[[{"a":1}]]`, `[{"n":array:[json:{"a":1]]`},
		{`SELECT $1 AS n`, `[[]]`, `[{"n":string:"{"]`},
		{`SELECT $1 AS n`, `[{"prisma__type":"date","prisma__value":"2024-01-01T05:30:00.123+05:30"}]`, `[{"n":datetime:"2024-01-01T00:00:00.123+00:00"]`},
		{`SELECT $1 AS n`, `[{"prisma__type":"bigint","prisma__value":"9223372036854775807"}]`, `[{"n":bigint:"9223372036854775807"]`},
		{`SELECT $1 AS n`, `[{"prisma__type":"decimal","prisma__value":"1.50"}]`, `[{"n":decimal:"1.5"]`},
		{`SELECT $1 AS n`, `[{"prisma__type":"bytes","prisma__value":"AP8="}]`, `[{"n":bytes:"AP8="]`},
		{`SELECT $1 AS n`, `[{"prisma__type":"other","prisma__value":1}]`, `[{"n":json:other:1]`},
		{`SELECT $1 AS n`, `[{"PRISMA__TYPE":"bytes","prisma__value":"AP8="}]`, `[{"n":json:{"PRISMA__TYPE":"bytes:"AP8="]`},
		{`SELECT $1 AS n`, `["$1; DROP TABLE item; --"]`, `[{"n":string:"$1; DROP TABLE item; --"]`},
		{`SELECT $1 AS n`, ` [ 1 ] `, `[{"n":bigint:"1"]`},
		{`SELECT $1::int[] AS n`, `[[1,null]]`, `[{"n":array:[int:1,null:null]]`},
		{`SELECT $1::int[] AS n`, `[[[1],[2]]]`, `[{"n":array:[array:[int:1],array:[int:2]]]`},
		{`SELECT $1::int[] AS n`, `[[]]`, `[{"n":array:[]]`},
		{`SELECT $2::text || $1 AS n`, `["a",null]`, `[{"n":null:null]`},
		{`SELECT name FROM item WHERE id = ANY ($1)`, `[[1,3]]`, `[{"name":string:"one"]`},
		{`SELECT name FROM item WHERE name = ANY ($1)`, `[["two",null]]`, `[{"name":string:"two"]`},
		{`SELECT 1 + $1 AS n`, `[2]`, `[{"n":bigint:"3"]`},
		{`SELECT name FROM item ORDER BY id LIMIT $1`, `[1]`, `[{"name":string:"one"]`},
		{`SELECT 1 AS n`, `[1]`, `[{"n":int:1]`},
		{`SELECT $1::float4 AS a, $2::int4 AS b, $3::date AS c, $4::text AS d, $5::mood AS e`, `[42,42.51,"2022-01-01",{"prisma__type":"bigint","prisma__value":"1"},"fine"]`, `[{"a":float:42,"b":int:43,"c":date:"2022-01-01","d":string:"1","e":enum:"fine"]`},
		{`INSERT INTO item VALUES ($1, $2, $3, $4, $5) RETURNING *`, `[10, "ten", {"prisma__type":"date","prisma__value":"2024-01-01T00:00:00.000Z"}, 1.5, 3]`, `[{"id":int:10,"name":string:"ten","at":datetime:"2024-01-01T00:00:00+00:00","n":decimal:"1.5","small":int:3,"parent":null:null]`},
	} {
		t.Run(test.sql+" "+test.parameters, func(t *testing.T) {
			if diff := cmp.Diff(test.want, raw(t, e, "queryRaw", test.sql, test.parameters)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A date is the same instant in a column without a time zone, wherever the database is.
func TestRawDatesAreUTC(t *testing.T) {
	t.Parallel()
	databaseURL := rawDatabase(t)
	postgrestest.Exec(t, postgrestest.Connect(t, databaseURL), `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = "Asia/Kolkata"', current_database()); END $$`)
	e := openEngine(t, databaseURL)
	const parameters = `[{"prisma__type":"date","prisma__value":"2024-05-01T12:00:00.000Z"}]`
	for _, step := range []struct{ sql, parameters, want string }{
		{"UPDATE item SET at = $1 WHERE id = 1 RETURNING at", parameters, `[{"at":datetime:"2024-05-01T12:00:00+00:00"]`},
		{"SELECT id FROM item WHERE at = $1", parameters, `[{"id":int:1]`},
		{"SELECT $1 - interval '1 hour' AS x, at = '2024-05-01T12:00:00Z'::timestamptz AS y FROM item WHERE id = 1", parameters, `[{"x":datetime:"2024-05-01T11:00:00+00:00","y":bool:true]`},
	} {
		if diff := cmp.Diff(step.want, raw(t, e, "queryRaw", step.sql, step.parameters)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.sql, diff)
		}
	}
}

// What is not understood, not allowed or refused by Postgres.
func TestRawFailures(t *testing.T) {
	t.Parallel()
	e := rawEngine(t)
	for _, test := range []struct{ sql, parameters, want string }{
		{`SELECT 1; SELECT 2`, ``, "P2010 Raw query failed. Code: `42601`. Message: `ERROR: cannot insert multiple commands into a prepared statement\nHINT: A raw query is one statement; a batch has several queries.`"},
		{`DELETE FROM item; SELECT 1`, ``, "P2010 Raw query failed. Code: `42601`. Message: `ERROR: cannot insert multiple commands into a prepared statement\nHINT: A raw query is one statement; a batch has several queries.`"},
		{`SELEC`, ``, "P2010 Raw query failed. Code: `42601`. Message: `ERROR: syntax error at or near \"SELEC\"`"},
		{`SELECT * FROM nope`, ``, "P2010 Raw query failed. Code: `42P01`. Message: `relation \"nope\" does not exist`"},
		{`SELECT nope FROM item`, ``, "P2010 Raw query failed. Code: `42703`. Message: `column \"nope\" does not exist`"},
		{`SELECT 1 / 0`, ``, "P2010 Raw query failed. Code: `22012`. Message: `ERROR: division by zero`"},
		{`SELECT id FROM item WHERE id = $1`, `["1"]`, "P2010 Raw query failed. Code: `42883`. Message: `ERROR: operator does not exist: integer = text\nHINT: No operator matches the given name and argument types. You might need to add explicit type casts.`"},
		{`INSERT INTO item VALUES (1)`, ``, "P2010 Raw query failed. Code: `23505`. Message: `duplicate key value violates unique constraint \"item_pkey\"`"},
		{`INSERT INTO item (id, parent) VALUES (11, 99)`, ``, "P2010 Raw query failed. Code: `23503`. Message: `insert or update on table \"item\" violates foreign key constraint \"item_parent_fkey\"`"},
		{`INSERT INTO item (id, small) VALUES (11, 70000)`, ``, "P2010 Raw query failed. Code: `22003`. Message: `smallint out of range`"},
		{`SELECT $1, $2`, `[1]`, "P2010 Raw query failed. Code: `N/A`. Message: `Incorrect number of parameters given to a statement. Expected 2: got: 1.`"},
		{`SELECT $1`, ``, "P2010 Raw query failed. Code: `N/A`. Message: `Incorrect number of parameters given to a statement. Expected 1: got: 0.`"},
		{`SELECT 1`, `{}`, `P2009 Invalid query at executeRaw.parameters: expected a list as JSON text, found "{}"`},
		{`SELECT 1`, `null`, `P2009 Invalid query at executeRaw.parameters: expected a list as JSON text, found "null"`},
		{`SELECT 1`, `x`, `P2009 Invalid query at executeRaw.parameters (line 1, column 41): expected Json, a string of JSON text, JsonNull or DbNull, found "x"`},
		{`SELECT 1`, `[1] 2`, `P2009 Invalid query at executeRaw.parameters (line 1, column 41): expected Json, a string of JSON text, JsonNull or DbNull, found "[1] 2"`},
		{`SELECT 1`, `[1,]`, `P2009 Invalid query at executeRaw.parameters (line 1, column 41): expected Json, a string of JSON text, JsonNull or DbNull, found "[1,]"`},
		{`SELECT $1`, `[{"prisma__type":"date","prisma__value":"x"}]`, `P2009 Invalid query at executeRaw.parameters.0: expected DateTime, an RFC 3339 string such as "2024-02-03T00:00:00.000Z", found "x"`},
		{`SELECT $1`, `[{"prisma__type":"date","prisma__value":1}]`, `P2009 Invalid query at executeRaw.parameters.0: expected a string as prisma__value of a date, found 1`},
		{`SELECT $1`, `[{"prisma__type":"bigint"}]`, `P2009 Invalid query at executeRaw.parameters.0: expected a string as prisma__value of a bigint, found null`},
		{`SELECT $1`, `[{"prisma__type":"bigint","prisma__value":"1.5"}]`, `P2009 Invalid query at executeRaw.parameters.0: expected BigInt, a whole number within 64 bits or a string of its digits, found "1.5"`},
		{`SELECT $1`, `[{"prisma__type":"decimal","prisma__value":"one"}]`, `P2009 Invalid query at executeRaw.parameters.0: expected Decimal, a number or a string of its digits, found "one"`},
		{`SELECT $1`, `[[{"prisma__type":"bytes","prisma__value":"*"}]]`, `P2009 Invalid query at executeRaw.parameters.0: element 0 of the list: expected Bytes, a string of base64, found "*"`},
		{`SELECT $1`, `[[[[[[[[1]]]]]]]]`, `P2009 Invalid query at executeRaw.parameters.0: element 0 of the list: element 0 of the list: element 0 of the list: element 0 of the list: element 0 of the list: element 0 of the list: expected lists of at most 6 dimensions`},
		{`SELECT $1`, `["\u0000"]`, "P2010 Raw query failed. Code: `22021`. Message: `ERROR: invalid byte sequence for encoding \"UTF8\": 0x00`"},
		{"SELECT 1\x00", ``, `P2009 Invalid query at executeRaw.query (line 1, column 23): expected text that Postgres can hold, found one with U+0000 or invalid UTF-8`},
		{`BEGIN`, ``, "P2010 Raw query failed. Code: `0A000`. Message: `BEGIN has no place in a raw query, which has no transaction of its own to begin or end: send a batch with \"transaction\": true`"},
		{"  -- x\n/* /* y */ */;; commit and chain", ``, "P2010 Raw query failed. Code: `0A000`. Message: `COMMIT has no place in a raw query, which has no transaction of its own to begin or end: send a batch with \"transaction\": true`"},
		{`rollback`, ``, "P2010 Raw query failed. Code: `0A000`. Message: `ROLLBACK has no place in a raw query, which has no transaction of its own to begin or end: send a batch with \"transaction\": true`"},
		{`End`, ``, "P2010 Raw query failed. Code: `0A000`. Message: `END has no place in a raw query, which has no transaction of its own to begin or end: send a batch with \"transaction\": true`"},
		{`ABORT`, ``, "P2010 Raw query failed. Code: `0A000`. Message: `ABORT has no place in a raw query, which has no transaction of its own to begin or end: send a batch with \"transaction\": true`"},
		{`START TRANSACTION`, ``, "P2010 Raw query failed. Code: `0A000`. Message: `START has no place in a raw query, which has no transaction of its own to begin or end: send a batch with \"transaction\": true`"},
		{`SAVEPOINT a`, ``, "P2010 Raw query failed. Code: `0A000`. Message: `SAVEPOINT has no place in a raw query, which has no transaction of its own to begin or end: send a batch with \"transaction\": true`"},
		{`RELEASE a`, ``, "P2010 Raw query failed. Code: `0A000`. Message: `RELEASE has no place in a raw query, which has no transaction of its own to begin or end: send a batch with \"transaction\": true`"},
		{`PREPARE TRANSACTION 'x'`, ``, "P2010 Raw query failed. Code: `0A000`. Message: `PREPARE TRANSACTION has no place in a raw query, which has no transaction of its own to begin or end: send a batch with \"transaction\": true`"},
		{`COPY item FROM STDIN`, ``, "P2010 Raw query failed. Code: `0A000`. Message: `COPY has no place in a raw query: use INSERT or SELECT, or connect to the database itself`"},
		{`COPY item TO STDOUT`, ``, "P2010 Raw query failed. Code: `0A000`. Message: `COPY has no place in a raw query: use INSERT or SELECT, or connect to the database itself`"},
		{`/* never closed`, ``, "P2010 Raw query failed. Code: `42601`. Message: `ERROR: unterminated /* comment at or near \"/* never closed\"`"},
		{`DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01', DETAIL = 'd', HINT = 'h'; END $$`, ``, "P2010 Raw query failed. Code: `40P01`. Message: `ERROR: x\nDETAIL: d\nHINT: h`"},
	} {
		t.Run(test.sql+" "+test.parameters, func(t *testing.T) {
			if diff := cmp.Diff(test.want, raw(t, e, "executeRaw", test.sql, test.parameters)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	got := execute(t, e, &prisma.Schema{}, `mutation { queryRaw(query: "SELECT 1" parameters: JsonNull) }`)
	if want := "P2009 Invalid query at queryRaw.parameters (line 1, column 39): expected Json, found JsonNull"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := raw(t, e, "queryRaw", "SELECT count(*) FROM item", ""), `[{"count":bigint:"2"]`; got != want {
		t.Errorf("after all failures: %s, want %s", got, want)
	}
}

// One statement after another on one connection: what each leaves behind is gone
// before the next.
func TestRawStatements(t *testing.T) {
	t.Parallel()
	e := rawEngine(t)
	for _, step := range []struct{ action, sql, want string }{
		{"executeRaw", "SELECT 1 UNION SELECT 2", "2"},
		{"executeRaw", "CREATE TABLE made AS SELECT 1", "1"},
		{"queryRaw", "DROP TABLE made", "[]"},
		{"queryRaw", "", "[]"},
		{"queryRaw", " SELECT 1 ; -- one", `[{"?column?":int:1]`},
		{"executeRaw", "VACUUM item", "0"},
		{"executeRaw", "CREATE INDEX CONCURRENTLY ON item (name)", "0"},
		{"executeRaw", "CALL commits()", "0"},
		{"executeRaw", "DO $$ BEGIN INSERT INTO item VALUES (101); COMMIT; END $$", "0"},
		{"queryRaw", "SELECT id FROM item WHERE id > 99 ORDER BY id", `[{"id":int:100,{"id":int:101]`},
		{"executeRaw", "SET search_path = nowhere", "0"},
		{"executeRaw", "SET statement_timeout = 1", "0"},
		{"executeRaw", "SET bytea_output = escape", "0"},
		{"executeRaw", "PREPARE mine AS SELECT 1", "0"},
		{"executeRaw", "CREATE TEMPORARY TABLE item (a int)", "0"},
		{"executeRaw", "SELECT pg_advisory_lock(7)", "1"},
		{"executeRaw", "LISTEN something", "0"},
		{"executeRaw", "SET ROLE pg_monitor", "0"},
		{"executeRaw", "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "0"},
		{"queryRaw", "SHOW role", `[{"role":string:"none"]`},
		{"executeRaw", "UPDATE item SET small = 1", "4"},
		{"queryRaw", "SELECT count(*) FROM item", `[{"count":bigint:"4"]`},
		{"queryRaw", "SHOW statement_timeout", `[{"statement_timeout":string:"11s"]`},
		{"queryRaw", `SELECT '\x00'::bytea`, `[{"bytea":bytes:"AA=="]`},
		{"queryRaw", "SELECT count(*) FROM pg_prepared_statements WHERE name = 'mine'", `[{"count":bigint:"0"]`},
		{"queryRaw", "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'", `[{"count":bigint:"0"]`},
		{"queryRaw", "EXPLAIN (COSTS OFF) SELECT 1", `[{"QUERY PLAN":string:"Result"]`},
		{"queryRaw", "SELECT 1 AS a, 2 AS b, 'three' AS a", `[{"a":string:"three","b":int:2]`},
	} {
		t.Run(step.sql, func(t *testing.T) {
			if diff := cmp.Diff(step.want, raw(t, e, step.action, step.sql, "")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Several root fields are one transaction, raw ones too.
func TestRawIsPartOfTheTransaction(t *testing.T) {
	t.Parallel()
	e := rawEngine(t)
	got := execute(t, e, &prisma.Schema{}, "mutation { a: "+rawField("executeRaw", "DELETE FROM item", "")+" b: "+rawField("executeRaw", "SELECT 1 / 0", "")+" }")
	if want := "P2010 Raw query failed. Code: `22012`. Message: `ERROR: division by zero`"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := raw(t, e, "queryRaw", "SELECT count(*) FROM item", ""), `[{"count":bigint:"2"]`; got != want {
		t.Errorf("after the failure: %s, want %s", got, want)
	}
}

// The limits of queries hold for raw ones: what takes too long or is too large ends,
// and its connection serves the next.
func TestRawLimits(t *testing.T) {
	t.Parallel()
	limits := engine.Limits{Connections: 1, ResponseBytes: 100}
	e, err := engine.Open(t.Context(), engine.Options{DatabaseURL: rawDatabase(t), Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	for _, test := range []struct{ action, sql, want string }{
		{"queryRaw", "SELECT repeat('x', 100)", "The result is larger than 100 bytes: ask for fewer records with take, or for fewer fields. Nothing was changed."},
		{"queryRaw", "UPDATE item SET small = 7 WHERE id = 1 RETURNING repeat('x', 1000000)", "The result is larger than 100 bytes: ask for fewer records with take, or for fewer fields. Nothing was changed."},
		{"queryRaw", "SELECT small FROM item WHERE id = 1", `[{"small":null:null]`},
		{"queryRaw", "INSERT INTO item (id) SELECT generate_series(10, 10000) RETURNING id", "The result is larger than 100 bytes: ask for fewer records with take, or for fewer fields. Nothing was changed."},
		{"executeRaw", "SELECT generate_series(1, 1000)", "1000"},
		{"executeRaw", "SET LOCAL statement_timeout = 1", "0"},
		{"queryRaw", "SELECT count(*) FROM item", `[{"count":bigint:"2"]`},
	} {
		// What follows is for the log.
		got, _, _ := strings.Cut(raw(t, e, test.action, test.sql, ""), "\n")
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.sql, got, test.want)
		}
	}
}

// A raw query that is cancelled changed nothing; nobody knows of one that runs without a
// transaction.
func TestRawCancelled(t *testing.T) {
	t.Parallel()
	databaseURL := rawDatabase(t)
	e := openEngine(t, databaseURL)
	db := postgrestest.Connect(t, databaseURL)
	for _, test := range []struct{ sql, want string }{
		{"SELECT pg_sleep(3600)::text", "The query took too long and was cancelled. Nothing was changed."},
		{"DO $$ BEGIN INSERT INTO item VALUES (9); COMMIT; PERFORM pg_sleep(3600); END $$", "The query took too long and was cancelled. Whether a mutation took effect is not known."},
	} {
		answered := make(chan string)
		go func() { answered <- raw(t, e, "executeRaw", test.sql, "") }()
		// The test's own deadline ends the wait for a query that never sleeps.
		for cancelled := 0; cancelled == 0; {
			err := db.QueryRow(t.Context(), `SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`).Scan(&cancelled)
			if err != nil {
				t.Fatal(err)
			}
		}
		// What follows is for the log.
		got, _, _ := strings.Cut(<-answered, "\n")
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.sql, got, test.want)
		}
	}
}

// What Postgres says of a value is not as long as the value, and an array is given up
// where its elements, beside their types, are more than an answer may be.
func TestRawAnswersAreBrief(t *testing.T) {
	t.Parallel()
	e, _, _ := noted(t, engine.Limits{ResponseBytes: 200_000}, "")
	const said = "ERROR: invalid input syntax for type integer: \""
	got := raw(t, e, "queryRaw", "SELECT repeat('x', 100000)::int", "")
	if want := "P2010 Raw query failed. Code: `22P02`. Message: `" + said + strings.Repeat("x", 2000-len(said)+len("ERROR: ")) + "...`"; got != want {
		t.Errorf("got %d bytes, want %d: %.100s", len(got), len(want), got)
	}
	const tooLarge = "The result is larger than 200000 bytes: ask for fewer records with take, or for fewer fields. Nothing was changed."
	if got := raw(t, e, "queryRaw", "SELECT array_fill(1, ARRAY[50000])", ""); got != tooLarge {
		t.Errorf("an array: %.200s", got)
	}
}
