package graphql

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// The forms Prisma Client 4 writes: no commas, bare enums, floats with exponents,
// integers beyond 2^53, JSON escapes.
func TestParseDocument(t *testing.T) {
	t.Parallel()
	doc, err := Parse("query {\n  all: findManyUser(\n    where: {\n      OR: [\n        {\n          id: {\n            in: [1, -2]\n          }\n        },\n"+
		"        {\n\n        }\n      ]\n      big: 9007199254740993\n      f: 1e+21\n      role: ADMIN\n      s: \"\\u00e9\\u0001 \\\"q\\\" \\\\ \\t\"\n"+
		"      yes: true\n      no: null\n    }\n    take: -2\n  ) {\n    id\n    mail: email\n  }\n}", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := &Document{
		Operation: ast.Query,
		Fields: []*Field{{
			Key: "all", Name: "findManyUser",
			Arguments: Object{
				{"where", Object{
					{"OR", []any{
						Object{{"id", Object{{"in", []any{json.Number("1"), json.Number("-2")}, 7, 13}}, 6, 11}},
						Object{},
					}, 4, 7},
					{"big", json.Number("9007199254740993"), 14, 7},
					{"f", json.Number("1e+21"), 15, 7},
					{"role", prisma.Symbol("ADMIN"), 16, 7},
					{"s", "é\x01 \"q\" \\ \t", 17, 7},
					{"yes", true, 18, 7},
					{"no", nil, 19, 7},
				}, 3, 5},
				{"take", json.Number("-2"), 21, 5},
			},
			Selection: []*Field{
				{Key: "id", Name: "id", Arguments: Object{}, Line: 23, Column: 5},
				{Key: "mail", Name: "email", Arguments: Object{}, Line: 24, Column: 5},
			},
			Line: 2, Column: 3,
		}},
	}
	if diff := cmp.Diff(want, doc); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	const declared = "query ($id: Int! $name: String $take: Int = 5 $list: [Int!]) "
	for _, test := range []struct {
		name      string
		query     string
		variables map[string]any
		want      map[string]any
	}{
		{
			"in every place", declared + "{ findManyUser(where: {id: $id AND: [{id: {in: [$id, 2]}}]} take: $take) { id } }",
			map[string]any{"id": json.Number("1"), "take": json.Number("7")},
			map[string]any{
				"where": map[string]any{"id": json.Number("1"), "AND": []any{map[string]any{"id": map[string]any{"in": []any{json.Number("1"), json.Number("2")}}}}},
				"take":  json.Number("7"),
			},
		},
		{
			"left out: the default, or as if not written", declared + "{ findManyUser(where: {id: $id name: $name} skip: $list take: $take) { id } }",
			map[string]any{"id": json.Number("1")},
			map[string]any{"where": map[string]any{"id": json.Number("1")}, "take": json.Number("5")},
		},
		{
			"left out of a list: null", declared + "{ findManyUser(where: {name: {in: [$name]}}) { id } }",
			map[string]any{"id": json.Number("1")},
			map[string]any{"where": map[string]any{"name": map[string]any{"in": []any{nil}}}},
		},
		{
			"null is a value", declared + "{ findManyUser(where: {name: $name}) { id } }",
			map[string]any{"id": json.Number("1"), "name": nil},
			map[string]any{"where": map[string]any{"name": nil}},
		},
		{
			"a whole argument", "query ($where: UserWhereInput) { findManyUser(where: $where) { id } }",
			map[string]any{"where": map[string]any{"id": json.Number("1")}, "unused": true},
			map[string]any{"where": map[string]any{"id": json.Number("1")}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			doc, err := Parse(test.query, test.variables)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, members(doc.Fields[0].Arguments)); diff != "" {
				t.Errorf("arguments (-want +got):\n%s", diff)
			}
		})
	}
}

// members are those of objects without their order and places.
func members(value any) any {
	switch v := value.(type) {
	case Object:
		all := map[string]any{}
		for _, m := range v {
			all[m.Name] = members(m.Value)
		}
		return all
	case []any:
		for i := range v {
			v[i] = members(v[i])
		}
	}
	return value
}

func TestParseDocumentRefuses(t *testing.T) {
	t.Parallel()
	refuses(t, []refused{
		{"nothing", "", "P2009 1:1: expected one query or mutation, found 0 operations"},
		{"syntax", "query {\n  findManyUser(where: {id: }) { id }\n}", "P2009 2:28: GraphQL syntax: Unexpected }"},
		{"end too soon", "{ findManyUser {", "P2009 1:17: GraphQL syntax: Expected Name, found <EOF>"},
		{"string without an end", `{ findManyUser(where: {email: "a) { id } }`, "P2009 1:43: GraphQL syntax: Unterminated string."},
		{"escape that is none", `{ findManyUser(where: {email: "\q"}) { id } }`, `P2009 1:33: GraphQL syntax: Invalid character escape sequence: \q.`},
		{"character that is none", "{ findManyUser(take: 1) ? }", `P2009 1:25: GraphQL syntax: Cannot parse the unexpected character "?".`},
		{"two operations", "query a { x } query b { y }", "P2009 1:1: expected one query or mutation, found 2 operations"},
		{"fragment", "{ findManyUser { ...f } } fragment f on User { id }", "P2009 1:27: fragments are not supported"},
		{"inline fragment", "{ findManyUser { ... on User { id } } }", "P2009 1:22: fragments are not supported"},
		{"fragment at the root", "{ ...f }", "P2009 1:6: fragments are not supported"},
		{"subscription", "subscription { findManyUser { id } }", "P2009 1:1: subscriptions are not supported: expected a query or a mutation"},
		{"directive on the operation", "query @live { findManyUser { id } }", "P2009 1:8: directives are not supported"},
		{"directive on a field", "{ findManyUser { id @skip(if: true) } }", "P2009 1:22: directives are not supported"},
		{"selections too deep", strings.Repeat("{ a ", 33) + strings.Repeat("}", 33), "P2009 1:131: selections nest deeper than 32"},
		{"argument twice", "{ findManyUser(take: 1 take: 2) { id } }", `P2009 1:24: "take" is given twice`},
		{"member twice", "{ findManyUser(where: {id: 1 id: 2}) { id } }", `P2009 1:30: "id" is given twice`},
		{"undeclared variable", "{ findManyUser(take: $n) { id } }", `P2009 1:22: variable $n is not declared`},
		{"variable without a value", "query ($n: Int!) { findManyUser(take: $n) { id } }", `P2009 1:8: variable $n of type Int! has no value`},
		{"half of a pair", `{ findManyUser(where: {name: "\ud83d x"}) { id } }`, `P2009 1:31: expected text, found an escape that is half of a surrogate pair`},
		{"the other half", `query ($n: String = "\uDE00") { findManyUser(where: {name: $n}) { id } }`, `P2009 1:22: expected text, found an escape that is half of a surrogate pair`},
		{"variable twice", "query ($n: Int $n: Int) { findManyUser(take: $n) { id } }", `P2009 1:16: variable $n is declared twice`},
		{"a long name that is no document", strings.Repeat("x", 1000), `P2009 1:1: GraphQL syntax: Unexpected Name "` + strings.Repeat("x", 43) + `...`},
		{"a long type without a value", "query ($" + strings.Repeat("n", 1000) + ": " + strings.Repeat("T", 1000) + "!) { a }", "P2009 1:8: variable $" + strings.Repeat("n", 60) + "... of type " + strings.Repeat("T", 60) + "... has no value"},
		{"too many root fields", "{" + strings.Join(strings.Split("abcdefghijklmnopqrstu", ""), " ") + "}", "P2009 1:1: expected at most 20 root fields, found 21"},
		{"too many tokens", "{ findManyUser(where: {id: {in: [" + strings.Repeat("1 ", maxTokens) + "]}}) { id } }", "P2009 1:1: GraphQL syntax: exceeded token limit of 100000"},
		{"too deep", "{ findManyUser(where: " + strings.Repeat("[", 2000), "P2009 1:1022: GraphQL syntax: exceeded maximum nesting depth of 1000"},
	})
}

// As deep as selections may nest, they are read.
func TestParseDeepDocument(t *testing.T) {
	t.Parallel()
	doc, err := Parse(strings.Repeat("{ a ", maxDepth)+strings.Repeat("}", maxDepth), nil)
	if err != nil {
		t.Fatal(err)
	}
	depth := 0
	for fields := doc.Fields; len(fields) > 0; fields = fields[0].Selection {
		depth++
	}
	if depth != maxDepth {
		t.Errorf("%d levels, expected %d", depth, maxDepth)
	}
}

// refused is a document that is not taken, and the refusal.
type refused struct{ name, query, want string }

func refuses(t *testing.T, tests []refused) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(test.query, nil)
			if got := refusal(t, err); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// refusal is the code, the place and the reason of an error.
func refusal(t *testing.T, err error) string {
	t.Helper()
	var e *prisma.Error
	if !errors.As(err, &e) {
		t.Fatalf("found %v, expected a query's error", err)
	}
	return fmt.Sprintf("%s %s: %s", e.Code, e.Meta["query_position"], e.Meta["query_validation_error"])
}

// Documents that ask for the same are the same in canonical form, and others are not.
func TestCanonical(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, query string
		variables   map[string]any
		want        string
	}{
		{"spelling", "query Named { # first\n findManyUser ( take : -2 , where : { } ) { id, email } }", nil, `query{findManyUser(take:-2 where:{}){id email}}`},
		{"the order of members", `{ findManyUser(where: {b: {d: 1 c: 2} a: [{f: 1 e: 2}]}) { id } }`, nil, `query{findManyUser(where:{a:[{e:2 f:1}] b:{c:2 d:1}}){id}}`},
		{"the order of what is written", `mutation { updateOneUser(where: {id: 1} data: {b: 1 a: 2}) { id } }`, nil, `mutation{updateOneUser(where:{id:1} data:{b:1 a:2}){id}}`},
		{"the order of fields, and their names", `{ a: findFirstUser { name b: id } }`, nil, `query{a:findFirstUser{name b:id}}`},
		{"a variable", `query ($w: X, $n: Int = 3, $none: Int) { findManyUser(where: $w, take: $n, skip: $none) { id } }`, map[string]any{"w": map[string]any{"b": json.Number("1"), "a": nil}}, `query{findManyUser(take:3 where:{a:null b:1}){id}}`},
		{"numbers", `{ a(n: [1 -0 1.0 1e0 10e-1 0.10E+1 -1.50 0.0 100e2 9007199254740993 1e99999999999999999999]) }`, nil, `query{a(n:[1 -0 1e0 1e0 1e0 1e0 -15e-1 0e0 1e4 9007199254740993 1e99999999999999999999])}`},
		{"strings", `{ a(s: ["\u00e9" "é" "\n" """x""" "a\"b\\c\u0000" name true null]) }`, nil, `query{a(s:["é" "é" "\u000a" "x" "a\"b\\c\u0000" name true null])}`},
		{"names that a variable may have", `query ($w: X) { a(w: $w) }`, map[string]any{"w": map[string]any{"a b": true, "": false, `"}`: "x"}}, `query{a(w:{"":false "\"}":"x" "a b":true})}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			doc, err := Parse(test.query, test.variables)
			if err != nil {
				t.Fatal(err)
			}
			got, err := doc.Canonical()
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// A variable that is used again and again does not make more of a request than there
// may be: a few megabytes of it would be terabytes.
func TestCanonicalIsBounded(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]any{
		"text":      strings.Repeat("x", MaxCanonical/10),
		"a list":    slices.Repeat([]any{json.Number("1")}, MaxCanonical/10),
		"an object": map[string]any{"a": strings.Repeat("x", MaxCanonical/10)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			query := func(n int) string {
				return "query ($v: X) { a(" + strings.Repeat("b: {", 20) + "c: [" + strings.Repeat("$v ", n) + "]" + strings.Repeat("}", 20) + ") }"
			}
			doc, err := Parse(query(2), map[string]any{"v": value})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := doc.Canonical(); err != nil {
				t.Errorf("used twice: %v", err)
			}
			if doc, err = Parse(query(20_000), map[string]any{"v": value}); err != nil {
				t.Fatal(err)
			}
			_, err = doc.Canonical()
			const want = "P2009 1:1: the document with its variables filled in is longer than 8 MiB: use a large variable once"
			if got := refusal(t, err); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// Whatever is sent is read or refused.
func FuzzParse(f *testing.F) {
	f.Add("query ($id: Int! = 1) { a: findManyUser(where: {id: {in: [$id 2]}} orderBy: {id: desc}) { id posts(take: -1) { id } } }")
	f.Add("mutation { createOneUser(data: {s: \"\\u00e9\" j: JsonNull f: 1e+21}) { id } }")
	f.Fuzz(func(t *testing.T, query string) {
		doc, err := Parse(query, nil)
		if (doc == nil) == (err == nil) {
			t.Errorf("%q: %v, %v", query, doc, err)
		}
		if err != nil {
			return
		}
		once, err := doc.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		// The canonical form is a document that asks for the same.
		again, err := Parse(string(once), nil)
		if err != nil {
			t.Fatalf("%q is in canonical form %q: %v", query, once, err)
		}
		if twice, _ := again.Canonical(); string(twice) != string(once) {
			t.Errorf("%q is in canonical form %q, and that is %q", query, once, twice)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	const query = "query {\n  findUniqueUser(where: {\n    id: 1\n  }) {\n    id\n    email\n    name\n  }\n}"
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(query, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCanonical(b *testing.B) {
	doc, err := Parse("query {\n  findUniqueUser(where: {\n    id: 1\n  }) {\n    id\n    email\n    name\n  }\n}", nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := doc.Canonical(); err != nil {
			b.Fatal(err)
		}
	}
}

// Escapes that are whole stand for what they say, U+FFFD too.
func TestParseEscapes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{`"\ud83d\ude00"`: "😀", `"\uFFFD"`: "\ufffd", `"\ufffd"`: "\ufffd", "\"\ufffd\"": "\ufffd", `"\\ud83d"`: `\ud83d`, `"""\ud83d"""`: `\ud83d`} {
		document, err := Parse("{ a(b: "+text+") }", nil)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := document.Fields[0].Arguments[0].Value; got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}
