package pulse

import "golang.org/x/sys/unix"

// unsentBytes is how much of what was written to an event stream may stand in our
// kernel before the peer's has room for it. Without that bound a peer that does not
// read fills a buffer of megabytes, and a thousand of them all the memory that the
// system has for connections, theirs and everybody's. A peer that does read is not
// slower by it: what is under way does not count.
const unsentBytes = 32 << 10

// bound holds what the kernel keeps of an event stream below unsentBytes and what it
// joins in one piece.
func (p peer) bound() {
	if p.raw == nil {
		return
	}
	// A connection that cannot is none of TCP's, or is ending.
	_ = p.raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, unsentBytes)
	})
}

// await waits until the kernel takes what is written next, the write deadline has
// passed or the connection is closed.
func (p peer) await() error {
	if p.raw == nil {
		return nil
	}
	return p.raw.Write(hasRoom)
}

// hasRoom also says yes of a broken connection, for the write tells more.
func hasRoom(fd uintptr) bool {
	ready, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, 0)
	return ready > 0 || err != nil
}

// steadyTries bounds how often the two numbers are read until they belong
// together: between the two questions the peer may take something.
const steadyTries = 10

// progress asks the kernel how many bytes of the connection the peer's has
// confirmed, and how many it has not.
func (p peer) progress() (arrived, queued uint64, known bool) {
	if p.raw == nil {
		return 0, 0, false
	}
	err := p.raw.Control(func(fd uintptr) {
		for range steadyTries {
			before, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
			if err != nil {
				return
			}
			waiting, err := unix.IoctlGetInt(int(fd), unix.SIOCOUTQ)
			if err != nil {
				return
			}
			after, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
			if err != nil {
				return
			}
			// Where they never do it is more than there is, until a heartbeat
			// makes up for it.
			arrived, queued, known = after.Bytes_acked, uint64(max(0, waiting)), true
			if before.Bytes_acked == after.Bytes_acked {
				return
			}
		}
	})
	return arrived, queued, known && err == nil
}
