package pulse

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
)

// TestOlderCopyStopsStreams puts an older copy of the event log's folder back, or of
// a part of it, after the slot was confirmed further: what was delivered since is
// neither in the log nor sent again.
func TestOlderCopyStopsStreams(t *testing.T) {
	t.Parallel()
	const (
		behind  = "an older copy of the log was put back, and with it changes are gone"
		damaged = "its files were damaged, and changes are gone"
	)
	for name, tt := range map[string]struct{ back, want string }{
		"the folder":          {"*", behind},
		"what was confirmed":  {"KV_slot", behind},
		"the events":          {"events", damaged},
		"all but the streams": {"[!K]*|KV_slot", behind},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, copied := t.TempDir(), filepath.Join(t.TempDir(), "copy")
			w := newWorld(t, userTable, never, func(o *Options) { o.Temporary, o.DataDir = false, dir })
			n := nodes{url: w.url, db: w.db}
			w.createStream(t, "all")
			live := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
			n.insert(t, 1)
			live.next()
			if err := w.service.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}

			between := openService(t, w.url, w.db, Options{DataDir: dir, AckGrace: patience})
			live = serve(t, between).open(t, "POST", "/subscribe", `{"model":"User"}`)
			n.insert(t, 2)
			last := live.next()
			if err := between.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			eventually.True(t, "the slot to be confirmed", func() bool { return slotIsBeyond(t, w.db, last.id) })
			putBack(t, copied, dir, tt.back)
			n.insert(t, 3)

			again := serve(t, openService(t, w.url, w.db, Options{DataDir: dir}))
			got := again.call(t, "GET", "/streams/all/events", "")
			if got.status != http.StatusInternalServerError || !strings.Contains(got.body, tt.want) {
				t.Errorf("consuming the stream: %d %s; want %s", got.status, got.body, tt.want)
			}
			again.createStream(t, "new")
			n.insert(t, 4)
			if diff := cmp.Diff(rows(4, 4), again.consume(t, "new").take(1)); diff != "" {
				t.Errorf("a new stream (-want +got):\n%s", diff)
			}
		})
	}
}

// putBack replaces the stores of a folder that patterns name by those of its copy.
func putBack(t *testing.T, copied, dir, patterns string) {
	t.Helper()
	stores := filepath.Join("jetstream", "$G", "streams")
	for pattern := range strings.SplitSeq(patterns, "|") {
		found, err := filepath.Glob(filepath.Join(copied, stores, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("stores %s: %v, %v", pattern, found, err)
		}
		for _, from := range found {
			to := filepath.Join(dir, stores, filepath.Base(from))
			if err := os.RemoveAll(to); err != nil {
				t.Fatal(err)
			}
			if err := os.CopyFS(to, os.DirFS(from)); err != nil {
				t.Fatal(err)
			}
		}
	}
}
