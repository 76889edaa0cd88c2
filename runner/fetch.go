package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// fetchTimeout bounds the loading of one document over HTTP; documents are a
// few megabytes at the most.
const fetchTimeout = 30 * time.Second

// isURL tells a web address from a path.
func isURL(location string) bool {
	return strings.HasPrefix(location, "http://") || strings.HasPrefix(location, "https://")
}

// resolve finds where a source's url leads, seen from the document that names
// it: RFC 3986 for a document from the web, the folder for one from disk.
func resolve(base, reference string) string {
	if isURL(reference) {
		return reference
	}
	if isURL(base) {
		from, errBase := url.Parse(base)
		to, errReference := url.Parse(reference)
		if errBase == nil && errReference == nil {
			return from.ResolveReference(to).String()
		}
	}
	if filepath.IsAbs(reference) {
		return reference
	}
	return filepath.Join(filepath.Dir(base), filepath.FromSlash(reference))
}

// baseName is the last element of a location's path.
func baseName(location string) string {
	if u, err := url.Parse(location); err == nil {
		return path.Base(filepath.ToSlash(u.Path))
	}
	return path.Base(filepath.ToSlash(location))
}

// fetch reads a document from a path or URL. The error wraps [fs.ErrNotExist]
// where there is none.
func fetch(ctx context.Context, location string) (*source.File, error) {
	read := fetchFile
	if isURL(location) {
		read = fetchURL
	}
	text, err := read(ctx, location)
	if err != nil {
		return nil, err
	}
	return &source.File{Name: location, Text: string(text)}, nil
}

func fetchFile(_ context.Context, name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, withoutPath(err)
	}
	defer f.Close()
	return limited(f)
}

func fetchURL(ctx context.Context, location string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, location, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusNotFound:
		return nil, fs.ErrNotExist
	case response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("the server answered %s", response.Status)
	}
	return limited(response.Body)
}

func limited(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, source.MaxBytes+1))
	if err == nil && len(text) > source.MaxBytes {
		err = fmt.Errorf("it has more than %d bytes", source.MaxBytes)
	}
	return text, withoutPath(err)
}

// withoutPath drops the path that the os package puts into its errors: the
// diagnostic names it already.
func withoutPath(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
