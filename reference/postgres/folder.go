//go:build unix && !aix && !solaris

package postgres

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const (
	folderPrefix = "arazzo-postgres-"
	lockName     = "owner.lock"
)

// folder is a folder of ours with a locked file in it. flock belongs to the open
// file, not to the process: who inherits the file holds the lock too, and the
// kernel lets go of it when the last of them ends.
type folder struct {
	path string
	lock *os.File
}

// newFolder makes a folder in base that only its owner may enter.
func newFolder(base string) (*folder, error) {
	path, err := os.MkdirTemp(base, folderPrefix)
	if err != nil {
		return nil, fmt.Errorf("making a folder: %w", err)
	}
	lock, err := lockNew(path)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("locking the folder: %w", err), os.RemoveAll(path))
	}
	return &folder{path: path, lock: lock}, nil
}

// lockNew makes the lock under another name and renames it when it is locked, so
// that no sweep ever sees the lock of a living folder free.
func lockNew(dir string) (*os.File, error) {
	final := filepath.Join(dir, lockName)
	lock, err := os.OpenFile(final+".new", os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
		err = os.Rename(final+".new", final)
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}

// remove ends the folder. Nothing may work in it any more.
func (f *folder) remove() error {
	return errors.Join(os.RemoveAll(f.path), f.lock.Close())
}

// sweep removes the folders in base whose owners died without a chance to do it
// themselves. What it may not read, has no lock, or is still in use it leaves
// alone; a sweep that fails changes nothing for the start that asked for it.
func sweep(base string) {
	entries, err := os.ReadDir(base)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if entry.IsDir() && strings.HasPrefix(entry.Name(), folderPrefix) {
			removeAbandoned(filepath.Join(base, entry.Name()))
		}
	}
}

func removeAbandoned(path string) {
	// Anyone may put something under our name into a shared folder: a link is not
	// followed, a pipe not waited for.
	flags := os.O_RDWR | syscall.O_NOFOLLOW | syscall.O_NONBLOCK
	lock, err := os.OpenFile(filepath.Join(path, lockName), flags, 0)
	if err != nil {
		return
	}
	defer lock.Close()
	if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
		_ = os.RemoveAll(path)
	}
}
