package environments

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// maxFileBytes bounds each file: a thousand of the longest keys fit.
const maxFileBytes = 2 << 20

// content is a file, and whether others than its owner may read it.
type content struct {
	*source.File
	exposed bool
}

// read reads a file of secrets, or a pipe, as a shell's <(command) makes one. When
// ctx ends before, that is the error.
func read(ctx context.Context, path string) (content, error) {
	return source.Await(ctx, func() (content, error) { return readFile(path) })
}

func readFile(path string) (content, error) {
	f, err := os.Open(path)
	if err != nil {
		// The path is told already.
		var inPath *os.PathError
		if errors.As(err, &inPath) {
			err = inPath.Err
		}
		return content{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return content{}, err
	}
	if info.IsDir() {
		return content{}, errors.New("it is a folder")
	}
	text, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err != nil {
		return content{}, err
	}
	if len(text) > maxFileBytes {
		return content{}, fmt.Errorf("it has more than %d bytes", maxFileBytes)
	}
	exposed := runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o044 != 0
	return content{&source.File{Name: path, Text: string(text), Hidden: true}, exposed}, nil
}

// warnExposed is told of a file whose secrets others may read. Where secrets are mounted
// it may be so on purpose, so nothing more is made of it.
func warnExposed(file content) *source.Diagnostic {
	return &source.Diagnostic{
		Code: "keys-exposed", Severity: source.Warning,
		Message: fmt.Sprintf("others than its owner may read the secrets in %s", file.Name),
		Fix:     "chmod 600 " + file.Name + ", or have only the hashes of the keys in it",
	}
}
