package queryschema

import (
	"encoding/json"
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
)

// Whatever is asked is checked or refused, and the same way each time.
func FuzzCheck(f *testing.F) {
	schema := prismatest.Schema(f, prismatest.Everything)
	for _, query := range []string{
		`{ findManyUser(where: {OR: [{id: 1} {NOT: {posts: {some: {tags: {has: "x"}}}}}]} orderBy: [{name: {sort: desc nulls: last}}] take: -1) { id posts(take: 1) { id } _count { posts } } }`,
		`query ($v: X = {is: {id: 1}}) { findFirstPostOrThrow(where: {author: $v} cursor: {authorId_title: {authorId: 1 title: "t"}} distinct: id) { author { id } } }`,
		`{ aggregateUser { _count { _all } _avg { id } } g: groupByUser(by: role having: {id: {_sum: {gt: 1}}} orderBy: {_count: {id: asc}}) { role } }`,
		`mutation { createOneUser(data: {email: "e" settings: JsonNull posts: {create: [{title: "t"}] connectOrCreate: {where: {id: "1"} create: {title: "t" authorId: 1}}}}) { id } }`,
		`mutation { updateOneUser(where: {id: 1} data: {age: {increment: 1} manager: {disconnect: true upsert: {create: {email: "e"} update: {}}}}) { id } }`,
		`mutation { a: deleteManyUser(where: {score: 1e+0}) { count } b: queryRaw(query: "SELECT 1" parameters: "[]") }`,
	} {
		f.Add(query, `{"v": {"is": {"id": 2}}}`)
	}
	f.Fuzz(func(t *testing.T, query, given string) {
		var variables map[string]any
		if json.Unmarshal([]byte(given), &variables) != nil {
			variables = nil
		}
		once, err := checked(schema, query, variables)
		again, errAgain := checked(schema, query, variables)
		if once != again || (err == nil) != (errAgain == nil) || err != nil && err.Error() != errAgain.Error() {
			t.Errorf("%q came to %s, %v and then to %s, %v", query, once, err, again, errAgain)
		}
		if err != nil {
			refusal(t, once, err)
		}
	})
}

func BenchmarkCheckUnique(b *testing.B) {
	schema := prismatest.Schema(b, prismatest.Everything)
	doc := parsed(b, `query { findUniqueUser(where: { id: 1 }) { id email name } }`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Check(schema, doc); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheckNested(b *testing.B) {
	schema := prismatest.Schema(b, prismatest.Everything)
	doc := parsed(b, `query { findManyUser(where: { posts: { some: { published: true, OR: [{ title: { contains: "a" } }, { views: { gt: 10 } }] } } } orderBy: [{ id: desc }] take: 20) { id email posts(take: 10) { id title author { id } } _count { posts } } }`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Check(schema, doc); err != nil {
			b.Fatal(err)
		}
	}
}
