package statement

import (
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// What a statement costs to make, beside the query's own reading.
func BenchmarkOf(b *testing.B) {
	schema := prismatest.Schema(b, prismatest.Everything)
	for _, bench := range []struct{ name, query string }{
		{"record", `{ findUniqueUser(where: {id: 1}) { id email name createdAt } }`},
		{"nested", `{ findManyUser(take: 20 orderBy: {id: asc}) { id name posts(take: 10 orderBy: {id: asc}) { id title } } }`},
		{"filters", `{ findManyPost(where: {OR: [{title: {contains: "x" mode: insensitive}} {author: {is: {email: "a"}}} {tags: {has: "a"}}] published: true views: {gt: 1 lt: 9}} take: 5) { id } }`},
	} {
		doc, err := graphql.Parse(bench.query, nil)
		if err != nil {
			b.Fatal(err)
		}
		operations, err := queryschema.Check(schema, doc)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Of(operations[0]); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(bench.name+"/parse and check", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				doc, _ := graphql.Parse(bench.query, nil)
				if _, err := queryschema.Check(schema, doc); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
