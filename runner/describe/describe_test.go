package describe_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"charm.land/lipgloss/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/describe"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestWrite holds whole pages against testdata/*.golden: among the rest where the
// API is (S-028), what a step has from its workflow (S-044, S-046, S-110), what
// judges it without criteria (S-061), how a failure ends (S-120) and how often a
// step is tried again (S-124).
func TestWrite(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		golden, document string
		options          describe.Options
	}{
		{"named-stream", "../../workflows/prisma-pulse-named-stream-resume-workflow.yml", describe.Options{}},
		{"change-to-event", "../../workflows/pulse-change-to-event-workflow.yml", describe.Options{}},
		{"full-1.0", "testdata/full-1.0.arazzo.yml", describe.Options{}},
		{"full-1.0-servers", "testdata/full-1.0.arazzo.yml", describe.Options{Width: 120, Servers: map[string]string{
			"pets": "http://me:secret@localhost:8080/", "refunds.billing": "http://localhost:8081/base",
		}}},
		{"full-1.1", "testdata/full-1.1.arazzo.yml", describe.Options{}},
		{"broken", "testdata/broken.arazzo.yml", describe.Options{Servers: map[string]string{"pets": "localhost"}}},
		{"secret", "testdata/secret.arazzo.yml", describe.Options{Servers: map[string]string{"pets": "https://localhost/v1?api_key=hunter2&access_token=hunter2&page=1"}}},
		{"hostile", "testdata/hostile.arazzo.yml", describe.Options{}},
	} {
		t.Run(test.golden, func(t *testing.T) {
			t.Parallel()
			got := write(t, test.document, test.options)
			golden(t, test.golden, got)
		})
	}
}

func write(t *testing.T, path string, o describe.Options) string {
	t.Helper()
	d, workflows := load(t, path)
	var b bytes.Buffer
	if err := describe.Write(&b, d, workflows, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// TestHarmless holds that no document writes commands to a terminal or reorders
// its text.
func TestHarmless(t *testing.T) {
	t.Parallel()
	harmless(t, write(t, "testdata/hostile.arazzo.yml", describe.Options{}))
}

// TestSecret holds that nothing that a document states as a secret is shown.
func TestSecret(t *testing.T) {
	t.Parallel()
	page := write(t, "testdata/secret.arazzo.yml", describe.Options{Servers: map[string]string{"pets": "https://localhost/?api_key=hunter2"}})
	if strings.Contains(page, "hunter2") {
		t.Errorf("a secret is on the page:\n%s", page)
	}
}

func harmless(t *testing.T, page string) {
	t.Helper()
	for _, r := range page {
		joiner := r == '\u200c' || r == '\u200d'
		if r != '\n' && !joiner && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)) {
			t.Errorf("the character %U is on the page", r)
		}
	}
}

// TestWidth holds that a line is wider than asked for only by its last word.
func TestWidth(t *testing.T) {
	t.Parallel()
	documents, err := filepath.Glob("testdata/*.arazzo.yml")
	if err != nil || len(documents) == 0 {
		t.Fatal(documents, err)
	}
	for _, path := range documents {
		for _, width := range []int{1, 40, 80, 200} {
			for line := range strings.Lines(write(t, path, describe.Options{Width: width})) {
				line = strings.TrimRight(line, "\n")
				before := line[:strings.LastIndexByte(line, ' ')+1]
				if lipgloss.Width(strings.TrimRight(before, " ")) > max(width, 40) {
					t.Errorf("%s: at a width of %d there is the line %q", path, width, line)
				}
			}
		}
	}
}

// TestColor holds that colours change nothing but the colours.
func TestColor(t *testing.T) {
	t.Parallel()
	const path = "testdata/full-1.0.arazzo.yml"
	colored := write(t, path, describe.Options{Color: true})
	bare := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(colored, "")
	if diff := cmp.Diff(write(t, path, describe.Options{}), bare); diff != "" {
		t.Error(diff)
	}
	if bare == colored {
		t.Error("there are no colours")
	}
}

type full struct{}

var errFull = errors.New("no space is left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriterFails(t *testing.T) {
	t.Parallel()
	d, workflows := load(t, "testdata/refund.arazzo.yml")
	if err := describe.Write(full{}, d, workflows, describe.Options{}); !errors.Is(err, errFull) {
		t.Errorf("the error is %v", err)
	}
}
