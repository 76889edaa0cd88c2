package mutant

import "strings"

// accelerateQuery breaks what queries come to: who may ask, the data and the errors, the
// headers and accelerateInfo, and the health.
var accelerateQuery = []Mutant{
	{Name: "Accelerate takes any key", Accelerate: on(anything.where(carries("Authorization")), sendKey())},
	{Name: "Accelerate takes no key", Accelerate: on(anything.where(not(carries("Authorization"))), sendKey())},
	{Name: "Accelerate answers with another environment's rows", Accelerate: on(query, sendOtherKey())},
	{Name: "an error of a query is a status", Accelerate: on(query, text(`^\{"errors".*`, `{"code":"P6000","message":"broken"}`))},
	{Name: "an error of Accelerate has a code of no such form", Accelerate: on(anything.answered(400), body(set("/code", "E42")))},
	{Name: "an error of a query has no message", Accelerate: on(query, body(remove("/errors/*/message")))},
	{Name: "a query that fails answers data beside errors", Accelerate: on(query.where(sends("/variables")), body(edit("/errors", func(v any) any { return []any{} })))},
	{Name: "variables are ignored", Accelerate: on(query, send(remove("/variables")))},
	{Name: "an answer is text", Accelerate: on(query, header("Content-Type", "text/plain"))},
	{Name: "an answer does not say where it came from", Accelerate: on(query, noHeader("X-Accelerate-Cache-Status"), body(remove("/extensions")))},
	{Name: "a time is a number", Accelerate: on(query, header("X-Accelerate-Last-Modified", "1718000000"))},
	{Name: "a request has no UUID", Accelerate: on(query, editHeader("X-Accelerate-Request-Id", func(v string) string { return strings.ReplaceAll(v, "-", "") }))},
	{Name: "header and accelerateInfo name two requests", Accelerate: on(query, body(set("/extensions/accelerateInfo/requestId", "another")))},
	{Name: "all requests have one id", Accelerate: on(query, header("X-Accelerate-Request-Id", "00000000-0000-4000-8000-000000000000"), body(set("/extensions/accelerateInfo/requestId", "00000000-0000-4000-8000-000000000000")))},
	{Name: "an answer breaks off", Accelerate: on(query, cutBody(10))},
	{Name: "Accelerate's health has no time", Accelerate: on(health, body(remove("/timestamp")))},
}
