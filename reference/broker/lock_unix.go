//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package broker

import (
	"errors"
	"fmt"
	"io/fs"
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
	path := filepath.Join(dir, lockName)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		if file, err = newLock(dir, path); err == nil {
			return &folderLock{file}, nil
		}
		// Another process made it in between, or the file system knows no links.
		file, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	}
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

// newLock makes the lock's file, and takes it before it has its name: who finds a
// lock that is free knows that its service is gone.
func newLock(dir, path string) (*os.File, error) {
	file, err := os.CreateTemp(dir, ".lock-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(file.Name())
	if err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
		err = os.Link(file.Name(), path)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func (l *folderLock) release() error { return l.file.Close() }
