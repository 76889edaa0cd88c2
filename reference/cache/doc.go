// Package cache keeps answers and tells the truth about them: how old they are,
// that nobody gets one that was invalidated before they asked, and that what many
// ask at once is loaded once. It is the cache of Prisma Accelerate's cacheStrategy
// and knows nothing of queries, databases, HTTP or other nodes.
//
//	cache.go       a call, and what it is answered with
//	flight.go      a load, and who waits for it
//	invalidate.go  what drops entries; generation.go what was invalidated since
//	shelf.go       the entries, and which of them leave
//	peers.go       what other nodes are to a cache
//
// # Freshness
//
// [Cache.Get] asks for the answer under a key, and says with a [Strategy] how old it
// may be. Age counts from the moment as of which the answer is true, and is judged by
// the strategy of the call at hand, not by that of the call which stored it:
//
//	age < TTL          TTL: the kept answer
//	age < TTL + SWR    SWR: the kept answer, and one load replaces it in the background
//	older, or none     Miss: a load, whose answer is kept
//
// So without a TTL every call within SWR is answered from the cache and has it
// refreshed. The strategy is no part of the key. An entry leaves by itself a minute
// after the TTL and SWR with which it was stored; until then it serves who allows
// more age than that. It may leave earlier for want of room.
//
// # One load
//
// Calls for a key that is not there share one load, and so do those that find it stale.
// A load has a goroutine and a context of its own: a call whose context ends leaves,
// and the others get the answer. A load that nobody waits for any more is cancelled:
// its answer was wanted by those who left, and its query holds one of a few
// connections. A refresh is wanted by the cache itself and ends by its own bound. The
// cache sets loads no deadline: who gives them does. Errors and panics ([PanicError])
// reach all who wait, and are not kept: the next call tries again. A refresh that
// fails leaves the stale answer for as long as it may be served.
//
// # Invalidation
//
// [Cache.Invalidate] drops what carries one of some tags, [Cache.InvalidateAll] all.
// When they return no call gets what they dropped. What was being loaded meanwhile may
// have been read before: it is answered to those who waited for it already, but is not
// kept, and whoever comes afterwards starts a load of their own. For that each
// invalidation is a generation, and a load knows that of its beginning.
//
// An entry carries the tags of the call whose load stored it, in place of those of the
// entry that it replaces. A call that is answered from the cache, or joins a load, does
// not change them: calls that ask the same should name the same tags. But a load that
// others joined with other tags, or that replaces an entry with other tags, is not kept
// either when one of those is invalidated before it ends: nothing that an invalidation
// was about comes back through it.
//
// # Room
//
// The bytes of all entries together, with what keeping them costs, stay within
// [Options.Bytes] at every moment. What makes room is what has outlived its strategy,
// then what SIEVE chooses (Zhang et al., NSDI 2024): in the order of arrival, who was
// not asked for since the hand last came by. An entry that is larger than all the room
// is not kept.
//
// # Other nodes
//
// Where other nodes invalidate too, [Options.Within] bounds for how long their
// invalidations may be unknown here. Who listens to them says with [Cache.Heard] up to
// which moment everything was heard; an entry is served only as long as that moment is
// less than Within ago, and a load is shared only if it is that young. It does not
// depend on the nodes' clocks.
//
// # Why no library
//
// maypok86/otter was looked at (v2.4): it has the map, a bound by weight and expiry, but
// a load is its first caller's, freshness is fixed when an entry is stored,
// InvalidateAll leaves open what becomes of loads under way, and eviction happens some
// time after. What would be left of it is a map, and tags, bytes, loads and generations
// would have to be kept in step with what leaves it behind our back. Here all of them
// change under one lock, which a call that finds its answer does not take.
package cache
