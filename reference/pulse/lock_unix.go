//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package pulse

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// folderLock keeps a second process out of a folder: JetStream does not, and two
// writers destroy each other's files. It ends with the process, however that
// ends.
type folderLock struct{ file *os.File }

// lockFolder takes a folder that is there.
func lockFolder(dir string) (*folderLock, error) {
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("event log: %w: choose another folder", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = errFolderInUse
		}
		return nil, errors.Join(fmt.Errorf("event log in %s: %w", dir, err), file.Close())
	}
	return &folderLock{file}, nil
}

func (l *folderLock) release() error { return l.file.Close() }
