package graphql

import (
	"strconv"
	"strings"
	"testing"
)

// What is asked for twice is one field, with all that is selected of it, where the first
// of them stands.
func TestMerge(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, query, want string }{
		{"a scalar", `{ findManyUser { id name id } }`, `query{findManyUser{id name}}`},
		{"an alias that is the name", `{ findManyUser { id id: id } }`, `query{findManyUser{id}}`},
		{"one field by two names", `{ findManyUser { id x: id } }`, `query{findManyUser{id x:id}}`},
		{"by one alias", `{ findManyUser { x: id name x: id } }`, `query{findManyUser{x:id name}}`},
		{"selections", `{ findManyUser { posts { id } name posts { title id } } }`, `query{findManyUser{posts{id title} name}}`},
		{"selections of selections", `{ a { b { c { d } } b { c { e } } } a { b { c { d f } g } } }`, `query{a{b{c{d e f} g}}}`},
		{"root fields", `{ findManyUser { id } findManyPost { id } findManyUser { name } }`, `query{findManyUser{id name} findManyPost{id}}`},
		{"root fields of a mutation", `mutation { createOneUser(data: {b: 1 a: 2}) { id } createOneUser(data: {b: 1 a: 2}) { name } }`, `mutation{createOneUser(data:{b:1 a:2}){id name}}`},
		{"more root fields than there may be, of one name", "{" + strings.Repeat(" a", 21) + "}", `query{a}`},
		{"arguments in another order", `{ a { b(take: 1 where: {x: [1 {y: A z: null}] w: true}) { c } b(where: {w: true x: [1 {z: null y: A}]} take: 1) { d } } }`, `query{a{b(take:1 where:{w:true x:[1 {y:A z:null}]}){c d}}}`},
		{"a text written otherwise", `{ a { b(s: "é") b(s: "\u00e9") b(s: """é""") } }`, `query{a{b(s:"é")}}`},
		{"a variable", `query ($n: Int = 2 $none: Int) { a { b(n: $n m: [$none] o: $none) b(o: $none n: $n m: [$none]) } }`, `query{a{b(m:[null] n:2)}}`},
		{"the same field under other fields is another", `{ a { x { id } y { id } } }`, `query{a{x{id} y{id}}}`},
		{"behind more names than are looked through", "{ a {" + manyNames(40) + manyNames(40) + " } }", "query{a{" + strings.TrimSpace(manyNames(40)) + "}}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			doc, err := Parse(test.query, nil)
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

// manyNames are so many fields of different names.
func manyNames(n int) string {
	var text strings.Builder
	for i := range n {
		text.WriteString(" f" + strconv.Itoa(i))
	}
	return text.String()
}

// What is to be called the same and is not the same is refused, however deep it stands.
func TestMergeRefuses(t *testing.T) {
	t.Parallel()
	const arguments = `P2009 1:%s: "b" is asked for twice, with other arguments at line 1, column 7 than here; give one of them an alias, or both the same`
	other := func(column string) string { return strings.Replace(arguments, "%s", column, 1) }
	refuses(t, []refused{
		{"another field", "{ a {\n x: id\n x: name } }", `P2009 3:2: "x" is asked for twice: as id at line 2, column 2, and as name here; give one of them another alias`},
		{"an alias that is another's name", `{ a { id id: name } }`, `P2009 1:10: "id" is asked for twice: as id at line 1, column 7, and as name here; give one of them another alias`},
		{"another root field", `{ a: findManyUser { id } a: findManyPost { id } }`, `P2009 1:26: "a" is asked for twice: as findManyUser at line 1, column 3, and as findManyPost here; give one of them another alias`},
		{"in selections that are put together", `{ a { b { x: c } b { x: d } } }`, `P2009 1:22: "x" is asked for twice: as c at line 1, column 11, and as d here; give one of them another alias`},
		{"a third one", `{ a { x: b x: b x: c } }`, `P2009 1:17: "x" is asked for twice: as b at line 1, column 7, and as c here; give one of them another alias`},
		{"another value", `{ a { b(n: 1) b(n: 2) } }`, other("15")},
		{"an argument less", `{ a { b(n: 1) b } }`, other("15")},
		{"an argument more", `{ a { b b(n: 1) } }`, other("9")},
		{"another argument", `{ a { b(n: 1) b(m: 1) } }`, other("15")},
		{"a number written otherwise", `{ a { b(n: 1) b(n: 1.0) } }`, other("15")},
		{"a text that is a name", `{ a { b(n: "A") b(n: A) } }`, other("17")},
		{"null and nothing", `{ a { b(n: null) b } }`, other("18")},
		{"another member", `{ a { b(n: {x: 1 y: 2}) b(n: {x: 1 z: 2}) } }`, other("25")},
		{"a list in another order", `{ a { b(n: [1 2]) b(n: [2 1]) } }`, other("19")},
		{"a variable and its value", `query($n: Int = 1) { a(n: $n) a(n: 1) }`, `P2009 1:31: "a" is asked for twice, with other arguments at line 1, column 22 than here; give one of them an alias, or both the same`},
		{"another variable of the same value", `query($n: Int = 1 $m: Int = 1) { a(n: $n) a(n: $m) }`, `P2009 1:43: "a" is asked for twice, with other arguments at line 1, column 34 than here; give one of them an alias, or both the same`},
		{"nothing selected of one", `{ a { b b { c } } }`, `P2009 1:9: "b" is asked for twice, at line 1, column 7 and here, and only one of the two has a selection`},
		{"nothing selected of the other", `{ a { b { c } b } }`, `P2009 1:15: "b" is asked for twice, at line 1, column 7 and here, and only one of the two has a selection`},
		{"an argument twice in both", `{ a(n: 1 n: 1) a(n: 1 n: 1) }`, `P2009 1:10: "n" is given twice`},
		{"a directive on the second", `{ a { b b @skip(if: true) } }`, `P2009 1:12: directives are not supported`},
		{"long names", "{ " + strings.Repeat("x", 1000) + ": " + strings.Repeat("y", 1000) + " " + strings.Repeat("x", 1000) + " }", `P2009 1:2006: "` + strings.Repeat("x", 60) + `..." is asked for twice: as ` + strings.Repeat("y", 60) + `... at line 1, column 3, and as ` + strings.Repeat("x", 60) + `... here; give one of them another alias`},
	})
}

// As many fields as a document has room for are put together: each is looked at once,
// and its arguments are compared once.
func TestMergeMany(t *testing.T) {
	t.Parallel()
	large := "n: [" + strings.Repeat("1 ", 20_000) + "]"
	for name, query := range map[string]string{
		"of one name":             "{ a {" + strings.Repeat(" id", 90_000) + " } }",
		"of many names":           "{ a {" + strings.Repeat(manyNames(1000), 90) + " } }",
		"with selections":         "{ a {" + strings.Repeat(" b { c { d } }", 11_000) + " } }",
		"deep":                    "{" + strings.Repeat(strings.Repeat(" a {", 20)+" b"+strings.Repeat(" }", 20), 1500) + " }",
		"a large one, many times": "{" + strings.Repeat(" a("+large+") { b }", 4) + " }",
		"with arguments":          "{ a {" + strings.Repeat(" b(x: {y: [1 {z: $n}]})", 5_000) + " } }",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Parse("query ($n: Int) "+query, nil); err != nil {
				t.Error(err)
			}
		})
	}
}
