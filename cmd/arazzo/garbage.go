package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// The heap at which the first collection begins is 4 MB times this, in percent.
const firstCollection = 400

// collectLater puts the first collection of garbage off until the heap has 16 MB:
// nearly all commands end before it does, and the four collections that there would
// be on the way find little. From then on it is as usual. GOGC in the environment
// goes before.
func collectLater() {
	if os.Getenv("GOGC") != "" {
		return
	}
	usual := debug.SetGCPercent(firstCollection)
	type sentinel struct{ _ *int } // a small object without pointers may live on
	runtime.AddCleanup(new(sentinel), func(percent int) { debug.SetGCPercent(percent) }, usual)
}
