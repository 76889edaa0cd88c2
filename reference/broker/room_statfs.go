//go:build linux || darwin

package broker

import "syscall"

// freeBytes is how much an ordinary user may still write in a folder, in bytes;
// known is false where the system does not say.
func freeBytes(dir string) (free uint64, known bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, false
	}
	return s.Bavail * uint64(s.Bsize), true
}
