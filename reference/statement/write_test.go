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
