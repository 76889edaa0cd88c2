package runner_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/contract"
	"github.com/arazzo-conformance/arazzo/runner/report"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

var update = flag.Bool("update", false, "write what TestRuns saw into its archives")

// settings are the options of an archive.
type settings struct {
	Workflows   []string
	Inputs      map[string]any
	Texts       map[string]runner.Text
	Credentials map[string]string
	Environment map[string]string
	// CredentialsFile is a file of the archive.
	CredentialsFile string
	Strict          bool
	ShowSecrets     bool
	MaxSteps        int
	Parallel        int
	Checks          contract.Levels
}

func (s settings) options(api string) runner.Options {
	o := runner.Options{
		Workflows: s.Workflows, Inputs: s.Inputs, Credentials: s.Credentials, Strict: s.Strict, ShowSecrets: s.ShowSecrets,
		MaxSteps: s.MaxSteps, Parallel: s.Parallel, PollInterval: -1, Checks: checks(s.Checks), Servers: map[string]string{"api": api},
		LookupEnv: func(name string) (string, bool) { value, ok := s.Environment[name]; return value, ok },
	}
	for name, text := range s.Texts {
		if o.Inputs == nil {
			o.Inputs = map[string]any{}
		}
		o.Inputs[name] = text
	}
	return o
}

// checks are off unless a test gives some: most descriptions here say as little as
// their test needs, and that is not what it is about.
func checks(given contract.Levels) contract.Levels {
	if given == nil {
		return contract.Every(contract.Off)
	}
	return given
}

// outcomes are the files of an archive that a run writes.
var outcomes = []string{"diagnostics", "requests", "result.json", "report.txt"}

// TestRuns runs the archives of testdata/run. Each holds a workflow.yml, the
// options and the responses of the server; and what came of them: the
// diagnostics of loading, the requests that the server got, and the result.
func TestRuns(t *testing.T) {
	t.Parallel()
	archives(t, "run", "result.json")
}

// TestFlows runs the archives of testdata/flow, which are about where a run goes:
// what comes of them is the report for a person, without durations.
func TestFlows(t *testing.T) {
	t.Parallel()
	archives(t, "flow", "report.txt")
}

// TestContracts runs the archives of testdata/contract, which compare exchanges with
// what their description says of them.
func TestContracts(t *testing.T) {
	t.Parallel()
	archives(t, "contract", "report.txt")
}

func archives(t *testing.T, folder, wanted string) {
	t.Helper()
	archives, err := filepath.Glob("testdata/" + folder + "/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := files(archive)
			got := perform(t, want, wanted)
			if *update {
				rewrite(t, name, archive, got)
				return
			}
			for _, file := range outcomes {
				if diff := cmp.Diff(want[file], got[file]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", file, diff)
				}
			}
		})
	}
}

func files(a *txtar.Archive) map[string]string {
	m := map[string]string{}
	for _, f := range a.Files {
		m[f.Name] = string(f.Data)
	}
	return m
}

// untimed are the durations of a text report.
var untimed = regexp.MustCompile(`  \([0-9.]+ ms\)`)

// perform runs an archive's workflow, and gives the outcome of that name.
func perform(t *testing.T, given map[string]string, wanted string) map[string]string {
	t.Helper()
	var s settings
	decoder := json.NewDecoder(strings.NewReader(given["options.json"]))
	decoder.UseNumber()
	if err := decoder.Decode(&s); given["options.json"] != "" && err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	write(t, folder, given)
	server := serve(t, given["responses"])
	scrub := strings.NewReplacer(folder+string(filepath.Separator), "", server.url, "http://api.test").Replace
	got := map[string]string{}
	o := s.options(server.url)
	if s.CredentialsFile != "" {
		o.CredentialsFile = filepath.Join(folder, s.CredentialsFile)
	}
	var text strings.Builder
	observer := &report.Text{W: &text}
	o.Observer = observer
	plan, err := runner.Load(t.Context(), filepath.Join(folder, "workflow.yml"), o)
	found := source.Of(err)
	if err == nil {
		found = plan.Diagnostics
	}
	for _, d := range found {
		got["diagnostics"] += scrub(d.Render())
	}
	if err == nil {
		result := plan.Run(t.Context())
		if err := observer.Summary(result); err != nil {
			t.Fatal(err)
		}
		all := map[string]string{"result.json": golden(t, result), "report.txt": untimed.ReplaceAllString(text.String(), "")}
		got[wanted] = scrub(all[wanted])
	}
	got["requests"] = server.asked()
	return got
}

// write puts the workflow and the API's description into a folder.
func write(t testing.TB, folder string, given map[string]string) {
	t.Helper()
	api, err := os.ReadFile("testdata/api.yml")
	if err != nil {
		t.Fatal(err)
	}
	contents := map[string]string{"api.yml": string(api)}
	for name, text := range given {
		if strings.HasSuffix(name, ".yml") {
			contents[name] = text
		}
	}
	for name, text := range contents {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// rewrite writes what came of a run into its archive.
func rewrite(t *testing.T, name string, archive *txtar.Archive, got map[string]string) {
	t.Helper()
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return slices.Contains(outcomes, f.Name) })
	for _, file := range outcomes {
		if got[file] != "" {
			archive.Files = append(archive.Files, txtar.File{Name: file, Data: []byte(got[file])})
		}
	}
	if err := os.WriteFile(name, txtar.Format(archive), 0o600); err != nil {
		t.Fatal(err)
	}
}
