package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
)

// Secrets is a file whose text no diagnostic shows, and whether others than its
// owner may read it.
type Secrets struct {
	*File
	Exposed bool
}

// ReadSecrets reads a file of at most limit bytes, or a pipe, as a shell's
// <(command) makes one. Its errors do not repeat the path. When ctx ends before,
// that is the error.
func ReadSecrets(ctx context.Context, path string, limit int) (Secrets, error) {
	return Await(ctx, func() (Secrets, error) {
		s, err := readSecrets(path, limit)
		var inPath *os.PathError
		if errors.As(err, &inPath) {
			err = inPath.Err
		}
		return s, err
	})
}

func readSecrets(path string, limit int) (Secrets, error) {
	f, err := os.Open(path)
	if err != nil {
		return Secrets{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Secrets{}, err
	}
	text, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err != nil {
		return Secrets{}, err
	}
	if len(text) > limit {
		return Secrets{}, fmt.Errorf("it has more than %d bytes", limit)
	}
	exposed := runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o044 != 0
	return Secrets{&File{Name: path, Text: string(text), Hidden: true}, exposed}, nil
}
