package eventually

import (
	"testing"
	"time"
)

const (
	// patience is far longer than a loaded machine takes, and short enough to tell a
	// hang.
	patience = time.Minute
	interval = 5 * time.Millisecond
)

// True asks until the answer is yes, for a minute; then the test has failed.
func True(t *testing.T, what string, yes func() bool) {
	t.Helper()
	tick := time.NewTicker(interval)
	defer tick.Stop()
	late := time.After(patience)
	for !yes() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("waited %s for %s", patience, what)
		}
	}
}
