package broker

import (
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
)

// smallDisk is a file system of that many MiB of its own.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root may mount a small file system to fill")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm", size)); err != nil {
		t.Skipf("no small file system can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// TestMostOfADiskIsFilled goes on with files that take more than three quarters of
// their disk, from an earlier start and from this one.
func TestMostOfADiskIsFilled(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t, 64)
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
