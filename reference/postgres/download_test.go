//go:build unix && !aix && !solaris

package postgres

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// repository serves one archive and counts how often it was asked for it.
type repository struct {
	*httptest.Server
	archive, checksum []byte
	archives          atomic.Int32
}

func newRepository(t *testing.T, archive []byte) *repository {
	t.Helper()
	r := &repository{archive: archive, checksum: fmt.Appendf(nil, "%x", sha256.Sum256(archive))}
	path := fmt.Sprintf("/io/zonky/test/postgres/embedded-postgres-binaries-%[1]s/%[2]s/embedded-postgres-binaries-%[1]s-%[2]s.jar", build(), downloadVersion)
	routes := http.NewServeMux()
	serve := func(path string, content *[]byte, asked *atomic.Int32) {
		routes.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			if *content == nil {
				http.Error(w, "gone", http.StatusNotFound)
				return
			}
			w.Header().Set("Content-Length", strconv.Itoa(len(*content)))
			_, _ = w.Write(*content)
		})
	}
	serve(path, &r.archive, &r.archives)
	serve(path+".sha256", &r.checksum, new(atomic.Int32))
	r.Server = httptest.NewServer(routes)
	t.Cleanup(r.Close)
	return r
}

// installedArchive packs this machine's binaries as the repository's archives
// are: a jar with a .txz in it. The modules that initdb and logical decoding load
// must lie beside the programs; share/ a Debian's server finds from anywhere.
var installedArchive = sync.OnceValues(func() ([]byte, error) {
	found, err := systemEnvironment().installed()
	if err != nil {
		return nil, err
	}
	packed, err := exec.Command("tar", "-C", filepath.Dir(found.binDir), "-cf", "-", "--use-compress-program=xz -0",
		"bin/initdb", "bin/postgres", "lib/dict_snowball.so", "lib/plpgsql.so", "lib/pgoutput.so").Output()
	if err != nil {
		return nil, fmt.Errorf("packing %s: %w", found.binDir, err)
	}
	return jarOf("postgres-"+build()+".txz", packed)
})

func jarOf(name string, content []byte) ([]byte, error) {
	var jar bytes.Buffer
	files := zip.NewWriter(&jar)
	for _, file := range []struct {
		name    string
		content []byte
	}{{"META-INF/MANIFEST.MF", []byte("Manifest-Version: 1.0\n")}, {name, content}} {
		w, err := files.CreateHeader(&zip.FileHeader{Name: file.name, Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(file.content); err != nil {
			return nil, err
		}
	}
	err := files.Close()
	return jar.Bytes(), err
}

// downloadEnvironment is a machine with nothing installed and a repository that
// has this machine's binaries.
func downloadEnvironment(t *testing.T) (environment, *repository) {
	t.Helper()
	here := withOwnCache(t)
	archive, err := installedArchive()
	if err != nil {
		t.Skip("this test packs the installed PostgreSQL with tar and xz: ", err)
	}
	serves := newRepository(t, archive)
	here.binDir, here.packages, here.repository = "", nil, serves.URL
	here.lookPath = func(string) (string, error) { return "", exec.ErrNotFound }
	return here, serves
}

func TestADownloadIsFetchedOnceAndRun(t *testing.T) {
	t.Parallel()
	here, serves := downloadEnvironment(t)
	var told []string
	for _, mode := range []Mode{Auto, Download} {
		server, err := here.start(t.Context(), Options{Mode: mode, Progress: func(line string) { told = append(told, line) }})
		if err != nil {
			t.Fatal(err)
		}
		query(t, server.URL(), "SELECT 'works'")
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
		told = append(told, server.Describe())
	}
	if got := serves.archives.Load(); got != 1 {
		t.Errorf("the archive was fetched %d times, want once", got)
	}
	home := filepath.Join(here.cache, "postgresql-"+string(downloadVersion)+"-"+build())
	version, err := installation{binDir: home + "/bin"}.version(t.Context(), account{})
	if err != nil {
		t.Fatal(err)
	}
	runs := "download: PostgreSQL " + version + " from " + home + "/bin"
	size := fmt.Sprintf("%.1f MB", float64(len(serves.archive))/1e6)
	want := []string{
		"postgres: no installed server was found, taking mode download",
		"postgres: fetching PostgreSQL " + string(downloadVersion) + " for " + build() + ", once, into " + home,
	}
	for tenth := 1; tenth <= 10; tenth++ {
		want = append(want, fmt.Sprintf("postgres: fetched %d0%% of %s", tenth, size))
	}
	want = append(want, "postgres: unpacking", "postgres: "+runs, runs, "postgres: "+runs, runs)
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

func TestTwoDownloadsAtOnce(t *testing.T) {
	t.Parallel()
	here, _ := downloadEnvironment(t)
	here.progress = func(string) {}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if _, err := here.download(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	onlyBinaries(t, here)
}

func TestPublishKeepsWhatAnotherProcessFinished(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	installPrograms(t, base, map[string][]string{"home/bin": {"initdb", "postgres", "theirs"}, "ours/bin": {"initdb", "postgres"}})
	work, err := newFolder(base)
	if err != nil {
		t.Fatal(err)
	}
	if err := publish(filepath.Join(base, "ours"), filepath.Join(base, "home"), work); err != nil {
		t.Error(err)
	}
	if !executable(filepath.Join(base, "home", "bin", "theirs")) {
		t.Error("the finished folder was replaced while its owner may run it")
	}
	if err := work.remove(); err != nil {
		t.Error(err)
	}
}

func TestADamagedInstallationIsFetchedAnew(t *testing.T) {
	t.Parallel()
	here, serves := downloadEnvironment(t)
	here.progress = func(string) {}
	for range 2 {
		from, err := here.download(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		onlyBinaries(t, here)
		if err := os.Remove(from.program("initdb")); err != nil {
			t.Fatal(err)
		}
	}
	if got := serves.archives.Load(); got != 2 {
		t.Errorf("the archive was fetched %d times, want 2", got)
	}
}

func TestADownloadThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	const next = "; next: install PostgreSQL's server, or --database-url URL, or ARAZZO_POSTGRES_REPOSITORY=URL of a mirror"
	failed := func(why string) string {
		return "Postgres mode download cannot be had: the download failed: " + why + next
	}
	empty, err := jarOf("readme.txt", nil)
	if err != nil {
		t.Fatal(err)
	}
	garbage, err := jarOf("a.txz", []byte("not compressed"))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		change func(*repository)
		want   string
	}{
		{
			name:   "no such version",
			change: func(r *repository) { r.checksum, r.archive = nil, nil },
			want:   failed("fetching ARCHIVE.sha256: the answer is 404 Not Found, want 200 OK"),
		},
		{
			name:   "no checksum, and nothing unchecked is run",
			change: func(r *repository) { r.checksum = nil },
			want:   failed("fetching ARCHIVE.sha256: the answer is 404 Not Found, want 200 OK"),
		},
		{
			name:   "an empty checksum",
			change: func(r *repository) { r.checksum = []byte("\n") },
			want:   failed("ARCHIVE has the SHA-256 SUM, and its checksum file says \"\\n\""),
		},
		{
			name:   "another checksum",
			change: func(r *repository) { r.checksum = []byte("00ff  a.jar\n") },
			want:   failed("ARCHIVE has the SHA-256 SUM, and its checksum file says \"00ff  a.jar\\n\""),
		},
		{
			name:   "a page where the checksum should be",
			change: func(r *repository) { r.checksum = bytes.Repeat([]byte("<p>"), 1000) },
			want:   failed("fetching ARCHIVE.sha256: the answer has more than 1024 bytes"),
		},
		{
			name:   "not a jar",
			change: func(r *repository) { r.serve([]byte("<html>welcome to the hotel</html>")) },
			want:   failed("reading the archive: zip: not a valid zip file"),
		},
		{
			name:   "a jar without binaries",
			change: func(r *repository) { r.serve(empty) },
			want:   failed("the archive holds no .txz file"),
		},
		{
			name:   "binaries that are none",
			change: func(r *repository) { r.serve(garbage) },
			want:   failed("reading the archive: xz: file format not recognized"),
		},
		{
			name:   "the server is gone",
			change: func(r *repository) { r.Close() },
			want:   failed("fetching ARCHIVE.sha256: dial tcp HOST: connect: connection refused"),
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			serves := newRepository(t, []byte("an archive"))
			test.change(serves)
			here := environment{cache: filepath.Join(t.TempDir(), "cache"), repository: serves.URL + "/", progress: func(string) {}}
			here.lookPath = func(string) (string, error) { return "", exec.ErrNotFound }
			_, err := here.download(t.Context())
			got := strings.NewReplacer(
				here.archiveURL(build()), "ARCHIVE", strings.TrimPrefix(serves.URL, "http://"), "HOST",
				fmt.Sprintf("%x", sha256.Sum256(serves.archive)), "SUM",
			).Replace(errorText(err))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if left := tree(t, here.cache); len(left) > 0 {
				t.Errorf("the cache holds %v, want nothing", left)
			}
		})
	}
}

// serve changes the archive together with its checksum.
func (r *repository) serve(archive []byte) {
	r.archive, r.checksum = archive, fmt.Appendf(nil, "%x\n", sha256.Sum256(archive))
}

func TestACancelledDownloadLeavesNothing(t *testing.T) {
	t.Parallel()
	here, _ := downloadEnvironment(t)
	reason := errors.New("the user pressed Ctrl-C")
	for _, line := range []string{"fetching", "fetched 50%", "fetched 100%", "unpacking"} {
		ctx, cancel := context.WithCancelCause(t.Context())
		here.progress = func(told string) {
			if strings.HasPrefix(told, "postgres: "+line) {
				cancel(reason)
			}
		}
		if _, err := here.download(ctx); !errors.Is(err, reason) {
			t.Errorf("cancelled at %q: got %v, want %v", line, err, reason)
		}
		if left := tree(t, here.cache); len(left) > 0 {
			t.Errorf("cancelled at %q: the cache holds %v, want nothing", line, left)
		}
		cancel(nil)
	}
}

func TestTheLibraryStillNamesItsRepository(t *testing.T) {
	t.Parallel()
	if got := defaultRepository(); !strings.HasPrefix(got, "https://") {
		t.Errorf("got %q, want an address; the library's configuration has changed", got)
	}
}

// onlyBinaries checks that the cache holds whole binaries and nothing else.
func onlyBinaries(t *testing.T, here environment) {
	t.Helper()
	name := "postgresql-" + string(downloadVersion) + "-" + build()
	want := []string{
		name + " drwxr-xr-x", name + "/bin drwxr-xr-x",
		name + "/bin/initdb -rwxr-xr-x", name + "/bin/postgres -rwxr-xr-x", name + "/lib drwxr-xr-x",
		name + "/lib/dict_snowball.so -rw-r--r--", name + "/lib/pgoutput.so -rw-r--r--", name + "/lib/plpgsql.so -rw-r--r--",
	}
	if diff := cmp.Diff(want, tree(t, here.cache)); diff != "" {
		t.Errorf("the cache (-want +got):\n%s", diff)
	}
}
