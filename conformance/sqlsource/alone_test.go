package sqlsource_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/conformance/bundled"
	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/conformance/sqlsource"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// notBySQL are the features that the source of rows has not.
var notBySQL = []string{"aggregates", "nested-writes", "queries", "relations"}

// TestPulseAlone judges the reference's Pulse as if it had no Accelerate: every case of
// Pulse passes with rows that the source writes, but those for which it lacks a
// feature, and those that need control.
func TestPulseAlone(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("all cases of Pulse are many, which -short leaves out")
	}
	r, err := bundled.Start(t.Context(), bundled.Options{})
	postgrestest.Skip(t, err)
	t.Cleanup(func() { _ = r.Stop(context.Background()) })
	o := conformance.Options{
		Target:  conformance.Target{PulseURL: r.Target().PulseURL, APIKey: r.Target().APIKey, OtherAPIKey: r.Target().OtherAPIKey},
		Profile: conformance.PulseProfile, DatabaseURL: r.DatabaseURL(),
	}
	stop, err := sqlsource.Serve(t.Context(), &o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stop(context.Background()) })
	judged, err := conformance.Judge(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for _, c := range judged.Cases {
		lacks := slices.ContainsFunc(c.Features, func(f string) bool { return slices.Contains(notBySQL, f) })
		switch {
		case c.Verdict == report.Pass:
			passed++
		case c.Verdict == report.Unsupported && (c.Condition != "" || lacks):
		default:
			t.Errorf("%s: %s: %s\n%s", c.ID, c.Verdict, c.Reason, c.Text)
		}
	}
	if passed < 100 {
		t.Errorf("%d cases passed; the status is %s: %s", passed, judged.Status, strings.Join(judged.Problems, "; "))
	}
}
