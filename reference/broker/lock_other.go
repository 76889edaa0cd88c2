//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package broker

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// folderLock keeps a second process out of a folder, where there is no flock, by
// a file that only one can make. It stays behind after a crash.
type folderLock struct{ path string }

// lockFolder takes a folder that is there.
func lockFolder(dir string) (*folderLock, error) {
	path := filepath.Join(dir, lockName)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("event log in %s: %w (after a crash: remove %s)", dir, errFolderInUse, path)
	}
	if err != nil {
		return nil, fmt.Errorf("event log: %w: choose another folder", err)
	}
	return &folderLock{path}, file.Close()
}

func (l *folderLock) release() error { return os.Remove(l.path) }
