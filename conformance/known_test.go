package conformance

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/runner"
)

// TestReadKnown holds what a list of known failures may say.
func TestReadKnown(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"comments", "# a comment\n\n  # another\n", ""},
		{"a pattern without a reason", "# x\npulse-create/twice \n", "line 2: pulse-create/twice has no reason: write behind it, on the same line, why it fails"},
		{"no pattern", "pulse-[create because\n", "line 1: pulse-[create is no pattern: a bracket is not closed"},
		{"twice", "a/b one\na/b two\n", "line 2: a/b stands on line 1 already"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := ReadKnown(strings.NewReader(test.text))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("it is refused with %q, want %q", got, test.want)
			}
		})
	}
	got, err := ReadKnown(strings.NewReader("\ufeff# why\na/b\tit is broken  # really\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Known{{"a/b", "it is broken  # really", 2}}, got); diff != "" {
		t.Error(diff)
	}
}

// TestKnownOfTheSuite holds that a line which names no case at all is refused.
func TestKnownOfTheSuite(t *testing.T) {
	t.Parallel()
	_, err := Judge(t.Context(), Options{Known: Known{{"pulse-helth/*", "gone", 7}}})
	const want = "--known-failing: line 7: pulse-helth/* names no case of the suite"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("it is refused with %v, want %s", err, want)
	}
}

// TestKnown holds what the list makes of a run: known failures do not fail it, those
// that pass do, and lines about nothing are told.
func TestKnown(t *testing.T) {
	t.Parallel()
	r := &report.Report{}
	for id, verdict := range map[string]report.Verdict{
		"a/fails": report.Fail, "b/passes": report.Pass, "c/fails": report.Fail, "c/passes": report.Pass,
		"d/skipped": report.Skipped, "e/unsupported": report.Unsupported, "f/fails": report.Fail, "g/errs": report.Error,
	} {
		r.Cases = append(r.Cases, report.Case{ID: id, Verdict: verdict, Reason: "for a reason", Level: report.Core})
	}
	r.Cases = append(r.Cases, report.Case{ID: "h/fails", Requirements: []string{"H-01", "H-02"}, Verdict: report.Fail, Level: report.Core})
	known, err := ReadKnown(strings.NewReader("a  r1\nb/passes  r2\nc/*  r3\nd/skipped  r4\ne/*  r5\na/fails  r6\ng r7\nH-02  r8\n"))
	if err != nil {
		t.Fatal(err)
	}
	known.apply(r)
	r.Conclude()
	of := map[string]string{}
	for _, c := range r.Cases {
		if c.Known != "" {
			of[c.ID] = c.Known
		}
	}
	if diff := cmp.Diff(map[string]string{"a/fails": "r1", "b/passes": "r2", "c/fails": "r3", "c/passes": "r3", "h/fails": "r8"}, of); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{
		"line 2 of the known failures (b/passes) no longer fails: remove the line",
		"line 3 of the known failures (c/*) no longer fails everywhere: narrow it; c/passes passes",
	}, r.Problems); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{
		"line 4 of the known failures (d/skipped) names only cases that were not run; the first is skipped: for a reason",
		"line 5 of the known failures (e/*) names only cases that were not run; the first is unsupported: for a reason",
		"line 6 of the known failures (a/fails) names no case that lines before it, or the profile, leave to it",
		"line 7 of the known failures (g) names only cases that were not run; the first is error: for a reason",
	}, r.Notes); diff != "" {
		t.Error(diff)
	}
}

// TestWriteKnown holds that a draft is a list, keeps the reasons that are there, and
// has a line for each case that failed.
func TestWriteKnown(t *testing.T) {
	t.Parallel()
	r := &report.Report{Target: report.Target{Name: "mine"}, Cases: []report.Case{
		{ID: "a/fails", Verdict: report.Fail, Reason: "criterion-not-met:\n it is 1", Trace: &runner.Result{}},
		{ID: "a/unasked", Verdict: report.Fail, Reason: "it was not asked"},
		{ID: "b/passes", Verdict: report.Pass},
		{ID: "c/known", Verdict: report.Fail, Known: "since ever", Reason: "it is 2"},
		{ID: "d/errs", Verdict: report.Error, Reason: "ours"},
	}}
	for i := range r.Cases {
		r.Cases[i].Level = report.Core
	}
	r.Conclude()
	var b strings.Builder
	if err := WriteKnown(&b, r); err != nil {
		t.Fatal(err)
	}
	const want = `# Cases that mine fails, each with the reason. Whoever mends one removes its line.
# It is not whole: the run could not judge every case. Without a verdict: 1.
a/fails  TO EXPLAIN: criterion-not-met: it is 1
c/known  since ever
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	if known, err := ReadKnown(strings.NewReader(b.String())); err != nil || len(known) != 2 {
		t.Errorf("the draft is read as %v, %v", known, err)
	}
}
