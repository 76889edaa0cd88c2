package pulse

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
)

// TestWhatStandsInOurOwnBufferIsNotAcknowledged has a consumer that takes nothing:
// what was flushed to it fills the kernel's buffers here. It goes away, and comes
// back without a Last-Event-ID.
func TestWhatStandsInOurOwnBufferIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the system does not tell what of a connection has arrived")
	}
	const n = 5000 // events of some 200 bytes: more than a peer's smallest buffer, less than ours
	w := newWorld(t, userTable)
	w.createStream(t, "all")
	w.createStream(t, "other")
	stuck, _ := w.takesNothing(t, "/streams/all/events")
	execute(t, w.db, `INSERT INTO "User" SELECT i, repeat('x', 100) FROM generate_series(1, 5000) i`)

	// When another consumer has all of them and that is acknowledged, this one's
	// grace is over as well.
	other := w.consume(t, "other")
	var all []received
	for range n {
		all = append(all, other.next())
	}
	last := all[n-1].id
	eventually.True(t, "the other's cursor", func() bool { return w.cursors(t)["other"] == last })
	if err := stuck.Close(); err != nil {
		t.Fatal(err)
	}
	events := w.consume(t, "all")
	first := events.next()
	arrived := 0
	for arrived < n && all[arrived] != first {
		arrived++
	}
	if arrived > n/2 {
		t.Fatalf("%d events count as delivered to a consumer that took nothing", arrived)
	}
	for i := arrived + 1; i < n; i++ {
		if diff := cmp.Diff(all[i], events.next(), cmp.AllowUnexported(received{})); diff != "" {
			t.Fatalf("event %d (-want +got):\n%s", i, diff)
		}
	}
	// It takes them all, and so they count.
	eventually.True(t, "both cursors", func() bool { return w.cursors(t)["all"] == last })
}

// cursors are those of all streams by name.
func (a *api) cursors(t *testing.T) map[string]string {
	t.Helper()
	var list struct {
		Data []struct{ Name, Cursor string }
	}
	got := a.call(t, "GET", "/streams", "")
	if err := json.Unmarshal([]byte(got.body), &list); err != nil {
		t.Fatalf("%v: %s", err, got.body)
	}
	all := map[string]string{}
	for _, s := range list.Data {
		all[s.Name] = s.Cursor
	}
	return all
}

// takesNothing opens an event stream with a small buffer and leaves its events
// unread, until the caller reads them.
func (w *world) takesNothing(t *testing.T, path string) (net.Conn, *subscription) {
	t.Helper()
	dialer := net.Dialer{Control: func(_, _ string, raw syscall.RawConn) (err error) {
		return errors.Join(raw.Control(func(fd uintptr) {
			err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<10)
		}), err)
	}}
	conn, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(w.api.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "+testKey+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%+v, %v", response, err)
	}
	return conn, &subscription{t: t, response: response, lines: bufio.NewScanner(response.Body)}
}

// TestAStuckConsumerGoesOn has a consumer read only once another one has everything.
func TestAStuckConsumerGoesOn(t *testing.T) {
	t.Parallel()
	const n = 5000 // events of some 200 bytes: more than there is room for on the way
	w := newWorld(t, userTable)
	w.createStream(t, "all")
	w.createStream(t, "other")
	conn, stuck := w.takesNothing(t, "/streams/all/events")
	execute(t, w.db, `INSERT INTO "User" SELECT i, repeat('x', 100) FROM generate_series(1, 5000) i`)
	other := w.consume(t, "other")
	all := make([]received, n)
	for i := range all {
		all[i] = other.next()
	}
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	for i := range all {
		if diff := cmp.Diff(all[i], stuck.next(), cmp.AllowUnexported(received{})); diff != "" {
			t.Fatalf("event %d (-want +got):\n%s", i, diff)
		}
	}
	eventually.True(t, "both cursors", func() bool {
		return maps.Equal(w.cursors(t), map[string]string{"all": all[n-1].id, "other": all[n-1].id})
	})
}

// TestPeer sees bytes arrive.
func TestPeer(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	there, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer there.Close()
	here, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	p := peerOf(ConnContext(t.Context(), here))
	if _, err := io.WriteString(here, "hello"); err != nil {
		t.Fatal(err)
	}
	sent := p.sent()
	eventually.True(t, "five bytes", func() bool { return p.has(sent) })
	if known := sent == 5; known != (runtime.GOOS == "linux") {
		t.Errorf("after 5 bytes the connection is at %d", sent)
	}
	if err := here.Close(); err != nil {
		t.Fatal(err)
	}
	if sent > 0 && p.has(sent+1) {
		t.Error("a connection that is closed took more")
	}
	if nobody := peerOf(t.Context()); nobody.sent() != 0 || !nobody.has(0) {
		t.Error("of a peer that is not known something is known")
	}
}
