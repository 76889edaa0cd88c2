//go:build !linux

package postgres

import "os"

// temporaryFolders has /tmp behind the user's own folder, whose path can be too
// long for a socket.
func temporaryFolders() []string { return []string{os.TempDir(), "/tmp"} }
