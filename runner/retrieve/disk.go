package retrieve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// file reads a file. One that a document names has to be a regular one: reading
// a device or a pipe may never end.
func (c *Client) file(ctx context.Context, from *source.File, u *url.URL) (*source.File, error) {
	uri := normal(u)
	path, ok := Path(uri)
	if !ok {
		return nil, fail(Invalid, "the URL names no file", "", nil)
	}
	text, err := c.read(ctx, path, from == nil)
	if err != nil {
		return nil, err
	}
	file := &source.File{Name: path, URI: uri, Text: text}
	if from != nil {
		file.Name = Name(from, uri)
	}
	return file, nil
}

func (c *Client) read(ctx context.Context, path string, anyKind bool) (string, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", unreadable(err)
	case info.IsDir():
		return "", fail(Unreadable, "it is a folder", "name a file in it", nil)
	case !info.Mode().IsRegular() && !anyKind:
		return "", fail(Unreadable, "it is not a regular file", "", nil)
	}
	if info.Mode().IsRegular() {
		return c.content(path, info)
	}
	text, err := source.Await(ctx, func() (string, error) { return c.content(path, info) })
	if ctx.Err() != nil {
		return "", interrupted(ctx)
	}
	return text, err
}

// content reads the file, which info is of.
func (c *Client) content(path string, info fs.FileInfo) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", unreadable(err)
	}
	defer f.Close()
	if c.Opened != nil {
		c.Opened(info)
	}
	text, err := limited(f, info.Size(), c.MaxBytes)
	if err != nil {
		return "", unreadable(err)
	}
	return text, nil
}

func unreadable(err error) *Error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	err = withoutPath(err)
	if errors.Is(err, fs.ErrNotExist) {
		return fail(NotFound, err.Error(), "", err)
	}
	return fail(Unreadable, err.Error(), "", err)
}

// limited reads all of a text that has at most limit bytes, and likely so many as
// expected.
func limited(r io.Reader, expected, limit int64) (string, error) {
	var text strings.Builder
	text.Grow(int(min(expected, limit)))
	n, err := io.Copy(&text, io.LimitReader(r, limit+1))
	if err != nil {
		return "", err
	}
	if n > limit {
		return "", fail(TooLarge, fmt.Sprintf("it has more than %d bytes", limit), "", nil)
	}
	return text.String(), nil
}
