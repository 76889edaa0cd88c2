package serve

import (
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestGarbagePercent(t *testing.T) {
	t.Parallel()
	got := map[uint64]int{}
	for _, mib := range []uint64{0, 1, 5, 6, 16, 17, 32, 64, 65, 10_000} {
		got[mib] = garbagePercent(mib << 20)
	}
	want := map[uint64]int{0: 300, 1: 300, 5: 300, 6: 266, 16: 100, 17: 94, 32: 50, 64: 25, 65: 25, 10_000: 25}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("percent by what is in use, in MiB (-want +got):\n%s", diff)
	}
}

// TestGarbageIsBound has much in use and then little, twice: collections go along.
func TestGarbageIsBound(t *testing.T) {
	t.Setenv("GOGC", "") // whoever runs the tests may have set it
	boundGarbage()
	for range 2 {
		much := make([]byte, 256<<20)
		collectsAt(t, leastPercent)
		runtime.KeepAlive(much)
		collectsAt(t, mostPercent)
	}
}

// collectsAt waits until so much garbage is allowed, which a collection's sentinel says
// some time after it.
func collectsAt(t *testing.T, want uint64) {
	t.Helper()
	sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	for deadline := time.Now().Add(time.Minute); sample[0].Value.Kind() == metrics.KindBad || sample[0].Value.Uint64() != want; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("garbage may be %d %% of what is in use, want %d", sample[0].Value.Uint64(), want)
		}
		runtime.GC()
		metrics.Read(sample)
	}
}
