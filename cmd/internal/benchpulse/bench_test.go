package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// TestMain plays the roles: the program that measures starts itself.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && roles[os.Args[1]] != nil {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestEveryCase runs every case with next to nothing to do: that the programs do
// their job and find each other, and that everything arrives. What the figures are is
// not looked at.
func TestEveryCase(t *testing.T) {
	t.Parallel()
	reference := filepath.Join(t.TempDir(), "reference")
	if out, err := exec.Command("go", "build", "-o", reference, "../../reference").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b, err := newBench(t.Context(), reference, t.TempDir(), sizes{
		runs: 1, small: 300, large: []int{400}, seconds: 1, rates: []int{50},
		subscribers: []int{3}, rate: 50, slow: 3, slowEvents: 200, slowFill: 100,
	})
	postgrestest.Skip(t, err)
	defer func() {
		if err := b.close(); err != nil {
			t.Error(err)
		}
	}()
	var out bytes.Buffer
	b.out = &out
	if err := b.measure(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	// The names of all cases and programs; what stands beside them differs each time.
	var found []string
	for line := range strings.Lines(out.String()) {
		if name, ok := strings.CutPrefix(line, "| "); ok && !strings.HasPrefix(line, "| ---") {
			name, _, _ = strings.Cut(name, " |")
			found = append(found, name)
		}
	}
	want := []string{
		"300 one-row transactions, min / median / max of 1",
		"the same, its reads gathered 1 ms", "receiver to JSON, no log, no reader", "pg_recvlogical to /dev/null", "arazzo reference to one SSE reader",
		"one transaction of 400 rows, min / median / max of 1",
		"receiver to JSON, no log, no reader", "the same, its reads gathered 1 ms", "pg_recvlogical to /dev/null", "arazzo reference to one SSE reader",
		"latency at 50 changes/s, min / median / max of 1",
		"receiver to JSON, no log, no reader", "arazzo reference to one SSE reader",
		"50 events/s to 3 subscribers, min / median / max of 1",
		"net/http, ready bytes, one flush for all waiting", "arazzo reference",
		"200 events, min / median / max of 1",
		"one reader alone", "one reader beside 3 that read nothing",
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("rows of the tables (-want +got):\n%s", diff)
	}
}

func TestReader(t *testing.T) {
	t.Parallel()
	var r reader
	for line := range strings.Lines("retry: 500\n: live\n\nid: 01A\ndata: {}\n\n:\n\nid: 01B\ndata: {}\n\n") {
		if err := r.line([]byte(line)); err != nil {
			t.Error(err)
		}
	}
	if r.events != 2 {
		t.Errorf("%d events, want 2", r.events)
	}
	if err := r.line([]byte("id: 01B\n")); err == nil || err.Error() != `event 2 has the identifier "01B\n" after "01B\n"` {
		t.Errorf("a repeated event: %v", err)
	}
}

// TestSubscriberCounts cuts a stream at every place: an event counts once.
func TestSubscriberCounts(t *testing.T) {
	t.Parallel()
	const text = "retry: 500\n: live\n\nid: 01A\ndata: {}\n\n:\n\nid: 01B\ndata: {}\n\n"
	for first := range len(text) {
		for second := first; second < len(text); second++ {
			s := &subscriber{want: 2}
			s.count(&pieces{text[:first], text[first:second], text[second:]}, time.NewTimer(time.Hour))
			if s.events != 2 {
				t.Fatalf("cut at %d and %d: %d events, %v", first, second, s.events, s.err)
			}
		}
	}
}

// pieces gives a text in pieces.
type pieces []string

func (p *pieces) Read(into []byte) (int, error) {
	n := copy(into, (*p)[0])
	*p = append((*p)[1:], "")
	return n, nil
}

func TestAges(t *testing.T) {
	t.Parallel()
	var a ages
	a.note([]byte(`data: {"created":{"sent":"1700000000000000"}}`))
	a.note([]byte(`{"new":{"id":1}}`))
	if len(a) != 1 {
		t.Errorf("%d ages, want 1: an event without the member has none", len(a))
	}
	got := ages{3, 1, 2}.arrival(3)
	if diff := cmp.Diff(arrival{Events: 3, P50: 2, P99: 2}, got); diff != "" {
		t.Errorf("arrival (-want +got):\n%s", diff)
	}
}

// TestMessage decodes what a server sends: a table's description and a change of each
// kind.
func TestMessage(t *testing.T) {
	t.Parallel()
	described := message{[]byte("\x00\x00\x00\x09public\x00t\x00d\x00\x02" +
		"\x01id\x00\x00\x00\x00\x17\xff\xff\xff\xff" + "\x00na\"me\x00\x00\x00\x00\x19\xff\xff\xff\xff")}
	id, of := described.relation()
	relations := map[uint32]*relation{id: of}
	for name, tt := range map[string]struct {
		kind byte
		data string
		want string
	}{
		"insert": {'I', "\x00\x00\x00\x09N\x00\x02t\x00\x00\x00\x017t\x00\x00\x00\x03a\n\\", `{"action":"create","schema":"public","table":"t","new":{"id":7,"na\"me":"a\u000a\\"},"lsn":5}` + "\n"},
		"update": {'U', "\x00\x00\x00\x09K\x00\x02t\x00\x00\x00\x017nN\x00\x02t\x00\x00\x00\x018u", `{"action":"update","schema":"public","table":"t","old":{"id":7,"na\"me":null},"new":{"id":8},"lsn":5}` + "\n"},
		"delete": {'D', "\x00\x00\x00\x09K\x00\x02t\x00\x00\x00\x017n", `{"action":"delete","schema":"public","table":"t","old":{"id":7,"na\"me":null},"lsn":5}` + "\n"},
	} {
		m := message{[]byte(tt.data)}
		if diff := cmp.Diff(tt.want, string(m.change(nil, tt.kind, relations, 5))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
