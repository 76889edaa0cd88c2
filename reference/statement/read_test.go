package statement

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

var update = flag.Bool("update", false, "write what TestStatements saw into its files in testdata")

const (
	goldenReads      = "testdata/reads.txt"
	goldenAggregates = "testdata/aggregates.txt"
)

// Every shape of a read and the whole of its statement. A paragraph of a file is a
// name, the query, the SQL and the bound values.
func TestStatements(t *testing.T) {
	t.Parallel()
	for _, golden := range []string{goldenReads, goldenAggregates} {
		t.Run(golden, func(t *testing.T) {
			t.Parallel()
			testStatements(t, golden)
		})
	}
}

func testStatements(t *testing.T, golden string) {
	t.Helper()
	text, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	schema := prismatest.Schema(t, prismatest.Everything)
	var got []string
	for _, paragraph := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
		name, query := queryOf(paragraph)
		seen := name + "\n" + query + "\n" + statementText(schema, query)
		got = append(got, seen)
		if *update {
			continue
		}
		t.Run(strings.TrimPrefix(name, "# "), func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(paragraph, seen); diff != "" {
				t.Errorf("statement (-want +got):\n%s", diff)
			}
		})
	}
	if *update {
		if err := os.WriteFile(golden, []byte(strings.Join(got, "\n\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// statementText is the statement of a query of one root field and, one a line, its
// arguments, or the error.
func statementText(schema *prisma.Schema, query string) string {
	doc, err := graphql.Parse(query, nil)
	if err != nil {
		return err.Error()
	}
	operations, err := queryschema.Check(schema, doc)
	if err != nil {
		return err.Error()
	}
	s, err := Of(operations[0])
	if err != nil {
		return err.Error()
	}
	text := s.SQL
	for i, arg := range s.Args {
		value := "NULL"
		if arg != nil {
			value = *arg
		}
		text += fmt.Sprintf("\n$%d = %s", i+1, value)
	}
	return text
}

func queryOf(paragraph string) (name, query string) {
	name, rest, _ := strings.Cut(paragraph, "\n")
	query, _, _ = strings.Cut(rest, "\n")
	return name, query
}

// Whatever is asked makes a statement or is refused, the same way each time, and what
// is in the text is of the schema.
func FuzzOf(f *testing.F) {
	for _, golden := range []string{goldenReads, goldenAggregates} {
		text, err := os.ReadFile(golden)
		if err != nil {
			f.Fatal(err)
		}
		for _, paragraph := range strings.Split(string(text), "\n\n") {
			_, query := queryOf(paragraph)
			f.Add(query)
		}
	}
	f.Add(`mutation { createOneToken(data: {value: "x"}) { value } }`)
	schema := prismatest.Schema(f, prismatest.Everything)
	f.Fuzz(func(t *testing.T, query string) {
		once := statementText(schema, query)
		if again := statementText(schema, query); once != again {
			t.Errorf("%q made %s and then %s", query, once, again)
		}
	})
}

// What costs Postgres more to plan than any answer is worth.
func TestReadsAreBounded(t *testing.T) {
	t.Parallel()
	schema := prismatest.Schema(t, prismatest.Everything)
	wide := func(n int) string { return strings.Repeat(`{posts: {some: {title: "x"}}} `, n) }
	deep := func(n int) string {
		return `{ findManyUser(where: ` + strings.Repeat(`{manager: {is: `, n) + `{id: 1}` + strings.Repeat(`}}`, n) + `) { id } }`
	}
	const many, tooDeep = "filters and orders lead over more than 50 relations", "filters and orders lead over relations of relations, more than 10 deep"
	for _, test := range []struct{ name, query, want string }{
		{"filters", `{ findManyUser(where: {OR: [` + wide(50) + `]}) { id } }`, ""},
		{"too many filters", `{ findManyUser(where: {OR: [` + wide(51) + `]}) { id } }`, "posts: " + many},
		{"too many in filters of two lists", `{ findManyUser(where: {OR: [` + wide(30) + `]}) { posts(where: {author: {is: {OR: [` + wide(20) + `]}}}) { id } } }`, "posts: " + many},
		{"too many orders", `{ findManyUser(orderBy: [` + strings.Repeat(`{manager: {name: asc}} `, 51) + `]) { id } }`, "manager: " + many},
		{"too many orders by count", `{ findManyUser(orderBy: [` + strings.Repeat(`{posts: {_count: asc}} `, 51) + `]) { id } }`, "posts: " + many},
		{"deep", deep(10), ""},
		{"too deep", deep(11), "manager: " + tooDeep},
		{"too deep an order", `{ findManyUser(orderBy: ` + strings.Repeat(`{manager: `, 11) + `{id: asc}` + strings.Repeat(`}`, 11) + `) { id } }`, "manager: " + tooDeep},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := statementText(schema, test.query)
			if test.want != "" && text != "Invalid query at "+test.want || test.want == "" && !strings.HasPrefix(text, "SELECT") {
				t.Errorf("got %.300s", text)
			}
		})
	}
}
