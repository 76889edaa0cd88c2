package mutant

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// accelerateCache breaks the cache: what it keeps, for how long and for whom, and what
// it says of it.
var accelerateCache = []Mutant{
	{
		Name:       "nothing is cached",
		Kills:      []string{"accelerate-cache/no-strategy", "accelerate-cache/stale", "accelerate-cache/ttl", "accelerate-tag/drop"},
		Accelerate: on(query, send(remove(strategyAt))),
	},
	{
		Name:       "nothing is cached, and all is said to be new",
		Kills:      []string{"accelerate-cache/long-ttl", "accelerate-cache/stale", "accelerate-cache/ttl", "accelerate-cache/ttl-over"},
		Accelerate: on(cached, send(remove("/extensions")), saysCached("miss")),
	},
	{
		Name:       "what came from the cache is said to be new",
		Kills:      []string{"accelerate-cache/no-strategy-replaces-nothing", "accelerate-cache/ttl"},
		Accelerate: on(query, saying("ttl", saysCached("miss"))),
	},
	{
		Name:       "what is fresh is said to be stale",
		Kills:      []string{"accelerate-cache/same-data", "accelerate-cache/ttl"},
		Accelerate: on(query, saying("ttl", saysCached("swr"))),
	},
	{
		Name: "an answer is kept for ever",
		Kills: []string{
			"accelerate-all/everything", "accelerate-cache/both-over", "accelerate-cache/ttl-over",
			"accelerate-tag/drop", "accelerate-tag/every-answer",
		},
		Accelerate: on(cached, remember(byRequest, saysCached("ttl"))),
	},
	{
		Name:       "what is stale is never answered",
		Kills:      []string{"accelerate-cache/refresh", "accelerate-cache/stale", "accelerate-cache/swr-alone", "accelerate-cache/swr-begins-with-the-end-of-ttl"},
		Accelerate: on(query, send(remove(swrAt))),
	},
	{
		Name:       "who gets a stale answer waits for the fresh one",
		Kills:      []string{"accelerate-cache/stale", "accelerate-cache/swr-alone"},
		Accelerate: on(cached, awaits("swr")),
	},
	{
		Name:       "a stale answer is never refreshed",
		Kills:      []string{"accelerate-cache/refresh", "accelerate-cache/swr-alone"},
		Accelerate: on(cached, rememberIf(byRequest, says("swr"))),
	},
	{
		Name:       "a refreshed answer has the moment of the one before",
		Kills:      []string{"accelerate-cache/refresh"},
		Accelerate: on(cached, repeats("/extensions/accelerateInfo/lastModified", "X-Accelerate-Last-Modified")),
	},
	{
		Name:       "the swr begins with the ttl",
		Kills:      []string{"accelerate-cache/swr-begins-with-the-end-of-ttl"},
		Accelerate: on(cached, seconds(func(ttl, swr int64) (int64, int64) { return ttl, swr - ttl })),
	},
	{
		Name:       "what is stale stays for a day",
		Kills:      []string{"accelerate-cache/both-over"},
		Accelerate: on(cached.where(sends(swrAt)), send(set(swrAt, 24*60*60))),
	},
	{
		Name:       "an swr without a ttl is no strategy",
		Kills:      []string{"accelerate-cache/swr-alone", "accelerate-tag/stale"},
		Accelerate: on(query.where(not(sends(ttlAt))), send(remove(strategyAt))),
	},
	{
		Name:       "an swr without a ttl is one",
		Kills:      []string{"accelerate-cache/swr-alone"},
		Accelerate: on(query.where(not(sends(ttlAt))), send(rename(strategyAt, "swr", "ttl"))),
	},
	{
		Name:       "a timer of 32 bits of milliseconds overflows",
		Kills:      []string{"accelerate-cache/long-ttl"},
		Accelerate: on(cached.where(longerThan(1<<31/1000)), send(remove(strategyAt)), saysCached("miss")),
	},
	{
		Name:       "a ttl is limited to an hour",
		Kills:      []string{"accelerate-cache/long-ttl"},
		Accelerate: on(cached.where(longerThan(60*60)), answer(http.StatusBadRequest, `{"code":"P6005","message":"too long"}`)),
	},
	{
		Name:       "a query without a strategy is answered from the cache too",
		Kills:      []string{"accelerate-cache/no-strategy", "accelerate-cache/no-strategy-replaces-nothing"},
		Accelerate: on(uncached, send(set("/extensions", map[string]any{"cacheStrategy": map[string]any{"ttl": 60}})), saysCached("none")),
	},
	{
		Name:  "the answer to a query without a strategy is kept too",
		Kills: []string{"accelerate-cache/no-strategy-keeps-nothing"},
		Accelerate: on(uncached.where(not(sendsText("mutation"))), sendsFirst(func(r *http.Request) {
			alterSent(r, set("/extensions", map[string]any{"cacheStrategy": map[string]any{"ttl": 60}}))
		})),
	},
	{
		Name:       "the answer to a query without a strategy takes the place of the one that is kept",
		Kills:      []string{"accelerate-cache/no-strategy-keeps-nothing", "accelerate-cache/no-strategy-replaces-nothing"},
		Accelerate: on(query, overshadows()),
	},
	{
		Name:       "an answer is as fresh as who had it kept wanted it",
		Kills:      []string{"accelerate-cache/own-ttl"},
		Accelerate: on(cached, firstOf(strategyAt)),
	},
	{
		Name:       "the cache does not look at variables",
		Kills:      []string{"accelerate-cache/variables", "accelerate-cache/variables-differ-in-case"},
		Accelerate: on(cached, confuses(byQuery)),
	},
	{
		Name:       "the cache reads small and capital letters alike",
		Kills:      []string{"accelerate-cache/variables-differ-in-case"},
		Accelerate: on(cached, confuses(func(r *http.Request) string { return strings.ToLower(byRequest(r)) })),
	},
	{
		Name:       "the cache does not look at values in the document",
		Kills:      []string{"accelerate-cache/values-in-the-document"},
		Accelerate: on(cached, confuses(byShape)),
	},
	{
		Name:       "the cache does not look at what is selected",
		Kills:      []string{"accelerate-cache/selection"},
		Accelerate: on(cached, confuses(byField)),
	},
	{
		Name:       "that nothing was found is not kept",
		Kills:      []string{"accelerate-cache/nothing-found"},
		Accelerate: on(cached, keepsNone(holds(`:null}`))),
	},
	{
		Name:       "an answer from the cache says that it was read just now",
		Kills:      []string{"accelerate-cache/same-data"},
		Accelerate: on(cached, saying("ttl", header("X-Accelerate-Last-Modified", "2099-01-01T00:00:00Z"), body(set("/extensions/accelerateInfo/lastModified", "2099-01-01T00:00:00Z")))),
	},
	{
		Name:       "the cache loses the order of rows",
		Kills:      []string{"accelerate-cache/same-data"},
		Accelerate: on(cached, saying("ttl", body(edit("/data/*", turned)))),
	},
	{
		Name:       "the cache loses nulls",
		Kills:      []string{"accelerate-cache/same-data"},
		Accelerate: on(cached, saying("ttl", text(`"\w+":null,`, ``))),
	},
	{
		Name:       "an answer from the cache has the id of the request that had it kept",
		Kills:      []string{"accelerate-cache/own-request-id"},
		Accelerate: on(cached, repeats("/extensions/accelerateInfo/requestId", "X-Accelerate-Request-Id")),
	},
	{
		Name:       "a mutation with a strategy is run once",
		Kills:      []string{"accelerate-cache/mutation"},
		Accelerate: on(cached.where(sendsText(`mutation`)), remember(byRequest)),
	},
	{
		Name:       "a mutation with a strategy is said to come from the cache",
		Kills:      []string{"accelerate-cache/mutation"},
		Accelerate: on(cached.where(sendsText(`mutation`)), from(2, saysCached("ttl"))),
	},
	{
		Name:       "a raw query is kept",
		Kills:      []string{"accelerate-cache/raw"},
		Accelerate: on(cached.where(sendsText(`queryRaw`)), remember(byRequest)),
	},
	{
		Name:       "a batch is kept",
		Kills:      []string{"accelerate-cache/batch"},
		Accelerate: on(query.where(sends("/batch"), sends(strategyAt)), remember(byRequest)),
	},
	{
		Name:       "an error of a query is kept",
		Kills:      []string{"accelerate-cache/error"},
		Accelerate: on(cached, rememberIf(byRequest, holds(`"errors":[`))),
	},
	{
		Name:       "the cache does not tell keys apart",
		Kills:      []string{"accelerate-cache/other-environment"},
		Accelerate: on(cached, confuses(byBody)),
	},
}

// longerThan tests for a strategy of more seconds.
func longerThan(seconds int64) func(*http.Request) bool {
	return func(r *http.Request) bool {
		ttl, _ := at(sentJSON(r), ttlAt)
		return wholeNumber(ttl) > seconds
	}
}

var literal = regexp.MustCompile(`"[^"]*"`)

// byShape forgets the values that stand in the document.
func byShape(r *http.Request) string {
	return literal.ReplaceAllString(textAt(sentJSON(r), "/query"), "?") + strings.Join(literal.FindAllString(string(encodeAt(r, "/variables")), -1), " ")
}

// byField looks at the variables and at the first field alone.
func byField(r *http.Request) string {
	document, _, _ := strings.Cut(textAt(sentJSON(r), "/query"), ")) {")
	document, _, _ = strings.Cut(document, "}) {")
	return document + string(encodeAt(r, "/variables"))
}

func encodeAt(r *http.Request, pointer string) []byte {
	value, _ := at(sentJSON(r), pointer)
	return encode(value)
}

// turned is a list from its end to its beginning.
func turned(value any) any {
	list, ok := value.([]any)
	if ok {
		slices.Reverse(list)
	}
	return value
}
