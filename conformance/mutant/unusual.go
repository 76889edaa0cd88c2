package mutant

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// unusual are defects that only unusual requests notice: other methods, bodies that are
// no UTF-8 or no single JSON value, null where the document has none, texts that look
// alike, values and names that are almost right, queries that a careless cache takes for
// one; and statements that fail when half of them is done.
var unusual = slices.Concat(unusualBodies, unusualMethods, unusualNulls, unusualTexts, halfDone, almostRight, keptForAnother)

var unusualBodies = []Mutant{
	{Name: "Pulse puts other characters in the place of what is no UTF-8", Kills: []string{"pulse-error/not-utf-8"}, Pulse: sendBytes(readable)},
	{
		Name: "Accelerate puts other characters in the place of what is no UTF-8", Kills: []string{"accelerate-error/not-utf-8", "accelerate-tag/not-utf-8"},
		Accelerate: sendBytes(readable),
	},
	{Name: "Accelerate leaves out what is no UTF-8", Kills: []string{"accelerate-error/not-utf-8"}, Accelerate: on(query, sendBytes(func(text []byte) []byte { return bytes.ToValidUTF8(text, nil) }))},
	{Name: "what is no UTF-8 is a failure of Pulse", Kills: []string{"pulse-error/not-utf-8"}, Pulse: on(anything.where(sendsNoUTF8), answer(http.StatusInternalServerError, pulseFailure))},
	{Name: "half of a character in a name is another character", Kills: []string{"pulse-error/half-a-character"}, Pulse: on(createStream, sendBytes(halves(`\ufffd`)))},
	{Name: "half of a character in a name is a question mark", Kills: []string{"pulse-error/half-a-character"}, Pulse: on(createStream, sendBytes(halves(`?`)))},
	{Name: "half of a character in a name is left out", Kills: []string{"pulse-error/half-a-character"}, Pulse: on(createStream, sendBytes(halves(``)))},
	{Name: "half of a character in a value is another character", Kills: []string{"accelerate-error/half-a-character"}, Accelerate: on(query, sendBytes(halves(`\ufffd`)))},
	{Name: "half of a character in a value is a question mark", Kills: []string{"accelerate-error/half-a-character"}, Accelerate: on(query, sendBytes(halves(`?`)))},
	{Name: "a byte order mark is a failure of Pulse", Kills: []string{"pulse-error/byte-order-mark"}, Pulse: on(anything.where(sendsText("\uFEFF")), answer(http.StatusInternalServerError, pulseFailure))},
	{Name: "a byte order mark is a fault of Accelerate", Kills: []string{"accelerate-error/byte-order-mark"}, Accelerate: on(query.where(beginsWith("\uFEFF")), answer(http.StatusInternalServerError, refusal))},
	{Name: "Accelerate reads the first value of a body", Kills: []string{"accelerate-error/two-values", "accelerate-tag/two-values"}, Accelerate: on(anything.where(sendsMore), send())},
	{Name: "a member that is given twice is a fault of Accelerate", Kills: []string{"accelerate-error/member-twice"}, Accelerate: on(query.where(sendsTwoQueries), answer(http.StatusInternalServerError, refusal))},
	{
		Name: "of a query that is given twice both are run", Kills: []string{"accelerate-error/member-twice"},
		Accelerate: on(query.where(sendsTwoQueries), sendBytes(replaced(`}", "query": "mutation {`, `second:`))),
	},
}

// anyMethod are requests to a path whatever their method; where it has several, of this one.
func anyMethod(method, path string) requests { return requests{method: method, path: path} }

var unusualMethods = []Mutant{
	{
		Name: "Accelerate does not look at methods", Kills: []string{"accelerate-all/methods", "accelerate-error/methods", "accelerate-tag/methods"}, Alone: true,
		Accelerate: stacked(on(anyMethod("", query.path), as(http.MethodPost)), on(anyMethod("", invalidate.path), as(http.MethodPost)), on(anyMethod("", invalidateAll.path), as(http.MethodPost))),
	},
	{Name: "a query in the URL is run", Kills: []string{"accelerate-error/methods"}, Accelerate: on(anyMethod(http.MethodGet, query.path), before(queryOfURL))},
	{Name: "tags in the URL are dropped", Kills: []string{"accelerate-tag/methods"}, Accelerate: on(anyMethod(http.MethodGet, invalidate.path), before(tagsOfURL))},
	{Name: "the cache is emptied by DELETE", Kills: []string{"accelerate-all/methods"}, Alone: true, Accelerate: on(anyMethod(http.MethodDelete, invalidateAll.path), as(http.MethodPost))},
	{
		Name: "a method that Accelerate does not have does nothing, and is said to be done", Kills: []string{"accelerate-all/methods", "accelerate-error/methods", "accelerate-tag/methods"},
		Accelerate: status(http.StatusMethodNotAllowed, http.StatusOK),
	},
	{Name: "any path of Accelerate is a page", Kills: []string{"accelerate-error/unknown-path"}, Accelerate: on(anyMethod(http.MethodGet, "/nowhere"), answer(http.StatusOK, "<h1>Accelerate</h1>"))},
	{Name: "a stream is made by PUT", Kills: []string{"pulse-error/methods-of-a-stream"}, Pulse: on(anyMethod(http.MethodPut, "/streams/{}"), before(func(r *http.Request) {
		r.Method = http.MethodPost
		r.URL.Path, r.URL.RawPath = strings.TrimSuffix(r.URL.Path, "/"+nameOf(r)), ""
	}))},
	{Name: "the events of a stream are deleted with it", Kills: []string{"pulse-error/methods-of-a-stream"}, Pulse: on(anyMethod(http.MethodDelete, consume.path), before(func(r *http.Request) {
		r.URL.Path, r.URL.RawPath = strings.TrimSuffix(r.URL.Path, "/events"), ""
	}))},
	{Name: "a stream is consumed by POST", Kills: []string{"pulse-error/methods-of-a-stream"}, Pulse: on(anyMethod(http.MethodPost, consume.path), as(http.MethodGet))},
}

var unusualNulls = []Mutant{
	{Name: "a ttl of null is none", Kills: []string{"accelerate-error/null-in-strategy"}, Accelerate: on(query.where(sendsWhere(ttlAt, isNull)), send(remove(ttlAt)))},
	{Name: "an swr of null is none", Kills: []string{"accelerate-error/null-in-strategy"}, Accelerate: on(query.where(sendsWhere(swrAt, isNull)), send(remove(swrAt)))},
	{Name: "tags of null are none", Kills: []string{"accelerate-error/null-in-strategy"}, Accelerate: on(query.where(sendsWhere(tagsAt, isNull)), send(remove(tagsAt)))},
	{Name: "a tag of null is left out", Kills: []string{"accelerate-error/null-in-strategy"}, Accelerate: on(query.where(sendsWhere(tagsAt+"/1", isNull)), send(remove(tagsAt+"/1")))},
	{Name: "variables of null are a fault of the server", Kills: []string{"accelerate-error/null-for-an-object"}, Accelerate: on(query.where(sendsWhere("/variables", isNull)), answer(http.StatusInternalServerError, refusal))},
	{Name: "extensions of null are a fault of the server", Kills: []string{"accelerate-error/null-for-an-object"}, Accelerate: on(query.where(sendsWhere("/extensions", isNull)), answer(http.StatusInternalServerError, refusal))},
	{Name: "a strategy of null caches for a minute", Kills: []string{"accelerate-error/null-for-an-object"}, Accelerate: on(query.where(sendsWhere(strategyAt, isNull)), send(set(strategyAt, map[string]any{"ttl": 60})))},
	{
		Name: "a filter of null is none", Kills: []string{"pulse-create/filter-no-object", "pulse-subscribe/filter-of-another-type"},
		Pulse: on(anything.where(sendsWhere("/filter", isNull)), send(remove("/filter"))),
	},
	{Name: "a model of null is any", Kills: []string{"pulse-create/model-no-text"}, Pulse: on(createStream.where(sendsWhere("/model", isNull)), send(set("/model", "Account")))},
	{Name: "a name of null is a failure of Pulse", Kills: []string{"pulse-create/name-no-text"}, Pulse: on(createStream.where(sendsWhere("/name", isNull)), answer(http.StatusInternalServerError, pulseFailure))},
}

var unusualTexts = []Mutant{
	{Name: "blanks around a stream's name are taken off", Kills: []string{"pulse-create/names-alike"}, Pulse: on(createStream, send(editText("/name", strings.TrimSpace)))},
	{Name: "names of streams are kept in their short form", Kills: []string{"pulse-create/names-alike"}, Pulse: on(createStream, send(editText("/name", composed)))},
	{Name: "the list tells names in their short form", Kills: []string{"pulse-create/names-alike"}, Pulse: on(listStreams, body(edit("/data/*/name", func(v any) any { name, _ := v.(string); return composed(name) })))},
	{Name: "texts that look alike pass the same filter", Kills: []string{"pulse-filter/equality-of-forms"}, Pulse: on(createStream, send(edit("/filter/create/note", eitherForm)))},
	{Name: "an event tells texts in their short form", Kills: []string{"pulse-content/text"}, Pulse: events(document(editText("/created/name", composed)))},
	{Name: "values are kept in their short form", Kills: []string{"accelerate-error/unicode-in-values"}, Accelerate: on(query, sendText("/variables/name", composed))},
	{Name: "keys are kept in their short form", Kills: []string{"accelerate-query/key-in-forms"}, Accelerate: on(query, sendText("/variables/email", composed))},
	{Name: "blanks around a key are taken off", Kills: []string{"accelerate-query/key-in-forms"}, Accelerate: on(query, sendText("/variables/email", strings.TrimSpace))},
	{
		Name: "the cache takes texts that look alike for one", Kills: []string{"accelerate-cache/variables-differ-in-form"},
		Accelerate: on(cached, confuses(func(r *http.Request) string { return composed(byRequest(r)) })),
	},
	{
		Name: "the cache does not look at blanks at the end of a variable", Kills: []string{"accelerate-cache/variables-differ-in-form"},
		Accelerate: on(cached, confuses(func(r *http.Request) string { return strings.ReplaceAll(byRequest(r), ` "`, `"`) })),
	},
	{Name: "blanks around a tag to drop are taken off", Kills: []string{"accelerate-tag/blanks"}, Accelerate: on(invalidate, send(edit("/tags/*", trimmed)))},
	{Name: "blanks around a tag to carry are taken off", Kills: []string{"accelerate-error/bad-tag"}, Accelerate: on(query, send(edit(tagsAt+"/*", trimmed)))},
}

var halfDone = []Mutant{
	{
		Name: "of many updates those are made that can be", Kills: []string{"accelerate-error/unique-of-many-updates"},
		Accelerate: on(query.where(asks(`b: $other, note: "changed"`)), rewrite(`{b: {equals: $run}}`, `{b: {equals: $run}, a: {equals: 1}}`), rawBody(failure)),
	},
	{
		Name: "of many records those are written that refer to something", Kills: []string{"accelerate-error/reference-of-many"},
		Accelerate: on(query.where(asks("accountId: -1")), rewrite(`{title: $title, accountId: -1}, `, ``), rawBody(failure)),
	},
	{
		Name: "the rows before the one that an update fails at have events", Kills: []string{"pulse-order/update-rolled-back"},
		Accelerate: on(query.where(asks(`note: "failed"`)), rewrite(`{b: {equals: $run}}`, `{b: {equals: $run}, a: {equals: 1}}`), rawBody(failure)),
	},
	{
		Name: "an update that fails has changed the other fields of many", Kills: []string{"accelerate-cache/failed-mutation"},
		Accelerate: on(query.where(asks(`name: "new", email: $key`)), rewrite(`name: "new", email: $key`, `name: "new"`), rawBody(failure)),
	},
	{
		Name: "a mutation that fails drops what is kept", Kills: []string{"accelerate-cache/failed-mutation"},
		Accelerate: drops(query.where(asks(`name: "new", email: $key`)).answered(http.StatusOK), cached.where(asks("findMany"))),
	},
}

var almostRight = []Mutant{
	{
		Name: "a count is a text", Kills: []string{"accelerate-query/create-many", "accelerate-query/delete-many", "accelerate-query/update-many"},
		Accelerate: on(query, body(edit("/data/*/count", asString))),
	},
	{Name: "the largest Int is too large", Kills: []string{"accelerate-query/edges-of-int"}, Accelerate: on(query.where(sendsText("2147483647")), rawBody(failure))},
	{Name: "the smallest Int is the one after it", Kills: []string{"accelerate-query/edges-of-int"}, Accelerate: on(query, sendBytes(replaced("-2147483648", "-2147483647")))},
	{Name: "an Int has more than 32 bits", Kills: []string{"accelerate-error/huge-number"}, Accelerate: on(query, sendBytes(replaced("2147483648}", "214748364}")))},
	{Name: "a text of digits is a number", Kills: []string{"accelerate-error/kindred-types"}, Accelerate: on(query, rewrite(`score: "5"`, `score: 5`))},
	{Name: "a fraction is cut off", Kills: []string{"accelerate-error/kindred-types"}, Accelerate: on(query, rewrite(`score: 1.5`, `score: 1`))},
	{Name: "true is 1", Kills: []string{"accelerate-error/kindred-types"}, Accelerate: on(query, rewrite(`score: true`, `score: 1`))},
	{Name: "any text is true", Kills: []string{"accelerate-error/kindred-types"}, Accelerate: on(query, rewrite(`active: "false"`, `active: true`))},
	{Name: "0 is false", Kills: []string{"accelerate-error/kindred-types"}, Accelerate: on(query, rewrite(`active: 0`, `active: false`))},
	{Name: "a number is a text", Kills: []string{"accelerate-error/kindred-types"}, Accelerate: on(query, rewrite(`name: 7`, `name: "7"`))},
	{Name: "null in a field is what its default is", Kills: []string{"accelerate-error/null-in-a-field"}, Accelerate: on(query.where(sendsWhere("/variables/score", isNull)), send(remove("/variables/score")))},
	{
		Name: "a condition whose variable has no value is none", Kills: []string{"accelerate-error/variable-missing"},
		Accelerate: on(query.where(not(sendsWhere("/variables/email", isText))), rewrite(`($email: String!) `, ``, `where: {email: {equals: $email}}, `, ``)),
	},
	{Name: "models are found in small letters too", Kills: []string{"accelerate-error/unknown-model"}, Accelerate: on(query, rewrite("findManyaccount", "findManyAccount"))},
	{Name: "a field that is not there is not written", Kills: []string{"accelerate-error/unknown-names"}, Accelerate: on(query, rewrite(`, nickname: "x"`, ``))},
	{Name: "a condition on a field that is not there holds", Kills: []string{"accelerate-error/unknown-names"}, Accelerate: on(query, rewrite(`where: {nickname: {equals: "x"}}, `, ``))},
	{Name: "an operator that there is not holds", Kills: []string{"accelerate-error/unknown-names"}, Accelerate: on(query, rewrite(`{equal: "x"}`, `{}`))},
	{Name: "an argument that there is not is passed over", Kills: []string{"accelerate-error/unknown-names"}, Accelerate: on(query, rewrite(`limit: 1, `, ``))},
	{Name: "a mutation may be written as a query", Kills: []string{"accelerate-error/root-of-another-kind"}, Accelerate: on(query, rewrite(`query ($email: String!) { createOne`, `mutation ($email: String!) { createOne`))},
	{Name: "a query may be written as a mutation", Kills: []string{"accelerate-error/root-of-another-kind"}, Accelerate: on(query, rewrite(`mutation { findMany`, `query { findMany`))},
	{Name: "who selects nothing gets the id", Kills: []string{"accelerate-error/nothing-selected"}, Accelerate: on(query, rewrite(`take: 1) }`, `take: 1) { id } }`))},
	{Name: "a mutation needs no selection", Kills: []string{"accelerate-error/nothing-selected"}, Accelerate: on(query, rewrite(`name: "first"}) }`, `name: "first"}) { id } }`))},
	{Name: "what stands behind a query is passed over", Kills: []string{"accelerate-error/no-graphql"}, Accelerate: on(query, rewrite(`{ id } } }`, `{ id } }`))},
	{Name: "a character that GraphQL does not have is passed over", Kills: []string{"accelerate-error/no-graphql"}, Accelerate: on(query, rewrite(` id % `, ` id `))},
	{Name: "of a field that stands twice in a filter the last holds", Kills: []string{"accelerate-error/no-graphql"}, Accelerate: on(query, rewrite(`name: {equals: "a"}, name`, `name`))},
	{Name: "a variable need not be declared", Kills: []string{"accelerate-error/variable-missing"}, Accelerate: on(query, rewrite(`query { findManyAccount(where: {email: {equals: $email}}`, `query ($email: String!) { findManyAccount(where: {email: {equals: $email}}`))},
	{
		Name: "a variable that nobody gives is null", Kills: []string{"accelerate-query/variable-left-out"},
		Accelerate: on(query.where(asks("$name: String, $score: Int"), not(sends("/variables/name"))), send(set("/variables/name", nil))),
	},
	{Name: "escapes in the document are characters", Kills: []string{"accelerate-query/escapes"}, Accelerate: on(query.where(asks(`name: "a\"b`)), send(editText("/query", func(query string) string { return strings.ReplaceAll(query, `\`, `\\`) })))},
	{Name: "fields are found in capitals too", Kills: []string{"accelerate-error/unknown-field"}, Accelerate: on(query, rewrite(" Email ", " email "))},
	{
		Name: "Pulse finds models in small letters too", Kills: []string{"pulse-create/model-unknown", "pulse-subscribe/unknown-model"},
		Pulse: send(editText("/model", func(model string) string {
			return strings.NewReplacer("entry", "Entry", "account", "Account").Replace(model)
		})),
	},
	{Name: "blanks around a model's name are taken off", Kills: []string{"pulse-create/model-unknown"}, Pulse: on(createStream, send(editText("/model", strings.TrimSpace)))},
	{Name: "filters find fields in capitals too", Kills: []string{"pulse-filter/unknown-field"}, Pulse: send(rename(ofCreate, "Email", "email"))},
}

var keptForAnother = []Mutant{
	{Name: "the cache does not look at take", Kills: []string{"accelerate-cache/take"}, Accelerate: on(cached, takingForOne(", take: 1", "", ", take: 2", ""))},
	{Name: "the cache does not look at models", Kills: []string{"accelerate-cache/models"}, Accelerate: on(cached, takingForOne("findManyPair", "findMany", "findManyTicket", "findMany"))},
	{Name: "the cache joins the items of lists by commas", Kills: []string{"accelerate-cache/lists"}, Accelerate: on(cached, takingForOne(`","`, `,`))},
	{Name: "the cache joins the items of lists by blanks", Kills: []string{"accelerate-cache/lists"}, Accelerate: on(cached, takingForOne(`","`, ` `))},
	{Name: "the cache puts quotes around items, whatever is in them", Kills: []string{"accelerate-cache/lists"}, Accelerate: on(cached, takingForOne(`\"`, `"`))},
}

// takingForOne is a cache that takes for one request what is one when pairs of texts in
// it are replaced.
func takingForOne(pairs ...string) Defect {
	replacer := strings.NewReplacer(pairs...)
	return confuses(func(r *http.Request) string { return replacer.Replace(byRequest(r)) })
}

// replaced replaces a text in a body.
func replaced(from, to string) func([]byte) []byte {
	return func(text []byte) []byte { return bytes.ReplaceAll(text, []byte(from), []byte(to)) }
}

func asString(v any) any { return fmt.Sprint(v) }

// sendBytes changes the body that the target gets, whatever it is.
func sendBytes(f func(text []byte) []byte) Defect {
	return before(func(r *http.Request) { setSent(r, f(sent(r))) })
}

// readable is what readers make of a text that is no UTF-8 when nobody tells them not to.
func readable(text []byte) []byte { return bytes.ToValidUTF8(text, []byte("\uFFFD")) }

// halves puts something in the place of half of a surrogate pair at the end of a text.
func halves(replacement string) func([]byte) []byte {
	return replaced(`\ud83d"`, replacement+`"`)
}

// as has the target asked by another method.
func as(method string) Defect {
	return before(func(r *http.Request) { r.Method = method })
}

// queryOfURL makes of a query in the URL the request that the document has.
func queryOfURL(r *http.Request) {
	r.Method = http.MethodPost
	setSent(r, encode(map[string]any{"query": r.URL.Query().Get("query")}))
}

// tagsOfURL makes of tags in the URL the request that the document has.
func tagsOfURL(r *http.Request) {
	r.Method = http.MethodPost
	setSent(r, encode(map[string]any{"tags": r.URL.Query()["tags"]}))
}

func sendsNoUTF8(r *http.Request) bool {
	text := sent(r)
	return len(readable(text)) != len(text)
}

// sendsMore tests for a JSON object with something behind it.
func sendsMore(r *http.Request) bool { return isObject(sentJSON(r)) && isBrokenJSON(r) }

func sendsTwoQueries(r *http.Request) bool { return bytes.Count(sent(r), []byte(`"query":`)) > 1 }

func beginsWith(start string) func(*http.Request) bool {
	return func(r *http.Request) bool { return bytes.HasPrefix(sent(r), []byte(start)) }
}

func isNull(v any) bool { return v == nil }

// composed writes an e and the accent behind it as one character.
func composed(text string) string { return strings.ReplaceAll(text, "e\u0301", "\u00e9") }

// eitherForm is a condition that takes a text in both of its forms.
func eitherForm(note any) any {
	if note != "\u00e9" {
		return note
	}
	return map[string]any{"in": []any{"\u00e9", "e\u0301"}}
}

func trimmed(v any) any {
	if text, is := v.(string); is {
		return strings.TrimSpace(text)
	}
	return v
}
