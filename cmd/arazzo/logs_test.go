package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestLogHasNoSecrets is a whole session at the most talkative level: keys right and
// wrong, in the right place and in others, a database that is refused with a password
// in its URL. Each line is JSON, and none has a key or the password.
func TestLogHasNoSecrets(t *testing.T) {
	t.Parallel()
	const password, key, wrong = "pass-7c1f", "key-93ab", "wrong-52de"
	database, conn := lastingDatabase(t)
	sql(t, conn, "CREATE ROLE keeper SUPERUSER LOGIN PASSWORD '"+password+"'")
	address, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	query.Set("user", "keeper")
	query.Set("password", password)
	address.RawQuery = query.Encode()
	var log bytes.Buffer
	r := startReferenceTelling(t, &log, "--database-url", address.String(), "--data", filepath.Join(t.TempDir(), "data"),
		"--api-key", key, "--log-level", "debug", "--log-format", "json", "--metrics-addr", "127.0.0.1:0")
	r.APIKey = key
	r.pulse(t, "POST", "/streams", `{"name":"users","model":"User"}`)
	consumer := r.pulse(t, "GET", "/streams/users/events", "")
	sql(t, conn, `INSERT INTO "User" VALUES (1, 'a')`)
	names(t, consumer, 1)
	r.pulse(t, "POST", "/streams", `{"name":"users","model":"`+wrong+`"}`)
	r.pulse(t, "GET", "/"+wrong, "")
	r.pulse(t, "GET", "/streams?apiKey="+wrong, "")
	r.APIKey = wrong
	r.pulse(t, "GET", "/streams", "")
	r.APIKey = key
	// Now the database refuses the role, and the slot's connection is gone.
	sql(t, conn, "ALTER ROLE keeper NOLOGIN")
	sql(t, conn, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'keeper'")
	eventually(t, "the health to say so", func() bool { return r.pulse(t, "GET", "/health", "").StatusCode == http.StatusServiceUnavailable })
	r.pulse(t, "POST", "/streams", `{"name":"more","model":"User"}`)
	sql(t, conn, "ALTER ROLE keeper LOGIN")
	eventually(t, "the health to be well again", func() bool { return r.pulse(t, "GET", "/health", "").StatusCode == http.StatusOK })
	r.pulse(t, "DELETE", "/streams/users", "")
	if err := r.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := r.Wait(); err != nil {
		t.Error(err)
	}
	for _, secret := range []string{password, key, wrong} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log has %s", secret)
		}
	}
	said := map[string]bool{}
	for line := range strings.Lines(log.String()) {
		var entry struct{ Msg string }
		if !strings.HasPrefix(line, "{") {
			continue // a line for a person
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Errorf("%v: %s", err, line)
		}
		said[entry.Msg] = true
	}
	for _, want := range []string{"pulse: request", "pulse: no replication connection", "pulse: request failed", "pulse: event stream ended"} {
		if !said[want] {
			t.Errorf("the log does not have %q:\n%s", want, log.String())
		}
	}
}
