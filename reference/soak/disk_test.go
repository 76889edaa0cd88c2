package soak

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// disk is a file system of the event log's own, which can be made full: it is made
// as small as what is in it.
type disk struct {
	dir string
	// missing is why there is none, and dir an ordinary folder.
	missing error
}

// roomy is how large a disk is, in KiB; it takes memory for what is in it alone.
const roomy = 2 << 20

// newDisk makes a disk. The leash of the folder that it is in takes it away.
func newDisk(t *testing.T, dir string) *disk {
	t.Helper()
	must(t, os.Mkdir(dir, 0o755))
	d := &disk{dir: dir}
	if d.missing = mount("-t", "tmpfs", "-o", fmt.Sprintf("size=%dk", roomy), "tmpfs", dir); d.missing != nil {
		t.Logf("no disk is filled: a file system for that cannot be mounted here: %v", d.missing)
	}
	return d
}

func mount(args ...string) error {
	if out, err := exec.Command("mount", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("mount: %w: %s", err, out)
	}
	return nil
}

// fill leaves so many KiB free, or less.
func (d *disk) fill(left int) error {
	var err error
	// It cannot be smaller than what is in it, which may grow meanwhile.
	for range 20 {
		var now syscall.Statfs_t
		if err := syscall.Statfs(d.dir, &now); err != nil {
			return err
		}
		used := int64(now.Blocks-now.Bfree) * int64(now.Bsize) >> 10
		if err = d.resize(used + int64(left)); err == nil {
			return nil
		}
	}
	return err
}

func (d *disk) free() error { return d.resize(roomy) }

func (d *disk) resize(size int64) error {
	return mount("-o", fmt.Sprintf("remount,size=%dk", size), d.dir)
}

// fullDisk are faults of a reference that has its log on a disk.
var fullDisk = []fault{
	{"disk full", 4, func(ctx context.Context, r *round) error {
		err := r.disk.fill(r.random.IntN(256))
		if err == nil {
			// The spool of transactions in progress may be the first to notice.
			err = await(ctx, "word of the full disk", func() error { return says(ctx, r.nodes[0], `"degraded"`) })
		}
		if err == nil {
			err = r.wait(ctx, 2000)
		}
		return errors.Join(err, r.disk.free())
	}},
	{"disk full, reference killed", 2, func(ctx context.Context, r *round) error {
		err := r.disk.fill(r.random.IntN(256))
		if err == nil {
			err = r.wait(ctx, 1500)
		}
		if err == nil {
			err = r.nodes[0].end(syscall.SIGKILL)
		}
		freed := make(chan error, 1)
		time.AfterFunc(time.Duration(r.random.IntN(2000))*time.Millisecond, func() { freed <- r.disk.free() })
		if err == nil {
			err = r.nodes[0].start(ctx)
		}
		return errors.Join(err, <-freed)
	}},
}

// TestDisk fills a disk and makes room on it again.
func TestDisk(t *testing.T) {
	t.Parallel()
	d := newDisk(t, filepath.Join(newFolder(t), "log"))
	if d.missing != nil {
		t.Skip("no file system can be mounted here")
	}
	write := func(name string) error {
		return os.WriteFile(filepath.Join(d.dir, name), make([]byte, 1<<20), 0o600)
	}
	must(t, write("before"))
	must(t, d.fill(100))
	if err := write("full"); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("on the full disk: %v", err)
	}
	must(t, d.free())
	must(t, write("after"))
}
