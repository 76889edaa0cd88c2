package soak

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// patience bounds every wait for what must come. Everything may take ten times
// longer on a machine that does other things as well.
const patience = 90 * time.Second

// pause waits.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// leashScript ends what the processes in FOLDER/*.pid are and removes the folder,
// when its input ends: that happens also when this process is killed. A disk in it
// goes though what was just killed may still have files open.
const leashScript = `trap '' INT TERM HUP
read -r _
for file in "$1"/*.pid "$1"/*/*.pid; do
	[ -e "$file" ] && kill -KILL "$(cat "$file")" 2>/dev/null
done
while umount -l "$1/log" 2>/dev/null; do :; done
rm -rf "$1"`

// newFolder makes a folder for a cluster and an event log, in memory where there
// is a file system for that. It and what works in it are gone with the test.
func newFolder(t *testing.T) string {
	t.Helper()
	base := "/dev/shm"
	if info, err := os.Stat(base); err != nil || !info.IsDir() {
		base = os.TempDir()
	}
	dir, err := os.MkdirTemp(base, "arazzo-soak-")
	if err != nil {
		t.Fatal(err)
	}
	leash := exec.Command("/bin/sh", "-c", leashScript, "leash", dir)
	leash.Dir = "/"
	leash.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	end, err := leash.StdinPipe()
	if err == nil {
		err = leash.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = end.Close()
		_ = leash.Wait()
	})
	return dir
}

// leashed writes down a process for the leash, unleashed that it has ended.
func leashed(dir, name string, pid int) error {
	return os.WriteFile(filepath.Join(dir, name+".pid"), []byte(strconv.Itoa(pid)), 0o644)
}

func unleashed(dir, name string) error { return os.Remove(filepath.Join(dir, name+".pid")) }
