//go:build race

package pulse

// watched says whether the race detector watches.
const watched = true
