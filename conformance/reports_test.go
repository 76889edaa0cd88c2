package conformance_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/specs"
)

// root is the repository's, seen from this package: documents of a report have paths
// in it.
const root = ".."

// TestReports verifies what third parties sent, which is kept as they sent it.
func TestReports(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("reports/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Error("reports holds no report: nothing is verified")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			err = verified(t.Context(), filepath.Base(file), text)
			switch {
			case errors.Is(err, errNoHistory):
				t.Skip(err)
			case err != nil:
				t.Errorf("it cannot be taken:\n%v\nnext: reports/README.md says what is checked; run the suite again rather than edit its report", err)
			}
		})
	}
}

// verified tells all that is wrong with a report that was sent under a file's name.
func verified(ctx context.Context, file string, text []byte) error {
	r, err := report.Read(bytes.NewReader(text))
	if err != nil {
		return err
	}
	var faults []error
	if want := fileName(r.Target); file != want {
		faults = append(faults, fmt.Errorf("the file is called %s, and should be called %s, as its target is", file, want))
	}
	if r.Target.Contact == "" || r.Target.URL == "" {
		faults = append(faults, errors.New("the target tells no url and contact: -features names a file that does"))
	}
	return errors.Join(append(faults, fromThisSuite(ctx, r), whole(r), withoutSecrets(text))...)
}

// fileName is how the report of a target is called.
func fileName(t report.Target) string {
	words := regexp.MustCompile(`[^a-z0-9.]+`)
	return strings.Trim(words.ReplaceAllString(strings.ToLower(t.Name+" "+t.Version), "-"), "-") + ".json"
}

// fromThisSuite holds a report against the repository, at the commit that it names:
// its documents are those of that commit, and its cases are in them.
func fromThisSuite(ctx context.Context, r *report.Report) error {
	var faults []error
	var cases []byte
	for _, path := range slices.Sorted(maps.Keys(r.Suite.Documents)) {
		text, err := document(ctx, path, r.Suite.Commit, r.Suite.Documents[path])
		if err != nil {
			faults = append(faults, err)
		}
		cases = append(cases, text...)
	}
	for _, path := range []string{"specs/requirements.yaml", "specs/" + specs.PulseFile, "specs/" + specs.AccelerateFile} {
		if r.Suite.Documents[path] == "" {
			faults = append(faults, fmt.Errorf("it does not say by which %s it was judged", path))
		}
	}
	if len(faults) > 0 {
		return errors.Join(faults...)
	}
	return everyOneOf(r, cases)
}

// everyOneOf holds the cases of a report against the documents of cases: it has those
// of its profile, whatever they came to, and no others. One whose target was refused
// has none.
func everyOneOf(r *report.Report, documents []byte) error {
	var faults []error
	known := map[string]bool{}
	for _, match := range caseIDs.FindAllSubmatch(documents, -1) {
		known[string(match[1])] = true
	}
	for _, c := range r.Cases {
		if !known[c.ID] {
			faults = append(faults, fmt.Errorf("there is no case %s", c.ID))
		}
		delete(known, c.ID)
	}
	if r.Status == report.Refused {
		return errors.Join(faults...)
	}
	for _, id := range slices.Sorted(maps.Keys(known)) {
		if r.Selection.Profile == "all" || strings.HasPrefix(id, r.Selection.Profile+"-") {
			faults = append(faults, fmt.Errorf("it says nothing of the case %s", id))
		}
	}
	return errors.Join(faults...)
}

// caseIDs finds the ids in the documents of cases.
var caseIDs = regexp.MustCompile(`(?m)^ +id: ([a-z0-9-]+/[a-z0-9-]+)$`)

// document reads a document of the suite that has the hash: the one that is there, or
// else that of the commit, for reports outlive the documents that they tell of.
func document(ctx context.Context, path, commit, hash string) ([]byte, error) {
	if !filepath.IsLocal(path) {
		return nil, fmt.Errorf("%q is no path in this repository", path)
	}
	present, err := os.ReadFile(filepath.Join(root, path))
	if err == nil && hashed(present) == hash {
		return present, nil
	}
	if !regexp.MustCompile(`^[0-9a-f]{7,40}$`).MatchString(commit) {
		return nil, fmt.Errorf("%s is not as it is here, and %q names no commit", path, commit)
	}
	past, err := git(ctx, "show", commit+":"+path)
	if err != nil {
		if shallow, err := git(ctx, "rev-parse", "--is-shallow-repository"); err != nil || string(shallow) != "false\n" {
			return nil, errNoHistory
		}
		return nil, fmt.Errorf("%s is not as it is here, and there is no commit %s that tells how it was", path, commit)
	}
	if hashed(past) != hash {
		return nil, fmt.Errorf("%s is neither as it is here nor as it was at %s: SHA-256 %s", path, commit, hash)
	}
	return past, nil
}

// errNoHistory says that the past cannot be looked at.
var errNoHistory = errors.New("it was judged by documents that have changed since, and the repository's history, which tells how they were, is not here; next: git fetch --unshallow")

// git asks the repository.
func git(ctx context.Context, args ...string) ([]byte, error) {
	return exec.CommandContext(ctx, "git", append([]string{"-C", root}, args...)...).Output()
}

func hashed(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// whole refuses the report of a run that was not asked for everything, or came to
// nothing.
func whole(r *report.Report) error {
	var faults []error
	if len(r.Selection.Run) > 0 || len(r.Selection.Skip) > 0 {
		faults = append(faults, errors.New("it is of a part of the suite: run it without -run and -skip; what the target lacks is unsupported, what it cannot yet goes into a -known-failing file"))
	}
	if r.Status == report.Empty || r.Status == report.Unjudged {
		faults = append(faults, fmt.Errorf("its status is %s: nothing was judged, or the suite could not", r.Status))
	}
	return errors.Join(faults...)
}

// secrets finds what is not masked, nor the name of a variable, where a key or a
// password would be: in a header, in a command, in a URL.
var secrets = regexp.MustCompile(`(?i)authorization"?: *\[?\s*"?(Bearer +)?[^*\s"\[]` +
	`|apiKey=[^*$"\\]|-api-key[ =]+[^*$"\\ ]` +
	`|[a-z]://[^\s/@:"]*:[^\s/@:"*]+@`)

// withoutSecrets refuses a report that shows one. It does not repeat it.
func withoutSecrets(text []byte) error {
	found := secrets.FindIndex(text)
	if found == nil {
		return nil
	}
	return fmt.Errorf("it shows a key or a password in line %d", 1+bytes.Count(text[:found[0]], []byte("\n")))
}

// TestReportsRefused holds which reports are not taken, and why.
func TestReportsRefused(t *testing.T) {
	t.Parallel()
	const file = "some-server-1.0.json"
	tests := []struct {
		name  string
		alter func(*report.Report)
		file  string
		want  string
	}{
		{"one that is taken", func(*report.Report) {}, file, ""},
		{
			"another name", func(*report.Report) {}, "report.json",
			"the file is called report.json, and should be called some-server-1.0.json, as its target is",
		},
		{
			"nobody to ask", func(r *report.Report) { r.Target.Contact = "" }, file,
			"the target tells no url and contact: -features names a file that does",
		},
		{
			"a verdict edited", func(r *report.Report) { r.Summary[report.Core][report.Fail]++ }, file,
			"its summary counts 1 core cases as fail, and there are 0",
		},
		{
			"a status edited", func(r *report.Report) { r.Status = report.Passes }, file,
			"its status is passes, and its cases come to conforms",
		},
		{
			"a case left out", func(r *report.Report) { r.Cases = r.Cases[1:]; r.Conclude() }, file,
			"it says nothing of the case " + everyCase(t)[0].ID,
		},
		{
			"a case that nobody knows", func(r *report.Report) {
				unknown := r.Cases[0]
				unknown.ID = "zebra/striped"
				r.Cases = append(r.Cases, unknown)
				r.Conclude()
			}, file,
			"there is no case zebra/striped",
		},
		{
			"other documents", func(r *report.Report) {
				r.Suite.Documents["specs/requirements.yaml"], r.Suite.Commit = hashed(nil), "unknown"
			}, file,
			`specs/requirements.yaml is not as it is here, and "unknown" names no commit`,
		},
		{
			"a document outside", func(r *report.Report) { r.Suite.Documents["../x"] = hashed(nil) }, file,
			`"../x" is no path in this repository`,
		},
		{
			"no requirements", func(r *report.Report) { delete(r.Suite.Documents, "specs/requirements.yaml") }, file,
			"it does not say by which specs/requirements.yaml it was judged",
		},
		{
			"a part of the suite", func(r *report.Report) { r.Selection.Run = []string{"pulse-*"} }, file,
			"it is of a part of the suite: run it without -run and -skip; what the target lacks is unsupported, what it cannot yet goes into a -known-failing file",
		},
		{
			"a run of nothing", func(r *report.Report) {
				for i := range r.Cases {
					r.Cases[i].Verdict, r.Cases[i].Reason = report.Skipped, "not asked for"
				}
				r.Conclude()
			}, file,
			"its status is empty: nothing was judged, or the suite could not",
		},
		{"a key in a header", func(r *report.Report) { r.Repeat = "curl -H 'Authorization: Bearer tell-nobody'" }, file, "it shows a key or a password in line "},
		{"a key in a command", func(r *report.Report) { r.Repeat = "arazzo conformance --api-key tell-nobody" }, file, "it shows a key or a password in line "},
		{"a key in a trace", func(r *report.Report) {
			asked := &runner.RequestResult{Headers: http.Header{"Authorization": {"Bearer tell-nobody"}}}
			step := &runner.StepResult{Attempts: []*runner.Attempt{{Request: asked}}}
			r.Cases[0].Trace = &runner.Result{Workflows: []*runner.WorkflowResult{{Steps: []*runner.StepResult{step}}}}
		}, file, "it shows a key or a password in line "},
		{"a password", func(r *report.Report) { r.Target.Pulse = "http://me:tell-nobody@localhost:1" }, file, "it shows a key or a password in line "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := perfect(t)
			test.alter(r)
			var text bytes.Buffer
			if err := report.JSON(&text, r); err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprint(verified(t.Context(), test.file, text.Bytes()))
			if test.want == "" && got != "<nil>" || !strings.HasPrefix(got, test.want) || strings.Contains(got, "tell-nobody") {
				t.Errorf("the report is refused with\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// perfect is the report of a target that passes everything.
func perfect(t *testing.T) *report.Report {
	t.Helper()
	r := &report.Report{
		Version: report.Version, Started: "2024-02-29T12:00:00Z", Repeat: "arazzo conformance",
		Selection: report.Selection{Profile: "all", Timescale: 1}, Smoke: []report.Check{{Name: "it answers", OK: true}},
		Target: report.Target{Name: "Some Server", Version: "1.0", URL: "https://example.com", Contact: "me@example.com"},
		Suite:  report.Suite{Version: "1.0.0", Commit: "unknown", Documents: map[string]string{}},
	}
	for _, path := range []string{"specs/*.y*ml", "conformance/cases/*.yml"} {
		files, err := filepath.Glob(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			path, err := filepath.Rel(root, file)
			if err != nil {
				t.Fatal(err)
			}
			r.Suite.Documents[filepath.ToSlash(path)] = hashed(text)
		}
	}
	for _, c := range everyCase(t) {
		r.Cases = append(r.Cases, report.Case{
			ID: c.ID, Title: c.Title, Requirements: c.Requirements, Level: c.Level, Verdict: report.Pass,
		})
	}
	r.Conclude()
	return r
}

// everyCase lists the cases of the suite.
func everyCase(t *testing.T) []conformance.Case {
	t.Helper()
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	return cases
}
