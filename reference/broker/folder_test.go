package broker

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A folder is swept when nobody holds it and it is not just being made.
func TestTemporaryFolderRemovesAbandonedOnes(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	long := time.Now().Add(-time.Hour)
	for name, made := range map[string]time.Time{"abandoned": long, "held": long, "young": time.Now(), "killed": time.Now()} {
		dir := filepath.Join(tmp, temporaryPrefix+name)
		if err := os.MkdirAll(filepath.Join(dir, "jetstream"), 0o700); err != nil {
			t.Fatal(err)
		}
		if name == "held" {
			lock, err := lockFolder(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer lock.release()
		}
		if name == "killed" { // a moment ago, as by SIGKILL
			lock, err := lockFolder(dir)
			if err != nil {
				t.Fatal(err)
			}
			if err := lock.release(); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chtimes(dir, made, made); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := TemporaryFolder()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	entries, err := os.ReadDir(tmp)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		got[e.Name()] = true
	}
	want := map[string]bool{temporaryPrefix + "held": true, temporaryPrefix + "young": true, filepath.Base(dir): true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("folders left (-want +got):\n%s", diff)
	}
}

// A broker in memory has a folder with its lock alone, and none after its end.
func TestMemoryLeavesNothing(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	b, err := OpenMemory(t.Context(), slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	kv, err := b.Bucket(t.Context(), "streams", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if _, err := kv.Put(t.Context(), "key", make([]byte, 10_000)); err != nil {
			t.Fatal(err)
		}
	}
	var files []string
	err = filepath.WalkDir(tmp, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, entry.Name())
		}
		return err
	})
	if diff := cmp.Diff([]string{lockName}, files); err != nil || diff != "" {
		t.Errorf("%v; files (-want +got):\n%s", err, diff)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("after the end: %v, %v", left, err)
	}
	if err := b.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
}
