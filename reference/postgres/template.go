//go:build unix && !aix && !solaris

package postgres

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// template is a fresh cluster in one file of the cache, a tar in a gzip that does
// not compress. One file is published by one rename; gzip brings a checksum, and
// a comment that says what made the cluster. There is one per folder of binaries:
// an upgrade replaces it.
type template struct {
	path   string
	madeBy string
}

// templateOf names the template for binaries; madeBy is whatever decides what
// initdb makes of a folder.
func (e environment) templateOf(binDir, madeBy string) template {
	if e.cache == "" {
		return template{}
	}
	name := fmt.Sprintf("template-%x.tar.gz", sha256.Sum256([]byte(binDir)))
	return template{path: filepath.Join(e.cache, name), madeBy: madeBy}
}

// unpack makes the folder dir from the template. After an error dir may be there
// in part.
func (t template) unpack(dir string, as account) error {
	file, err := os.Open(t.path)
	if err != nil {
		return err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	if unzipped.Comment != t.madeBy {
		return errors.New("the template is of other binaries")
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	if err := unpackTar(unzipped, dir, as); err != nil {
		return err
	}
	// The checksum stands behind the last file; reading it is what proves the rest.
	if _, err := io.Copy(io.Discard, unzipped); err != nil {
		return err
	}
	return as.own(dir)
}

// save publishes the fresh cluster in dir as the template.
func (t template) save(dir string) (err error) {
	if err := os.MkdirAll(filepath.Dir(t.path), 0o755); err != nil {
		return err
	}
	sweep(filepath.Dir(t.path))
	work, err := newFolder(filepath.Dir(t.path))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, work.remove()) }()
	fresh := filepath.Join(work.path, "template")
	if err := t.write(fresh, dir); err != nil {
		return err
	}
	return os.Rename(fresh, t.path)
}

func (t template) write(path, dir string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	// NoCompression is a level that gzip knows; there is no other error.
	zipped, _ := gzip.NewWriterLevel(file, gzip.NoCompression)
	zipped.Comment = t.madeBy
	packed := tar.NewWriter(zipped)
	return errors.Join(packed.AddFS(os.DirFS(dir)), packed.Close(), zipped.Close(), file.Close())
}
