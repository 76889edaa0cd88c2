package filter_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/filter"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

const rows = `
CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN', 'guest');
CREATE TABLE "T" (
	id int PRIMARY KEY, s text COLLATE "C", b boolean, i int, big bigint, f float8, d numeric, t timestamptz, x bytea, e "Role",
	l int[] NOT NULL DEFAULT '{}', sl text[] NOT NULL DEFAULT '{}', dl numeric[] NOT NULL DEFAULT '{}'
);
INSERT INTO "T" VALUES
	(1, 'Ada', true, 1, 9007199254740993, 0.5, 12.30, '2024-02-03 04:05:06.789+00', '\x00ff', 'USER', '{1,2,3}', '{a,b}', '{1.0,2.50}'),
	(2, 'ada', false, -1, -5, -0.0, -12.3, '2024-02-03 04:05:06.79+00', '\x', 'ADMIN', '{}', '{}', '{}'),
	(3, 'Grace "G" \ é', NULL, 2147483647, 0, 'NaN', 'NaN', 'infinity', '\xdeadbeef', 'guest', '{NULL}', '{NULL,"a"}', '{NaN,NaN}'),
	(4, '', true, 0, 9223372036854775807, 'Infinity', 0, '-infinity', NULL, NULL, '{2}', '{"",A}', '{1}'),
	(5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{1,1}', '{b,a}', '{2.5,1}'),
	(6, 'zebra', false, 42, 42, 1e300, 123456789012345678901234567890.123456789, '0044-03-15 00:00:00+00 BC', '\x41', 'USER', '{3,2,1}', '{"é\"x"}', '{0.1}'),
	(7, 'ÄRGER', true, 42, 43, -1e-300, 0.000000000000000000000000000000000000001, '12024-01-01 00:00:00+00', '\x42', 'USER', '{4}', '{c}', '{-0.1}'),
	(8, E'\U0001F600', true, 7, 7, '-Infinity', 1000000, '1969-12-31 23:59:59.999+00', '\x43', 'ADMIN', '{1,2,3,4}', '{a,b,c}', '{100}'),
	(9, U&'\FFFD', false, 8, 8, 100, 999999.9, '2024-02-03 04:05:06.789+00', '\x44', 'ADMIN', '{2,NULL}', '{d}', '{1000}');
`

// asPostgres pairs conditions with what they are in SQL, on the table above.
var asPostgres = []struct{ filter, sql string }{
	{`{}`, `true`},
	{`{"s":"Ada"}`, `s = 'Ada'`},
	{`{"s":{"not":"Ada"}}`, `s <> 'Ada'`},
	{`{"NOT":{"s":"Ada"}}`, `NOT (s = 'Ada')`},
	{`{"s":null}`, `s IS NULL`},
	{`{"s":{"equals":null}}`, `s IS NULL`},
	{`{"s":{"not":null}}`, `s IS NOT NULL`},
	{`{"s":{"not":{"equals":null}}}`, `s IS NOT NULL`},
	{`{"s":{"not":{"not":null}}}`, `s IS NULL`},
	{`{"NOT":{"s":null}}`, `NOT (s IS NULL)`},
	{`{"s":{"in":null}}`, `s IS NULL`},
	{`{"s":{"notIn":null}}`, `s IS NOT NULL`},
	{`{"s":{"in":[]}}`, `false`},
	{`{"s":{"notIn":[]}}`, `true`},
	{`{"NOT":{"s":{"in":[]}}}`, `true`},
	{`{"s":{"in":["Ada","","zebra","Ada"]}}`, `s IN ('Ada', '', 'zebra')`},
	{`{"s":{"in":"Ada"}}`, `s IN ('Ada')`},
	{`{"s":{"notIn":["Ada",""]}}`, `s NOT IN ('Ada', '')`},
	{`{"NOT":{"s":{"in":["Ada",""]}}}`, `NOT (s IN ('Ada', ''))`},
	{`{"s":{"not":{"in":["Ada",""]}}}`, `NOT (s IN ('Ada', ''))`},
	{`{"s":{"not":{"notIn":["Ada",""]}}}`, `s IN ('Ada', '')`},
	{`{"s":{"lt":"a"}}`, `s < 'a'`},
	{`{"s":{"lte":"ada"}}`, `s <= 'ada'`},
	{`{"s":{"gt":"zebra"}}`, `s > 'zebra'`},
	{`{"s":{"gte":"zebra","not":"zebra"}}`, `s > 'zebra'`},
	{`{"s":{"gt":"�"}}`, `s > U&'\FFFD'`},
	{`{"s":{"contains":"d"}}`, `s LIKE '%d%'`},
	{`{"s":{"contains":"\"G\" \\ é"}}`, `position('"G" \ é' in s) > 0`},
	{`{"s":{"contains":""}}`, `s LIKE '%'`},
	{`{"s":{"contains":"%"}}`, `s LIKE '%\%%'`},
	{`{"s":{"startsWith":"A"}}`, `s LIKE 'A%'`},
	{`{"s":{"endsWith":"a"}}`, `s LIKE '%a'`},
	{`{"s":{"not":{"endsWith":"a"}}}`, `s NOT LIKE '%a'`},
	{`{"s":{"equals":"ADA","mode":"insensitive"}}`, `lower(s) = lower('ADA')`},
	{`{"s":{"contains":"RG","mode":"insensitive"}}`, `s ILIKE '%rg%'`},
	{`{"s":{"startsWith":"aD","mode":"insensitive"}}`, `s ILIKE 'ad%'`},
	{`{"s":{"endsWith":"GER","mode":"insensitive"}}`, `s ILIKE '%ger'`},
	{`{"s":{"in":["ADA","Zebra"],"mode":"insensitive"}}`, `lower(s) IN ('ada', 'zebra')`},
	{`{"s":{"not":{"contains":"ADA"},"mode":"insensitive"}}`, `s NOT ILIKE '%ada%'`},
	{`{"s":{"not":{"gt":"a","lt":"b"}}}`, `NOT (s > 'a') AND NOT (s < 'b')`},
	{`{"b":true}`, `b`},
	{`{"b":{"not":true}}`, `NOT b`},
	{`{"b":{"not":{"not":true}}}`, `b`},
	{`{"i":42}`, `i = 42`},
	{`{"i":{"gt":-1,"lte":42}}`, `i > -1 AND i <= 42`},
	{`{"i":{"in":[42,7,8,-1]}}`, `i IN (42, 7, 8, -1)`},
	{`{"i":{"not":{"gt":40}}}`, `NOT (i > 40)`},
	{`{"big":9007199254740993}`, `big = 9007199254740993`},
	{`{"big":{"gt":"9007199254740992"}}`, `big > 9007199254740992`},
	{`{"big":{"lte":{"$type":"BigInt","value":"0"}}}`, `big <= 0`},
	{`{"f":0}`, `f = 0`},
	{`{"f":"NaN"}`, `f = 'NaN'`},
	{`{"f":{"gt":1e300}}`, `f > 1e300`},
	{`{"f":{"gte":"Infinity"}}`, `f >= 'Infinity'`},
	{`{"f":{"lt":-1e-300}}`, `f < -1e-300`},
	{`{"f":{"in":["NaN",5e-1,"-Infinity"]}}`, `f IN ('NaN', 0.5, '-Infinity')`},
	{`{"d":"12.3"}`, `d = 12.3`},
	{`{"d":1230e-2}`, `d = 12.3`},
	{`{"d":{"equals":{"$type":"Decimal","value":"1e+6"}}}`, `d = 1000000`},
	{`{"d":{"gt":"123456789012345678901234567890.123456788"}}`, `d > 123456789012345678901234567890.123456788`},
	{`{"d":{"lt":123456789012345678901234567890.12345679}}`, `d < 123456789012345678901234567890.12345679`},
	{`{"d":{"gt":0,"lt":1e-38}}`, `d > 0 AND d < 1e-38`},
	{`{"d":{"lt":0}}`, `d < 0`},
	{`{"d":-0.0}`, `d = 0`},
	{`{"d":{"gte":"NaN"}}`, `d >= 'NaN'`},
	{`{"d":{"not":{"in":["NaN",0]}}}`, `d NOT IN ('NaN', 0)`},
	{`{"t":"2024-02-03T04:05:06.789Z"}`, `t = '2024-02-03 04:05:06.789+00'`},
	{`{"t":{"gt":"2024-02-03T05:05:06.789+01:00"}}`, `t > '2024-02-03 04:05:06.789+00'`},
	{`{"t":{"lte":{"$type":"DateTime","value":"2024-02-03T04:05:06.789Z"}}}`, `t <= '2024-02-03 04:05:06.789+00'`},
	{`{"t":{"lt":"1970-01-01T00:00:00Z"}}`, `t < '1970-01-01 00:00:00+00'`},
	{`{"t":"infinity"}`, `t = 'infinity'`},
	{`{"t":"-000043-03-15T00:00:00.000Z"}`, `t = '0044-03-15 00:00:00+00 BC'`},
	{`{"t":{"gt":"+012023-12-31T23:59:59.999Z","lt":"infinity"}}`, `t > '12023-12-31 23:59:59.999+00' AND t < 'infinity'`},
	{`{"x":"AP8="}`, `x = '\x00ff'`},
	{`{"x":{"in":["",{"$type":"Bytes","value":"3q2+7w=="}]}}`, `x IN ('\x', '\xdeadbeef')`},
	{`{"x":{"not":""}}`, `x <> '\x'`},
	{`{"e":"ADMIN"}`, `e = 'ADMIN'`},
	{`{"e":{"notIn":["ADMIN",{"$type":"Enum","value":"guest"}]}}`, `e NOT IN ('ADMIN', 'guest')`},
	{`{"l":[1,2,3]}`, `l = '{1,2,3}'`},
	{`{"l":{"equals":[]}}`, `l = '{}'`},
	{`{"l":{"equals":[2]}}`, `l = '{2}'`},
	{`{"NOT":{"l":{"equals":[1,2,3]}}}`, `NOT (l = '{1,2,3}')`},
	{`{"l":{"has":2}}`, `l @> '{2}'`},
	{`{"NOT":{"l":{"has":2}}}`, `NOT (l @> '{2}')`},
	{`{"l":{"hasEvery":[3,1,1]}}`, `l @> '{3,1,1}'`},
	{`{"l":{"hasEvery":[]}}`, `l @> '{}'`},
	{`{"l":{"hasSome":[4,1]}}`, `l && '{4,1}'`},
	{`{"l":{"hasSome":[]}}`, `l && '{}'`},
	{`{"l":{"isEmpty":true}}`, `l = '{}'`},
	{`{"l":{"isEmpty":false}}`, `NOT (l = '{}')`},
	{`{"sl":{"has":"é\"x"}}`, `sl @> '{"é\"x"}'`},
	{`{"sl":{"hasSome":["A","d"]}}`, `sl && '{A,d}'`},
	{`{"sl":["a","b"]}`, `sl = '{a,b}'`},
	{`{"dl":{"hasEvery":["1",2.5]}}`, `dl @> '{1,2.5}'`},
	{`{"dl":{"has":"NaN"}}`, `dl @> '{NaN}'`},
	{`{"dl":[1,"2.5"]}`, `dl = '{1,2.5}'`},
	{`{"AND":[{"b":true},{"i":{"gt":0}}]}`, `b AND i > 0`},
	{`{"AND":{"b":true,"i":{"gt":0}}}`, `b AND i > 0`},
	{`{"AND":[]}`, `true`},
	{`{"OR":[{"b":false},{"i":42},{"s":null}]}`, `NOT b OR i = 42 OR s IS NULL`},
	{`{"OR":[]}`, `false`},
	{`{"OR":[{},{"i":42}]}`, `i = 42`},
	{`{"NOT":[]}`, `true`},
	{`{"NOT":{}}`, `true`},
	{`{"NOT":[{"b":true},{"i":42}]}`, `NOT b AND NOT (i = 42)`},
	{`{"NOT":{"b":true,"i":42}}`, `NOT (b AND i = 42)`},
	{`{"NOT":{"NOT":{"s":"Ada"}}}`, `NOT (NOT (s = 'Ada'))`},
	{`{"NOT":{"OR":[{"b":true},{"s":{"gt":"b"}}]}}`, `NOT (b OR s > 'b')`},
	{`{"OR":[{"NOT":{"AND":[{"b":true},{"i":{"lt":5}}]}},{"s":{"startsWith":"A"}}],"id":{"not":2}}`, `(NOT (b AND i < 5) OR s LIKE 'A%') AND id <> 2`},
}

// Conditions find the rows that Postgres finds by the same conditions in SQL, nulls
// and all.
func TestAsPostgres(t *testing.T) {
	t.Parallel()
	conn := postgrestest.Connect(t, postgrestest.Database(t))
	postgrestest.Exec(t, conn, rows)
	schema, err := prisma.Introspect(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	model, _ := schema.Model("T")
	results, err := conn.PgConn().Exec(t.Context(), `SELECT * FROM "T" ORDER BY id`).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range asPostgres {
		f, err := filter.Parse(json.RawMessage(`{"create":`+tt.filter+`}`), model)
		if err != nil {
			t.Error(err)
			continue
		}
		got, want := "", ""
		for _, row := range results[0].Rows {
			if f.Wants("create", "T", body(t, model, row)) {
				got += string(row[0]) + " "
			}
		}
		if err := conn.QueryRow(t.Context(), `SELECT coalesce(string_agg(id || ' ', '' ORDER BY id), '') FROM "T" WHERE `+tt.sql).Scan(&want); err != nil {
			t.Fatalf("%s: %v", tt.sql, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s finds (-Postgres by %s +filter):\n%s", tt.filter, tt.sql, diff)
		}
	}
}

// body is the event of a row that was created.
func body(t *testing.T, model *prisma.Model, row [][]byte) []byte {
	t.Helper()
	text := event.AppendHead(nil, ulid.ULID{}, event.Create, prisma.AppendString(nil, []byte(model.Name)))
	text = event.AppendImage(text, event.Created)
	for i, f := range model.Fields {
		if i > 0 {
			text = append(text, ',')
		}
		var err error
		text = append(prisma.AppendString(text, []byte(f.Name)), ':')
		if text, err = f.AppendJSON(text, row[i]); err != nil {
			t.Fatal(err)
		}
	}
	return append(text, "}}"...)
}

// A condition on any field is unknown where the event does not tell it, and so is
// its negation.
func TestAbsentIsUnknown(t *testing.T) {
	t.Parallel()
	conn := postgrestest.Connect(t, postgrestest.Database(t))
	postgrestest.Exec(t, conn, rows)
	schema, err := prisma.Introspect(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	model, _ := schema.Model("T")
	for _, tt := range asPostgres {
		if strings.Contains(tt.sql, "true") || strings.Contains(tt.filter, `"OR":[]`) {
			continue
		}
		for _, where := range []string{tt.filter, fmt.Sprintf(`{"NOT":%s}`, tt.filter)} {
			f, err := filter.Parse(json.RawMessage(`{"delete":`+where+`}`), model)
			if err != nil {
				t.Error(err)
			} else if f.Wants("delete", "T", []byte(`{"deleted":{}}`)) != (where == `{}`) {
				t.Errorf("%s decides without the field", where)
			}
		}
	}
}
