package mutant

// accelerateCache breaks the cache: what it keeps, for how long and for whom, what it
// says of it, tags and invalidations, and the limits.
var accelerateCache = []Mutant{
	{Name: "an invalidation is ignored", Accelerate: on(invalidate, ignoreInvalidation())},
	{Name: "an invalidation of all is ignored", Accelerate: on(invalidateAll, ignoreInvalidation())},
	{Name: "an invalidation of a tag drops all", Accelerate: on(invalidate.answered(200), body(set("/invalidatedTags", []any{})))},
	{Name: "nothing is cached", Accelerate: on(query, send(remove("/extensions/cacheStrategy")))},
	{Name: "nothing is cached, and all is said to be new", Accelerate: on(query.where(sends("/extensions/cacheStrategy")), send(remove("/extensions")), saysCached("miss"))},
	{Name: "what came from the cache is said to be new", Accelerate: on(query, editHeader("X-Accelerate-Cache-Status", func(string) string { return "miss" }))},
	{Name: "an answer is kept for ever", Accelerate: on(query.where(sends("/extensions/cacheStrategy")), remember(byRequest, saysCached("ttl")))},
	{Name: "the cache does not tell keys apart", Accelerate: on(query.where(sends("/extensions/cacheStrategy")), remember(byBody, saysCached("ttl")))},
	{Name: "the cache does not look at variables", Accelerate: on(query.where(sends("/extensions/cacheStrategy")), remember(byQuery, saysCached("ttl")))},
	{Name: "what is stale is never answered", Accelerate: on(query, send(remove("/extensions/cacheStrategy/swr")))},
	{Name: "tags are ignored", Accelerate: on(query, send(remove("/extensions/cacheStrategy/tags")))},
	{Name: "the second answer of a query is stale after all", Accelerate: on(query, from(2, saysCached("swr")))},
	{Name: "a refused invalidation does not say when to try again", Accelerate: on(invalidate.answered(429), noHeader("Retry-After"))},
	{Name: "too many invalidations are a bad request", Accelerate: status(429, 400)},
}
