package engine_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
)

// people fills the tables with records at random, the same each time, in which NULL,
// equal values and records without relations are frequent; and gives short names to
// what plain SQL asks.
const people = `
SELECT setseed(0.618);

CREATE FUNCTION pick(variadic choices text[]) RETURNS text LANGUAGE sql VOLATILE AS
    'SELECT choices[1 + floor(random() * array_length(choices, 1))::int]';

INSERT INTO "users'; DROP TABLE users; --" (id, email, "full name""; --", role, age, score, settings, "createdAt", "updatedAt", manager_id)
SELECT i, 'u' || i || '@x', pick('Ada', 'ada', 'Bob', 'a_b', 'a%b', 'Straße', NULL), pick('USER', 'EDITOR', 'chief''s admin')::"role; --",
    pick('20', '36', '9007199254740993', NULL)::bigint, pick('1.50', '2', '-0.25', NULL)::numeric,
    pick('{"a": 1}', '{"a": 2.5}', '{"a": "x"}', '{"a": "xyz"}', '{"a": null}', '{"a": [1, 2]}', '{"a": [2, {"b": 1}]}', '{}', 'null', '1', '"x"', '[1, "x"]')::jsonb,
    '2024-01-01'::timestamp + (floor(random() * 5) || ' days')::interval, '2024-06-01', NULL
FROM generate_series(1, 40) AS i;
UPDATE "users'; DROP TABLE users; --" SET manager_id = pick('1', '2', '3', NULL)::int WHERE id > 3;

INSERT INTO "Profile" (id, bio, "userId") SELECT i, pick('x', 'y', NULL), i * 2 FROM generate_series(1, 12) AS i;

INSERT INTO "Post" (id, title, content, published, views, rating, tags, moods, author, "reviewerId")
SELECT 'p' || i, pick('A', 'B', 'C', 'a', 'D%') || i % 11, pick('some text', 'Text', NULL), random() < 0.5, floor(random() * 4), pick('1', '2.5', NULL)::float8,
    pick('{}', '{a}', '{a,b}', '{b,"c d"}', NULL)::text[], pick('{}', '{HAPPY}', '{"so sad",HAPPY}')::"Mood"[], 1 + floor(random() * 30), pick('1', '5', '9', NULL)::int
FROM generate_series(1, 150) AS i ON CONFLICT DO NOTHING;

INSERT INTO "Category" (id, name, "parentId") SELECT i, 'c' || i, NULLIF(i / 3, 0) FROM generate_series(1, 12) AS i;
INSERT INTO "_CategoryToPost" SELECT DISTINCT 1 + floor(random() * 10)::int, id FROM "Post", generate_series(1, 2);
INSERT INTO "_Follow" SELECT DISTINCT 1 + floor(random() * 40)::int, 1 + floor(random() * 40)::int FROM generate_series(1, 90);
INSERT INTO "order" (shop, number, note) SELECT CASE i % 2 WHEN 1 THEN 's' ELSE 't' END, i, pick('n', NULL) FROM generate_series(1, 8) AS i;
INSERT INTO "Line" (shop, number, position, sku, amount) SELECT shop, number, i, 'k' || i, i FROM "order", generate_series(1, 3) AS i WHERE i <= number % 4;

CREATE VIEW u AS SELECT id, email, "full name""; --" AS name, role::text, age, score, settings, "createdAt" AS at, manager_id AS manager FROM "users'; DROP TABLE users; --";
CREATE VIEW p AS SELECT *, "reviewerId" AS reviewer FROM "Post";
CREATE VIEW c AS SELECT *, "parentId" AS parent FROM "Category";
CREATE VIEW cp AS SELECT "A" AS c, "B" AS p FROM "_CategoryToPost";
CREATE VIEW follows AS SELECT "A" AS who, "B" AS whom FROM "_Follow";
`

// world is a database of people that is asked both ways.
type world struct {
	*engine.Engine
	schema *prisma.Schema
	db     *pgx.Conn
}

func newWorld(t *testing.T) world {
	t.Helper()
	schema, databaseURL := prismatest.Database(t, prismatest.Everything)
	db := postgrestest.Connect(t, databaseURL)
	postgrestest.Exec(t, db, people)
	return world{openEngine(t, databaseURL), schema, db}
}

// compare holds the answer to a query of one root field against the JSON that plain
// SQL makes.
func (w world) compare(t *testing.T, query, sql string) {
	t.Helper()
	var text *string
	if err := w.db.QueryRow(t.Context(), sql).Scan(&text); err != nil {
		t.Fatalf("%s\n%v", sql, err)
	}
	var want any
	if text != nil {
		want = decoded(t, *text)
	}
	got, _ := decoded(t, execute(t, w.Engine, w.schema, query)).(map[string]any)
	for _, got := range got {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\nanswer (-sql +ours):\n%s", query, diff)
		}
		return
	}
	t.Errorf("%s\nno answer", query)
}

func decoded(t *testing.T, text string) (value any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Errorf("%s\n%v", text, err)
	}
	return value
}

// Each shape of a read, beside plain SQL that somebody wrote for the same question.
func TestReadsAreWhatPlainSQLSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, test := range []struct{ name, query, sql string }{
		{
			"a record by its key", `{ findUniqueUser(where: {id: 7}) { id name age score role createdAt settings } }`,
			`SELECT json_build_object('id', id, 'name', name, 'age', age::text, 'score', trim_scale(score)::text, 'role', CASE role WHEN 'chief''s admin' THEN 'ADMIN' ELSE role END,
				'createdAt', to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'settings', replace(replace(settings::text, ': ', ':'), ', ', ',')) FROM u WHERE id = 7`,
		},
		{"no record by its key", `{ findUniqueUser(where: {email: "nobody"}) { id } }`, `SELECT NULL::text`},
		{"by a key of two fields", `{ findUniqueLine(where: {article: {shop: "s" number: 3 sku: "k1"}}) { amount } }`, `SELECT json_build_object('amount', amount) FROM "Line" WHERE (shop, number, sku) = ('s', 3, 'k1')`},
		{"the first", `{ findFirstPost(where: {published: true} orderBy: [{rating: desc} {id: asc}]) { id } }`, `SELECT json_build_object('id', id) FROM p WHERE published ORDER BY rating DESC, id LIMIT 1`},
		{"the last", `{ findFirstPost(take: -1 orderBy: {id: asc}) { id } }`, `SELECT json_build_object('id', max(id)) FROM p`},
		{"no first", `{ findFirstPost(where: {id: "none"}) { id } }`, `SELECT NULL::text`},
		{"an order", `{ findManyUser(orderBy: [{name: {sort: asc nulls: first}} {age: desc} {id: asc}]) { id } }`, ids("u", "", "name NULLS FIRST, age DESC, id")},
		{"an order by what a relation leads to", `{ findManyPost(orderBy: [{reviewer: {name: desc}} {id: asc}]) { id } }`, ids("p LEFT JOIN u ON u.id = reviewer", "", "u.name DESC, p.id", "p.id")},
		{"an order by how many", `{ findManyUser(orderBy: [{posts: {_count: desc}} {followers: {_count: asc}} {id: asc}]) { id } }`, ids("u", "", `(SELECT count(*) FROM p WHERE author = u.id) DESC, (SELECT count(*) FROM follows WHERE who = u.id), id`)},
		{"a page", `{ findManyPost(orderBy: {title: asc} take: 7 skip: 3) { id } }`, ids("(SELECT * FROM p ORDER BY title, id LIMIT 7 OFFSET 3) AS s", "", "title, id")},
		{"the last ones", `{ findManyPost(orderBy: {content: {sort: asc nulls: first}} take: -7 skip: 3) { id } }`, ids("(SELECT * FROM p ORDER BY content DESC NULLS LAST, id DESC LIMIT 7 OFFSET 3) AS s", "", "content NULLS FIRST, id")},
		{"from a record on", `{ findManyUser(cursor: {email: "u9@x"} skip: 1 take: 5) { id } }`, ids("(SELECT * FROM u WHERE id > 9 ORDER BY id LIMIT 5) AS s", "", "id")},
		{"from a record back", `{ findManyUser(cursor: {id: 9} take: -5) { id } }`, ids("u", "id BETWEEN 5 AND 9", "id")},
		{"from a record on that no filter finds", `{ findManyUser(cursor: {id: 9} where: {id: {not: 9}} take: 2) { id } }`, `SELECT '[{"id": 10}, {"id": 11}]'`},
		{"from a record on in an order of two fields", `{ findManyUser(cursor: {id: 9} orderBy: [{createdAt: desc} {id: asc}]) { id } }`, ids("u", "at < (SELECT at FROM u WHERE id = 9) OR at = (SELECT at FROM u WHERE id = 9) AND id >= 9", "at DESC, id")},
		{"from a record on where there may be NULL", `{ findManyUser(cursor: {id: 9} orderBy: [{name: asc} {age: desc}]) { id } }`, from("name, age DESC, id", "id = 9")},
		{"from a record back where there may be NULL", `{ findManyUser(cursor: {id: 9} orderBy: [{name: {sort: desc nulls: last}}] take: -4 skip: 1) { id } }`, ids("(SELECT * FROM (SELECT *, bool_or(id = 9) OVER (ORDER BY name NULLS FIRST, id DESC) AS f FROM u) AS s WHERE f ORDER BY name NULLS FIRST, id DESC LIMIT 4 OFFSET 1) AS s", "", "name DESC NULLS LAST, id")},
		{"from a record on that an order with NULL does not find", `{ findManyUser(cursor: {id: 9} orderBy: [{name: asc}] where: {id: {not: 9}}) { id } }`, `SELECT '[]'`},
		{"from no record on", `{ findManyUser(cursor: {id: 999}) { id } }`, `SELECT '[]'`},
		{"from no record on in another order", `{ findManyUser(cursor: {id: 999} orderBy: {posts: {_count: asc}}) { id } }`, `SELECT '[]'`},
		{"distinct", `{ findManyUser(distinct: [name role]) { id } }`, ids("u", "NOT EXISTS (SELECT FROM u AS v WHERE v.id < u.id AND v.role = u.role AND v.name IS NOT DISTINCT FROM u.name)", "id")},
		{"distinct lists", `{ findManyPost(distinct: [tags] orderBy: {id: asc}) { id } }`, ids("p", "NOT EXISTS (SELECT FROM p AS q WHERE q.id < p.id AND coalesce(q.tags, '{}') = coalesce(p.tags, '{}'))", "id")},
		{"distinct by nothing", `{ findManyUser(distinct: [] orderBy: {id: desc}) { id } }`, `SELECT '[{"id": 40}]'`},
		{"distinct, then a page", `{ findManyUser(distinct: [name] orderBy: [{id: desc}] take: 3 skip: 1) { id } }`, ids("(SELECT max(id) AS id FROM u GROUP BY name ORDER BY 1 DESC LIMIT 3 OFFSET 1) AS s", "", "id DESC")},
		{"distinct from the end", `{ findManyUser(distinct: [name] orderBy: {id: asc} take: -3) { id } }`, ids("(SELECT max(id) AS id FROM u GROUP BY name ORDER BY 1 DESC LIMIT 3) AS s", "", "id")},
		{"distinct from a record on", `{ findManyUser(distinct: [role] orderBy: {id: asc} cursor: {id: 11}) { id } }`, ids("(SELECT min(id) AS id FROM u WHERE id >= 11 GROUP BY role) AS s", "", "id")},
		{
			"lists of lists", `{ findManyUser(orderBy: {id: asc}) { id posts(orderBy: {title: desc}) { id tags categories(orderBy: {id: asc}) { name } } } }`,
			`SELECT json_agg(json_build_object('id', id, 'posts', coalesce((SELECT json_agg(json_build_object('id', id, 'tags', coalesce(tags, '{}'), 'categories',
				coalesce((SELECT json_agg(json_build_object('name', name) ORDER BY c.id) FROM c JOIN cp ON cp.c = c.id WHERE cp.p = p.id), '[]')) ORDER BY title DESC) FROM p WHERE author = u.id), '[]')) ORDER BY id) FROM u`,
		},
		{
			"pages of pages", `{ findManyUser(take: 6 skip: 2) { id posts(take: 2 skip: 1 where: {published: true}) { id } } }`,
			`SELECT json_agg(json_build_object('id', id, 'posts', coalesce((SELECT json_agg(json_build_object('id', id) ORDER BY id) FROM (SELECT id FROM p WHERE published AND author = u.id ORDER BY id LIMIT 2 OFFSET 1) AS s), '[]')) ORDER BY id)
			FROM (SELECT * FROM u ORDER BY id LIMIT 6 OFFSET 2) AS u`,
		},
		{
			"the last of each", `{ findManyUser(orderBy: {id: asc}) { id posts(take: -1 orderBy: {id: asc}) { id } } }`,
			`SELECT json_agg(json_build_object('id', id, 'posts', coalesce((SELECT json_agg(json_build_object('id', id)) FROM (SELECT max(id) AS id FROM p WHERE author = u.id) AS s WHERE id IS NOT NULL), '[]')) ORDER BY id) FROM u`,
		},
		{
			"distinct of each", `{ findManyUser(orderBy: {id: asc}) { id posts(distinct: [published] orderBy: {id: asc} take: 1) { id } } }`,
			`SELECT json_agg(json_build_object('id', id, 'posts', coalesce((SELECT json_agg(json_build_object('id', id)) FROM (SELECT min(id) AS id FROM p WHERE author = u.id) AS s WHERE id IS NOT NULL), '[]')) ORDER BY id) FROM u`,
		},
		{
			"from a record on, of each", `{ findManyUser(orderBy: {id: asc}) { posts(cursor: {id: "p3"}) { id } } }`,
			`SELECT json_agg(json_build_object('posts', coalesce((SELECT json_agg(json_build_object('id', id) ORDER BY id) FROM p WHERE author = u.id AND id >= 'p3' AND author = (SELECT author FROM p WHERE id = 'p3')), '[]')) ORDER BY id) FROM u`,
		},
		{
			"to one, there and back", `{ findManyUser(orderBy: {id: asc}) { manager { id manager { id } } profile { bio user { email } } } }`,
			`SELECT json_agg(json_build_object('manager', (SELECT json_build_object('id', id, 'manager', (SELECT json_build_object('id', id) FROM u AS w WHERE id = v.manager)) FROM u AS v WHERE id = u.manager),
				'profile', (SELECT json_build_object('bio', bio, 'user', json_build_object('email', u.email)) FROM "Profile" WHERE "userId" = u.id)) ORDER BY id) FROM u`,
		},
		{
			"over a key of two fields", `{ findManyOrder(orderBy: {number: asc}) { number lines(orderBy: {position: desc}) { sku order { note } } } }`,
			`SELECT json_agg(json_build_object('number', number, 'lines', coalesce((SELECT json_agg(json_build_object('sku', sku, 'order', json_build_object('note', o.note)) ORDER BY position DESC) FROM "Line" AS l WHERE (l.shop, l.number) = (o.shop, o.number)), '[]')) ORDER BY number) FROM "order" AS o`,
		},
		{
			"counts", `{ findManyUser(orderBy: {id: asc} take: 20) { _count { posts(where: {published: true}) followers reports } } }`,
			`SELECT json_agg(json_build_object('_count', json_build_object('posts', (SELECT count(*) FROM p WHERE published AND author = u.id), 'followers', (SELECT count(*) FROM follows WHERE who = u.id), 'reports', (SELECT count(*) FROM u AS v WHERE v.manager = u.id))) ORDER BY id) FROM u WHERE id <= 20`,
		},
		{
			"a relation to its own model, both ways", `{ findManyUser(orderBy: {id: asc}) { followers(orderBy: {id: asc}) { id } following(orderBy: {id: asc}) { id } } }`,
			`SELECT json_agg(json_build_object('followers', coalesce((SELECT json_agg(json_build_object('id', whom) ORDER BY whom) FROM follows WHERE who = u.id), '[]'), 'following', coalesce((SELECT json_agg(json_build_object('id', who) ORDER BY who) FROM follows WHERE whom = u.id), '[]')) ORDER BY id) FROM u`,
		},
	} {
		t.Run(test.name, func(t *testing.T) { w.compare(t, test.query, test.sql) })
	}
}

// ids is the SQL of a list of {id}.
func ids(table, where, order string, id ...string) string {
	if where != "" {
		where = " WHERE " + where
	}
	return fmt.Sprintf("SELECT coalesce(json_agg(json_build_object('id', %s) ORDER BY %s), '[]') FROM %s%s", append(id, "id")[0], order, table, where)
}

// from is the SQL of the users from one on.
func from(order, first string) string {
	return ids("(SELECT *, bool_or("+first+") OVER (ORDER BY "+order+" ROWS UNBOUNDED PRECEDING) AS f FROM u) AS s", "f", order)
}
