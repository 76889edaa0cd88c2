package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	// littleSpace and noSpace are how many bytes the disk of the data folder
	// should, and must, have free.
	littleSpace = 2 << 30
	noSpace     = 64 << 20
)

func dataFolder(f *facts) []Finding {
	if f.options.Data == "" {
		return nil
	}
	info, err := os.Stat(f.options.Data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		parent := existing(f.options.Data)
		if err := writable(parent); err != nil {
			return unusable("the data folder %s is not there, and %s does not let it be made: %v", f.options.Data, parent, err)
		}
		return finding(OK, "the data folder %s is not there yet: the service makes it", f.options.Data)
	case err != nil:
		return unusable("the data folder %s: %v", f.options.Data, err)
	case !info.IsDir():
		return unusable("%s is a file, and the data folder must be a folder", f.options.Data)
	}
	if err := writable(f.options.Data); err != nil {
		return unusable("the data folder %s: %v", f.options.Data, err)
	}
	return finding(OK, "the data folder %s can be written", f.options.Data)
}

func unusable(format string, args ...any) []Finding {
	found := finding(Error, format, args...)
	found[0].Next = "choose another folder, or let the service's user write there"
	return found
}

// existing is the folder, or the nearest above it that is there.
func existing(folder string) string {
	for {
		if _, err := os.Stat(folder); err == nil || filepath.Dir(folder) == folder {
			return folder
		}
		folder = filepath.Dir(folder)
	}
}

func dataSpace(f *facts) []Finding {
	if f.options.Data == "" {
		return nil
	}
	free, err := freeBytes(existing(f.options.Data))
	if err != nil {
		return nil
	}
	return space(f.options.Data, free)
}

func space(folder string, free uint64) []Finding {
	said := fmt.Sprintf("the disk of the data folder %s has %d MB free", folder, free>>20)
	switch {
	case free < noSpace:
		return finding(Error, "%s: events cannot be kept", said)
	case free < littleSpace:
		return finding(Warning, "%s: when it is full, no change is stored until there is room, and the slot keeps the server's log", said)
	default:
		return finding(OK, "%s", said)
	}
}
