package main

import (
	"fmt"
	"math/rand/v2"
)

// contender is a server that is asked a question in a case.
type contender struct {
	name  string
	start starter
	// path is where it is asked, and question the body for it.
	path     string
	question func(*rand.Rand) string
	// answers is a text that its answer to a question must have, which is told of
	// one that does something else.
	answers string
	// pgbench, where given, is a script for that in place of a server.
	pgbench string
}

// measured is one case; the first contender is the yardstick.
type measured struct {
	name       string
	contenders []contender
}

const graphQL = "/2024/bench/graphql"

func (b *bench) cases() []measured {
	return []measured{b.hits(), b.findUnique(), b.nested()}
}

// fixed is one question, asked again and again.
func fixed(body string) func(*rand.Rand) string { return func(*rand.Rand) string { return body } }

const oneUser = `query ($id: Int!) { findUniqueUser(where: {id: $id}) { id email name } }`

func (b *bench) hits() measured {
	id := b.sizes.parents/2 + 1
	asked := fmt.Sprintf(`{"query":%q,"variables":{"id":%d}`, oneUser, id)
	email := fmt.Sprintf(`user%d@example.com`, id)
	with := func(strategy string) string { return asked + `,"extensions":{"cacheStrategy":` + strategy + `}}` }
	ours := func(name, strategy string) contender {
		return contender{name: name, start: b.ours, path: graphQL, answers: email, question: fixed(with(strategy))}
	}
	const ttl = `{"ttl":3600}`
	return measured{"an answer from the cache", []contender{
		{name: "net/http: the same bytes and headers each time", start: b.sameAs(with(ttl)), path: "/same", answers: email, question: fixed(with(ttl))},
		{name: "net/http: the row alone, looked up by the SHA-256 of the body", start: b.yardstick, path: "/cache", answers: email, question: fixed(with(ttl))},
		ours("arazzo reference, ttl", ttl),
		ours("arazzo reference, ttl and a tag", `{"ttl":3600,"tags":["users"]}`),
		ours("arazzo reference, a second of ttl, then swr", `{"ttl":1,"swr":3600}`),
		ours("arazzo reference, swr alone", `{"swr":3600}`),
	}}
}

func (b *bench) findUnique() measured {
	withVariable := func(r *rand.Rand) string {
		return fmt.Sprintf(`{"query":%q,"variables":{"id":%d}}`, oneUser, b.randomParent(r))
	}
	list := []contender{
		{name: "net/http and pgx", start: b.yardstick, path: "/one", question: withVariable, answers: "@example.com"},
		{name: "pgbench, prepared", pgbench: fmt.Sprintf("\\set id random(1, %d)\nSELECT id, email, name FROM users WHERE id = :id;\n", b.sizes.parents)},
		{name: "arazzo reference, a variable", start: b.ours, path: graphQL, question: withVariable, answers: "@example.com"},
		{name: "arazzo reference, as Prisma Client 4 writes it", start: b.ours, path: graphQL, answers: "@example.com", question: func(r *rand.Rand) string {
			return fmt.Sprintf(`{"query":"query {\n  findUniqueUser(where: {\n    id: %d\n  }) {\n    id\n    email\n    name\n  }\n}","variables":{}}`, b.randomParent(r))
		}},
	}
	if b.peer != nil {
		list = append(list, contender{name: "PostGraphile", start: b.peer.start, path: "/graphql", answers: "@example.com", question: func(r *rand.Rand) string {
			return fmt.Sprintf(`{"query":"query U($id: Int!) { userByRowId(rowId: $id) { rowId email name } }","variables":{"id":%d}}`, b.randomParent(r))
		}})
	}
	return measured{"findUnique by primary key", list}
}

func (b *bench) nested() measured {
	page := b.page()
	list := []contender{
		{name: "net/http and pgx, json_agg by hand", start: b.yardstick, path: "/nested", answers: "Post 1 of", question: func(r *rand.Rand) string {
			return fmt.Sprintf(`{"variables":{"id":%d,"take":%d}}`, b.beforePage(r), page)
		}},
		{name: "pgbench, prepared", pgbench: fmt.Sprintf("\\set id random(0, %d)\n%s;\n", b.sizes.parents-page-1, nestedSQL(":id", fmt.Sprint(page)))},
		{name: "arazzo reference", start: b.ours, path: graphQL, answers: "Post 1 of", question: func(r *rand.Rand) string {
			return fmt.Sprintf(`{"query":"query ($id: Int!) { findManyUser(where: {id: {gt: $id}} orderBy: {id: asc} take: %d) { id email name posts(orderBy: {id: asc}) { id title } } }","variables":{"id":%d}}`, page, b.beforePage(r))
		}},
	}
	if b.peer != nil {
		list = append(list, contender{name: "PostGraphile", start: b.peer.start, path: "/graphql", answers: "Post 1 of", question: func(r *rand.Rand) string {
			return fmt.Sprintf(`{"query":"query L($id: Int!) { allUsers(first: %d, offset: $id) { nodes { rowId email name postsByUserId { nodes { rowId title } } } } }","variables":{"id":%d}}`, page, r.IntN(100))
		}})
	}
	return measured{fmt.Sprintf("%d parents with their %d children", page, b.sizes.children), list}
}
