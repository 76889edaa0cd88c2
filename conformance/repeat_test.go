package conformance

import (
	"bytes"
	"encoding/pem"
	"flag"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/conformance/report"
)

// options are those of a command line.
func options(t *testing.T, args ...string) Options {
	t.Helper()
	var f Flags
	set := flag.NewFlagSet("conformance", flag.ContinueOnError)
	f.Add(set)
	if err := set.Parse(args); err != nil {
		t.Fatal(err)
	}
	o, err := f.Options()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestRepeat holds that the commands say what the flags said, that they are safe for a
// shell, and that no secret is in them.
func TestRepeat(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "it's here")
	if files, err := WriteFixture(dir); err != nil || len(files) != 2 {
		t.Errorf("a folder that is not there is not made: %v", err)
	}
	if _, err := WriteFixture(dir); err == nil {
		t.Error("a fixture is written over another")
	}
	server := httptest.NewTLSServer(nil)
	server.Close()
	authority := testFile(t, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	features, known := testFile(t, "implementation: {name: mine}"), testFile(t, "pulse-health  ill")
	for _, test := range []struct {
		name string
		o    Options
		want string
		one  string
	}{
		{"the bundled reference", with(options(t, "-run", "pulse-health/without-key"), func(o *Options) { o.Bundled, o.Also = true, []string{"--postgres", "launcher"} }), "arazzo conformance --postgres launcher --run pulse-health/without-key", "arazzo conformance --postgres launcher --run a/b"},
		{
			"everything",
			options(t, "-pulse", "http://me:secret@localhost:1/a b", "-accelerate", "https://localhost", "-api-key", "secret", "-other-api-key", "other-secret", "-ca-cert", authority, "-ca-cert", authority, "-database-url", "postgres://me:secret@localhost/x",
				"-features", features, "-known-failing", known, "-run", "pulse-*", "-run", "accelerate-health", "-skip", "pulse-list", "-timescale", "2.5", "-parallel-cases", "64"),
			`arazzo conformance --pulse http://me:xxxxx@localhost:1/a%20b --accelerate https://localhost --api-key "$API_KEY" --other-api-key "$OTHER_API_KEY" --ca-cert AUTHORITY --ca-cert AUTHORITY --database-url "$DATABASE_URL" --features FEATURES --timescale 2.5 --parallel-cases 64 --known-failing KNOWN --run 'pulse-*,accelerate-health' --skip pulse-list`,
			`arazzo conformance --pulse http://me:xxxxx@localhost:1/a%20b --accelerate https://localhost --api-key "$API_KEY" --other-api-key "$OTHER_API_KEY" --ca-cert AUTHORITY --ca-cert AUTHORITY --database-url "$DATABASE_URL" --features FEATURES --timescale 2.5 --run a/b`,
		},
		{
			"Pulse alone",
			with(options(t, "-profile", "pulse", "-pulse", "http://localhost", "-api-key", "secret", "-database-url", "x"), func(o *Options) { o.Target.AccelerateURL, o.RowsBySQL = "http://127.0.0.1:9", true }),
			`arazzo conformance --pulse http://localhost --api-key "$API_KEY" --database-url "$DATABASE_URL" --profile pulse`,
			`arazzo conformance --pulse http://localhost --api-key "$API_KEY" --database-url "$DATABASE_URL" --profile pulse --run a/b`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			steady := strings.NewReplacer(authority, "AUTHORITY", features, "FEATURES", known, "KNOWN")
			if diff := cmp.Diff(test.want, steady.Replace(test.o.repeat())); diff != "" {
				t.Errorf("the run (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.one, steady.Replace(test.o.repeatCase("a/b"))); diff != "" {
				t.Errorf("a case (-want +got):\n%s", diff)
			}
			if got := WithGo(test.o.repeat()); !strings.HasPrefix(got, "go test ./conformance -count=1 -args --") {
				t.Errorf("with Go: %s", got)
			}
		})
	}
}

func with(o Options, change func(*Options)) Options {
	change(&o)
	return o
}

func testFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := writeNew(path, text); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestQuoted holds that a shell takes a word for what it is.
func TestQuoted(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"plain-1.2/x", "a b", "it's", "$HOME `id` \"x\" \\", "*?[a]", "#", "~"} {
		out, err := exec.Command("sh", "-c", "printf %s "+quoted(word)).Output()
		if err != nil || string(out) != word {
			t.Errorf("%s is taken for %s: %v", word, out, err)
		}
	}
}

// TestIdentity holds what a report says of the suite and of the target.
func TestIdentity(t *testing.T) {
	t.Parallel()
	s, unknown := judge("1.2.3", "abc"), judge("", "")
	if s.Version != "1.2.3" || s.Commit != "abc" || unknown.Version == "" {
		t.Errorf("the suite is %q at %q, and %q where nothing is known", s.Version, s.Commit, unknown.Version)
	}
	for _, file := range []string{
		"specs/prisma-pulse-openapi.yml", "specs/prisma-accelerate-openapi.yml", "specs/requirements.yaml",
		"conformance/fixture.sql", "conformance/fixture.prisma", "conformance/cases/pulse-create.yml", "conformance/cases/pulse-hostile-openapi.yml",
	} {
		if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(s.Documents[file]) {
			t.Errorf("the sum of %s is %q", file, s.Documents[file])
		}
	}
	o := Options{Target: Target{PulseURL: "http://me:secret@localhost", AccelerateURL: "http://localhost:2"}, DatabaseVersion: "PostgreSQL 17.2"}
	if diff := cmp.Diff(report.Target{Pulse: "http://me:xxxxx@localhost", Accelerate: "http://localhost:2", Database: "PostgreSQL 17.2", Features: []string{}}, o.identity()); diff != "" {
		t.Error(diff)
	}
	o.RowsBySQL = true
	if got := o.identity().Accelerate; got != "" {
		t.Errorf("a target without Accelerate has one at %s", got)
	}
	o.Bundled = true
	if got := o.identity(); got.Name != "the bundled reference" || got.Pulse != "bundled" || len(got.Features) != len(Features) {
		t.Errorf("the bundled reference is %+v", got)
	}
}

// TestList holds that the list has every case and requirement, and those of what was
// chosen alone.
func TestList(t *testing.T) {
	t.Parallel()
	var all, some bytes.Buffer
	if err := List(&all, Options{}); err != nil {
		t.Fatal(err)
	}
	if err := List(&some, Options{Run: Patterns{"pulse-health/without-key"}}); err != nil {
		t.Fatal(err)
	}
	cases, err := Cases()
	if err != nil {
		t.Fatal(err)
	}
	requirements, err := Requirements()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Count(all.String(), "\n"), len(cases)+len(requirements)+3; got != want {
		t.Errorf("the list has %d lines, want %d", got, want)
	}
	lines := strings.Split(strings.TrimSpace(some.String()), "\n")
	if len(lines) != 5 || !strings.HasPrefix(lines[0], "pulse-health/without-key") || !strings.HasPrefix(lines[2], "PULSE-HEALTH-01") {
		t.Errorf("of one case the list is\n%s", some.String())
	}
}
