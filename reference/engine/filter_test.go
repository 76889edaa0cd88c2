package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// formula is a filter as a query says it, and as plain SQL says that it holds and that
// it fails: where there is NULL it may do neither. SQL with a relation is written with
// IN, so that it has little in common with ours.
type formula struct{ filter, holds, fails string }

// atom is a filter that fails where SQL's NOT holds.
func atom(filter, holds string) formula { return formula{filter, holds, "NOT (" + holds + ")"} }

var userAtoms = []formula{
	atom(`id: 7`, `id = 7`),
	atom(`id: {gte: 10 lt: 30 not: 12}`, `id >= 10 AND id < 30 AND id <> 12`),
	atom(`id: {in: [1, 2, 3, 39]}`, `id IN (1, 2, 3, 39)`),
	atom(`id: {notIn: []}`, `TRUE`),
	atom(`name: "Ada"`, `name = 'Ada'`),
	atom(`name: null`, `name IS NULL`),
	atom(`name: {not: null}`, `name IS NOT NULL`),
	atom(`name: {not: "Ada"}`, `name <> 'Ada'`),
	atom(`name: {in: null}`, `name IS NULL`),
	atom(`name: {notIn: ["Ada", "Bob"]}`, `name NOT IN ('Ada', 'Bob')`),
	atom(`name: {equals: "ADA" mode: insensitive}`, `name ILIKE 'ADA'`),
	atom(`name: {not: "ADA" mode: insensitive}`, `name NOT ILIKE 'ADA'`),
	atom(`name: {in: ["ADA", "BOB"] mode: insensitive}`, `lower(name) IN ('ada', 'bob')`),
	atom(`name: {gt: "ADA" mode: insensitive}`, `lower(name) > 'ada'`),
	atom(`name: {contains: "d"}`, `name LIKE '%d%'`),
	atom(`name: {startsWith: "a_"}`, `name LIKE 'a_%'`),
	atom(`name: {endsWith: "%b"}`, `name LIKE '%b'`),
	atom(`name: {not: {contains: "d" startsWith: "B"}}`, `name NOT LIKE '%d%' AND name NOT LIKE 'B%'`),
	atom(`name: {not: {in: ["Ada"] not: {equals: "Bob"}}}`, `name <> 'Ada' AND name = 'Bob'`),
	atom(`name: {not: {not: "Ada"}}`, `name <> 'Ada'`),
	atom(`name: {not: {not: {equals: "Ada" not: null}}}`, `name = 'Ada' AND name IS NOT NULL`),
	atom(`role: ADMIN`, `role = 'chief''s admin'`),
	atom(`role: {in: [ADMIN, USER]}`, `role IN ('chief''s admin', 'USER')`),
	atom(`role: {not: {equals: ADMIN}}`, `role <> 'chief''s admin'`),
	atom(`age: 9007199254740993`, `age = 9007199254740993`),
	atom(`age: {lte: 36}`, `age <= 36`),
	atom(`score: "1.5"`, `score = 1.5`),
	atom(`score: {gt: -1 lt: 2}`, `score > -1 AND score < 2`),
	atom(`createdAt: {gt: "2024-01-03T00:00:00.000Z"}`, `at > '2024-01-03'`),
	atom(`createdAt: {in: ["2024-01-03T01:00:00+01:00"]}`, `at = '2024-01-03'`),
	atom(`settings: {equals: "{\"a\":1.0}"}`, `settings = '{"a": 1}'`),
	atom(`settings: {equals: JsonNull}`, `settings = 'null'`),
	atom(`settings: {not: "1"}`, `settings <> '1'`),
	atom(`settings: {path: ["a"] equals: "\"x\""}`, `settings->'a' = '"x"'`),
	atom(`settings: {path: ["a"] not: "1"}`, `settings->'a' <> '1'`),
	atom(`settings: {path: ["a", "0"] equals: "2"}`, `CASE jsonb_typeof(settings->'a') WHEN 'array' THEN settings->'a'->0 = '2' END`),
	typedAtom(`settings: {path: ["a"] string_contains: "y"}`, `settings->>'a' LIKE '%y%'`, `settings->'a'`, "string"),
	typedAtom(`settings: {path: ["a"] string_starts_with: "x"}`, `settings->>'a' LIKE 'x%'`, `settings->'a'`, "string"),
	typedAtom(`settings: {path: ["a"] string_ends_with: "z"}`, `settings->>'a' LIKE '%z'`, `settings->'a'`, "string"),
	typedAtom(`settings: {path: ["a"] gt: "1"}`, `settings->'a' > '1'`, `settings->'a'`, "number"),
	typedAtom(`settings: {path: ["a"] lte: "\"x\""}`, `settings->'a' <= '"x"'`, `settings->'a'`, "string"),
	typedAtom(`settings: {path: ["a"] array_contains: "[2]"}`, `settings->'a' @> '[2]'`, `settings->'a'`, "array"),
	typedAtom(`settings: {path: ["a"] array_starts_with: "2"}`, `settings->'a'->0 = '2'`, `settings->'a'`, "array"),
	typedAtom(`settings: {path: ["a"] array_ends_with: "{\"b\":1}"}`, `settings->'a'->-1 = '{"b": 1}'`, `settings->'a'`, "array"),
	typedAtom(`settings: {gte: "1"}`, `settings >= '1'`, `settings`, "number"),
	typedAtom(`settings: {array_contains: "[\"x\"]"}`, `settings @> '["x"]'`, `settings`, "array"),
}

// typedAtom neither holds nor fails of a value of another JSON type.
func typedAtom(filter, holds, value, jsonType string) formula {
	is := fmt.Sprintf("jsonb_typeof(%s) = '%s' AND ", value, jsonType)
	return formula{filter, is + holds, is + "NOT (" + holds + ")"}
}

var postAtoms = []formula{
	atom(`published: true`, `published`),
	atom(`published: {not: true}`, `NOT published`),
	atom(`views: {in: [1, 2]}`, `views IN (1, 2)`),
	atom(`rating: 2.5`, `rating = 2.5`),
	atom(`rating: {not: {gt: 1.5e+0}}`, `NOT rating > 1.5`),
	atom(`content: {contains: "text" mode: insensitive}`, `content ILIKE '%text%'`),
	atom(`title: {startsWith: "D%"}`, `title LIKE 'D%%'`),
	atom(`title: {contains: "\\%"}`, `position('%' in title) > 0`),
	atom(`tags: {has: "a"}`, `'a' = ANY (tags)`),
	atom(`tags: {has: null}`, `CASE WHEN tags IS NOT NULL THEN FALSE END`),
	atom(`tags: {hasEvery: ["a", "b"]}`, `tags @> '{a,b}'`),
	atom(`tags: {hasSome: ["a", "c d"]}`, `'a' = ANY (tags) OR 'c d' = ANY (tags)`),
	atom(`tags: {hasSome: []}`, `tags && '{}'`),
	atom(`tags: {isEmpty: true}`, `cardinality(tags) = 0`),
	atom(`tags: {isEmpty: false}`, `cardinality(tags) > 0`),
	atom(`tags: {equals: ["b", "c d"]}`, `tags = ARRAY['b', 'c d']`),
	atom(`tags: {equals: null}`, `tags IS NULL`),
	atom(`moods: {has: SAD}`, `'so sad' = ANY (moods)`),
	atom(`moods: {equals: [SAD, HAPPY]}`, `moods = '{"so sad",HAPPY}'`),
}

var categoryAtoms = []formula{
	atom(`name: {in: ["c1", "c2", "c3"]}`, `name IN ('c1', 'c2', 'c3')`),
	atom(`parentId: null`, `parent IS NULL`),
	atom(`parentId: {gt: 1}`, `parent > 1`),
}

// Every filter for itself, and none of what it finds.
func TestFiltersAreWhatPlainSQLSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for model, atoms := range map[string][]formula{"User": userAtoms, "Post": postAtoms, "Category": categoryAtoms} {
		for _, f := range atoms {
			w.compareFilter(t, model, f)
			w.compareFilter(t, model, not(f))
		}
	}
}

func (w world) compareFilter(t *testing.T, model string, f formula) {
	t.Helper()
	table := strings.ToLower(model[:1])
	w.compare(t, "{ findMany"+model+"(where: {"+f.filter+"} orderBy: {id: asc}) { id } }", ids(table, f.holds, "id"))
}

// Filters of filters, at random, the same each time.
func TestFiltersTogetherAreWhatPlainSQLSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := generator{rand.New(rand.NewPCG(6, 28))}
	for range 50 {
		w.compareFilter(t, "User", g.user(4))
		w.compareFilter(t, "Post", g.post(4))
		w.compareFilter(t, "Category", g.category(4))
		if t.Failed() {
			return
		}
	}
}

func not(f formula) formula { return formula{"NOT: {" + f.filter + "}", f.fails, f.holds} }

func all(fs ...formula) formula {
	return formula{"AND: [" + filters(fs) + "]", sqlOf(fs, " AND ", false), sqlOf(fs, " OR ", true)}
}

func anyOf(fs ...formula) formula {
	return formula{"OR: [" + filters(fs) + "]", sqlOf(fs, " OR ", false), sqlOf(fs, " AND ", true)}
}

// noneOf is NOT of a list.
func noneOf(fs ...formula) formula {
	return formula{"NOT: [" + filters(fs) + "]", sqlOf(fs, " AND ", true), sqlOf(fs, " OR ", false)}
}

func filters(fs []formula) string {
	texts := make([]string, len(fs))
	for i, f := range fs {
		texts[i] = "{" + f.filter + "}"
	}
	return strings.Join(texts, ", ")
}

func sqlOf(fs []formula, operator string, fails bool) string {
	texts := make([]string, len(fs))
	for i, f := range fs {
		texts[i] = "(" + f.holds + ")"
		if fails {
			texts[i] = "(" + f.fails + ")"
		}
	}
	return strings.Join(texts, operator)
}

// toOne are is and isNot: column refers to the id of a record of another table.
func toOne(name, column, table string, f formula) []formula {
	within := func(condition string) string {
		return fmt.Sprintf("coalesce(%s IN (SELECT id FROM %s WHERE %s), FALSE)", column, table, condition)
	}
	none := column + " IS NULL OR "
	return []formula{
		{fmt.Sprintf("%s: {is: {%s}}", name, f.filter), within(f.holds), none + within(f.fails)},
		{fmt.Sprintf("%s: {isNot: {%s}}", name, f.filter), none + within(f.fails), within(f.holds)},
		{fmt.Sprintf("%s: {is: null}", name), column + " IS NULL", column + " IS NOT NULL"},
	}
}

// toMany are some, every and none: keys is a SELECT of the ids of those that have a
// related record of which the condition holds that is put in for %s.
func toMany(name, keys string, f formula) []formula {
	have := func(condition string) string { return "id IN (" + fmt.Sprintf(keys, condition) + ")" }
	lack := func(condition string) string { return "id NOT IN (" + fmt.Sprintf(keys, condition) + ")" }
	return []formula{
		{fmt.Sprintf("%s: {some: {%s}}", name, f.filter), have(f.holds), lack(f.holds)},
		{fmt.Sprintf("%s: {none: {%s}}", name, f.filter), lack(f.holds), have(f.holds)},
		{fmt.Sprintf("%s: {every: {%s}}", name, f.filter), lack(f.fails), have(f.fails)},
	}
}

// generator makes formulas of at most a depth.
type generator struct{ *rand.Rand }

func pick[T any](g generator, list []T) T { return list[g.IntN(len(list))] }

// combined is one of a model's atoms, of its relations' filters, or of what can be made
// of two formulas.
func (g generator) combined(depth int, atoms []formula, relations func() []formula, again func() formula) formula {
	if depth == 0 {
		return pick(g, atoms)
	}
	switch g.IntN(7) {
	case 0:
		return pick(g, atoms)
	case 1:
		return not(again())
	case 2:
		return all(again(), again())
	case 3:
		return anyOf(again(), again())
	case 4:
		return noneOf(again(), again())
	default:
		return pick(g, relations())
	}
}

func (g generator) user(depth int) formula {
	return g.combined(depth, userAtoms, func() []formula {
		switch g.IntN(4) {
		case 0:
			return toOne("manager", "manager", "u", g.user(depth-1))
		case 1:
			return toMany("followers", "SELECT who FROM follows WHERE whom IN (SELECT id FROM u WHERE %s)", g.user(depth-1))
		case 2:
			return toMany("reports", "SELECT manager FROM u WHERE manager IS NOT NULL AND (%s)", g.user(depth-1))
		}
		return toMany("posts", "SELECT author FROM p WHERE %s", g.post(depth-1))
	}, func() formula { return g.user(depth - 1) })
}

func (g generator) post(depth int) formula {
	return g.combined(depth, postAtoms, func() []formula {
		switch g.IntN(3) {
		case 0:
			return toOne("reviewer", "reviewer", "u", g.user(depth-1))
		case 1:
			return toOne("author", "author", "u", g.user(depth-1))[:2]
		}
		return toMany("categories", "SELECT p FROM cp WHERE c IN (SELECT id FROM c WHERE %s)", g.category(depth-1))
	}, func() formula { return g.post(depth - 1) })
}

func (g generator) category(depth int) formula {
	return g.combined(depth, categoryAtoms, func() []formula {
		switch g.IntN(3) {
		case 0:
			return toOne("parent", "parent", "c", g.category(depth-1))
		case 1:
			return toMany("children", "SELECT parent FROM c WHERE parent IS NOT NULL AND (%s)", g.category(depth-1))
		}
		return toMany("posts", "SELECT c FROM cp WHERE p IN (SELECT id FROM p WHERE %s)", g.post(depth-1))
	}, func() formula { return g.category(depth - 1) })
}
