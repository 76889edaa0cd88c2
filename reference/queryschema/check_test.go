package queryschema

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
)

// checked is what the tests compare: an operation a line, in the normal form.
func checked(schema *prisma.Schema, query string, variables map[string]any) (string, error) {
	doc, err := graphql.Parse(query, variables)
	if err != nil {
		return "", err
	}
	operations, err := Check(schema, doc)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, o := range operations {
		line := string(o.Action)
		if o.OrThrow {
			line += " or throw"
		}
		if o.Model != nil {
			line += " " + o.Model.Name
		}
		lines = append(lines, line+shownArguments(o.Arguments)+selectionText(o.Selection))
	}
	return strings.Join(lines, "\n"), nil
}

// shownValue writes a value of the normal form: maps in the order of their names.
func shownValue(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case string:
		return strconv.Quote(v)
	case json.Number, prisma.Symbol, bool:
		return fmt.Sprint(v)
	case []any:
		texts := make([]string, len(v))
		for i, element := range v {
			texts[i] = shownValue(element)
		}
		return "[" + strings.Join(texts, " ") + "]"
	case map[string]any:
		return "{" + memberText(v) + "}"
	case *Record:
		text := memberText(v.Values)
		for _, w := range v.Writes {
			text += "; " + w.Relation.Name
			for _, n := range w.Operations {
				text += " " + n.Name + " " + shownValue(n.Value)
			}
		}
		return "<" + text + ">"
	}
	return fmt.Sprintf("%T?", value)
}

func memberText(values map[string]any) string {
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		texts = append(texts, name+": "+shownValue(values[name]))
	}
	return strings.Join(texts, ", ")
}

func shownArguments(arguments map[string]any) string {
	if len(arguments) == 0 {
		return ""
	}
	return "(" + memberText(arguments) + ")"
}

func selectionText(selection []*Selected) string {
	if len(selection) == 0 {
		return ""
	}
	var texts []string
	for _, s := range selection {
		text := s.Name
		if s.Key != s.Name {
			text = s.Key + "=" + text
		}
		switch {
		case s.Field != nil:
			text += "." // It is a field.
		case s.Relation != nil:
			text += ">"
		}
		texts = append(texts, text+shownArguments(s.Arguments)+selectionText(s.Selection))
	}
	return " { " + strings.Join(texts, " ") + " }"
}

func TestCheck(t *testing.T) {
	t.Parallel()
	checks(t, []reading{
		{"unique by a field", `{ findUniqueUser(where: {id: 1}) { id email } }`, `findUnique User(where: {id: 1}) { id. email. }`},
		{"unique by a key of several, or throw", `{ findUniqueOrderOrThrow(where: {place: {shop: "s" number: 1}}) { shop } }`, `findUnique or throw Order(where: {place: {number: 1, shop: "s"}}) { shop. }`},
		{"unique by a key without a name", `{ findUniqueLike(where: {userId_postId: {postId: "p" userId: 1}}) { weight } }`, `findUnique Like(where: {userId_postId: {postId: "p", userId: 1}}) { weight. }`},
		{"first, and first or throw", `{ a: findFirstUser { id } b: findFirstUserOrThrow(take: -1) { id } }`, `findFirst User { id. }
findFirst or throw User(take: -1) { id. }`},
		{"values that are equal", `{ findManyUser(where: {id: 1 name: null role: ADMIN email: {equals: "a"}}) { id } }`, `findMany User(where: {email: {equals: "a"}, id: {equals: 1}, name: {equals: null}, role: {equals: ADMIN}}) { id. }`},
		{"a relation to one", `{ findManyPost(where: {author: {id: 1} reviewer: null}) { id } }`, `findMany Post(where: {author: {is: {id: {equals: 1}}}, reviewer: {is: null}}) { id. }`},
		{"a relation to one in full", `{ findManyPost(where: {author: {is: {id: 1}} reviewer: {isNot: null}}) { id } }`, `findMany Post(where: {author: {is: {id: {equals: 1}}}, reviewer: {isNot: null}}) { id. }`},
		{"a relation to many", `{ findManyUser(where: {posts: {some: {published: true} none: {} every: {views: {gt: 1}}}}) { id } }`, `findMany User(where: {posts: {every: {views: {gt: 1}}, none: {}, some: {published: {equals: true}}}}) { id. }`},
		{"combinations of one and of many", `{ findManyUser(where: {AND: {id: 1} OR: [{id: 2} {}] NOT: [{id: 3}]}) { id } }`, `findMany User(where: {AND: [{id: {equals: 1}}], NOT: [{id: {equals: 3}}], OR: [{id: {equals: 2}} {}]}) { id. }`},
		{"membership of one, of many and of null", `{ findManyUser(where: {id: {in: 1 notIn: [2 3]} name: {in: null}}) { id } }`, `findMany User(where: {id: {in: [1], notIn: [2 3]}, name: {in: null}}) { id. }`},
		{"not", `{ findManyUser(where: {id: {not: 1} name: {not: null} age: {not: {gt: 1 not: 2}}}) { id } }`, `findMany User(where: {age: {not: {gt: 1, not: 2}}, id: {not: 1}, name: {not: null}}) { id. }`},
		{"text, in any case", `{ findManyUser(where: {email: {contains: "a" mode: insensitive}}) { id } }`, `findMany User(where: {email: {contains: "a", mode: insensitive}}) { id. }`},
		{"Json", `{ findManyUser(where: {settings: {path: ["a"] equals: "1" not: DbNull array_contains: null}}) { id } }`, `findMany User(where: {settings: {array_contains: null, equals: "1", not: DbNull, path: ["a"]}}) { id. }`},
		{"many filters of which one has to hold", `{ findManyUser(where: {NOT: [` + strings.Repeat("{posts: {some: {}}} ", 30) + `]}) { id } }`, `findMany User(where: {NOT: [` + strings.Repeat("{posts: {some: {}}} ", 29) + `{posts: {some: {}}}]}) { id. }`},
		{"lists", `{ findManyPost(where: {tags: {has: "a"} moods: {hasSome: [SAD]} AND: [{tags: {isEmpty: true}} {tags: {equals: null}}]}) { id } }`, `findMany Post(where: {AND: [{tags: {isEmpty: true}} {tags: {equals: null}}], moods: {hasSome: [SAD]}, tags: {has: "a"}}) { id. }`},
		{"enums as strings", `{ findManyUser(where: {role: "ADMIN"} distinct: "role" orderBy: {id: "desc"}) { id } }`, `findMany User(distinct: [role], orderBy: [{id: desc}], where: {role: {equals: ADMIN}}) { id. }`},
		{"an order", `{ findManyUser(orderBy: {name: {sort: asc nulls: last}}) { id } }`, `findMany User(orderBy: [{name: {nulls: last, sort: asc}}]) { id. }`},
		{"orders, of which one is none", `{ findManyUser(orderBy: [{} {posts: {_count: desc}} {manager: {profile: {bio: asc}}}]) { id } }`, `findMany User(orderBy: [{posts: {_count: desc}} {manager: {profile: {bio: asc}}}]) { id. }`},
		{"orders by nothing of another record", `{ findManyPost(orderBy: [{author: {}} {author: {manager: {}}} {author: {id: asc}}]) { id } }`, `findMany Post(orderBy: [{author: {id: asc}}]) { id. }`},
		{"no order", `{ findManyUser(orderBy: {}) { id } }`, `findMany User(orderBy: []) { id. }`},
		{"a page", `{ findManyUser(cursor: {email: "a"} take: -2 skip: 1 distinct: [role name]) { id } }`, `findMany User(cursor: {email: "a"}, distinct: [role name], skip: 1, take: -2) { id. }`},
		{
			"relations with arguments, and counts",
			`{ findManyUser { mails: posts(where: {published: true} orderBy: {id: asc} take: 1) { id author { id } } manager { id } _count { posts(where: {views: 1}) n: likes } } }`, `findMany User { mails=posts>(orderBy: [{id: asc}], take: 1, where: {published: {equals: true}}) { id. author> { id. } } manager> { id. } _count { posts>(where: {views: {equals: 1}}) n=likes> } }`,
		},
		{"aggregates", `{ aggregateUser(where: {id: {gt: 1}} take: 5) { _count { _all id } _avg { age } _sum { score } _min { email } _max { createdAt } } }`, `aggregate User(take: 5, where: {id: {gt: 1}}) { _count { _all id. } _avg { age. } _sum { score. } _min { email. } _max { createdAt. } }`},
		{
			"groups",
			`{ groupByUser(by: role having: {id: {_avg: {gt: 1}} AND: {role: USER}} orderBy: [{_count: {id: desc}} {role: asc}] take: 1) { role _count { _all } } }`, `groupBy User(by: [role], having: {AND: [{role: {equals: USER}}], id: {_avg: {gt: 1}}}, orderBy: [{_count: {id: desc}} {role: asc}], take: 1) { role. _count { _all } }`,
		},
	})
}

func TestCheckWrites(t *testing.T) {
	t.Parallel()
	checks(t, []reading{
		{"create, unchecked", `mutation { createOnePost(data: {title: "t" authorId: 1}) { id } }`, `createOne Post(data: <authorId: 1, title: "t">) { id. }`},
		{"create, checked", `mutation { createOnePost(data: {title: "t" tags: {set: ["a"]} moods: [SAD] rating: null author: {connect: {id: 1}}}) { id } }`, `createOne Post(data: <moods: [SAD], rating: null, tags: ["a"], title: "t"; author connect [{id: 1}]>) { id. }`},
		{"create of what has defaults alone", `mutation { createOneScalar { id } }`, `createOne Scalar(data: <>) { id. }`},
		{"create in depth, in the order of the document", `mutation { createOneUser(data: {posts: {create: {title: "a" categories: {connectOrCreate: {where: {name: "c"} create: {name: "c"}}}} connect: [{id: "1"} {id: "2"}]} email: "e" profile: {create: {bio: "b"}} likes: {}}) { id } }`, `createOne User(data: <email: "e"; posts create [<title: "a"; categories connectOrCreate [{create: <name: "c">, where: {name: "c"}}]>] connect [{id: "1"} {id: "2"}]; profile create [<bio: "b">]; likes>) { id. }`},
		{"nulls of Json", `mutation { createOneOptional(data: {json: JsonNull}) { id } }`, `createOne Optional(data: <json: JsonNull>) { id. }`},
		{"create of many, and of one of them", `mutation { a: createManyLike(data: [{userId: 1 postId: "p"}] skipDuplicates: true) { count } b: createManyLike(data: {userId: 1 postId: "p" weight: null}) { count } }`, `createMany Like(data: [<postId: "p", userId: 1>], skipDuplicates: true) { count }
createMany Like(data: [<postId: "p", userId: 1, weight: null>]) { count }`},
		{"nested create of many", `mutation { createOneUser(data: {email: "e" posts: {createMany: {data: {title: "a"} skipDuplicates: true}}}) { id } }`, `createOne User(data: <email: "e"; posts createMany {data: [<title: "a">], skipDuplicates: true}>) { id. }`},
		{"update", `mutation { updateOneUser(where: {id: 1} data: {name: null email: {set: "e"} age: {increment: 1} settings: "1"}) { id } }`, `updateOne User(data: <age: {increment: 1}, email: {set: "e"}, name: {set: null}, settings: {set: "1"}>, where: {id: 1}) { id. }`},
		{"update of lists", `mutation { updateOnePost(where: {id: "1"} data: {tags: {push: "a"} moods: [HAPPY]}) { id } }`, `updateOne Post(data: <moods: {set: [HAPPY]}, tags: {push: ["a"]}>, where: {id: "1"}) { id. }`},
		{"update of many", `mutation { updateManyUser(data: {role: ADMIN managerId: 1}) { count } }`, `updateMany User(data: <managerId: {set: 1}, role: {set: ADMIN}>) { count }`},
		{
			"nested writes of a relation to many",
			`mutation { updateOneUser(where: {id: 1} data: {posts: {set: [] disconnect: {id: "1"} delete: [{id: "2"}] update: {where: {id: "3"} data: {title: "t"}} upsert: {where: {id: "4"} update: {views: {increment: 1}} create: {title: "n"}} updateMany: {where: {views: 0} data: {views: 1}} deleteMany: {}}}) { id } }`, `updateOne User(data: <; posts set [] disconnect [{id: "1"}] delete [{id: "2"}] update [{data: <title: {set: "t"}>, where: {id: "3"}}] upsert [{create: <title: "n">, update: <views: {increment: 1}>, where: {id: "4"}}] updateMany [{data: <views: {set: 1}>, where: {views: {equals: 0}}}] deleteMany [{}]>, where: {id: 1}) { id. }`,
		},
		{
			"nested writes of a relation to one",
			`mutation { updateOneUser(where: {id: 1} data: {manager: {disconnect: true} profile: {delete: false upsert: {create: {bio: "a"} update: {bio: "b"}}} passport: {update: {number: "1"}}}) { id } }`, `updateOne User(data: <; manager disconnect true; profile upsert [{create: <bio: "a">, update: <bio: {set: "b"}>}]; passport update [<number: {set: "1"}>]>, where: {id: 1}) { id. }`,
		},
		{"upsert", `mutation { upsertOneCategory(where: {name: "a"} create: {name: "a"} update: {}) { id } }`, `upsertOne Category(create: <name: "a">, update: <>, where: {name: "a"}) { id. }`},
		{"delete", `mutation { a: deleteOneUser(where: {email: "e"}) { id } b: deleteManyUser { count } }`, `deleteOne User(where: {email: "e"}) { id. }
deleteMany User { count }`},
		{"raw SQL", `mutation { a: queryRaw(query: "SELECT $1" parameters: "[1]") b: executeRaw(query: "SELECT 1") }`, `queryRaw(parameters: "[1]", query: "SELECT $1")
executeRaw(query: "SELECT 1")`},
	})
}

// reading is a query, and what Check makes of it.
type reading struct{ name, query, want string }

func checks(t *testing.T, readings []reading) {
	t.Helper()
	schema := prismatest.Schema(t, prismatest.Everything)
	for _, test := range readings {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := checked(schema, test.query, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	schema := prismatest.Schema(t, prismatest.Everything)
	for _, test := range []struct{ name, query, want string }{
		{"another query", `{ findSomeUser { id } }`, `P2009 Invalid query at findSomeUser (line 1, column 3): there is no such query; a name is one of findFirst, findMany, aggregate, groupBy, findUnique and a model, which are Category, Like, Line, List, Native, Optional, Order, Passport, Post, Profile, Scalar, Token, User`},
		{"another model", `{ findManyUsers { id } }`, `P2009 Invalid query at findManyUsers (line 1, column 3): there is no such query; did you mean findManyUser?`},
		{"another model by far", `{ findManyEverything { id } }`, `P2009 Invalid query at findManyEverything (line 1, column 3): there is no such query; a name is one of findFirst, findMany, aggregate, groupBy, findUnique and a model, which are Category, Like, Line, List, Native, Optional, Order, Passport, Post, Profile, Scalar, Token, User`},
		{"a query in a mutation", `mutation { findManyUser { id } }`, `P2009 Invalid query at findManyUser (line 1, column 12): this is a query: write query { findManyUser ... }`},
		{"a mutation in a query", `{ queryRaw(query: "SELECT 1") }`, `P2009 Invalid query at queryRaw (line 1, column 3): this is a mutation: write mutation { queryRaw ... }`},
		{"another argument", `{ findManyUser(first: 1) { id } }`, `P2009 Invalid query at findManyUser.first (line 1, column 16): there is no argument "first"; there are: where, orderBy, cursor, take, skip, distinct`},
		{"an argument of another field", `{ findUniqueUser(where: {id: 1} take: 1) { id } }`, `P2009 Invalid query at findUniqueUser.take (line 1, column 33): there is no argument "take"; there are: where`},
		{"an argument of a scalar", `{ findManyUser { id(x: 1) } }`, `P2009 Invalid query at findManyUser.id.x (line 1, column 21): id takes no arguments`},
		{"an argument of a relation to one", `{ findManyUser { manager(where: {id: 1}) { id } } }`, `P2009 Invalid query at findManyUser.manager.where (line 1, column 26): manager takes no arguments`},
		{"no selection", `{ findManyUser }`, `P2009 Invalid query at findManyUser (line 1, column 3): expected a selection of fields of User, such as { id }`},
		{"no selection of a relation", `{ findManyUser { posts } }`, `P2009 Invalid query at findManyUser.posts (line 1, column 18): expected a selection of fields of Post, such as { id }`},
		{"a selection of a scalar", `{ findManyUser { id { x } } }`, `P2009 Invalid query at findManyUser.id (line 1, column 18): id is Int, which nothing can be selected of`},
		{"a selection of raw SQL", `mutation { executeRaw(query: "SELECT 1") { id } }`, `P2009 Invalid query at executeRaw (line 1, column 12): executeRaw is Json, which nothing can be selected of`},
		{"an unknown field", `{ findManyUser { posts { tittle } } }`, `P2009 Invalid query at findManyUser.posts.tittle (line 1, column 26): Post has no "tittle"; did you mean title?`},
		{"the type's name", `{ findManyUser { __typename } }`, `P2009 Invalid query at findManyUser.__typename (line 1, column 18): User has no "__typename"; there are: id, email, name, role, age, score, settings, createdAt, updatedAt, managerId, manager, reports, followers, following, profile, passport, posts, reviews, likes, _count`},
		{"a field of a type Prisma has not", `{ findManyNative { point } }`, `P2009 Invalid query at findManyNative.point (line 1, column 20): Prisma has no scalar for the type of point, point: it is neither read nor written`},
		{"an unknown filter", `{ findManyUser(where: {posts: {some: {nothing: 1}}}) { id } }`, `P2009 Invalid query at findManyUser.where.posts.some.nothing (line 1, column 39): PostWhereInput has no "nothing"; there are: AND, OR, NOT, id, title, content, published, views, rating, tags, moods, authorId, reviewerId, author, reviewer, categories, related, relatedTo, likes`},
		{"an unknown operation", `{ findManyUser(where: {email: {search: "x"}}) { id } }`, `P2009 Invalid query at findManyUser.where.email.search (line 1, column 32): StringFilter has no "search"; there are: equals, in, notIn, lt, lte, gt, gte, contains, startsWith, endsWith, mode, not`},
		{"an operation of another type", `{ findManyUser(where: {role: {lt: ADMIN}}) { id } }`, `P2009 Invalid query at findManyUser.where.role.lt (line 1, column 31): EnumRoleFilter has no "lt"; there are: equals, in, notIn, not`},
		{"a nested mode", `{ findManyUser(where: {email: {not: {contains: "x" mode: insensitive}}}) { id } }`, `P2009 Invalid query at findManyUser.where.email.not.mode (line 1, column 52): NestedStringFilter has no "mode"; there are: equals, in, notIn, lt, lte, gt, gte, contains, startsWith, endsWith, not`},
		{"a value of another type", `{ findManyUser(where: {id: "1"}) { id } }`, `P2009 Invalid query at findManyUser.where.id (line 1, column 24): expected Int, a whole number within 64 bits, found "1"`},
		{"a value of another type in a list", `{ findManyUser(where: {id: {in: [1 2 x]}}) { id } }`, `P2009 Invalid query at findManyUser.where.id.in.2 (line 1, column 29): expected Int, found x`},
		{"a bare name for text", `{ findManyUser(where: {email: ADMIN}) { id } }`, `P2009 Invalid query at findManyUser.where.email (line 1, column 24): expected String, found ADMIN`},
		{"a list for a value", `{ findManyUser(where: {id: [1]}) { id } }`, `P2009 Invalid query at findManyUser.where.id (line 1, column 24): expected IntFilter | Int, found a list`},
		{"a list in a list", `{ findManyUser(where: {id: {in: [[1]]}}) { id } }`, `P2009 Invalid query at findManyUser.where.id.in.0 (line 1, column 29): expected Int, found a list`},
		{"a value for a list", `{ findManyPost(where: {tags: {hasEvery: "a"}}) { id } }`, `P2009 Invalid query at findManyPost.where.tags.hasEvery (line 1, column 31): expected [String], found "a"`},
		{"an object for a value", `{ findUniqueUser(where: {id: {gt: 0}}) { id } }`, `P2009 Invalid query at findUniqueUser.where.id (line 1, column 26): expected Int, found an object {gt}`},
		{"one for OR", `{ findManyUser(where: {OR: {id: 1}}) { id } }`, `P2009 Invalid query at findManyUser.where.OR (line 1, column 24): expected [UserWhereInput], found an object {id}`},
		{"an unknown value of an enum", `{ findManyUser(where: {role: {in: [USER EDTOR]}}) { id } }`, `P2009 Invalid query at findManyUser.where.role.in.1 (line 1, column 31): expected a value of Role, found EDTOR; did you mean EDITOR?`},
		{"an unknown value of Json's nulls", `{ findManyUser(where: {settings: {equals: Null}}) { id } }`, `P2009 Invalid query at findManyUser.where.settings.equals (line 1, column 35): expected Json | JsonNullValueFilter, Json being a string of JSON text, found Null`},
		{"text that is no JSON", `{ findManyUser(where: {settings: {equals: "{"}}) { id } }`, `P2009 Invalid query at findManyUser.where.settings.equals (line 1, column 35): expected Json | JsonNullValueFilter, Json being a string of JSON text, found "{"`},
		{"a date that is none", `{ findManyUser(where: {createdAt: {gt: "2024"}}) { id } }`, `P2009 Invalid query at findManyUser.where.createdAt.gt (line 1, column 36): expected DateTime, an RFC 3339 string such as "2024-02-03T00:00:00.000Z", found "2024"`},
		{"a number beyond 64 bits", `{ findManyUser(where: {id: 99999999999999999999}) { id } }`, `P2009 Invalid query at findManyUser.where.id (line 1, column 24): expected Int, a whole number within 64 bits, found 99999999999999999999`},
		{"null where none is", `{ findManyUser(where: {id: null}) { id } }`, `P2009 Invalid query at findManyUser.where.id (line 1, column 24): expected IntFilter | Int, found null`},
		{"null in a list", `{ findManyUser(where: {id: {in: [1 null]}}) { id } }`, `P2009 Invalid query at findManyUser.where.id.in.1 (line 1, column 29): expected Int, found null`},
		{"null for an argument", `{ findManyUser(where: null) { id } }`, `P2012 A required value is missing at findManyUser.where (line 1, column 16): expected UserWhereInput`},
		{"null for a relation that is required", `{ findManyPost(where: {author: null}) { id } }`, `P2009 Invalid query at findManyPost.where.author (line 1, column 24): expected UserRelationFilter | UserWhereInput, found null`},
		{"unique by nothing", `{ findUniqueUser { id } }`, `P2012 A required value is missing at findUniqueUser.where (line 1, column 3): expected UserWhereUniqueInput`},
		{"unique by an empty object", `{ findUniqueUser(where: {}) { id } }`, `P2009 Invalid query at findUniqueUser.where (line 1, column 18): expected exactly one of id, email, found an empty object`},
		{"unique by null", `{ findUniqueUser(where: {id: null}) { id } }`, `P2012 A required value is missing at findUniqueUser.where.id (line 1, column 26): expected Int`},
		{"unique by two keys", `{ findUniqueUser(where: {id: 1 email: "e"}) { id } }`, `P2009 Invalid query at findUniqueUser.where (line 1, column 18): expected exactly one of id, email, found an object {id, email}`},
		{"unique by a field that is not", `{ findUniqueUser(where: {name: "n"}) { id } }`, `P2009 Invalid query at findUniqueUser.where.name (line 1, column 26): UserWhereUniqueInput has no "name"; there are: id, email`},
		{"unique by half a key", `{ findUniqueOrder(where: {place: {shop: "s"}}) { shop } }`, `P2012 A required value is missing at findUniqueOrder.where.place.number (line 1, column 27): expected Int`},
		{"two operations on a list", `{ findManyPost(where: {tags: {has: "a" isEmpty: false}}) { id } }`, `P2009 Invalid query at findManyPost.where.tags (line 1, column 24): expected exactly one of equals, has, hasEvery, hasSome, isEmpty, found an object {has, isEmpty}`},
		{"an order by two fields", `{ findManyUser(orderBy: {id: asc name: asc}) { id } }`, `P2009 Invalid query at findManyUser.orderBy (line 1, column 16): expected at most one of id, email, name, role, age, score, settings, createdAt, updatedAt, managerId, manager, reports, followers, following, profile, passport, posts, reviews, likes, found an object {id, name}`},
		{"an order by a name alone", `{ findManyUser(orderBy: [id]) { id } }`, `P2009 Invalid query at findManyUser.orderBy.0 (line 1, column 16): expected UserOrderByWithRelationInput, found id`},
		{"an order in a third way", `{ findManyUser(orderBy: {id: up}) { id } }`, `P2009 Invalid query at findManyUser.orderBy.id (line 1, column 26): expected a value of SortOrder, found up; there are: asc, desc`},
		{"nulls where none is", `{ findManyUser(orderBy: {id: {sort: asc nulls: last}}) { id } }`, `P2009 Invalid query at findManyUser.orderBy.id (line 1, column 26): expected SortOrder, found an object {sort, nulls}`},
		{"distinct by a relation", `{ findManyUser(distinct: [posts]) { id } }`, `P2009 Invalid query at findManyUser.distinct.0 (line 1, column 16): expected a value of UserScalarFieldEnum, found posts; there are: id, email, name, role, age, score, settings, createdAt, updatedAt, managerId`},
		{"a fraction to take", `{ findManyUser(take: 1.5) { id } }`, `P2009 Invalid query at findManyUser.take (line 1, column 16): expected Int, a whole number within 64 bits, found 1.5`},
		{"more to take than there can be", `{ findManyUser(take: 2147483648) { id } }`, `P2009 Invalid query at findManyUser.take (line 1, column 16): expected a whole number from -2147483648 to 2147483647, found 2147483648`},
		{"less than nothing to skip", `{ findManyUser { posts(skip: -1) { id } } }`, `P2009 Invalid query at findManyUser.posts.skip (line 1, column 24): expected a whole number from 0 to 2147483647, found -1`},
		{"an average of text", `{ aggregateUser { _avg { email } } }`, `P2009 Invalid query at aggregateUser._avg.email (line 1, column 26): UserAvgAggregateOutputType has no "email"; there are: id, age, score, managerId`},
		{"groups by nothing", `{ groupByUser { role } }`, `P2012 A required value is missing at groupByUser.by (line 1, column 3): expected [UserScalarFieldEnum] | UserScalarFieldEnum`},
		{"groups by no field", `{ groupByUser(by: []) { _count { _all } } }`, `P2019 Input error: by has to name one field or more`},
		{"a field beside its groups", `{ groupByUser(by: [role]) { role name email } }`, `P2019 Input error: a field that is selected has to be in by; missing: name, email`},
		{"a page in no order", `{ groupByUser(by: [role] take: 1) { role } }`, `P2019 Input error: a field that is part of the key, in whose order a page without orderBy is, has to be in by; missing: id`},
		{"a page in the order of a key that the groups are not by", `{ groupByToken(by: [long] skip: 1 orderBy: [{}]) { long } }`, `P2019 Input error: a field that is part of the key, in whose order a page without orderBy is, has to be in by; missing: value`},
		{"a misspelt name", `mutation { createOneUser(data: {emial: "e"}) { id } }`, `P2009 Invalid query at createOneUser.data.emial (line 1, column 33): UserCreateInput has no "emial"; did you mean email?`},
		{"an order beside the groups", `{ groupByUser(by: [role] orderBy: {name: asc}) { role } }`, `P2019 Input error: a field that is ordered by has to be in by; missing: name`},
		{"a filter beside the groups", `{ groupByUser(by: [role id] having: {OR: [{id: 1}]}) { role } }`, `P2019 Input error: a field that is compared by having, and not aggregated, has to be selected too; missing: id`},
		{"data of nothing", `mutation { createOneUser { id } }`, `P2012 A required value is missing at createOneUser.data (line 1, column 12): expected UserCreateInput | UserUncheckedCreateInput`},
		{"data without a value that is required", `mutation { createOneUser(data: {name: "n"}) { id } }`, `P2009 Invalid query at createOneUser.data.email (line 1, column 26): a value is required here: expected String`},
		{"data without a relation that is required", `mutation { createOnePost(data: {title: "t"}) { id } }`, `P2009 Invalid query at createOnePost.data.author (line 1, column 26): a value is required here: expected UserCreateNestedOneWithoutPostsInput`},
		{"a foreign key beside a relation", `mutation { createOnePost(data: {title: "t" authorId: 1 reviewer: {connect: {id: 1}}}) { id } }`, `P2009 Invalid query at createOnePost.data (line 1, column 26): authorId and reviewer cannot stand together: PostCreateInput has no authorId, and PostUncheckedCreateInput no reviewer`},
		{"data with a list for one record", `mutation { createOneUser(data: [{email: "e"}]) { id } }`, `P2009 Invalid query at createOneUser.data (line 1, column 26): expected UserCreateInput | UserUncheckedCreateInput, found a list`},
		{"a nested foreign key", `mutation { createOneUser(data: {email: "e" posts: {create: {title: "t" authorId: 1}}}) { id } }`, `P2009 Invalid query at createOneUser.data.posts.create.authorId (line 1, column 72): PostCreateWithoutAuthorInput has no "authorId"; there are: id, title, content, published, views, rating, tags, moods, reviewer, categories, related, relatedTo, likes`},
		{"an unknown nested write", `mutation { createOneUser(data: {email: "e" posts: {update: {}}}) { id } }`, `P2009 Invalid query at createOneUser.data.posts.update (line 1, column 52): PostCreateNestedManyWithoutAuthorInput has no "update"; there are: create, connectOrCreate, createMany, connect`},
		{"disconnect of a relation that is required", `mutation { updateOnePost(where: {id: "1"} data: {author: {disconnect: true}}) { id } }`, `P2009 Invalid query at updateOnePost.data.author.disconnect (line 1, column 59): UserUpdateOneRequiredWithoutPostsNestedInput has no "disconnect"; there are: create, connectOrCreate, upsert, connect, update`},
		{"two changes of a value", `mutation { updateOneUser(where: {id: 1} data: {age: {set: 1 increment: 1}}) { id } }`, `P2009 Invalid query at updateOneUser.data.age (line 1, column 48): expected exactly one of set, increment, decrement, multiply, divide, found an object {set, increment}`},
		{"no change of a value", `mutation { updateOneUser(where: {id: 1} data: {age: {}}) { id } }`, `P2009 Invalid query at updateOneUser.data.age (line 1, column 48): expected exactly one of set, increment, decrement, multiply, divide, found an empty object`},
		{"null for a value that is required", `mutation { updateOneUser(where: {id: 1} data: {email: null}) { id } }`, `P2009 Invalid query at updateOneUser.data.email (line 1, column 48): expected String | StringFieldUpdateOperationsInput, found null`},
		{"nested too deep", `{ findManyUser(where: ` + strings.Repeat("{NOT: ", 200) + "{}" + strings.Repeat("}", 200) + `) { id } }`, `P2009 Invalid query at findManyUser.where.NOT.NOT.NOT.NOT.NOT.NOT.....NOT.NOT.NOT.NOT.NOT.NOT.NOT.NOT (line 1, column 396): values nest deeper than 64`},
		{"too many fields", `{ findManyUser {` + manyFields(2001, "id") + `} }`, `P2009 Invalid query at findManyUser (line 1, column 3): more than 2000 fields are selected`},
		{"too many relations", `{ findManyUser {` + manyFields(201, "manager { id }") + `} }`, `P2009 Invalid query at findManyUser.manager (line 1, column 4108): more than 200 relations are selected`},
		{"too many filters that hold together", `{ findManyUser(where: {AND: [` + strings.Repeat("{posts: {some: {}}} ", 26) + `]}) { id } }`, `P2009 Invalid query at findManyUser.where.AND.25.posts (line 1, column 531): more than 25 filters by a relation have to hold together: leave some out, or ask more than once`},
		{"too many criteria of an order", `{ findManyUser(orderBy: [` + strings.Repeat("{id: asc} ", 101) + `]) { id } }`, `P2009 Invalid query at findManyUser.orderBy.100.id (line 1, column 1027): an order has more than 100 criteria`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text, err := checked(schema, test.query, nil)
			if got := refusal(t, text, err); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// What is about one record needs a key, which not every table has; what has no name in
// GraphQL is not suggested.
func TestCheckRefusesOneOfModelsWithoutKeys(t *testing.T) {
	t.Parallel()
	fields := []*prisma.Field{{Name: "a", Column: "a", Type: prisma.Int, Required: true}}
	schema := &prisma.Schema{Models: []*prisma.Model{{Name: "Log", Fields: fields}, {Name: "my table", Fields: fields}}}
	for query, want := range map[string]string{
		`{ findUniqueLog(where: {a: 1}) { a } }`:             `P2009 Invalid query at findUniqueLog (line 1, column 3): Log has no key by which one record is found: there is no findUniqueLog`,
		`{ findUniqueLogOrThrow(where: {a: 1}) { a } }`:      `P2009 Invalid query at findUniqueLogOrThrow (line 1, column 3): Log has no key by which one record is found: there is no findUniqueLogOrThrow`,
		`mutation { deleteOneLog(where: {a: 1}) { a } }`:     `P2009 Invalid query at deleteOneLog (line 1, column 12): Log has no key by which one record is found: there is no deleteOneLog`,
		`{ findUniqueEverything(where: {a: 1}) { a } }`:      `P2009 Invalid query at findUniqueEverything (line 1, column 3): there is no such query; a name is one of findFirst, findMany, aggregate, groupBy and a model, which are Log`,
		`mutation { updateEverything(where: {a: 1}) { a } }`: `P2009 Invalid query at updateEverything (line 1, column 12): there is no such mutation; a name is one of createOne, createMany, updateMany, deleteMany, executeRaw, queryRaw and a model, which are Log`,
	} {
		_, err := checked(schema, query, nil)
		var e *prisma.Error
		if !errors.As(err, &e) || e.Code+" "+e.Message != want {
			t.Errorf("%s:\ngot  %v\nwant %s", query, err, want)
		}
	}
}

// A variable may have more values than a document.
func TestCheckBoundsValues(t *testing.T) {
	t.Parallel()
	schema := prismatest.Schema(t, prismatest.Everything)
	const query = `query ($ids: [Int!]!) { findManyUser(where: {id: {in: $ids}}) { id } }`
	ids := make([]any, maxValues)
	for i := range ids {
		ids[i] = json.Number("1")
	}
	_, err := checked(schema, query, map[string]any{"ids": ids})
	const want = "P2009 Invalid query at findManyUser.where.id.in.99997 (line 1, column 51): there are more than 100000 values"
	if got := refusal(t, "", err); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if _, err := checked(schema, query, map[string]any{"ids": ids[:90_000]}); err != nil {
		t.Error(err)
	}
}

// Where a column is called as something of Prisma's, that is meant and the column is not.
func TestCheckOfNamesOfPrismas(t *testing.T) {
	t.Parallel()
	text := func(name string) *prisma.Field { return &prisma.Field{Name: name, Type: prisma.String} }
	schema := &prisma.Schema{Models: []*prisma.Model{
		{Name: "X", Fields: []*prisma.Field{text("AND"), text("_count"), text("_all"), text("id")}},
		{Name: "XOrThrow", Fields: []*prisma.Field{text("id")}},
	}}
	got, err := checked(schema, `{ findFirstXOrThrow(where: {AND: {id: "a"}}) { AND _count } b: aggregateX { _count { _all } } }`, nil)
	if err != nil {
		t.Fatal(err)
	}
	const want = "findFirst or throw X(where: {AND: [{id: {equals: \"a\"}}]}) { AND. _count. }\naggregate X { _count { _all. } }"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	load(t, SDL(schema))
}

// Any number of callers ask of a schema that nobody asked of before.
func TestCheckSideBySide(t *testing.T) {
	t.Parallel()
	schema := prismatest.Schema(t, blog)
	done := make(chan error)
	for range 8 {
		go func() {
			_, err := checked(schema, `mutation { createOneUser(data: {email: "e" posts: {create: {title: "t" number: 1}}}) { posts { author { id } } } }`, nil)
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// manyFields is a selection of a field under n names.
func manyFields(n int, field string) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, " f%d: %s", i, field)
	}
	return text.String()
}

// refusal is the code and the message of a failure.
func refusal(t *testing.T, text string, err error) string {
	t.Helper()
	var e *prisma.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v and the operations %s", err, text)
	}
	return e.Code + " " + e.Message
}

func parsed(t testing.TB, query string) *graphql.Document {
	t.Helper()
	doc, err := graphql.Parse(query, nil)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
