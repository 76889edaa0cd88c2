package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/postgres"
)

// patience is how long a test waits for what is bound to happen: far longer
// than a loaded machine takes, and short enough to tell a hang.
const patience = time.Minute

// running is an arazzo reference under test.
type running struct {
	*exec.Cmd
	Pulse, Accelerate, APIKey, DatabaseURL, Metrics string
	Environments                                    []string
	readyFile                                       string
	// said is what it wrote to standard output, to be read once it has ended.
	said bytes.Buffer
}

// startReference starts the reference and waits until it says that it is ready.
func startReference(t *testing.T, args ...string) *running {
	t.Helper()
	return startReferenceTelling(t, os.Stderr, args...)
}

// startReferenceTelling starts one that writes its log to stderr, whole once it has
// ended.
func startReferenceTelling(t *testing.T, stderr io.Writer, args ...string) *running {
	t.Helper()
	r := &running{readyFile: filepath.Join(t.TempDir(), "ready.json")}
	r.Cmd = exec.Command("arazzo", append([]string{
		"reference", "--pulse-addr", "127.0.0.1:0", "--accelerate-addr", "127.0.0.1:0", "--ready-file", r.readyFile,
	}, args...)...)
	r.Env = append(os.Environ(), "XDG_STATE_HOME="+t.TempDir())
	r.Stdout, r.Stderr = &r.said, stderr
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Process.Kill() }) // long gone, unless the test failed
	eventually(t, "the ready file", func() bool {
		text, err := os.ReadFile(r.readyFile)
		return err == nil && json.Unmarshal(text, r) == nil
	})
	return r
}

// startPostgres starts a Postgres that ends with the test, which is skipped where
// none can be had.
func startPostgres(t *testing.T) *postgres.Server {
	t.Helper()
	server, err := postgres.Start(t.Context(), postgres.Options{})
	var unavailable *postgres.UnavailableError
	if errors.As(err, &unavailable) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	return server
}

// eventually asks until the answer is yes.
func eventually(t *testing.T, what string, yes func() bool) {
	t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for deadline := time.After(patience); !yes(); {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("%s did not come within %s", what, patience)
		}
	}
}

// folder is where the private Postgres lives.
func (r *running) folder(t *testing.T) string {
	t.Helper()
	config, err := pgx.ParseConfig(r.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	return config.Host
}

func gone(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

func TestReferenceServesAndLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		signal os.Signal
		code   int
	}{
		"SIGINT":  {os.Interrupt, 0},
		"SIGTERM": {syscall.SIGTERM, 0},
		"SIGKILL": {os.Kill, -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startReference(t)
			for _, url := range []string{r.Pulse, r.Accelerate} {
				response, err := http.Get(url + "/health")
				if err != nil {
					t.Fatal(err)
				}
				_ = response.Body.Close()
				if response.StatusCode != http.StatusOK {
					t.Errorf("%s/health answered %s", url, response.Status)
				}
			}
			if got := slots(t, r.DatabaseURL); len(got) != 2 {
				t.Errorf("replication slots and publications while it serves: %q, want one of each", got)
			}
			folder := r.folder(t)
			if err := r.Process.Signal(test.signal); err != nil {
				t.Fatal(err)
			}
			_ = r.Wait() // the exit code is looked at below
			if code := r.ProcessState.ExitCode(); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			eventually(t, "the end of the Postgres folder "+folder, func() bool { return gone(folder) })
			if test.signal != os.Kill && !gone(r.readyFile) {
				t.Error("the ready file is left behind")
			}
		})
	}
}

func TestReferenceLeavesNoSlotInALastingDatabase(t *testing.T) {
	t.Parallel()
	server := startPostgres(t)
	r := startReference(t, "--database-url", server.URL())
	if got := slots(t, server.URL()); len(got) != 2 {
		t.Fatalf("replication slots and publications while it serves: %q, want one of each", got)
	}
	if err := r.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := r.Wait(); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{}, slots(t, server.URL())); diff != "" {
		t.Errorf("replication slots and publications left (-want +got):\n%s", diff)
	}
}

// slots lists the replication slots and publications of a database.
func slots(t *testing.T, url string) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, "SELECT slot_name::text FROM pg_replication_slots UNION ALL SELECT pubname::text FROM pg_publication")
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestRunAgainstARunningReference is the README's way to run a workflow against
// a reference that is served already: by addresses and key alone.
func TestRunAgainstARunningReference(t *testing.T) {
	t.Parallel()
	r := startReference(t)
	run := exec.Command("arazzo", "run", "../../workflows/pulse-change-to-event-workflow.yml", "-i", "apiKey="+r.APIKey,
		"--server", "pulseApi="+r.Pulse, "--server", "accelerateApi="+r.Accelerate)
	if out, err := run.CombinedOutput(); err != nil || strings.Contains(string(out), r.APIKey) {
		t.Errorf("%v; its output, in which the key must not stand:\n%s", err, out)
	}
	if err := r.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := r.Wait(); err != nil {
		t.Error(err)
	}
}

// TestDoctor examines a database that a reference serves: first all is well enough,
// then a table comes whose updates Postgres refuses.
func TestDoctor(t *testing.T) {
	t.Parallel()
	r := startReference(t)
	out, err := exec.Command("arazzo", "reference", "doctor", "--database-url", r.DatabaseURL).CombinedOutput()
	if err != nil || !strings.Contains(string(out), ": 0 errors, ") {
		t.Errorf("%v:\n%s", err, out)
	}
	conn, err := pgx.Connect(t.Context(), r.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.Exec(t.Context(), "CREATE TABLE keyless (id int)"); err != nil {
		t.Fatal(err)
	}
	out, err = exec.Command("arazzo", "reference", "doctor", "--database-url", r.DatabaseURL, "--format", "json").Output()
	var failed *exec.ExitError
	if !errors.As(err, &failed) || failed.ExitCode() != 1 {
		t.Errorf("got %v, want exit code 1", err)
	}
	var report struct {
		Worst    string
		Findings []struct {
			Code, Severity string
			SQL            []string
		}
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatal(err)
	}
	if report.Worst != "error" {
		t.Errorf("the worst is %q", report.Worst)
	}
	var fix []string
	for _, f := range report.Findings {
		if f.Severity == "error" {
			fix = append(fix, f.Code+": "+strings.Join(f.SQL, "; "))
		}
	}
	if diff := cmp.Diff([]string{`no-identity: ALTER TABLE "public"."keyless" REPLICA IDENTITY FULL`}, fix); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}
