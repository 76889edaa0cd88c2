//go:build unix && !aix && !solaris

package postgres

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// maxUnpackedBytes and maxUnpackedFiles bound what one archive may become. A
// fresh cluster is 40 MB in a thousand files, a server's binaries 60 to 150 MB in
// two thousand.
const (
	maxUnpackedBytes = 1 << 30
	maxUnpackedFiles = 20_000
)

// unpackTar unpacks folders, files and links into dir, for the account. Nothing
// is written outside dir, whatever the archive names. After an error dir may be
// filled in part.
func unpackTar(r io.Reader, dir string, as account) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	entries := tar.NewReader(r)
	room := int64(maxUnpackedBytes)
	for range maxUnpackedFiles {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the archive: %w", err)
		}
		if room -= header.Size; room < 0 {
			return fmt.Errorf("the archive unpacks to more than %d bytes", int64(maxUnpackedBytes))
		}
		if err := unpackEntry(root, header, entries, as); err != nil {
			return fmt.Errorf("unpacking %q: %w", header.Name, err)
		}
	}
	return fmt.Errorf("the archive holds more than %d files", maxUnpackedFiles)
}

func unpackEntry(root *os.Root, header *tar.Header, content io.Reader, as account) error {
	name := filepath.Clean(header.Name)
	if name == "." {
		return nil
	}
	// Not every archive lists a folder before what is in it.
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	// No file of a server needs more: no set-user-id, nothing others may write.
	mode := header.FileInfo().Mode() & 0o755
	var err error
	switch header.Typeflag {
	case tar.TypeDir:
		err = root.MkdirAll(name, mode)
	case tar.TypeReg:
		err = unpackFile(root, name, mode, content)
	case tar.TypeSymlink:
		err = root.Symlink(header.Linkname, name)
	default:
		err = fmt.Errorf("it is neither a folder nor a file nor a symbolic link (type %q)", header.Typeflag)
	}
	if err == nil && as.switched {
		err = root.Lchown(name, int(as.uid), int(as.gid))
	}
	return err
}

func unpackFile(root *os.Root, name string, mode os.FileMode, content io.Reader) error {
	file, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	return errors.Join(err, file.Close())
}
