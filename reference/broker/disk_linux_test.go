package broker

import (
	"fmt"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/arazzo-conformance/arazzo/reference/internal/smalldisk"
)

// TestMostOfADiskIsFilled goes on with files that take more than three quarters of
// their disk, from an earlier start and from this one.
func TestMostOfADiskIsFilled(t *testing.T) {
	t.Parallel()
	dir := smalldisk.Mount(t, 64)
	piece := make([]byte, 1<<20)
	for start, pieces := range []int{51, 4} {
		b, err := Open(t.Context(), dir, true, quiet)
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.JetStream.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{Name: "all", Subjects: []string{"all"}})
		for n := 0; n < pieces && err == nil; n++ {
			if _, err = b.JetStream.Publish(t.Context(), "all", piece); err != nil {
				err = fmt.Errorf("MiB %d: %w", n, err)
			}
		}
		if err != nil {
			t.Errorf("start %d: %v", start, err)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
