package conformance_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/conformance/report"
)

// startNode starts the server of testdata/node, which shares nothing with the
// reference, and ends it with the test. Without Node the test is skipped.
func startNode(t *testing.T) conformance.Target {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no node on the PATH, so the server in JavaScript is not judged; next: apt-get install nodejs (18 or later)")
	}
	const key = "the-key-of-a-third-party"
	//nolint:gosec // G204: it is the node of whoever runs the test.
	server := exec.CommandContext(t.Context(), node, "testdata/node/server.mjs", "--api-key", key)
	// The context ends before the test does.
	server.Cancel = func() error { return server.Process.Signal(syscall.SIGTERM) }
	server.Stderr = t.Output()
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Wait() })
	// It says where it is once it is there.
	var urls struct{ Pulse, Accelerate string }
	if err := json.NewDecoder(out).Decode(&urls); err != nil {
		t.Fatalf("the server did not say where it is: %v", err)
	}
	return conformance.Target{PulseURL: urls.Pulse, AccelerateURL: urls.Accelerate, APIKey: key}
}

// TestThirdParty judges a server that knows nothing of ours by its URLs alone. It
// passes all but what it does wrong on purpose, which its file of known failures lists.
func TestThirdParty(t *testing.T) {
	t.Parallel()
	r, err := conformance.Judge(t.Context(), nodeOptions(t))
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != report.Passes || r.Count(report.Fail) == 0 {
		t.Errorf("the server's status is %s, want %s:\n%s", r.Status, report.Passes, told(r))
	}
	if r.Summary[report.Extended][report.Pass] > 0 {
		t.Error("it passed extended cases, and declares no feature")
	}
}

// TestThirdPartyMended holds that a known failure has to fail still: with a case among
// them that the server passes, it does not pass.
func TestThirdPartyMended(t *testing.T) {
	t.Parallel()
	o := nodeOptions(t)
	o.Run = conformance.Patterns{"pulse-health/without-key", "pulse-create/twice"}
	o.Known = append(o.Known, conformance.KnownFailure{Pattern: "pulse-health/without-key", Reason: "it once asked for a key", Line: 99})
	r, err := conformance.Judge(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"line 99 of the known failures (pulse-health/without-key) no longer fails: remove the line"}
	if diff := cmp.Diff(want, r.Problems); diff != "" || r.Status != report.Fails {
		t.Errorf("the status is %s, want %s; problems (-want +got):\n%s", r.Status, report.Fails, diff)
	}
}

// nodeOptions are what a person says who judges the server.
func nodeOptions(t *testing.T) conformance.Options {
	t.Helper()
	var flags conformance.Flags
	set := flag.NewFlagSet("conformance", flag.ContinueOnError)
	flags.Add(set)
	target := startNode(t)
	err := set.Parse([]string{
		"--pulse", target.PulseURL, "--accelerate", target.AccelerateURL, "--api-key", target.APIKey,
		"--features", "testdata/node/features.yaml", "--known-failing", "testdata/node/known-failing.txt",
	})
	if err != nil {
		t.Fatal(err)
	}
	o, err := flags.Options()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// told is what of a report is not as it should be.
func told(r *report.Report) string {
	var text strings.Builder
	for _, c := range r.Smoke {
		if !c.OK {
			fmt.Fprintf(&text, "smoke: %s: %s; next: %s\n", c.Name, c.Found, c.Next)
		}
	}
	for _, c := range r.Cases {
		if c.Known == "" && (c.Verdict == report.Fail || c.Verdict == report.Error) {
			fmt.Fprintf(&text, "%s: %s: %s\n", c.Verdict, c.ID, c.Reason)
		}
	}
	return text.String() + strings.Join(r.Problems, "\n")
}
