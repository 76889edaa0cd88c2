package mutant

import "strings"

// accelerateError breaks what is refused, how a query fails, and what a hostile client
// comes to.
var accelerateError = []Mutant{
	{Name: "Accelerate falls over a body that is no JSON", Kills: []string{"accelerate-error/not-json"}, Accelerate: on(query.where(sendsNoJSON).answered(400), status(400, 500))},
	{Name: "Accelerate falls over a request without a body", Kills: []string{"accelerate-error/empty-body"}, Accelerate: on(query.where(sendsNothing).answered(400), status(400, 500))},
	{Name: "Accelerate falls over JSON that is no object", Kills: []string{"accelerate-error/no-object"}, Accelerate: on(query.where(sendsWhere("", isNot(isObject))).answered(400), status(400, 500))},
	{Name: "a request without a query is a query that failed", Kills: []string{"accelerate-error/query-missing"}, Accelerate: on(query.where(sendsWhere("", isObject), not(sends("/query"))).answered(400), status(400, 200), rawBody(failure))},
	{Name: "a query that is no string is a query that failed", Kills: []string{"accelerate-error/query-no-string"}, Accelerate: on(query.where(sends("/query"), sendsWhere("/query", isNot(isText))).answered(400), status(400, 200), rawBody(failure))},
	{Name: "variables that are none are ignored", Kills: []string{"accelerate-error/variables-no-object"}, Accelerate: on(query.where(sendsWhere("/variables", isNot(isObject))), send(remove("/variables")))},
	{Name: "extensions that are none are ignored", Kills: []string{"accelerate-error/extensions-no-object"}, Accelerate: on(query.where(sendsWhere("/extensions", isNot(isObject))), send(remove("/extensions")))},
	{Name: "a cache strategy that is none is ignored", Kills: []string{"accelerate-error/extensions-no-object"}, Accelerate: on(query.where(sendsWhere("/extensions/cacheStrategy", isNot(isObject))), send(remove("/extensions")))},
	{Name: "a ttl of 0 is no caching", Kills: []string{"accelerate-error/refused-is-not-run", "accelerate-error/ttl-too-small"}, Accelerate: on(query.where(sendsWhere("/extensions/cacheStrategy/ttl", isTooSmall)), send(remove("/extensions/cacheStrategy")))},
	{Name: "a ttl is read out of whatever stands there", Kills: []string{"accelerate-error/ttl-no-integer"}, Accelerate: on(query.where(sendsWhere("/extensions/cacheStrategy/ttl", isNot(isWhole))), send(set("/extensions/cacheStrategy/ttl", 1)))},
	{Name: "an swr that is none is ignored", Kills: []string{"accelerate-error/swr"}, Accelerate: on(query.where(sends("/extensions/cacheStrategy/swr")), send(remove("/extensions/cacheStrategy/swr")))},
	{Name: "the sixth tag of a strategy is ignored", Kills: []string{"accelerate-error/six-tags"}, Accelerate: on(query, send(remove("/extensions/cacheStrategy/tags/5")))},
	{Name: "a tag of a strategy may be any text", Kills: []string{"accelerate-error/bad-tag"}, Accelerate: on(query, send(edit("/extensions/cacheStrategy/tags/*", goodTag)))},
	{Name: "tags that are no list are ignored", Kills: []string{"accelerate-error/tags-no-list"}, Accelerate: on(query.where(sendsWhere("/extensions/cacheStrategy/tags", isText)), send(remove("/extensions/cacheStrategy/tags")))},
	{Name: "a fifth tag is one too many", Kills: []string{"accelerate-error/strategy-at-its-limits"}, Accelerate: on(query.where(sends("/extensions/cacheStrategy/tags/4")), answer(400, refusal))},
	{Name: "a ttl of 1 is refused", Kills: []string{"accelerate-error/strategy-at-its-limits"}, Accelerate: on(query, send(edit("/extensions/cacheStrategy/ttl", lessOne)))},
	{Name: "what is wrong with a strategy is told when the query was run", Kills: []string{"accelerate-error/refused-is-not-run"}, Accelerate: on(query.where(sendsWhere("/extensions/cacheStrategy/ttl", isTooSmall)), secretly(remove("/extensions")))},
	{Name: "an error of Accelerate has a code of no such form", Kills: []string{"accelerate-error/query-missing"}, Accelerate: on(query.answered(400), body(set("/code", "E42")))},
	{Name: "an error of Accelerate says nothing", Kills: []string{"accelerate-error/not-json", "accelerate-error/query-missing"}, Accelerate: on(query.answered(400), body(set("/message", "")))},
	{Name: "an error of Accelerate is a page", Kills: []string{"accelerate-error/not-json"}, Accelerate: on(query.answered(400), header("Content-Type", "text/html"), rawBody("<h1>Bad Request</h1>"))},

	{Name: "a query that failed is a bad request", Kills: []string{"accelerate-error/unique"}, Accelerate: on(query, ifAnswered("/errors", status(200, 400), rawBody(refusal)))},
	{Name: "a query that failed is a fault of the server", Kills: []string{"accelerate-error/no-graphql", "accelerate-error/unique", "accelerate-error/unknown-field", "accelerate-error/unknown-model"}, Accelerate: on(query, ifAnswered("/errors", status(200, 500), rawBody(refusal)))},
	{Name: "an error of a query has no message", Kills: []string{"accelerate-error/unique"}, Accelerate: on(query, body(remove("/errors/*/message")))},
	{Name: "an error of a query has the code of the query engine", Kills: []string{"accelerate-error/unique"}, Accelerate: on(query, body(edit("/errors/*/code", func(any) any { return "P2002" })))},
	{Name: "what an error tells beside its message is a text", Kills: []string{"accelerate-error/unique"}, Accelerate: on(query, body(edit("/errors/*/meta", func(any) any { return "email" })))},
	{Name: "a query that fails has no errors", Kills: []string{"accelerate-error/unique"}, Accelerate: on(query, body(edit("/errors", func(any) any { return []any{} })))},
	{Name: "a new record takes the place of the one that has its key", Kills: []string{"accelerate-error/unique"}, Accelerate: on(query,
		rewrite(`createOneAccount(data: {email: $email, name: "second", score: 2})`, `upsertOneAccount(where: {email: $email}, create: {email: $email, name: "second"}, update: {name: "second"})`),
		ifAnswered("/data/upsertOneAccount", rawBody(failure)))},
	{Name: "of many new records those are written that can be", Kills: []string{"accelerate-error/unique-of-many"}, Accelerate: on(query.where(asks("email: $taken")), rewrite("{email: $c}])", "{email: $c}], skipDuplicates: true)"), rawBody(failure))},
	{Name: "an update that fails has changed the other fields", Kills: []string{"accelerate-error/unique-update"}, Accelerate: on(query.where(asks("email: $taken")), rewrite(`name: "changed", email: $taken`, `name: "changed"`), rawBody(failure))},
	{Name: "an update makes the record that is not there", Kills: []string{"accelerate-error/nothing-to-update"}, Accelerate: on(query,
		rewrite(`updateOneAccount(where: {email: $email}, data: {name: "made"})`, `upsertOneAccount(where: {email: $email}, create: {email: $email, name: "made"}, update: {name: "made"})`),
		body(rename("/data", "upsertOneAccount", "updateOneAccount")))},
	{Name: "a deletion answers what it was asked for", Kills: []string{"accelerate-error/nothing-to-delete"}, Accelerate: on(query.where(asks("deleteOneAccount")), ifAnswered("/errors", rawBody(`{"data":{"deleteOneAccount":{"email":"gone"}}}`)))},
	{Name: "a field that a record needs is made up", Kills: []string{"accelerate-error/required-field"}, Accelerate: on(query, rewrite("createOneAccount(data: {name: $name})", "createOneAccount(data: {name: $name, email: $name})"))},
	{Name: "a text in place of a number is 0", Kills: []string{"accelerate-error/wrong-type"}, Accelerate: on(query.where(sendsWhere("/variables/score", isText)), send(set("/variables/score", 0)))},
	{Name: "a number that is too large is the largest", Kills: []string{"accelerate-error/huge-number"}, Accelerate: on(query.where(sendsText("99999999999999999999")), send(set("/variables/score", 2147483647)))},
	{Name: "a model that is not there has no records", Kills: []string{"accelerate-error/unknown-model"}, Accelerate: on(query.where(asks("Nowhere")), answer(200, `{"data":{"findManyNowhere":[]}}`))},
	{Name: "a field that is not there is left out", Kills: []string{"accelerate-error/unknown-field"}, Accelerate: on(query, rewrite(" nowhere", ""))},
	{Name: "what is missing at the end of a query is added", Kills: []string{"accelerate-error/no-graphql"}, Accelerate: on(query, send(edit("/query", closed)))},

	{Name: "a quote in a value comes back twice", Kills: []string{"accelerate-error/sql-in-values"}, Accelerate: on(query, text("'", "''"))},
	{Name: "escapes in a value are read once more", Kills: []string{"accelerate-error/graphql-in-values"}, Accelerate: on(query, sendText("/variables/name", func(v string) string { return strings.ReplaceAll(v, `\n`, "\n") }))},
	{Name: "blanks around a value are taken off", Kills: []string{"accelerate-error/unicode-in-values"}, Accelerate: on(query, sendText("/variables/name", strings.TrimSpace))},
	{Name: "characters beyond the first plane are lost", Kills: []string{"accelerate-error/unicode-in-values"}, Accelerate: on(query, sendText("/variables/name", firstPlane))},
	{Name: "a value ends after 32 KiB", Kills: []string{"accelerate-error/long-value"}, Accelerate: on(query, sendText("/variables/name", func(v string) string { return v[:min(len(v), 32<<10)] }))},
	{Name: "a null character is left out", Kills: []string{"accelerate-error/null-byte"}, Accelerate: on(query, sendText("/variables/name", func(v string) string { return strings.ReplaceAll(v, "\x00", "") }))},
	{Name: "a text ends at its null character", Kills: []string{"accelerate-error/null-byte"}, Accelerate: on(query, sendText("/variables/name", func(v string) string { before, _, _ := strings.Cut(v, "\x00"); return before }))},
	{Name: "a deep query ends the service", Kills: []string{"accelerate-error/deep-query"}, Accelerate: on(query.where(nests("{")), hangUp())},
	{Name: "a deep list ends the service", Kills: []string{"accelerate-error/deep-values"}, Accelerate: on(query.where(nests("[")), hangUp())},
	{Name: "deep JSON ends the service", Kills: []string{"accelerate-error/deep-json"}, Accelerate: on(query.where(sendsNoJSON, sendsText("[[[[[[[[")), hangUp())},
	{Name: "half a character is a fault of the server", Kills: []string{"accelerate-error/half-a-character"}, Accelerate: on(query.where(sendsText(`\ud83d"`)), answer(500, refusal))},
	{Name: "a long name is a fault of the server", Kills: []string{"accelerate-error/huge-name"}, Accelerate: on(query.where(asked(func(query string) bool { return len(query) > 10000 && !strings.ContainsAny(query, "[}") })), status(200, 500), rawBody(refusal))},
}

// sendText alters a string that the target gets.
func sendText(pointer string, f func(string) string) Defect {
	return send(edit(pointer, func(v any) any {
		if text, is := v.(string); is {
			return f(text)
		}
		return v
	}))
}

// goodTag is the tag without what no tag has.
func goodTag(v any) any {
	tag, is := v.(string)
	if !is {
		return v
	}
	good := strings.Map(func(r rune) rune {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, tag+"_")
	return good[:min(len(good), 64)]
}

func lessOne(v any) any {
	if n, is := whole(v); is {
		return n - 1
	}
	return v
}

// closed adds the braces that a query lacks.
func closed(v any) any {
	query, is := v.(string)
	if !is {
		return v
	}
	lacking := strings.Count(query, "{") - strings.Count(query, "}")
	return query + strings.Repeat("}", max(lacking, 0))
}

// firstPlane puts a question mark in the place of each character that needs two units
// of UTF-16.
func firstPlane(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFFFF {
			return '?'
		}
		return r
	}, text)
}
