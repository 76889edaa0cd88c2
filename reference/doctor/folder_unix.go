//go:build linux || darwin || freebsd

package doctor

import "golang.org/x/sys/unix"

// writable asks without writing.
func writable(folder string) error { return unix.Access(folder, unix.W_OK|unix.X_OK) }

// freeBytes is what an unprivileged process may still write.
func freeBytes(folder string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, err
	}
	return uint64(max(s.Bavail, 0)) * uint64(s.Bsize), nil
}
