package soak

import (
	"errors"
	"io"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// ending is how a consumer's connection ends.
type ending int

const (
	// open: the consumer does not end it.
	open ending = iota
	// polite says that nothing more is wanted and reads what is still on its way.
	polite
	// abrupt resets the connection. What has arrived is known; what is on its way,
	// or still with the sender, is lost.
	abrupt
	// stalled is a consumer that takes nothing for a while, and then resets.
	stalled
	// replaced: a newer connection of the same name ends it.
	replaced
	endings
)

// stall is how long a stalled consumer takes nothing: longer than the second of
// grace after which what was sent counts as acknowledged.
const stall = 1500 * time.Millisecond

// errNotEnded is what a peer gets that does not end a connection though it was
// asked to.
var errNotEnded = errors.New("the service did not end the connection")

// wire is a connection that knows everything which arrived at this machine, also
// when it ends without being read to its end: that is what was delivered.
type wire struct {
	net.Conn
	// how is the ending that was asked for.
	how atomic.Int64
	// asked is true once how was followed.
	asked bool
	// arrived is what was there and unread when the connection was reset.
	arrived []byte
	gone    bool
}

// end asks for an ending; the goroutine that reads follows it. The first one
// counts.
func (w *wire) end(how ending) {
	if w.how.CompareAndSwap(int64(open), int64(how)) {
		_ = w.SetReadDeadline(time.Unix(1, 0))
	}
}

// Read ends the connection as it was asked to, and goes on with what had arrived.
func (w *wire) Read(p []byte) (int, error) {
	for {
		if w.gone {
			n := copy(p, w.arrived)
			w.arrived = w.arrived[n:]
			if n == 0 {
				return 0, io.EOF
			}
			return n, nil
		}
		n, err := w.Conn.Read(p)
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		if w.asked {
			return 0, errNotEnded
		}
		w.asked = true
		if err := w.follow(ending(w.how.Load())); err != nil {
			return 0, err
		}
	}
}

func (w *wire) follow(how ending) error {
	switch how {
	case stalled:
		<-time.After(stall)
		return w.reset()
	case abrupt:
		return w.reset()
	case polite:
		if err := w.Conn.(*net.TCPConn).CloseWrite(); err != nil {
			return err
		}
	}
	return w.SetReadDeadline(time.Now().Add(patience))
}

// reset looks at what has arrived without taking it, for that would let the
// sender send more, and resets the connection.
func (w *wire) reset() error {
	tcp := w.Conn.(*net.TCPConn)
	raw, err := tcp.SyscallConn()
	if err != nil {
		return err
	}
	buffer := make([]byte, 8<<20)
	n := 0
	err = raw.Control(func(fd uintptr) {
		n, _, _ = syscall.Recvfrom(int(fd), buffer, syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	})
	w.gone, w.arrived = true, buffer[:max(0, n)]
	return errors.Join(err, tcp.SetLinger(0), tcp.Close())
}

// dial opens a connection. One that is going to stall has little room for what
// it does not take.
func dial(address string, how ending) (*wire, error) {
	dialer := net.Dialer{Timeout: patience}
	if how == stalled {
		dialer.Control = func(_, _ string, raw syscall.RawConn) (err error) {
			return errors.Join(raw.Control(func(fd uintptr) {
				err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<10)
			}), err)
		}
	}
	conn, err := dialer.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &wire{Conn: conn}, nil
}
