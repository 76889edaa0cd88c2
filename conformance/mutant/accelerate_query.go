package mutant

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// accelerateQuery breaks who may ask and what queries come to.
var accelerateQuery = []Mutant{
	{Name: "Accelerate takes any key", Kills: []string{"accelerate-auth/unknown"}, Accelerate: on(anything.where(carries("Authorization")), sendKey())},
	{Name: "Accelerate takes no key", Kills: []string{"accelerate-auth/none"}, Accelerate: on(anything.where(not(carries("Authorization"))), sendKey())},
	{Name: "Accelerate compares as much of a key as it knows", Kills: []string{"accelerate-auth/longer"}, Accelerate: on(query.where(sendsKeyAs("Bearer KEYx")), sendKey())},
	{Name: "Accelerate does not look at the word before a key", Kills: []string{"accelerate-auth/scheme"}, Accelerate: on(query.where(sendsKeyAs("Basic KEY", "Token KEY")), sendKey())},
	{Name: "Accelerate takes a key without the word Bearer", Kills: []string{"accelerate-auth/bare"}, Accelerate: on(query.where(sendsKeyAs("KEY")), sendKey())},
	{Name: "Accelerate falls over the word bearer in small letters", Kills: []string{"accelerate-auth/small-letters"}, Accelerate: on(query.where(sendsKeyAs("bearer KEY")), answer(500, refusal))},
	{Name: "Accelerate takes a key out of the URL", Kills: []string{"accelerate-auth/in-the-url"}, Accelerate: on(query.where(hasQuery), sendKey())},
	{Name: "Accelerate says 403 to a key it does not know", Kills: []string{"accelerate-auth/longer", "accelerate-auth/none", "accelerate-auth/unknown"}, Accelerate: status(401, 403)},
	{Name: "Accelerate reads what comes without a key, and falls over it", Kills: []string{"accelerate-auth/before-the-body"}, Accelerate: on(query.where(not(carries("Authorization")), sendsWhere("/query", isNot(isText))), answer(500, refusal))},
	{Name: "an error of a key is a page", Kills: []string{"accelerate-auth/none", "accelerate-auth/unknown"}, Accelerate: on(query.answered(401), header("Content-Type", "text/html"), rawBody("<h1>Unauthorized</h1>"))},
	{Name: "a mutation without a key is refused when it is done", Kills: []string{"accelerate-auth/changes-nothing"}, Accelerate: on(query.where(not(carries("Authorization")), asks("mutation")), secretly())},
	{Name: "Accelerate answers with another environment's rows", Kills: []string{"accelerate-auth/environments", "accelerate-auth/unknown", "pulse-subscribe/live"}, Accelerate: on(query, sendOtherKey())},

	{Name: "a default of a new record is not answered", Kills: []string{"accelerate-query/create"}, Accelerate: on(query, body(edit("/data/createOneAccount/score", func(any) any { return nil })))},
	{Name: "variables are ignored", Kills: []string{"accelerate-cache/ttl", "accelerate-query/create", "accelerate-query/nothing", "accelerate-query/read-back", "pulse-subscribe/live"}, Accelerate: on(query, send(remove("/variables")))},
	{Name: "a query reads what was there before the last mutation", Kills: []string{"accelerate-cache/ttl", "accelerate-query/read-back"}, Accelerate: on(query.where(asks("findUnique")), body(set("/data/findUniqueAccount", nil)))},
	{Name: "a record is not found by its id", Kills: []string{"accelerate-query/by-id"}, Accelerate: on(query.where(asks("where: {id: $id}")), body(set("/data/findUniqueAccount", nil)))},
	{Name: "a record that is not there is an error", Kills: []string{"accelerate-query/nothing"}, Accelerate: on(query, body(notFoundFails))},
	{Name: "a list of nothing is null", Kills: []string{"accelerate-query/none-of-many"}, Accelerate: on(query, body(edit("/data/findManyAccount", nullIfEmpty)))},
	{Name: "an update clears the fields that it does not name", Kills: []string{"accelerate-query/update"}, Accelerate: on(query, rewrite("data: {score: $score}", "data: {score: $score, name: null}"))},
	{Name: "an update is answered with the record as it was", Kills: []string{"accelerate-query/update"}, Accelerate: on(query, body(edit("/data/updateOneAccount/score", func(any) any { return 2 })))},
	{Name: "a null among the variables is left out", Kills: []string{"accelerate-query/update-to-null"}, Accelerate: on(query, send(edit("/variables", withoutNulls)))},
	{Name: "an update does not write what is false, 0 or empty", Kills: []string{"accelerate-query/update-to-nothing"}, Accelerate: on(query, rewrite("{name: $name, score: $score, active: $active}", "{}"))},
	{Name: "an update of many counts what it was given", Kills: []string{"accelerate-query/update-many"}, Accelerate: on(query, body(edit("/data/updateManyAccount/count", func(any) any { return 3 })))},
	{Name: "a deletion of many counts nothing", Kills: []string{"accelerate-query/delete-many"}, Accelerate: on(query, body(edit("/data/deleteManyAccount/count", func(any) any { return 0 })))},
	{Name: "a mutation of many that finds nothing is an error", Kills: []string{"accelerate-query/none-of-many-changed"}, Accelerate: on(query, body(noneFails))},
	{Name: "the last of many new records is lost", Kills: []string{"accelerate-query/create-many"}, Accelerate: on(query, rewrite(`, {email: $c, name: "c", score: 3}`, ""), body(edit("/data/createManyAccount/count", func(any) any { return 3 })))},
	{Name: "a deletion is said and not done", Kills: []string{"accelerate-query/delete"}, Accelerate: on(query.where(asks("deleteOneAccount")), rewrite("mutation", "query", "deleteOneAccount", "findUniqueAccount"), body(rename("/data", "findUniqueAccount", "deleteOneAccount")))},
	{Name: "equals does not regard case", Kills: []string{"accelerate-query/equals"}, Accelerate: on(query, rewrite("{equals: $email}", "{equals: $email, mode: insensitive}"))},
	{Name: "in looks at its first value alone", Kills: []string{"accelerate-query/delete-many", "accelerate-query/in", "accelerate-query/update-many"}, Accelerate: on(query, send(first("/variables/emails", 1)))},
	{Name: "a filter without values is no filter", Kills: []string{"accelerate-query/in-nothing"}, Accelerate: on(query.where(sendsWhere("/variables/names", isEmptyList)), rewrite("name: {in: $names}", ""))},
	{Name: "startsWith finds the text anywhere", Kills: []string{"accelerate-query/starts-with"}, Accelerate: on(query, rewrite("{startsWith: ", "{contains: "))},
	{Name: "an order is turned round", Kills: []string{"accelerate-query/order", "accelerate-query/take"}, Accelerate: on(query, rewrite("orderBy: {id: asc}", "orderBy: {id: desc}"))},
	{Name: "take is ignored", Kills: []string{"accelerate-query/take"}, Accelerate: on(query, rewrite(", take: $take", "", ", $take: Int!", ""))},
	{Name: "take of 0 is no take", Kills: []string{"accelerate-query/take-none"}, Accelerate: on(query.where(sendsText(`"take":0`)), rewrite(", take: $take", "", ", $take: Int!", ""))},
	{Name: "a record has fields that were not selected", Kills: []string{"accelerate-query/selection"}, Accelerate: on(query, rewrite("{ name score } }", "{ id name score } }"))},
	{Name: "data has a member that nobody asked for", Kills: []string{"accelerate-query/selection"}, Accelerate: on(query, body(set("/data/__typename", "Query")))},
	{Name: "a field that is selected twice is refused", Kills: []string{"accelerate-query/selected-twice"}, Accelerate: on(query.where(asks("{ name score name }")), rawBody(failure))},
	{Name: "variables are required", Kills: []string{"accelerate-auth/unknown", "accelerate-query/without-variables"}, Accelerate: on(query.where(not(sends("/variables"))), answer(400, refusal))},
	{Name: "a member that is not known is refused", Kills: []string{"accelerate-query/more-members"}, Accelerate: on(query.where(sends("/unknown")), answer(400, refusal))},
	{Name: "a strategy with a member that is not known is refused", Kills: []string{"accelerate-query/more-members"}, Accelerate: on(query.where(sends("/extensions/cacheStrategy/unknown")), answer(400, refusal))},
	{Name: "a charset makes another media type", Kills: []string{"accelerate-query/charset"}, Accelerate: on(query.where(hasCharset), answer(400, refusal))},
	{Name: "a query of another version of the API is not found", Kills: []string{"accelerate-query/paths"}, Accelerate: on(query.where(not(inPath("/2024/"))), answer(404, refusal))},
	{Name: "a path with an escape in it is not found", Kills: []string{"accelerate-query/escaped-paths"}, Accelerate: on(query.where(inPath("%")), answer(404, refusal))},
	{Name: "a creation is repeated when its answer is slow", Kills: []string{"accelerate-query/once"}, Accelerate: on(query.where(asks("createOneEntry")), secretly())},

	{Name: "OR is read as AND", Kills: []string{"accelerate-query/combined-filters"}, Accelerate: on(query, rewrite("OR: ", "AND: "))},
	{Name: "NOT is ignored", Kills: []string{"accelerate-query/combined-filters"}, Accelerate: on(query, rewrite(`NOT: {name: {contains: "a"}}`, ""))},
	{Name: "skip is ignored", Kills: []string{"accelerate-query/pages"}, Accelerate: on(query, rewrite(", skip: 1", ""))},
	{Name: "a cursor begins behind its record", Kills: []string{"accelerate-query/pages"}, Accelerate: on(query, rewrite("cursor: {email: $b}, ", "cursor: {email: $b}, skip: 1, "))},
	{Name: "the first record is the one that was written first", Kills: []string{"accelerate-query/first"}, Accelerate: on(query, rewrite("orderBy: [{active: asc}, {score: desc}]", "orderBy: {id: asc}"))},
	{Name: "a record that has to be there may be missing", Kills: []string{"accelerate-query/or-throw"}, Accelerate: on(query.where(asks("OrThrow")), rewrite("OrThrow", ""), body(rename("/data", "findUniqueAccount", "findUniqueAccountOrThrow")))},
	{Name: "of a key of two fields the first is ignored", Kills: []string{"accelerate-query/compound-key"}, Accelerate: on(query, rewrite("findUniquePair(where: {a_b: {a: 2, b: $b}})", "findFirstPair(where: {b: {equals: $b}})"), body(rename("/data", "findFirstPair", "findUniquePair")))},
	{Name: "an upsert updates what it created", Kills: []string{"accelerate-query/upsert"}, Accelerate: on(query.where(asks("upsertOne")), secretly())},
	{Name: "the least of some values is 0", Kills: []string{"accelerate-query/aggregate"}, Accelerate: on(query, body(edit("/data/aggregateAccount/_min/score", func(any) any { return 0 })))},
	{Name: "groups do not stand in their order", Kills: []string{"accelerate-query/group"}, Accelerate: on(query, body(edit("/data/groupByAccount", reversed)))},
	{Name: "one related record is answered", Kills: []string{"accelerate-query/list-of-relation"}, Accelerate: on(query, body(first("/data/findUniqueAccount/Entry", 1)))},
	{Name: "some is read as every", Kills: []string{"accelerate-query/filter-by-relation"}, Accelerate: on(query, rewrite("{some: ", "{every: "))},
	{Name: "the first nested record is written", Kills: []string{"accelerate-query/nested-create"}, Accelerate: on(query, rewrite("{create: [{title: $one}, {title: $two}]}", "{create: [{title: $one}]}"))},
	{Name: "a record is not set free", Kills: []string{"accelerate-query/nested-connect"}, Accelerate: on(query, rewrite("disconnect: [{id: $id}]", "connect: [{id: $id}]"))},
	{Name: "what was written before a nested write failed stays", Kills: []string{"accelerate-query/nested-failure"}, Accelerate: on(query.where(asks("connect: [{id: 2147483647}]")), rewrite(", connect: [{id: 2147483647}]", ""), rawBody(failure))},
	{Name: "a batch is answered from its end", Kills: []string{"accelerate-query/batch"}, Accelerate: on(query, body(edit("/batchResult", reversed)))},
	{Name: "a batch is always a transaction", Kills: []string{"accelerate-query/batch-by-itself"}, Accelerate: on(query.where(sends("/batch")), send(set("/transaction", true)))},
	{Name: "a batch is never a transaction", Kills: []string{"accelerate-query/batch-transaction"}, Accelerate: on(query.where(sends("/batch")), send(set("/transaction", false)))},
	{Name: "a batch that failed as a transaction has done what it could", Kills: []string{"accelerate-query/batch-transaction"}, Accelerate: on(query.where(sendsWhere("/transaction", func(v any) bool { return v == true })), send(set("/transaction", false)), rawBody(failure))},
	{Name: "a parameter of raw SQL is written into it", Kills: []string{"accelerate-query/query-raw"}, Accelerate: on(query.where(asks("queryRaw")), writesParameters)},
	{Name: "executeRaw counts nothing", Kills: []string{"accelerate-query/execute-raw"}, Accelerate: on(query, body(edit("/data/executeRaw", func(any) any { return 0 })))},
	{Name: "a BigInt is a float on its way", Kills: []string{"accelerate-query/numbers"}, Accelerate: on(query, text("9223372036854775807", "9223372036854775808"))},
	{Name: "a Decimal is a float on its way", Kills: []string{"accelerate-query/numbers"}, Accelerate: on(query, text(`12345678901234567890\.123456789`, "12345678901234567000"))},
	{Name: "a DateTime has no milliseconds", Kills: []string{"accelerate-query/texts"}, Accelerate: on(query, text(`"2024-03-01T00:30:00.125Z"`, `"2024-03-01T00:30:00Z"`))},
	{Name: "bytes are in the base64 of URLs", Kills: []string{"accelerate-query/texts"}, Accelerate: on(query, text(`AP\+A/w==`, `AP-A_w==`))},
	{Name: "a list without elements is null", Kills: []string{"accelerate-query/lists-and-nulls"}, Accelerate: on(query, body(edit("/data/findManySample/*/tags", nullIfEmpty)))},
	{Name: "an enum has the label of the database", Kills: []string{"accelerate-query/mapped-names"}, Accelerate: on(query, text(`"FIRST"`, `"first"`))},
}

func hasQuery(r *http.Request) bool { return r.URL.RawQuery != "" }

func hasCharset(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Content-Type"), "charset")
}

// inPath tests for a text in the path, as it is written.
func inPath(text string) func(*http.Request) bool {
	return func(r *http.Request) bool { return strings.Contains(r.URL.EscapedPath(), text) }
}

// notFoundFails makes an error of an answer that found no record.
func notFoundFails(document any) any {
	if found, there := at(document, "/data/findUniqueAccount"); there && found == nil {
		return decode([]byte(failure))
	}
	return document
}

// noneFails makes an error of a mutation of many that found nothing.
func noneFails(document any) any {
	if count, there := at(document, "/data/updateManyAccount/count"); there && count == json.Number("0") {
		return decode([]byte(failure))
	}
	return document
}

func isEmptyList(v any) bool {
	list, is := v.([]any)
	return is && len(list) == 0
}

func nullIfEmpty(v any) any {
	if isEmptyList(v) {
		return nil
	}
	return v
}

func reversed(v any) any {
	if list, is := v.([]any); is {
		slices.Reverse(list)
	}
	return v
}

// writesParameters puts the first parameter of raw SQL where its placeholder stands, in
// quotes, which do not help.
var writesParameters = send(func(document any) any {
	parameters, _ := decode([]byte(textAt(document, "/variables/parameters"))).([]any)
	if len(parameters) == 0 {
		return document
	}
	query := strings.Replace(textAt(document, "/query"), "$1", fmt.Sprintf("'%s'", parameters[0]), 1)
	return set("/variables/parameters", "[]")(set("/query", query)(document))
})
