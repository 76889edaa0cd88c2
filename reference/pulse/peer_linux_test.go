package pulse

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
)

// pair are the two ends of a connection.
func pair(t *testing.T) (here, there net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if there, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = there.Close() })
	if here, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = here.Close() })
	return here, there
}

// roomFor reports whether the kernel takes more for a peer.
func (p peer) roomFor(t *testing.T) (room bool) {
	t.Helper()
	if err := p.raw.Control(func(fd uintptr) { room = hasRoom(fd) }); err != nil {
		t.Fatal(err)
	}
	return room
}

// TestOurKernelKeepsLittleForAPeer writes to a peer that reads nothing, then reads.
func TestOurKernelKeepsLittleForAPeer(t *testing.T) {
	t.Parallel()
	here, there := pair(t)
	if err := there.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	p := peerOf(ConnContext(t.Context(), here))
	p.bound()
	// A write that waits would wait for good.
	if err := here.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	written := 0
	for p.roomFor(t) {
		n, err := here.Write(make([]byte, pieceBytes))
		written += n
		if err != nil {
			t.Fatalf("after %d bytes: %v", written, err)
		}
	}
	// The kernel joins what is written to segments of up to 64 KiB, and one more may
	// have been begun; without a bound it takes megabytes.
	if _, queued, _ := p.progress(); queued > unsentBytes+128<<10 {
		t.Errorf("%d bytes wait for a peer that takes nothing", queued)
	}

	if err := here.SetWriteDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if err := p.await(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("there is no room, and waiting for it ended with %v", err)
	}
	if err := here.SetWriteDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	waited := make(chan error, 1)
	go func() { waited <- p.await() }()
	if _, err := io.CopyN(io.Discard, there, int64(written)); err != nil {
		t.Fatal(err)
	}
	if err := <-waited; err != nil {
		t.Errorf("the peer has taken everything: %v", err)
	}
}

// TestWaitingForAPeerEnds ends it in each of the ways there are.
func TestWaitingForAPeerEnds(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		stall time.Duration
		// end is called when the event stream waits for its peer.
		end  func(leave context.CancelFunc, there net.Conn)
		want error
	}{
		{"a subscriber that does not take it in time", 10 * time.Millisecond, func(context.CancelFunc, net.Conn) {}, errTooSlow},
		{"a consumer that is replaced", 0, func(leave context.CancelFunc, _ net.Conn) { leave() }, os.ErrDeadlineExceeded},
		{"a peer that breaks off", 0, func(_ context.CancelFunc, there net.Conn) { _ = there.(*net.TCPConn).SetLinger(0); _ = there.Close() }, errPeer},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ended := make(chan error, 1)
			peers := make(chan peer, 1)
			ctx, leave := context.WithCancel(t.Context())
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				ended <- fill(context.WithValue(ctx, peerKey{}, peerOf(r.Context())), w, c.stall, peers)
			}))
			server.Config.ConnContext = ConnContext
			server.Start()
			t.Cleanup(server.Close)
			t.Cleanup(leave)
			there, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = there.Close() })
			if _, err := io.WriteString(there, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			if p := <-peers; c.stall == 0 {
				eventually.True(t, "a connection without room", func() bool { return !p.roomFor(t) })
			}
			c.end(leave, there)
			if err := <-ended; !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// fill writes to an event stream until that ends.
func fill(ctx context.Context, w http.ResponseWriter, stall time.Duration, peers chan<- peer) error {
	peers <- peerOf(ctx)
	out, err := openEventStream(ctx, w, stall)
	if err != nil {
		return err
	}
	defer out.close()
	for {
		if err := out.await(ctx); err != nil {
			return err
		}
		if err := out.send(ctx, make([]byte, pieceBytes)); err != nil {
			return err
		}
	}
}
