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
	// A small heap is collected by Go's rule, and a large one no more often than this
	// asks for, in percent of what is in use.
	usualPercent, leastPercent = 100, 25
)

// garbagePercent is how much garbage there may be, in percent of what is in use.
func garbagePercent(inUse uint64) int {
	if inUse == 0 {
		return usualPercent
	}
	return int(max(leastPercent, min(garbageBytes*100/inUse, usualPercent)))
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
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	debug.SetGCPercent(garbagePercent(sample[0].Value.Uint64()))
	type sentinel struct{ _ *int } // a small object without pointers may live on
	runtime.AddCleanup(new(sentinel), collected, struct{}{})
}
