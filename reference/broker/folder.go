package broker

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	temporaryPrefix = "arazzo-pulse-"
	lockName        = "lock"
	// settling is the age below which a folder without a lock is not looked at: its
	// service may not have locked it yet.
	settling = time.Minute
)

// folder is a folder that this process has to itself.
type folder struct {
	lock *folderLock
	// made is the folder when it was not there before, else empty, which
	// os.RemoveAll takes for nothing to remove.
	made string
}

func (f *folder) take(dir string) error {
	made, err := makeFolder(dir)
	if err != nil {
		return err
	}
	if made {
		f.made = dir
	}
	f.lock, err = lockFolder(dir)
	return err
}

func (f *folder) release() error {
	if f.lock == nil {
		return nil
	}
	lock := f.lock
	f.lock = nil
	return lock.release()
}

// errFolderInUse is why lockFolder refuses.
var errFolderInUse = errors.New("another process uses this folder: stop it, or choose another folder")

// makeFolder makes the folder of an event log where it is missing, and says
// whether it was.
func makeFolder(dir string) (made bool, err error) {
	err = os.MkdirAll(filepath.Dir(dir), 0o700)
	if err == nil {
		err = os.Mkdir(dir, 0o700)
	}
	if errors.Is(err, fs.ErrExist) {
		// What is no folder is found out when it is locked.
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("event log: %w: choose another folder", err)
	}
	return true, nil
}

// TemporaryFolder makes a folder for the event log of a Temporary service; who
// asks for it removes it. Folders of services that were killed before they could
// are removed here.
func TemporaryFolder() (string, error) {
	abandoned, err := filepath.Glob(filepath.Join(os.TempDir(), temporaryPrefix+"*"))
	if err != nil {
		return "", fmt.Errorf("event log: %w", err)
	}
	for _, dir := range abandoned {
		removeAbandoned(dir)
	}
	dir, err := os.MkdirTemp("", temporaryPrefix)
	if err != nil {
		return "", fmt.Errorf("event log: %w", err)
	}
	return dir, nil
}

// wasLocked tells whether a service has had the folder: its lock is taken before it
// has its name.
func wasLocked(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, lockName))
	return err == nil
}

// removeAbandoned removes a folder that nobody holds. One that cannot be removed,
// for it is another user's, stays: it is theirs to remove.
func removeAbandoned(dir string) {
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() || time.Since(info.ModTime()) < settling && !wasLocked(dir) {
		return
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return
	}
	_ = os.RemoveAll(dir)
	_ = lock.release()
}
