package pulse

import "golang.org/x/sys/unix"

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
