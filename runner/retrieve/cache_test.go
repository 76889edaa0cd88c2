package retrieve_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/retrieve"
)

// origin is a server with one text, which can be changed and broken.
type origin struct {
	mutex             sync.Mutex
	text, tag, date   string
	cacheControl      string
	status            int
	asked, unmodified int
}

func (o *origin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.asked++
	for field, value := range map[string]string{"ETag": o.tag, "Last-Modified": o.date, "Cache-Control": o.cacheControl} {
		if value != "" {
			w.Header().Set(field, value)
		}
	}
	same := o.tag != "" && r.Header.Get("If-None-Match") == o.tag || o.date != "" && r.Header.Get("If-Modified-Since") == o.date
	switch {
	case o.status != 0:
		w.WriteHeader(o.status)
	case same:
		o.unmodified++
		w.WriteHeader(http.StatusNotModified)
	case r.URL.Path == "/old.yml":
		http.Redirect(w, r, "/x.yml", http.StatusFound)
	case r.URL.Path == "/signed.yml":
		http.Redirect(w, r, "/x.yml?sig=1", http.StatusFound)
	default:
		fmt.Fprint(w, o.text)
	}
}

// get reads a location with a fresh client on the cache folder.
func get(t *testing.T, dir, location string, offline bool) string {
	t.Helper()
	file, err := retrieve.New(retrieve.Options{CacheDir: dir, Offline: offline, MaxBytes: 1 << 20}).Get(t.Context(), location)
	if err != nil {
		return failure(err)
	}
	return file.Text
}

const notKept = "offline: nothing is retrieved offline, and no copy of it is kept | retrieve it once online, or name a file instead"

func TestRevalidation(t *testing.T) {
	t.Parallel()
	for _, o := range []*origin{{text: "1", tag: `"a"`}, {text: "1", date: "Mon, 02 Jan 2006 15:04:05 GMT"}} {
		dir, url := filepath.Join(t.TempDir(), "new", "folder"), serve(t, o.ServeHTTP)+"/x.yml"
		got := []string{get(t, dir, url, false), get(t, dir, url, false)}
		o.text, o.tag, o.date = "2", `"b"`, "Tue, 03 Jan 2006 15:04:05 GMT"
		got = append(got, get(t, dir, url, false), get(t, dir, url, true))
		if diff := cmp.Diff([]string{"1", "1", "2", "2"}, got); diff != "" || o.asked != 3 || o.unmodified != 1 {
			t.Errorf("asked %d times, %d unmodified (-want +got):\n%s", o.asked, o.unmodified, diff)
		}
	}
}

// TestARedirectThatMoved: a server that says "unchanged" of another document than
// the kept one is asked again.
func TestARedirectThatMoved(t *testing.T) {
	t.Parallel()
	target := "/1.yml"
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"same"`)
		switch {
		case r.URL.Path == "/x.yml":
			http.Redirect(w, r, target, http.StatusFound)
		case r.Header.Get("If-None-Match") != "":
			w.WriteHeader(http.StatusNotModified)
		default:
			fmt.Fprint(w, r.URL.Path)
		}
	}) + "/x.yml"
	dir := t.TempDir()
	got := []string{get(t, dir, url, false), get(t, dir, url, false)}
	target = "/2.yml"
	got = append(got, get(t, dir, url, false), get(t, dir, url, true))
	if diff := cmp.Diff([]string{"/1.yml", "/1.yml", "/2.yml", "/2.yml"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAKeptRedirectIsJudged: what one run was allowed to follow, another is not.
func TestAKeptRedirectIsJudged(t *testing.T) {
	t.Parallel()
	allowed, err := retrieve.ParseHost("other.example")
	if err != nil {
		t.Fatal(err)
	}
	o := retrieve.Options{CacheDir: t.TempDir(), AllowHosts: []retrieve.Host{allowed}, Transport: network{
		"https://example.com/x.yml": "-> https://other.example/x.yml", "https://other.example/x.yml": "a: 1",
	}}
	if _, err := retrieve.New(o).Get(t.Context(), "https://example.com/x.yml"); err != nil {
		t.Fatal(err)
	}
	o.Offline = true
	if _, err := retrieve.New(o).Get(t.Context(), "https://example.com/x.yml"); err != nil {
		t.Error(err)
	}
	o.AllowHosts = nil
	_, err = retrieve.New(o).Get(t.Context(), "https://example.com/x.yml")
	wantError(t, errors.New(failure(err)), notKept)
}

func TestOffline(t *testing.T) {
	t.Parallel()
	o := &origin{text: "1"}
	dir, url := t.TempDir(), serve(t, o.ServeHTTP)
	if got := get(t, dir, url+"/old.yml", true); got != notKept {
		t.Errorf("before it was retrieved: %s", got)
	}
	if got := get(t, dir, url+"/old.yml", false); got != "1" {
		t.Errorf("online: %s", got)
	}
	file, err := retrieve.New(retrieve.Options{CacheDir: dir, Offline: true}).Get(t.Context(), url+"/old.yml")
	if err != nil || file.Text != "1" || file.URI != url+"/x.yml" || file.Name != url+"/old.yml" {
		t.Errorf("after it was retrieved: %+v, %v", file, err)
	}
	o.status = http.StatusServiceUnavailable
	want := "refused: the server answered 503 Service Unavailable | a copy of " + time.Now().UTC().Format(time.DateOnly) + " is kept: use it with --offline"
	if got := get(t, dir, url+"/old.yml", false); got != want {
		t.Errorf("a copy is not used unasked: %s", got)
	}
}

func TestWhatIsNotKept(t *testing.T) {
	t.Parallel()
	for path, o := range map[string]*origin{
		"/x.yml?access_token=1": {text: "1"},
		"/old.yml?Api-Key=1":    {text: "1"},
		"/signed.yml":           {text: "1"},
		"/no-store.yml":         {text: "1", cacheControl: "private, No-Store"},
	} {
		dir, url := t.TempDir(), serve(t, o.ServeHTTP)
		if got := []string{get(t, dir, url+path, false), get(t, dir, url+path, true)}; !cmp.Equal(got, []string{"1", notKept}) {
			t.Errorf("%s: %q", path, got)
		}
	}
}

// TestDamagedCopies: whatever happens to a copy, it is whole or it is not there.
func TestDamagedCopies(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(string) string{
		"cut":                 func(s string) string { return s[:len(s)-1] },
		"empty":               func(string) string { return "" },
		"another text":        func(s string) string { return strings.Replace(s, "a: 1", "a: 2", 1) },
		"another address":     func(s string) string { return strings.Replace(s, "/x.yml", "/y.yml", 1) },
		"the sum alone":       func(s string) string { return s[:64] },
		"longer than allowed": func(s string) string { return s + strings.Repeat("a", 2<<20) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &origin{text: "a: 1", tag: `"a"`}
			dir, url := t.TempDir(), serve(t, o.ServeHTTP)+"/x.yml"
			get(t, dir, url, false)
			copies, err := filepath.Glob(filepath.Join(dir, "*"))
			if err != nil || len(copies) != 1 {
				t.Fatalf("%q, %v", copies, err)
			}
			content, err := os.ReadFile(copies[0])
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(copies[0], []byte(damage(string(content))), 0o600); err != nil {
				t.Fatal(err)
			}
			got := []string{get(t, dir, url, true), get(t, dir, url, false), get(t, dir, url, true)}
			if diff := cmp.Diff([]string{notKept, "a: 1", "a: 1"}, got); diff != "" || o.unmodified != 0 {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestModesOfTheCache(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "documents")
	get(t, dir, serve(t, (&origin{text: "1"}).ServeHTTP), false)
	var modes []string
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		info, errInfo := os.Stat(path)
		modes = append(modes, info.Mode().String())
		return errors.Join(err, errInfo)
	})
	if diff := cmp.Diff([]string{"drwx------", "-rw-------"}, modes); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// TestTheOldestCopiesGoFirst, and nothing that is not ours.
func TestTheOldestCopiesGoFirst(t *testing.T) {
	t.Parallel()
	dir, url := t.TempDir(), serve(t, (&origin{text: strings.Repeat("a", 1000)}).ServeHTTP)
	mine := filepath.Join(dir, "notes.document")
	if err := os.WriteFile(mine, make([]byte, 9000), 0o600); err != nil {
		t.Fatal(err)
	}
	client := retrieve.New(retrieve.Options{CacheDir: dir, CacheBytes: 3000})
	ages := map[string]bool{mine: true}
	for i, name := range []string{"/1.yml", "/2.yml", "/3.yml"} {
		if _, err := client.Get(t.Context(), url+name); err != nil {
			t.Fatal(err)
		}
		copies, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range copies {
			if !ages[path] {
				ages[path] = true
				at := time.Now().Add(time.Duration(i-10) * time.Hour)
				if err := os.Chtimes(path, at, at); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var kept []string
	for _, name := range []string{"/1.yml", "/2.yml", "/3.yml"} {
		if get(t, dir, url+name, true) != notKept {
			kept = append(kept, name)
		}
	}
	if _, err := os.Stat(mine); err != nil || !cmp.Equal(kept, []string{"/2.yml", "/3.yml"}) {
		t.Errorf("kept %q; %v", kept, err)
	}
}

// TestConcurrentRuns share a folder: nobody ever sees half a document.
func TestConcurrentRuns(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("a: 1\n", 10_000)
	dir, url := t.TempDir(), serve(t, (&origin{text: text}).ServeHTTP)+"/x.yml"
	get(t, dir, url, false)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 10 {
				if got := get(t, dir, url, i%2 == 0); got != text {
					t.Errorf("got %d bytes", len(got))
				}
			}
		})
	}
	group.Wait()
}

// TestWithoutAFolder: a cache that cannot be written stops nothing.
func TestWithoutAFolder(t *testing.T) {
	t.Parallel()
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	url := serve(t, (&origin{text: "1"}).ServeHTTP)
	if got := []string{get(t, blocked, url, false), get(t, blocked, url, true)}; !cmp.Equal(got, []string{"1", notKept}) {
		t.Errorf("%q", got)
	}
}
