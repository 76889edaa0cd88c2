package bundled

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"
)

// relay stands between a reference and Postgres, and can be cut: then what is connected
// is hung up on, and so is whoever connects.
type relay struct {
	listener net.Listener
	dial     func(context.Context) (net.Conn, error)
	// live ends with the relay.
	live context.Context
	end  context.CancelFunc
	busy sync.WaitGroup

	mutex sync.Mutex
	isCut bool
	open  map[net.Conn]bool
}

// listenRelay makes a relay on a port of the loopback interface.
func listenRelay(dial func(context.Context) (net.Conn, error)) (*relay, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for a relay to Postgres: %w", err)
	}
	r := &relay{listener: listener, dial: dial, open: map[net.Conn]bool{}}
	r.live, r.end = context.WithCancel(context.Background())
	r.busy.Go(r.accept)
	return r, nil
}

func (r *relay) address() net.Addr { return r.listener.Addr() }

func (r *relay) accept() {
	for {
		near, err := r.listener.Accept()
		if err != nil {
			return // it was closed
		}
		if !r.keep(near) {
			_ = near.Close()
			continue
		}
		r.busy.Go(func() { r.serve(near) })
	}
}

// keep takes note of a connection that is there from now on, unless there is to be none.
func (r *relay) keep(c net.Conn) bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if !r.isCut {
		r.open[c] = true
	}
	return !r.isCut
}

func (r *relay) hangUp(c net.Conn) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	delete(r.open, c)
	_ = c.Close()
}

// serve carries what one connection says to Postgres and back, until one of them ends.
func (r *relay) serve(near net.Conn) {
	defer r.hangUp(near)
	far, err := r.dial(r.live)
	if err != nil {
		return // as Postgres itself would not answer
	}
	defer r.hangUp(far)
	if !r.keep(far) {
		return
	}
	ended := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		r.busy.Go(func() {
			_, _ = io.Copy(way[0], way[1])
			ended <- struct{}{}
		})
	}
	<-ended
}

// cut hangs up on everybody, now and from now on.
func (r *relay) cut() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.isCut = true
	for c := range r.open {
		_ = c.Close()
	}
}

// mend lets new connections through again.
func (r *relay) mend() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.isCut = false
}

// close ends the relay, and returns when nothing of it is left.
func (r *relay) close() {
	r.cut()
	r.end()
	_ = r.listener.Close()
	r.busy.Wait()
}
