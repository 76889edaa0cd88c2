package description_test

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

var update = flag.Bool("update", false, "write what TestLoad saw into its archives")

// TestLoad loads what an archive of testdata/load says, and compares all that
// came of it: the documents with their sources, what was asked of the web, and the
// diagnostics. Files whose names are URLs are the web.
func TestLoad(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/load/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			s := unpack(t, archive)
			s.run(t, string(archive.Comment))
			if *update {
				rewrite(t, path, archive, s.got.String())
				return
			}
			if diff := cmp.Diff(s.want, s.got.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func rewrite(t *testing.T, path string, archive *txtar.Archive, got string) {
	t.Helper()
	for i := range archive.Files {
		if archive.Files[i].Name == "want" {
			archive.Files[i].Data = []byte(got)
		}
	}
	if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
		t.Fatal(err)
	}
}

// stage is where an archive is played.
type stage struct {
	dir     string
	web     *web
	files   map[string]string
	bundled map[string]string
	options retrieve.Options
	sources map[string]string
	// provided are the documents that the user names as well.
	provided []string
	bare     bool
	want     string
	got      strings.Builder
}

// Texts that archives abbreviate.
var abbreviations = strings.NewReplacer(
	"INFO\n", "info: {title: Flows, version: 1.0.0}\n",
	"WORKFLOWS\n", "workflows: [{workflowId: w, steps: [{stepId: s, operationId: o}]}]\n",
	"OPENAPI\n", "openapi: 3.1.0\ninfo: {title: Things, version: 1.0.0}\npaths: {}\n",
)

func unpack(t *testing.T, archive *txtar.Archive) *stage {
	t.Helper()
	s := &stage{dir: t.TempDir(), files: map[string]string{}, bundled: map[string]string{}, sources: map[string]string{}}
	s.web = &web{texts: map[string]string{}}
	s.options = retrieve.Options{NoCache: true, Transport: s.web}
	for _, f := range archive.Files {
		text := strings.ReplaceAll(abbreviations.Replace(string(f.Data)), "DIR", s.dir)
		kind, name, _ := strings.Cut(f.Name, " ")
		switch {
		case f.Name == "want":
			s.want = string(f.Data)
		case kind == "bundled":
			s.bundled[name] = text
		case strings.Contains(f.Name, "://"):
			s.web.texts[f.Name] = text
		default:
			s.files[f.Name] = text
			write(t, filepath.Join(s.dir, f.Name), text)
		}
	}
	return s
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// run follows the lines of the archive's comment that are commands: what stands
// before the last of them says how.
func (s *stage) run(t *testing.T, comment string) {
	t.Helper()
	for line := range strings.Lines(comment) {
		command, argument, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch command {
		case "allow":
			host, err := retrieve.ParseHost(argument)
			if err != nil {
				t.Fatal(err)
			}
			s.options.AllowHosts = append(s.options.AllowHosts, host)
		case "source":
			name, location, _ := strings.Cut(argument, "=")
			s.sources[name] = s.place(location)
		case "provided":
			s.provided = append(s.provided, s.place(argument))
		case "limit":
			limit, err := strconv.ParseInt(argument, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			s.options.MaxBytes = limit
		case "no-sources":
			s.bare = true
		case "load":
			s.told(description.Load(t.Context(), s.place(argument), s.how()))
		case "parse": // NAME as from URI
			name, uri, _ := strings.Cut(argument, " as from ")
			file := &source.File{Name: name, URI: uri, Text: s.files[name]}
			s.told(description.Parse(t.Context(), file, s.how()))
		}
	}
}

func (s *stage) how() description.Options {
	return description.Options{
		Client: retrieve.New(s.options), Sources: s.sources, Provided: s.provided, NoSources: s.bare,
		Bundled: func(name string) (string, bool) { text, ok := s.bundled[name]; return text, ok },
	}
}

func (s *stage) place(location string) string {
	if strings.Contains(location, "://") {
		return location
	}
	return filepath.Join(s.dir, location)
}

// own are the codes of this package. How others word theirs is not its business.
var own = []string{
	"document-not-found", "unknown-source", "arazzo/broken-source", "arazzo/duplicate-self", "arazzo/forbidden-source",
	"arazzo/document-too-large", "arazzo/found-by-self", "arazzo/insecure-source", "arazzo/local-copy", "arazzo/reference-by-location",
	"arazzo/source-not-found", "arazzo/source-type-mismatch", "arazzo/too-many-documents", "arazzo/unknown-source-type",
}

// told writes down what came of a load.
func (s *stage) told(d *description.Description, found source.Diagnostics) {
	var b strings.Builder
	if d != nil {
		for _, document := range d.Documents {
			tellDocument(&b, document)
		}
	}
	for _, url := range s.web.asked {
		fmt.Fprintf(&b, "asked %s\n", url)
	}
	for _, f := range found {
		if !slices.Contains(own, f.Code) {
			fmt.Fprintf(&b, "%s: %s[%s]\n", f.Position.File.Name, f.Severity, f.Code)
			continue
		}
		fmt.Fprintf(&b, "%v\n", f)
		if f.Expected != "" {
			fmt.Fprintf(&b, "  expected: %s\n", f.Expected)
		}
		if f.Fix != "" {
			fmt.Fprintf(&b, "  next: %s\n", f.Fix)
		}
	}
	s.web.asked = nil
	s.got.WriteString(strings.ReplaceAll(b.String(), s.dir, "DIR"))
}

func tellDocument(b *strings.Builder, d *description.Document) {
	fmt.Fprintf(b, "%s is %s%s\n", d.File.Name, d.BaseURI, map[bool]string{true: ", failed"}[d.Failed])
	for _, k := range d.Sources {
		kind := "nothing"
		switch {
		case k.OpenAPI != nil:
			kind = "openapi"
		case k.AsyncAPI != nil:
			kind = "asyncapi"
		case k.Arazzo != nil:
			kind = "arazzo"
		}
		fmt.Fprintf(b, "  %s: %s %s\n", k.Name, kind, k.Location)
		if k.File != nil && k.File.Name != k.Location {
			fmt.Fprintf(b, "    file %s\n", k.File.Name)
		}
	}
}

// web is a network of texts by URL.
type web struct {
	texts map[string]string
	mutex sync.Mutex
	asked []string
}

func (n *web) RoundTrip(r *http.Request) (*http.Response, error) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.asked = append(n.asked, r.URL.String())
	w := httptest.NewRecorder()
	text, ok := n.texts[r.URL.String()]
	target, redirected := strings.CutPrefix(strings.TrimSpace(text), "-> ")
	switch {
	case !ok:
		w.WriteHeader(http.StatusNotFound)
	case redirected:
		http.Redirect(w, r, target, http.StatusFound)
	default:
		fmt.Fprint(w, text)
	}
	response := w.Result()
	response.Request = r
	return response, nil
}
