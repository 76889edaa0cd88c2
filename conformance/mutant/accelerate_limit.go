package mutant

import (
	"net/http"
	"sync/atomic"
)

// accelerateLimit breaks what Accelerate says when something is too much, or not there.
var accelerateLimit = []Mutant{
	{
		Name:       "too many invalidations are a bad request",
		Kills:      []string{"accelerate-limit/too-many", "accelerate-limit/too-many-all"},
		Accelerate: status(http.StatusTooManyRequests, http.StatusBadRequest),
	},
	{
		Name:       "too many invalidations are an error of no plan",
		Kills:      []string{"accelerate-limit/too-many"},
		Accelerate: on(invalidate.answered(429), body(set("/code", "P6000"))),
	},
	{
		Name:       "a refused invalidation does not say when to try again",
		Kills:      []string{"accelerate-limit/too-many"},
		Accelerate: on(invalidate.answered(429), noHeader("Retry-After")),
	},
	{
		Name:       "a refused invalidation may be tried again at once",
		Kills:      []string{"accelerate-limit/too-many"},
		Accelerate: on(invalidate.answered(429), header("Retry-After", "0")),
	},
	{
		Name:       "a refused invalidation may be tried again at a time of day",
		Kills:      []string{"accelerate-limit/too-many"},
		Accelerate: on(invalidate.answered(429), header("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT")),
	},
	{
		Name:       "a refused invalidation has been done",
		Kills:      []string{"accelerate-limit/refused-drops-nothing"},
		Accelerate: drops(invalidate.answered(429), cached),
	},
	{
		Name:       "after too many invalidations queries are refused too",
		Kills:      []string{"accelerate-limit/refused-all-drops-nothing", "accelerate-limit/refused-drops-nothing"},
		Accelerate: rememberIf(always, hasStatus(http.StatusTooManyRequests)),
	},
	{
		Name:       "emptying the cache too often is forbidden",
		Kills:      []string{"accelerate-limit/too-many-all"},
		Accelerate: on(invalidateAll, status(http.StatusTooManyRequests, http.StatusForbidden)),
	},
	{
		Name:       "too often the cache is emptied in words",
		Kills:      []string{"accelerate-limit/too-many-all"},
		Accelerate: on(invalidateAll.answered(429), answer(http.StatusOK, `{"success":true,"invalidatedTags":[]}`)),
	},
	{
		Name:       "a cache that is not to be emptied has been",
		Kills:      []string{"accelerate-limit/refused-all-drops-nothing"},
		Accelerate: drops(invalidateAll.answered(429), cached),
	},
	{
		Name:       "a query that takes too long is a timeout of a gateway",
		Kills:      []string{"accelerate-limit/timeout", "accelerate-limit/timeout-changes-nothing"},
		Accelerate: on(query, status(http.StatusInternalServerError, http.StatusGatewayTimeout)),
	},
	{
		Name:       "a query that takes too long is any error",
		Kills:      []string{"accelerate-limit/timeout", "accelerate-limit/timeout-changes-nothing"},
		Accelerate: on(query, text(`"code":"P6004"`, `"code":"P6000"`)),
	},
	{
		Name:       "a query that fails takes the service along",
		Kills:      []string{"accelerate-limit/large-answer", "accelerate-limit/timeout"},
		Accelerate: on(query, rememberIf(always, hasStatus(http.StatusInternalServerError))),
	},
	{
		Name:       "a query that was given up goes on",
		Kills:      []string{"accelerate-limit/timeout-changes-nothing"},
		Accelerate: on(query, afterFailure(text(`"name":"old"`, `"name":"new"`))),
	},
	{
		Name:       "an answer may be of any size",
		Kills:      []string{"accelerate-limit/large-answer", "accelerate-limit/large-answer-is-not-kept"},
		Accelerate: on(query.answered(500), answer(http.StatusOK, `{"data":{"findUniqueAccount":{"name":"very long"}}}`)),
	},
	{
		Name:       "an answer that is too large is one that took too long",
		Kills:      []string{"accelerate-limit/large-answer"},
		Accelerate: on(query, text(`"code":"P6009"`, `"code":"P6004"`)),
	},
	{
		Name:       "that an answer is too large is kept",
		Kills:      []string{"accelerate-limit/large-answer-is-not-kept"},
		Accelerate: on(cached, rememberIf(byRequest, hasStatus(http.StatusInternalServerError))),
	},
	{
		Name:       "without a connection nothing is found",
		Kills:      []string{"accelerate-limit/pool"},
		Accelerate: on(query.where(sendsText("findUnique")), text(`(?s)^.*P2024.*$`, `{"data":{"findUniqueAccount":null}}`)),
	},
	{
		Name:       "without a connection the query is wrong",
		Kills:      []string{"accelerate-limit/pool"},
		Accelerate: on(query, text(`P2024`, `P2009`)),
	},
	{
		Name:       "the health does not know of the pool",
		Kills:      []string{"accelerate-limit/pool-health"},
		Accelerate: on(health.answered(200), body(set("/status", "healthy"))),
	},
	{
		Name:       "degraded is not available",
		Kills:      []string{"accelerate-limit/pool-health"},
		Accelerate: on(health.answered(200), degradedFails()),
	},
	{
		Name:       "a database that is away is a gateway that is bad",
		Kills:      []string{"accelerate-limit/no-database"},
		Accelerate: on(query, status(http.StatusInternalServerError, http.StatusBadGateway)),
	},
	{
		Name:       "a database that is away is any error",
		Kills:      []string{"accelerate-limit/no-database"},
		Accelerate: on(query, text(`"code":"P6008"`, `"code":"P6000"`)),
	},
}

// always is the key of all there is.
func always(*http.Request) string { return "" }

// afterFailure applies defects once the target has failed.
func afterFailure(defects ...Defect) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		var failed atomic.Bool
		watched := after(func(_ *http.Request, response *http.Response) {
			if response.StatusCode == http.StatusInternalServerError {
				failed.Store(true)
			}
		})(target)
		broken := stack(watched, defects)
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if failed.Load() {
				return broken.RoundTrip(r)
			}
			return watched.RoundTrip(r)
		})
	}
}

// degradedFails takes a service that is degraded for one that does not work.
func degradedFails() Defect {
	return after(func(_ *http.Request, response *http.Response) {
		if textAt(decode(bodyOf(response)), "/status") == "degraded" {
			response.StatusCode = http.StatusServiceUnavailable
			setBody(response, changed(bodyOf(response), []change{set("/status", "unavailable")}))
		}
	})
}
