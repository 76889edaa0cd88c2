package soak

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
)

// link is the network between the reference and Postgres, or NATS: a proxy whose
// connections can be cut, halted, and cut on one side alone.
type link struct {
	listener net.Listener

	mu     sync.Mutex
	target net.Addr
	closed bool
	// flowing is closed while bytes go through.
	flowing chan struct{}
	refused bool
	pairs   map[*pair]struct{}
}

// pair is a connection through the link.
type pair struct {
	near, far net.Conn // the reference's side, and the other
	// leave says that the far side stays when the near one is gone.
	leave bool
}

func newLink(t *testing.T, target net.Addr) *link {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &link{listener: listener, target: target, flowing: make(chan struct{}), pairs: map[*pair]struct{}{}}
	close(l.flowing)
	go l.serve()
	t.Cleanup(func() {
		l.mu.Lock()
		l.closed = true
		l.mu.Unlock()
		_ = listener.Close()
		l.reset()
		l.thaw()
	})
	return l
}

func (l *link) url(database string) string {
	return "postgresql://postgres@" + l.listener.Addr().String() + "/" + database + "?sslmode=disable"
}

// lead leads to another place from now on.
func (l *link) lead(target net.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.target = target
}

func (l *link) serve() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		go l.carry(near)
	}
}

func (l *link) carry(near net.Conn) {
	l.mu.Lock()
	target := l.target
	l.mu.Unlock()
	far, err := net.Dial(target.Network(), target.String())
	if err != nil {
		cut(near)
		return
	}
	p := &pair{near: near, far: far}
	l.mu.Lock()
	if l.closed || l.refused {
		l.mu.Unlock()
		p.cut()
		return
	}
	l.pairs[p] = struct{}{}
	l.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.copy(far, near)
		l.mu.Lock()
		stays := p.leave
		l.mu.Unlock()
		if !stays {
			_ = far.(interface{ CloseWrite() error }).CloseWrite()
		}
	}()
	l.copy(near, far)
	// Both kinds of server end a connection for both directions.
	_ = near.Close()
	<-done
	_ = far.Close()
	l.mu.Lock()
	delete(l.pairs, p)
	l.mu.Unlock()
}

// copy passes bytes on as they come, while the link flows.
func (l *link) copy(to io.Writer, from io.Reader) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		l.mu.Lock()
		flowing := l.flowing
		l.mu.Unlock()
		<-flowing
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// cut ends a connection without the bytes that are still on their way.
func cut(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

func (p *pair) cut() {
	cut(p.near)
	cut(p.far)
}

// reset cuts every connection there is.
func (l *link) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.pairs {
		p.cut()
	}
}

// resetNear cuts the reference's side of every connection and leaves Postgres'
// open and silent, as a router that forgot them does: the slot stays in use until
// Postgres misses an answer.
func (l *link) resetNear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.pairs {
		p.leave = true
		cut(p.near)
	}
}

// halt lets nothing through, in either direction, and breaks nothing; thaw ends
// that.
func (l *link) halt() {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.flowing:
		l.flowing = make(chan struct{})
	default:
	}
}

func (l *link) thaw() {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.flowing:
	default:
		close(l.flowing)
	}
}

// refuse cuts what is there and what comes, until it is called with false.
func (l *link) refuse(refused bool) {
	l.mu.Lock()
	l.refused = refused
	l.mu.Unlock()
	if refused {
		l.reset()
	}
}

// TestLink sees each way of breaking from both ends.
func TestLink(t *testing.T) {
	t.Parallel()
	socket := newFolder(t) + "/s"
	server, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	l := newLink(t, server.Addr())
	open := func() (near, far net.Conn) {
		near, err := net.Dial("tcp", l.listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if far, err = server.Accept(); err != nil {
			t.Fatal(err)
		}
		if _, err = near.Write([]byte("1")); err != nil {
			t.Fatal(err)
		}
		read(t, far, "1")
		return near, far
	}

	near, far := open()
	l.halt()
	if _, err := near.Write([]byte("2")); err != nil {
		t.Fatal(err)
	}
	l.thaw()
	read(t, far, "2")

	l.resetNear()
	if _, err := near.Read(make([]byte, 1)); err == nil {
		t.Error("the near side was not cut")
	}
	if _, err := far.Write([]byte("3")); err != nil {
		t.Errorf("the far side was cut: %v", err)
	}

	near, far = open()
	l.reset()
	for name, end := range map[string]net.Conn{"near": near, "far": far} {
		if _, err := end.Read(make([]byte, 1)); err == nil || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the %s side was not cut: %v", name, err)
		}
	}
}

func read(t *testing.T, from io.Reader, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(from, got); err != nil || string(got) != want {
		t.Fatalf("got %q and %v, want %q", got, err, want)
	}
}
