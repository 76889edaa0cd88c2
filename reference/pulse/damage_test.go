package pulse

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/event"
)

// TestDamagedLogStopsStreams opens a log again whose files lost something that the
// slot had been told is safe.
func TestDamagedLogStopsStreams(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(t *testing.T, block string){
		"its end": func(t *testing.T, block string) {
			info, err := os.Stat(block)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(block, info.Size()*2/3); err != nil {
				t.Fatal(err)
			}
		},
		"all of it": func(t *testing.T, block string) {
			if err := os.Remove(block); err != nil {
				t.Fatal(err)
			}
		},
		"the whole folder of events": func(t *testing.T, block string) {
			if err := os.RemoveAll(filepath.Dir(filepath.Dir(block))); err != nil {
				t.Fatal(err)
			}
		},
		"a byte in the middle": func(t *testing.T, block string) {
			data, err := os.ReadFile(block)
			if err != nil {
				t.Fatal(err)
			}
			data[len(data)/2] ^= 0xff
			if err := os.WriteFile(block, data, 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			w := newWorld(t, userTable, never, func(o *Options) { o.Temporary, o.DataDir = false, dir })
			w.createStream(t, "behind")
			live := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
			for id := 1; id <= 9; id++ {
				n := nodes{url: w.url, db: w.db}
				n.insert(t, id)
				live.next()
			}
			if err := w.service.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			damage(t, blockOf(t, dir))

			again := serve(t, openService(t, w.url, w.db, Options{DataDir: dir}))
			got := again.call(t, "GET", "/streams/behind/events", "")
			if got.status != http.StatusInternalServerError || !strings.Contains(got.body, "damaged") {
				t.Errorf("consuming the stream: %d %s", got.status, got.body)
			}
			again.createStream(t, "new")
			execute(t, w.db, `INSERT INTO "User" VALUES (10, 'a')`)
			if diff := cmp.Diff(rows(10, 10), again.consume(t, "new").take(1)); diff != "" {
				t.Errorf("a new stream (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUnconfirmedEndComesAgain kills a service and takes the end of its log away,
// as a power failure does to what was not synced: the slot was not told of it.
func TestUnconfirmedEndComesAgain(t *testing.T) {
	t.Parallel()
	n, dir := newNodes(t), t.TempDir()
	child, kill := startChild(t, n.url, dir)
	child.createStream(t, "all")
	events := child.consume(t, "all")
	n.insert(t, 1, 2, 3, 4, 5)
	var ids []string
	for range 5 {
		ids = append(ids, events.next().id)
	}
	if slotIsBeyond(t, n.db, ids[0]) {
		t.Skip("the slot was confirmed already: nothing comes again")
	}
	kill()
	block := blockOf(t, dir)
	info, err := os.Stat(block)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(block, info.Size()/2); err != nil {
		t.Fatal(err)
	}
	service := openService(t, n.url, n.db, Options{DataDir: dir, AckGrace: patience})
	var got []string
	for _, e := range storedFrom(t, service.log, event.Position{}, 5) {
		got = append(got, e.id)
	}
	if diff := cmp.Diff(ids, got); diff != "" {
		t.Errorf("identifiers in the log (-delivered before +stored after):\n%s", diff)
	}
	if diff := cmp.Diff(rows(1, 5)[4:], serve(t, service).consume(t, "all", "Last-Event-ID: "+ids[3]).take(1)); diff != "" {
		t.Errorf("the stream goes on (-want +got):\n%s", diff)
	}
}

// blockOf is the file of a log that has one.
func blockOf(t *testing.T, dir string) string {
	t.Helper()
	blocks, err := filepath.Glob(filepath.Join(dir, "jetstream", "$G", "streams", "events", "msgs", "*.blk"))
	if err != nil || len(blocks) != 1 {
		t.Fatalf("blocks of the log: %v, %v", blocks, err)
	}
	return blocks[0]
}
