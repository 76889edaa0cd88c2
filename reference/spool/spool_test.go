package spool

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func newSpool(t *testing.T) *Spool {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "of [it]"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// write takes messages as "xid.sub text".
func write(t *testing.T, s *Spool, messages ...string) {
	t.Helper()
	for _, m := range messages {
		var xid, sub uint32
		var text string
		if _, err := fmt.Sscanf(m, "%d.%d %s", &xid, &sub, &text); err != nil {
			t.Fatal(m, err)
		}
		if err := s.Write(xid, sub, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
}

func replay(t *testing.T, s *Spool, xid uint32) []string {
	t.Helper()
	var all []string
	err := s.Replay(xid, func(message []byte) error {
		all = append(all, string(message))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func files(t *testing.T, s *Spool) []string {
	t.Helper()
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestTransactionsInTurn(t *testing.T) {
	t.Parallel()
	s := newSpool(t)
	write(t, s, "7.7 a", "9.9 A", "7.8 b", "7.7 c", "9.10 B")
	if err := s.Abort(7, 8); err != nil {
		t.Fatal(err)
	}
	write(t, s, "7.11 d", "9.9 C")
	for xid, want := range map[uint32][]string{7: {"a", "c", "d"}, 9: {"A", "B", "C"}, 5: nil} {
		if diff := cmp.Diff(want, replay(t, s, xid)); diff != "" {
			t.Errorf("transaction %d (-want +got):\n%s", xid, diff)
		}
	}
	// What was replayed goes on.
	write(t, s, "7.7 e")
	if diff := cmp.Diff([]string{"a", "c", "d", "e"}, replay(t, s, 7)); diff != "" {
		t.Errorf("after more was written (-want +got):\n%s", diff)
	}
}

// TestLargeMessages has messages of none and of more bytes than any buffer.
func TestLargeMessages(t *testing.T) {
	t.Parallel()
	s := newSpool(t)
	var want []string
	for i := range 40 {
		text := strings.Repeat("x", i%4*writeBuffer/2)
		want = append(want, text)
		if err := s.Write(uint32(i%2), 1, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	got := [][]string{replay(t, s, 0), replay(t, s, 1)}
	for i, text := range want {
		if got[i%2][i/2] != text {
			t.Errorf("message %d: %d bytes, want %d", i, len(got[i%2][i/2]), len(text))
		}
	}
}

func TestFilesGo(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		do   func(s *Spool) error
		want []string
	}{
		"nothing":            {func(*Spool) error { return nil }, []string{"transaction-7", "transaction-9"}},
		"whole aborted":      {func(s *Spool) error { return s.Abort(9, 9) }, []string{"transaction-7"}},
		"the other aborted":  {func(s *Spool) error { return s.Abort(7, 7) }, []string{"transaction-9"}},
		"a part aborted":     {func(s *Spool) error { return s.Abort(9, 10) }, []string{"transaction-7", "transaction-9"}},
		"dropped":            {func(s *Spool) error { return s.Drop(9) }, []string{"transaction-7"}},
		"dropped twice":      {func(s *Spool) error { return errors.Join(s.Drop(7), s.Drop(7)) }, []string{"transaction-9"}},
		"unknown aborted":    {func(s *Spool) error { return errors.Join(s.Abort(5, 5), s.Abort(5, 6)) }, []string{"transaction-7", "transaction-9"}},
		"all given up":       {func(s *Spool) error { return s.Reset() }, nil},
		"all given up twice": {func(s *Spool) error { return errors.Join(s.Reset(), s.Reset()) }, nil},
		"opened again": {func(s *Spool) error {
			_, err := Open(s.dir)
			return err
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSpool(t)
			write(t, s, "7.7 a", "9.9 bcd")
			if err := tt.do(s); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, files(t, s)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	s := newSpool(t)
	check := func(what string, transactions int, bytes int64) {
		t.Helper()
		if n, size := s.Size(); n != transactions || size != bytes {
			t.Errorf("%s: %d transactions, %d bytes, want %d and %d", what, n, size, transactions, bytes)
		}
	}
	check("new", 0, 0)
	write(t, s, "7.7 a", "9.9 bcd")
	check("two messages", 2, 1+4+1+1+4+3)
	if err := s.Drop(7); err != nil {
		t.Fatal(err)
	}
	check("one dropped", 1, 1+4+3)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	check("closed", 0, 0)
	if _, err := os.Stat(s.dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder after Close: %v", err)
	}
}

// TestSweepLeavesTheRest keeps files that are not the spool's.
func TestSweepLeavesTheRest(t *testing.T) {
	t.Parallel()
	s := newSpool(t)
	write(t, s, "7.7 a")
	if err := os.WriteFile(filepath.Join(s.dir, "mine"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := Open(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"mine"}, files(t, s)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestEachEndsTheReplay passes on what the caller says.
func TestEachEndsTheReplay(t *testing.T) {
	t.Parallel()
	s := newSpool(t)
	write(t, s, "7.7 a", "7.7 b")
	enough, calls := errors.New("enough"), 0
	err := s.Replay(7, func([]byte) error {
		calls++
		return enough
	})
	if !errors.Is(err, enough) || err.Error() != "enough" || calls != 1 {
		t.Errorf("%d calls, %v", calls, err)
	}
}

func TestErrorsNameTheFolder(t *testing.T) {
	t.Parallel()
	t.Run("a full disk", func(t *testing.T) {
		t.Parallel()
		if runtime.GOOS != "linux" {
			t.Skip("/dev/full, which is never anything else, is Linux'")
		}
		s := newSpool(t)
		full := true
		s.open = func(path string, flag int, mode os.FileMode) (*os.File, error) {
			if full {
				return os.OpenFile("/dev/full", os.O_WRONLY, 0)
			}
			return os.OpenFile(path, flag, mode)
		}
		err := s.Write(7, 7, make([]byte, 2*writeBuffer))
		want := "spool of transactions in progress in " + s.dir + ": write /dev/full: no space left on device: " +
			"make room on that disk, or choose a folder on another; Postgres keeps the transactions until then"
		if !errors.Is(err, syscall.ENOSPC) || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
		// There is room again, and the server begins again.
		full = false
		if err := s.Reset(); err != nil {
			t.Fatal(err)
		}
		write(t, s, "7.7 a")
		if diff := cmp.Diff([]string{"a"}, replay(t, s, 7)); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
	})
	t.Run("no folder", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(path)
		want := "spool of transactions in progress in " + path + ": mkdir " + path + ": not a directory: make the folder writable, or choose another"
		if err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	})
	t.Run("the file is gone", func(t *testing.T) {
		t.Parallel()
		s := newSpool(t)
		write(t, s, "7.7 a", "9.9 b")
		if err := os.Remove(filepath.Join(s.dir, "transaction-7")); err != nil {
			t.Fatal(err)
		}
		err := s.Replay(7, nil)
		if !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), "spool of transactions in progress in "+s.dir) {
			t.Errorf("error %v", err)
		}
	})
}

func TestChangedFiles(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ file, want string }{
		"nothing left":        {"", "spool: transaction 7: the file was changed: it ends early"},
		"in the number":       {"\x01\x00", "spool: transaction 7: the file was changed: it ends early"},
		"in the message":      {"\x02\x00\x00\x00\x07a", "spool: transaction 7: the file was changed: it ends early"},
		"longer than written": {"\x7f\x00\x00\x00\x07ab", "spool: transaction 7: the file was changed: it announces a message of 127 bytes, 2 are left"},
	} {
		s := newSpool(t)
		write(t, s, "7.7 ab", "9.9 b")
		if err := os.WriteFile(filepath.Join(s.dir, "transaction-7"), []byte(tt.file), 0o600); err != nil {
			t.Fatal(err)
		}
		err := s.Replay(7, func([]byte) error { return nil })
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: error %v, want %s", name, err, tt.want)
		}
	}
}

func FuzzRecords(f *testing.F) {
	f.Add([]byte("\x01\x00\x00\x00\x07a\x00\x00\x00\x00\x08"))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00\x00\x00\x07"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := records{from: bufio.NewReader(bytes.NewReader(data)), left: int64(len(data))}
		for r.left > 0 {
			left := r.left
			_, message, err := r.next()
			if err != nil {
				return
			}
			if r.left >= left || len(message) > len(data) {
				t.Fatalf("%d bytes left after %d, message of %d", r.left, left, len(message))
			}
		}
	})
}

// TestXids has numbers on both sides of a page's borders.
func TestXids(t *testing.T) {
	t.Parallel()
	set := xids{}
	for _, in := range []uint32{0, 63, 64, 511, 512, 1<<32 - 1} {
		set.add(in)
	}
	for xid, want := range map[uint32]bool{
		0: true, 1: false, 62: false, 63: true, 64: true, 65: false, 510: false, 511: true, 512: true, 513: false,
		575: false, 1024: false, 1<<32 - 2: false, 1<<32 - 1: true,
	} {
		if set.has(xid) != want {
			t.Errorf("%d: %v, want %v", xid, !want, want)
		}
	}
}

// TestMemoryIsFlat spools a transaction of a million rows, each in a
// sub-transaction of its own of which every second is rolled back: what has to
// be known of it is less than a byte each.
func TestMemoryIsFlat(t *testing.T) {
	const rows, limit = 1_000_000, 2 << 20
	s := newSpool(t)
	message := bytes.Repeat([]byte("x"), 40)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range uint32(rows) {
		if err := s.Write(1, i+2, message); err != nil {
			t.Fatal(err)
		}
		if i%2 == 1 {
			if err := s.Abort(1, i+2); err != nil {
				t.Fatal(err)
			}
		}
	}
	n := 0
	if err := s.Replay(1, func([]byte) error { n++; return nil }); err != nil || n != rows/2 {
		t.Errorf("%d messages, %v", n, err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > limit {
		t.Errorf("%d bytes were allocated, at most %d are needed", grown, limit)
	}
	runtime.KeepAlive(s)
}
