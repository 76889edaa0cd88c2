package pulse

import (
	"context"
	"net"
	"syscall"
)

// peer is the machine at the other end of a request's connection. What was
// flushed may stand in our kernel for as long as that machine takes nothing or is
// gone, and an event there was not delivered.
type peer struct {
	// raw is nil where the connection is not known.
	raw syscall.RawConn
}

type peerKey struct{}

// ConnContext tells requests which connection they come over; it is made for
// [http.Server]'s field of that name. With it, an event of a named stream counts
// as acknowledged only once the peer's machine has it. Linux tells that; elsewhere,
// and without it, what was flushed a grace ago on a connection that is still there
// counts. A proxy in between is the peer.
func ConnContext(ctx context.Context, conn net.Conn) context.Context {
	if secured, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = secured.NetConn()
	}
	if socket, ok := conn.(syscall.Conn); ok {
		if raw, err := socket.SyscallConn(); err == nil {
			return context.WithValue(ctx, peerKey{}, peer{raw: raw})
		}
	}
	return ctx
}

// peerOf is the peer of a request.
func peerOf(ctx context.Context) peer {
	p, _ := ctx.Value(peerKey{}).(peer)
	return p
}

// sent is up to where the connection's bytes are when all that was written until
// now has arrived; 0 where that cannot be known.
func (p peer) sent() uint64 {
	arrived, queued, _ := p.progress()
	return arrived + queued
}

// has reports whether the bytes up to an earlier sent have arrived. Where that
// could not be known then, they count as arrived.
func (p peer) has(sent uint64) bool {
	if sent == 0 {
		return true
	}
	arrived, queued, known := p.progress()
	return known && (queued == 0 || arrived >= sent)
}
