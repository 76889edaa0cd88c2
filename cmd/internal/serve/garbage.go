package serve

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	// garbageBytes is how much garbage there may be beside what is in use before it is
	// collected. By Go's own rule it may be as much as that: while a large transaction
	// is delivered to a reader that is behind, 65 MB are in use, what the message server
	// reads for it for the most part, and the process took 170.
	garbageBytes = 16 << 20
	// Beside little that is in use there may be more garbage than that, for a collection
	// costs as much as a hundred queries of Accelerate, which fill a few MB within
	// milliseconds; beside much, a quarter. Both are in percent of what is in use.
	mostPercent, leastPercent = 300, 25
)

// garbagePercent is how much garbage there may be, in percent of what is in use.
func garbagePercent(inUse uint64) int {
	if inUse == 0 {
		return mostPercent
	}
	return int(max(leastPercent, min(garbageBytes*100/inUse, mostPercent)))
}

// boundGarbage has each collection say when the next one begins. GOGC in the
// environment goes before.
func boundGarbage() {
	if os.Getenv("GOGC") == "" {
		collected(struct{}{})
	}
}

// collected is called after each collection, which takes the sentinel of the one before.
func collected(struct{}) {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/gogc:percent"}}
	metrics.Read(sample)
	percent := garbagePercent(sample[0].Value.Uint64())
	// Setting it stops everything for a moment, so small differences are left.
	if now := int(sample[1].Value.Uint64()); percent < now || percent > now+now/8 {
		debug.SetGCPercent(percent)
	}
	type sentinel struct{ _ *int } // a small object without pointers may live on
	runtime.AddCleanup(new(sentinel), collected, struct{}{})
}
