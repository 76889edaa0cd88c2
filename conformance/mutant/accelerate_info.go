package mutant

import (
	"net/http"
	"time"
)

// accelerateInfo breaks what is told of an answer, in headers and accelerateInfo, and the
// health.
var accelerateInfo = []Mutant{
	{Name: "an answer does not say where it came from", Kills: []string{"accelerate-cache/ttl", "accelerate-info/cache-status", "accelerate-info/mutation"}, Accelerate: on(query, noHeader("X-Accelerate-Cache-Status"), body(remove("/extensions")))},
	{Name: "an answer says where it came from in the body alone", Kills: []string{"accelerate-cache/ttl", "accelerate-info/cache-status"}, Accelerate: on(query, noHeader("X-Accelerate-Cache-Status"))},
	{Name: "accelerateInfo says that nothing is cached", Kills: []string{"accelerate-info/cache-status"}, Accelerate: on(query, body(edit("/extensions/accelerateInfo/cacheStatus", func(any) any { return "none" })))},
	{Name: "an answer from the cache is a hit", Kills: []string{"accelerate-cache/ttl", "accelerate-info/cache-status", "accelerate-query/read-back", "pulse-subscribe/live"}, Accelerate: on(query, saysCached("hit"))},
	{Name: "a mutation is said to have missed the cache", Kills: []string{"accelerate-info/mutation"}, Accelerate: on(query.where(asks("mutation")), saysCached("miss"))},
	{Name: "errors are said to be from the cache", Kills: []string{"accelerate-info/failure"}, Accelerate: on(query, ifAnswered("/errors", saysCached("ttl")))},
	{Name: "a moment has fractions of a second in the body alone", Kills: []string{"accelerate-info/last-modified"}, Accelerate: on(query, editHeader("X-Accelerate-Last-Modified", func(v string) string { return v[:len("2006-01-02T15:04:05")] + "Z" }))},
	{Name: "a time is a number", Kills: []string{"accelerate-cache/ttl", "accelerate-info/last-modified", "accelerate-query/read-back", "pulse-subscribe/live"}, Accelerate: on(query, header("X-Accelerate-Last-Modified", "1718000000"), body(set("/extensions/accelerateInfo/lastModified", "1718000000")))},
	{Name: "a time is as headers of HTTP have it", Kills: []string{"accelerate-cache/ttl", "accelerate-info/last-modified", "accelerate-query/read-back", "pulse-subscribe/live"}, Accelerate: on(query, header("X-Accelerate-Last-Modified", "Mon, 10 Jun 2024 06:13:20 GMT"), body(set("/extensions/accelerateInfo/lastModified", "Mon, 10 Jun 2024 06:13:20 GMT")))},
	{Name: "everything was read when the service began", Kills: []string{"accelerate-info/moves-on"}, Accelerate: on(query, modified(time.Now()))},
	{Name: "an answer from the cache was read at the moment", Kills: []string{"accelerate-info/kept-moment"}, Accelerate: on(query, readNow)},
	{Name: "a region is called otherwise in the header", Kills: []string{"accelerate-info/region"}, Accelerate: on(query, header("X-Accelerate-Region", "everywhere"))},
	{Name: "a request has no UUID", Kills: []string{"accelerate-cache/ttl", "accelerate-info/request-id", "accelerate-query/read-back", "pulse-subscribe/live"}, Accelerate: on(query, header("X-Accelerate-Request-Id", "request-7"), body(set("/extensions/accelerateInfo/requestId", "request-7")))},
	{Name: "header and accelerateInfo name two requests", Kills: []string{"accelerate-info/request-id"}, Accelerate: on(query, body(set("/extensions/accelerateInfo/requestId", "another")))},
	{Name: "accelerateInfo does not name the request", Kills: []string{"accelerate-cache/ttl", "accelerate-info/request-id", "accelerate-query/read-back", "pulse-subscribe/live"}, Accelerate: on(query, body(remove("/extensions/accelerateInfo/requestId")))},
	{Name: "all requests have one id", Kills: []string{"accelerate-info/request-ids"}, Accelerate: on(query, header("X-Accelerate-Request-Id", oneID), body(set("/extensions/accelerateInfo/requestId", oneID)))},
	{Name: "a signature is made anew for the header", Kills: []string{"accelerate-info/signature"}, Accelerate: on(query, editHeader("X-Accelerate-Signature", func(v string) string { return v + "00" }))},
	{Name: "an answer is text", Kills: []string{"accelerate-auth/unknown", "accelerate-cache/ttl", "accelerate-query/read-back", "accelerate-query/selection", "pulse-subscribe/live"}, Accelerate: on(query, header("Content-Type", "text/plain"))},
	{Name: "an answer breaks off", Kills: []string{"accelerate-auth/unknown", "accelerate-cache/ttl", "accelerate-query/read-back", "accelerate-query/selection", "pulse-subscribe/live"}, Accelerate: on(query, cutBody(10))},

	{Name: "Accelerate's health has no time", Kills: []string{"accelerate-health/timestamp", "accelerate-health/works"}, Accelerate: on(health, body(remove("/timestamp")))},
	{Name: "Accelerate's health is asked for once", Kills: []string{"accelerate-health/timestamp"}, Accelerate: on(health, remember(byRequest))},
	{Name: "Accelerate's health needs a key", Kills: []string{"accelerate-health/without-key", "accelerate-health/works"}, Accelerate: on(health.where(not(carries("Authorization"))), answer(401, refusal))},
	{Name: "Accelerate's health refuses a key it does not know", Kills: []string{"accelerate-health/wrong-key"}, Accelerate: on(health.where(carries("Authorization")), answer(401, refusal))},
	{Name: "Accelerate is said to be unavailable and works", Kills: []string{"accelerate-health/works"}, Accelerate: on(health.answered(200), body(set("/status", "unavailable")))},
	{Name: "Accelerate's health is called OK", Kills: []string{"accelerate-health/works"}, Accelerate: on(health, body(set("/status", "ok")))},
	{Name: "Accelerate is healthy without its database", Kills: []string{"accelerate-health/database-down"}, Accelerate: on(health.answered(503), status(503, 200), body(set("/status", "healthy")))},
}

const oneID = "00000000-0000-4000-8000-000000000000"

// modified says when an answer was read, in both places.
func modified(when time.Time) Defect {
	moment := when.UTC().Format(time.RFC3339Nano)
	return func(target http.RoundTripper) http.RoundTripper {
		return stack(target, []Defect{
			header("X-Accelerate-Last-Modified", moment),
			body(set("/extensions/accelerateInfo/lastModified", moment)),
		})
	}
}

// readNow has every answer say that it was read at the moment.
func readNow(target http.RoundTripper) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		return modified(time.Now())(target).RoundTrip(r)
	})
}
