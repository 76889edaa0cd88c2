package statement

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// object is short for what data and filters are made of.
type object = map[string]any

// writing makes statements of a model of prismatest.Everything.
type writing struct {
	t *testing.T
	*prisma.Model
}

func (w writing) values(values object) []Value {
	w.t.Helper()
	all, err := Values(w.Model, &queryschema.Record{Values: values})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w writing) changes(values object) []Value {
	w.t.Helper()
	all, err := Changes(w.Model, &queryschema.Record{Values: values})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w writing) fields(names ...string) []*prisma.Field {
	w.t.Helper()
	var fields []*prisma.Field
	for _, name := range names {
		f, ok := w.Field(name)
		if !ok {
			w.t.Fatalf("%s has no field %s", w.Name, name)
		}
		fields = append(fields, f)
	}
	return fields
}

func (w writing) relation(name string) *prisma.Relation {
	w.t.Helper()
	r, ok := w.Relation(name)
	if !ok {
		w.t.Fatalf("%s has no relation %s", w.Name, name)
	}
	return r
}

// known is a statement that is made without an error.
func (w writing) known(s *Statement, err error) *Statement {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// shown is the text of statements and, one a line, their arguments.
func shown(statements []*Statement) string {
	var text strings.Builder
	for _, s := range statements {
		fmt.Fprintln(&text, s.SQL)
		for i, arg := range s.Args {
			value := "NULL"
			if arg != nil {
				value = *arg
			}
			fmt.Fprintf(&text, "$%d = %s\n", i+1, value)
		}
	}
	return text.String()
}

const users = `"public"."users'; DROP TABLE users; --"`

func TestWrites(t *testing.T) {
	t.Parallel()
	schema := prismatest.Schema(t, prismatest.Everything)
	one := json.Number("1")
	for _, test := range []struct {
		name, model string
		made        func(w writing) []*Statement
		want        string
	}{
		{
			"insert", "User",
			func(w writing) []*Statement {
				values := w.values(object{"email": "'); --", "name": nil, "role": prisma.Symbol("ADMIN"), "settings": prisma.JSONNull})
				return []*Statement{Insert(w.Model, values, w.fields("id", "name"))}
			},
			`INSERT INTO ` + users + ` AS t ("email", "full name""; --", "role", "settings") VALUES ($1, $2, $3, $4) RETURNING t."id", t."full name""; --"
$1 = '); --
$2 = NULL
$3 = chief's admin
$4 = null
`,
		},
		{
			"insert of defaults alone", "Scalar",
			func(w writing) []*Statement { return []*Statement{Insert(w.Model, nil, nil)} },
			`INSERT INTO "public"."Scalar" AS t DEFAULT VALUES` + "\n",
		},
		{
			"insert of a list", "Post",
			func(w writing) []*Statement {
				values := w.values(object{"tags": []any{"a", `"`}, "moods": []any{}})
				return []*Statement{Insert(w.Model, values, w.fields("id"))}
			},
			`INSERT INTO "public"."Post" AS t ("tags", "moods") VALUES ($1, $2) RETURNING t."id"
$1 = {"a","\""}
$2 = {}
`,
		},
		{
			"insert of many, of which some have a value", "Like",
			func(w writing) []*Statement {
				return InsertMany(w.Model, [][]Value{
					w.values(object{"userId": one, "postId": "p"}), w.values(object{"userId": one, "postId": "q", "weight": one}),
				}, false)
			},
			`INSERT INTO "public"."like" ("userId", "postId", "weight") VALUES ($1, $2, DEFAULT), ($3, $4, $5)
$1 = 1
$2 = p
$3 = 1
$4 = q
$5 = 1
`,
		},
		{
			"insert of many that are not there yet", "Category",
			func(w writing) []*Statement {
				return InsertMany(w.Model, [][]Value{w.values(object{"name": "a"})}, true)
			},
			`INSERT INTO "public"."Category" ("name") VALUES ($1) ON CONFLICT DO NOTHING` + "\n$1 = a\n",
		},
		{
			"insert of many of defaults alone", "Scalar",
			func(w writing) []*Statement { return InsertMany(w.Model, make([][]Value, 2), false) },
			`INSERT INTO "public"."Scalar" ("id") VALUES (DEFAULT), (DEFAULT)` + "\n",
		},
		{
			"insert of none", "Scalar",
			func(w writing) []*Statement { return InsertMany(w.Model, nil, false) },
			"",
		},
		{
			"upsert", "Order",
			func(w writing) []*Statement {
				values := w.values(object{"shop": "a", "number": one})
				return []*Statement{Upsert(w.Model, w.ID.Fields, values, w.changes(object{"total": object{"increment": "2"}}), w.fields("total"))}
			},
			`INSERT INTO "public"."order" AS t ("shop", "number") VALUES ($1, $2) ON CONFLICT ("shop", "number") DO UPDATE SET "total" = t."total" + $3 RETURNING t."total"
$1 = a
$2 = 1
$3 = 2
`,
		},
		{
			"update by every operation", "Post",
			func(w writing) []*Statement {
				changes := w.changes(object{
					"title": object{"set": "t"}, "content": object{"set": nil}, "views": object{"divide": one},
					"rating": object{"multiply": one}, "tags": object{"push": []any{"a"}}, "moods": object{"set": []any{}},
				})
				unique := Selector{Unique: []any{object{"id": "p"}}}
				return []*Statement{w.known(Update(w.Model, changes, unique, w.fields("id")))}
			},
			`UPDATE "public"."Post" AS t SET "title" = $1, "content" = $2, "views" = t."views" / $3, "rating" = t."rating" * $4, "tags" = array_cat(t."tags", $5), "moods" = $6 WHERE t."id" = $7 RETURNING t."id"
$1 = t
$2 = NULL
$3 = 1
$4 = 1
$5 = {"a"}
$6 = {}
$7 = p
`,
		},
		{
			"update of several, by keys", "Post",
			func(w writing) []*Statement {
				s := Selector{
					Equal: []Value{{Field: w.fields("authorId")[0]}},
					Unique: []any{
						object{"id": "p"}, object{"authorId_title": object{"authorId": one, "title": "t"}}, object{"id": "q"},
					},
				}
				return []*Statement{w.known(Update(w.Model, w.changes(object{"views": object{"decrement": one}}), s, nil))}
			},
			`UPDATE "public"."Post" AS t SET "views" = t."views" - $1 WHERE t."author" = $2 AND ((t."author" = $3 AND t."title" = $4) OR t."id" = ANY ($5))
$1 = 1
$2 = NULL
$3 = 1
$4 = t
$5 = {"p","q"}
`,
		},
		{
			"update of all but some", "Category",
			func(w writing) []*Statement {
				s := Selector{Equal: w.values(object{"parentId": one}), Except: []any{object{"name": "a"}, object{"name": "b"}}}
				return []*Statement{w.known(Update(w.Model, w.changes(object{"parentId": object{"set": nil}}), s, nil))}
			},
			`UPDATE "public"."Category" AS t SET "parentId" = $1 WHERE t."parentId" = $2 AND NOT (t."name" = ANY ($3))
$1 = NULL
$2 = 1
$3 = {"a","b"}
`,
		},
		{
			"update of none", "Category",
			func(w writing) []*Statement {
				return []*Statement{w.known(Update(w.Model, w.changes(object{"name": object{"set": "n"}}), Selector{Unique: []any{}}, nil))}
			},
			`UPDATE "public"."Category" AS t SET "name" = $1 WHERE FALSE` + "\n$1 = n\n",
		},
		{
			"delete of all", "Category",
			func(w writing) []*Statement { return []*Statement{w.known(Delete(w.Model, Selector{}, nil))} },
			`DELETE FROM "public"."Category" AS t` + "\n",
		},
		{
			"delete by a filter over relations of what is joined", "Category",
			func(w writing) []*Statement {
				id := "p"
				s := Selector{
					Joined: &Joined{w.relation("posts").Inverse, &id},
					Where:  object{"parent": object{"is": object{"name": object{"equals": "root"}}}},
				}
				return []*Statement{w.known(Delete(w.Model, s, w.fields("id")))}
			},
			`DELETE FROM "public"."Category" AS t WHERE t."id" IN (SELECT "A" FROM "public"."_CategoryToPost" WHERE "B" = $1) AND EXISTS (SELECT 1 FROM "public"."Category" AS t0 WHERE t0."id" = t."parentId" AND t0."name" = $2) RETURNING t."id"
$1 = p
$2 = root
`,
		},
		{
			"find", "Line",
			func(w writing) []*Statement {
				s := Selector{Unique: []any{object{"article": object{"shop": "a", "number": one, "sku": "s"}}}}
				return []*Statement{w.known(Find(w.Model, s, w.fields("shop", "position")))}
			},
			`SELECT t."shop", t."position" FROM "public"."Line" AS t WHERE (t."shop" = $1 AND t."number" = $2 AND t."sku" = $3) LIMIT 1
$1 = a
$2 = 1
$3 = s
`,
		},
		{
			"join", "Post",
			func(w writing) []*Statement {
				id := "p"
				return []*Statement{w.known(Join(w.relation("categories"), &id, Selector{Unique: []any{object{"id": one}, object{"name": "n"}}}))}
			},
			`WITH other AS (SELECT t."id" AS id FROM "public"."Category" AS t WHERE (t."id" = $1 OR t."name" = $2)), joined AS (` +
				`INSERT INTO "public"."_CategoryToPost" ("B", "A") SELECT self."id", other.id FROM "public"."Post" AS self, other WHERE self."id" = $3 ON CONFLICT DO NOTHING` +
				`) SELECT count(*) FROM other
$1 = 1
$2 = n
$3 = p
`,
		},
		{
			"part from some", "User",
			func(w writing) []*Statement {
				id := "1"
				return []*Statement{w.known(Part(w.relation("following"), &id, Selector{Except: []any{object{"email": "e"}}}))}
			},
			`DELETE FROM "public"."_Follow" WHERE "B" = $1 AND "A" IN (SELECT t."id" FROM ` + users + ` AS t WHERE NOT (t."email" = $2))
$1 = 1
$2 = e
`,
		},
		{
			"part from all", "User",
			func(w writing) []*Statement {
				id := "1"
				return []*Statement{w.known(Part(w.relation("followers"), &id, Selector{}))}
			},
			`DELETE FROM "public"."_Follow" WHERE "A" = $1` + "\n$1 = 1\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m, _ := schema.Model(test.model)
			if diff := cmp.Diff(test.want, shown(test.made(writing{t, m}))); diff != "" {
				t.Errorf("statements (-want +got):\n%s", diff)
			}
		})
	}
}

// As many records go into one statement as it can have parameters for, and none is
// lost between two.
func TestInsertManyIsCut(t *testing.T) {
	t.Parallel()
	m, _ := prismatest.Schema(t, prismatest.Everything).Model("Order")
	for _, test := range []struct {
		name    string
		values  int
		records int
		want    []int
	}{
		{"by parameters", 3, 50_000, []int{21_845, 21_845, 6_310}},
		{"by rows", 0, 70_000, []int{65_535, 4_465}},
		{"not at all", 1, 65_535, []int{65_535}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			values := make([]Value, test.values)
			for i := range values {
				values[i].Field = m.Fields[i]
			}
			records := make([][]Value, test.records)
			for i := range records {
				records[i] = values
			}
			var got []int
			for _, s := range InsertMany(m, records, false) {
				if len(s.Args) > 65_535 || !s.Once {
					t.Errorf("a statement has %d parameters, Once is %v", len(s.Args), s.Once)
				}
				got = append(got, strings.Count(s.SQL, "), (")+1)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("records per statement (-want +got):\n%s", diff)
			}
		})
	}
}

func TestKeyOf(t *testing.T) {
	t.Parallel()
	schema := prismatest.Schema(t, prismatest.Everything)
	one := json.Number("1")
	for _, test := range []struct {
		name, model   string
		where, create object
		want          string
	}{
		{"a field", "User", object{"email": "e"}, object{"email": "e", "name": "n"}, "email"},
		{"another value", "User", object{"email": "e"}, object{"email": "f"}, ""},
		{"no value", "User", object{"id": one}, object{"email": "e"}, ""},
		{"null", "Optional", object{"int": one}, object{"int": nil}, ""},
		{"several fields", "Order", object{"place": object{"shop": "a", "number": one}}, object{"shop": "a", "number": one}, "place"},
		{"several fields of which one differs", "Order", object{"place": object{"shop": "a", "number": one}}, object{"shop": "b", "number": one}, ""},
		{"numbers that are written in two ways", "Scalar", object{"id": json.Number("1")}, object{"id": "01"}, "id"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m, _ := schema.Model(test.model)
			got := ""
			if key := KeyOf(m, test.where, writing{t, m}.values(test.create)); key != nil {
				got = key.Name
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
