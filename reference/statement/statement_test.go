package statement

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// fromDatabase is the default of a column that has one.
var fromDatabase = prisma.Default{Kind: prisma.DatabaseDefault}

// shop is a schema with every type, and with names that would be SQL if they
// were not quoted.
func shop() *prisma.Schema {
	role := &prisma.Enum{Name: "Role", Values: []string{"USER", "ADMIN"}}
	schema := &prisma.Schema{
		Models: []*prisma.Model{
			{Name: "Item", Namespace: "public", Table: `it"em; --`, Fields: []*prisma.Field{
				{Name: "id", Column: "id", Type: prisma.Int, Required: true, ID: true, Unique: true, Default: fromDatabase},
				{Name: "sku", Column: `s"ku`, Type: prisma.String, Required: true, Unique: true},
				{Name: "name", Column: "name", Type: prisma.String},
				{Name: "role", Column: "role", Type: prisma.EnumType, Enum: role},
				{Name: "open", Column: "open", Type: prisma.Boolean, Required: true, Default: fromDatabase},
				{Name: "price", Column: "price", Type: prisma.Decimal},
				{Name: "big", Column: "big", Type: prisma.BigInt},
				{Name: "at", Column: "at", Type: prisma.DateTime},
				{Name: "raw", Column: "raw", Type: prisma.Bytes},
				{Name: "meta", Column: "meta", Type: prisma.JSON},
				{Name: "tags", Column: "tags", Type: prisma.String, List: true, Required: true},
				{Name: "place", Column: "place", Type: prisma.Unsupported, NativeType: "point"},
			}},
			{Name: "Pair", Namespace: "other", Table: "Pair", Fields: []*prisma.Field{
				{Name: "a", Column: "a", Type: prisma.Int, Required: true, ID: true, Default: fromDatabase},
				{Name: "b", Column: "b", Type: prisma.Int, Required: true, ID: true, Default: fromDatabase},
			}},
			{Name: "Empty", Namespace: "public", Table: "Empty"},
		},
		Enums: []*prisma.Enum{role},
	}
	item, pair := schema.Models[0], schema.Models[1]
	item.ID = &prisma.Key{Name: "id", Fields: item.Fields[:1]}
	item.Unique = []*prisma.Key{{Name: "sku", Fields: item.Fields[1:2]}}
	pair.ID = &prisma.Key{Name: "a_b", Fields: pair.Fields}
	return schema
}

// planText is what the tests compare: per statement the SQL and, one a line, its
// arguments.
func planText(query string, variables map[string]any) (string, error) {
	doc, err := graphql.Parse(query, variables)
	if err != nil {
		return "", err
	}
	operations, err := queryschema.Check(shop(), doc)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for _, o := range operations {
		p, err := Of(o)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(&text, o.Key+": "+p.SQL)
		for i, arg := range p.Args {
			value := "NULL"
			if arg != nil {
				value = *arg
			}
			fmt.Fprintf(&text, "$%d = %s\n", i+1, value)
		}
	}
	return text.String(), nil
}

func TestPlan(t *testing.T) {
	t.Parallel()
	const from = `FROM "public"."it""em; --"`
	for _, test := range []struct {
		name  string
		query string
		want  string
	}{
		{
			"every record",
			`{ findManyItem { id sku } }`,
			`findManyItem: SELECT "id", "s""ku" ` + from,
		},
		{
			"aliases",
			`{ all: findManyItem { number: id again: id } }`,
			`all: SELECT "id", "id" ` + from,
		},
		{
			"several root fields",
			`{ b: findManyItem { id } a: findManyPair { b } }`,
			`b: SELECT "id" ` + from + "\n" + `a: SELECT "b" FROM "other"."Pair"`,
		},
		{
			"equals, in short, of every type",
			`{ findManyItem(where: {
				id: 1 sku: "x" role: ADMIN open: true price: "1.50" big: 9007199254740993 at: "2024-02-03T00:00:00.000Z" raw: "AP8="
			}) { id } }`,
			`findManyItem: SELECT "id" ` + from + ` WHERE ("at" = $1 AND "big" = $2 AND "id" = $3 AND "open" = $4 AND "price" = $5 AND "raw" = $6 AND "role" = $7 AND "s""ku" = $8)
$1 = 2024-02-03 00:00:00+00
$2 = 9007199254740993
$3 = 1
$4 = true
$5 = 1.50
$6 = \x00ff
$7 = ADMIN
$8 = x`,
		},
		{
			"SQL in a value is a value",
			`{ findManyItem(where: {name: {equals: "'; DROP TABLE \"User\"; --"}}) { id } }`,
			`findManyItem: SELECT "id" ` + from + ` WHERE "name" = $1` + "\n" + `$1 = '; DROP TABLE "User"; --`,
		},
		{
			"null",
			`{ findManyItem(where: {name: null price: {equals: null} role: {not: null}}) { id } }`,
			`findManyItem: SELECT "id" ` + from + ` WHERE ("name" IS NULL AND "price" IS NULL AND "role" IS NOT NULL)`,
		},
		{
			"comparisons",
			`{ findManyItem(where: {id: {lt: 1 lte: 2 gt: 3 gte: 4 not: 5}}) { id } }`,
			`findManyItem: SELECT "id" ` + from + ` WHERE ("id" > $1 AND "id" >= $2 AND "id" < $3 AND "id" <= $4 AND "id" <> $5)
$1 = 3
$2 = 4
$3 = 1
$4 = 2
$5 = 5`,
		},
		{
			"parts of text, wildcards escaped",
			`{ findManyItem(where: {name: {contains: "50%_\\" startsWith: "a" endsWith: "z"}}) { id } }`,
			`findManyItem: SELECT "id" ` + from + ` WHERE ("name"::text LIKE $1 AND "name"::text LIKE $2 AND "name"::text LIKE $3)
$1 = %50\%\_\\%
$2 = %z
$3 = a%`,
		},
		{
			"membership",
			`{ findManyItem(where: {role: {in: [USER, ADMIN]} id: {notIn: []} sku: {in: "one"}}) { id } }`,
			`findManyItem: SELECT "id" ` + from + ` WHERE ("id" <> ALL ($1) AND "role" = ANY ($2) AND "s""ku" = ANY ($3))
$1 = {}
$2 = {"USER","ADMIN"}
$3 = {"one"}`,
		},
		{
			"membership in null",
			`{ findManyItem(where: {price: {in: null} name: {notIn: null}}) { id } }`,
			`findManyItem: SELECT "id" ` + from + ` WHERE ("name" IS NOT NULL AND "price" IS NULL)`,
		},
		{
			"not of several operations: none holds",
			`{ findManyItem(where: {id: {not: {gt: 1 lt: 5 not: {}}} big: {not: {}}}) { id } }`,
			`findManyItem: SELECT "id" ` + from + ` WHERE (NOT ("id" > $1) AND NOT ("id" < $2))` + "\n$1 = 1\n$2 = 5",
		},
		{
			"not of an operation",
			`{ findManyItem(where: {id: {not: {in: [1]}}}) { id } }`,
			`findManyItem: SELECT "id" ` + from + ` WHERE NOT ("id" = ANY ($1))` + "\n" + `$1 = {"1"}`,
		},
		{
			"and, or, not",
			`{ findManyItem(where: {AND: [{id: 1} {id: 2}] OR: [{id: 3} {id: 4 name: "n"}] NOT: [{id: 5} {id: 6}]}) { id } }`,
			`findManyItem: SELECT "id" ` + from + ` WHERE (("id" = $1 AND "id" = $2) AND (NOT ("id" = $3) AND NOT ("id" = $4)) AND ("id" = $5 OR ("id" = $6 AND "name" = $7)))
$1 = 1
$2 = 2
$3 = 5
$4 = 6
$5 = 3
$6 = 4
$7 = n`,
		},
		{
			"combinations of nothing",
			`{ a: findManyItem(where: {}) { id } b: findManyItem(where: {AND: [] NOT: {} id: {}}) { id } c: findManyItem(where: {OR: []}) { id } }`,
			`a: SELECT "id" ` + from + "\n" + `b: SELECT "id" ` + from + "\n" + `c: SELECT "id" ` + from + ` WHERE FALSE`,
		},
		{
			"order",
			`{ findManyItem(orderBy: [{id: desc} {name: {sort: asc nulls: last}} {}]) { id } }`,
			`findManyItem: SELECT "id" ` + from + ` ORDER BY "id" DESC, "name" ASC NULLS LAST`,
		},
		{
			"page, in an order that is total",
			`{ findManyItem(orderBy: {name: asc} take: 5 skip: 1) { id } }`,
			`findManyItem: SELECT "id" ` + from + ` ORDER BY "name" ASC, "id" ASC LIMIT $1 OFFSET $2` + "\n$1 = 5\n$2 = 1",
		},
		{
			"page by a key of two columns",
			`{ findManyPair(orderBy: {b: desc} take: 1) { a } }`,
			`findManyPair: SELECT "a" FROM "other"."Pair" ORDER BY "b" DESC, "a" ASC LIMIT $1` + "\n$1 = 1",
		},
		{
			"create",
			`mutation { createOneItem(data: {tags: ["a", "b\"c"] sku: "x" meta: "{\"a\":1}" role: ADMIN name: null}) { id } }`,
			`createOneItem: INSERT INTO "public"."it""em; --" ("s""ku", "name", "role", "meta", "tags") VALUES ($1, $2, $3, $4, $5) RETURNING "id"
$1 = x
$2 = NULL
$3 = ADMIN
$4 = {"a":1}
$5 = {"a","b\"c"}`,
		},
		{
			"create of defaults alone",
			`mutation { createOnePair(data: {}) { a b } }`,
			`createOnePair: INSERT INTO "other"."Pair" DEFAULT VALUES RETURNING "a", "b"`,
		},
		{
			"create with the nulls of Json and a list by set",
			`mutation { a: createOneItem(data: {sku: "x" meta: JsonNull tags: {set: []}}) { id } b: createOneItem(data: {sku: "x" meta: DbNull}) { id } }`,
			`a: INSERT INTO "public"."it""em; --" ("s""ku", "meta", "tags") VALUES ($1, $2, $3) RETURNING "id"
$1 = x
$2 = null
$3 = {}
b: INSERT INTO "public"."it""em; --" ("s""ku", "meta") VALUES ($1, $2) RETURNING "id"
$1 = x
$2 = NULL`,
		},
		{
			"update",
			`mutation { updateOneItem(where: {sku: "x"} data: {name: {set: null} price: 2 tags: {set: ["a"]}}) { id price } }`,
			`updateOneItem: UPDATE "public"."it""em; --" SET "name" = $1, "price" = $2, "tags" = $3 WHERE "s""ku" = $4 RETURNING "id", "price"
$1 = NULL
$2 = 2
$3 = {"a"}
$4 = x`,
		},
		{
			"update of nothing",
			`mutation { updateOneItem(where: {id: 1} data: {}) { id } }`,
			`updateOneItem: SELECT "id" ` + from + ` WHERE "id" = $1` + "\n$1 = 1",
		},
		{
			"delete",
			`mutation { deleteOneItem(where: {id: 1}) { sku } }`,
			`deleteOneItem: DELETE ` + from + ` WHERE "id" = $1 RETURNING "s""ku"` + "\n$1 = 1",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := planText(test.query, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want+"\n", got); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}

// What fits the schema and has no statement yet.
func TestPlanRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		query string
		want  string
	}{
		{"another action", `{ findUniqueItem(where: {id: 1}) { id } }`, `P2009 findUniqueItem: this is not supported`},
		{"cursor", `{ findManyItem(cursor: {id: 1}) { id } }`, `P2009 findManyItem.cursor: this is not supported`},
		{"mode", `{ findManyItem(where: {name: {contains: "x" mode: insensitive}}) { id } }`, `P2009 findManyItem.where.name.mode: the operation mode is not supported on String`},
		{"filter on Json", `{ findManyItem(where: {meta: {path: ["a"] equals: "1"}}) { id } }`, `P2009 findManyItem.where.meta.equals: filters on Json are not supported`},
		{"filter on a list", `{ findManyItem(where: {tags: {has: "a"}}) { id } }`, `P2009 findManyItem.where.tags.has: filters on String[] are not supported`},
		{"take from the end", `{ findManyItem(take: -1) { id } }`, `P2009 findManyItem.take: expected a whole number, 0 or more, found -1`},
		{"update by another operation", `mutation { updateOneItem(where: {id: 1} data: {price: {increment: 1}}) { id } }`, `P2009 updateOneItem.data.price: expected a value or exactly the operation set, found {increment}`},
		{"update of a list by push", `mutation { updateOneItem(where: {id: 1} data: {tags: {push: "x"}}) { id } }`, `P2009 updateOneItem.data.tags: expected a value or exactly the operation set, found {push}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text, err := planText(test.query, nil)
			if got := refusal(t, text, err); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// refusal is the code, place and reason of a failure.
func refusal(t *testing.T, text string, err error) string {
	t.Helper()
	var f *prisma.Error
	if !errors.As(err, &f) {
		t.Fatalf("got %v and the plan %s", err, text)
	}
	if f.Code == "P2012" {
		return fmt.Sprintf("%s %s", f.Code, f.Meta["path"])
	}
	return fmt.Sprintf("%s %s: %s", f.Code, f.Meta["query_position"], f.Meta["query_validation_error"])
}

// Whatever is asked makes a statement or is refused, and the same way each time.
func FuzzOf(f *testing.F) {
	for _, query := range []string{
		`{ findManyItem(where: {OR: [{id: 1} {NOT: {name: {contains: "x"}}}]} orderBy: [{id: desc}] take: 1) { id } }`,
		`mutation { createOneItem(data: {sku: "x" tags: ["a"] role: ADMIN}) { id sku } }`,
		`mutation { updateOneItem(where: {id: 1} data: {price: {set: 1e+0} meta: JsonNull}) { id } }`,
		`mutation { a: deleteOneItem(where: {sku: "'; --"}) { id } }`,
	} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		once, err := planText(query, nil)
		if err != nil {
			return
		}
		again, err := planText(query, nil)
		if err != nil || once != again {
			t.Errorf("%q made %s and then %s, %v", query, once, again, err)
		}
	})
}
