//go:build !(linux || darwin || freebsd)

package doctor

import (
	"errors"
	"os"
)

// writable asks for the mode alone, for nothing is to be written.
func writable(folder string) error {
	info, err := os.Stat(folder)
	if err == nil && info.Mode().Perm()&0o200 == 0 {
		err = os.ErrPermission
	}
	return err
}

// freeBytes is not known here.
func freeBytes(string) (uint64, error) { return 0, errors.ErrUnsupported }
