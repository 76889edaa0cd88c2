package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// lastingDatabase is a database with a table, which outlives the references of a
// test.
func lastingDatabase(t *testing.T) (string, *pgx.Conn) {
	t.Helper()
	server := startPostgres(t)
	conn, err := pgx.Connect(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	sql(t, conn, `CREATE TABLE "User" (id int PRIMARY KEY, name text)`)
	return server.URL(), conn
}

func sql(t *testing.T, conn *pgx.Conn, statement string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// pulse makes a request of the reference's Pulse API.
func (r *running) pulse(t *testing.T, method, path, body string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, r.Pulse+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+r.APIKey)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// names are the names in the create events of a response, up to its end or as many
// as are wanted.
func names(t *testing.T, response *http.Response, wanted int) []string {
	t.Helper()
	var all []string
	lines := bufio.NewScanner(response.Body)
	for len(all) < wanted && lines.Scan() {
		if _, name, ok := strings.Cut(lines.Text(), `"name":"`); ok {
			all = append(all, strings.TrimSuffix(name, `"}}`))
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatalf("the event stream broke after %q: %v", all, err)
	}
	return all
}

// A signal lets what is in flight arrive: the consumer gets what was committed, and
// an orderly end, and the next one gets nothing of that again.
func TestSignalLetsEventsArrive(t *testing.T) {
	t.Parallel()
	database, conn := lastingDatabase(t)
	data := filepath.Join(t.TempDir(), "data")
	r := startReference(t, "--database-url", database, "--data", data)
	if got := r.pulse(t, "POST", "/streams", `{"name":"users","model":"User"}`); got.StatusCode != http.StatusCreated {
		t.Fatal(got.Status)
	}
	consumer := r.pulse(t, "GET", "/streams/users/events", "")
	sql(t, conn, `INSERT INTO "User" VALUES (1, 'a'), (2, 'b')`)
	if got := names(t, consumer, 1); len(got) != 1 {
		t.Fatal("no event came")
	}
	if err := r.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	// To its end, which is no error.
	if rest, err := io.ReadAll(consumer.Body); err != nil {
		t.Errorf("the event stream broke: %v, after %q", err, rest)
	}
	if err := r.Wait(); err != nil {
		t.Errorf("the reference ended with %v", err)
	}
	sql(t, conn, `INSERT INTO "User" VALUES (3, 'c')`)
	r = startReference(t, "--database-url", database, "--data", data)
	if diff := cmp.Diff([]string{"c"}, names(t, r.pulse(t, "GET", "/streams/users/events", ""), 1)); diff != "" {
		t.Errorf("after a restart (-want +got):\n%s", diff)
	}
	r.pulse(t, "DELETE", "/streams/users", "")
	if err := r.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := r.Wait(); err != nil {
		t.Errorf("the reference ended with %v", err)
	}
}

// A reader that takes nothing holds up the end, and a second signal does not wait for
// it.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	database, conn := lastingDatabase(t)
	r := startReference(t, "--database-url", database, "--metrics-addr", "127.0.0.1:0")
	r.pulse(t, "POST", "/streams", `{"name":"users","model":"User"}`)
	r.pulse(t, "GET", "/streams/users/events", "") // and nobody reads it
	// More than a connection's buffers hold.
	sql(t, conn, `INSERT INTO "User" SELECT n, repeat('x', 8000) FROM generate_series(1, 5000) n`)
	eventually(t, "all events to be stored", func() bool {
		return strings.Contains(r.metrics(t), "pulse_events_stored_total{model=\"User\",action=\"create\"} 5000\n")
	})
	if err := r.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the health to say that it ends", func() bool {
		response, err := http.Get(r.Pulse + "/health")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		return response.StatusCode == http.StatusServiceUnavailable
	})
	if err := r.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err := r.Wait()
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.Sys().(syscall.WaitStatus).Signal() != os.Interrupt {
		t.Errorf("it ended with %v, want by the signal", err)
	}
}

// TestMetricsOfTheReference is the flag: the ready file says where they are.
func TestMetricsOfTheReference(t *testing.T) {
	t.Parallel()
	r := startReference(t, "--metrics-addr", "127.0.0.1:0")
	if text := r.metrics(t); !strings.Contains(text, "\npulse_health_status{status=\"healthy\"} 1\n") {
		t.Errorf("the metrics are\n%s", text)
	}
	if err := r.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := r.Wait(); err != nil {
		t.Error(err)
	}
}

// metrics are the metrics as text.
func (r *running) metrics(t *testing.T) string {
	t.Helper()
	response, err := http.Get(r.Metrics)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
