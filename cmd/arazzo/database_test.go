package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/arazzo-conformance/arazzo/reference/postgres"
)

// database starts a Postgres that ends with the script.
func database(ts *testscript.TestScript, _ bool, _ []string) {
	server, err := postgres.Start(context.Background(), postgres.Options{})
	ts.Check(err)
	ts.Defer(func() { _ = server.Stop() })
	address, err := url.Parse(server.URL())
	ts.Check(err)
	ts.Setenv("DATABASE_URL", server.URL())
	ts.Setenv("DATABASE", strings.TrimPrefix(address.Path, "/"))
	ts.Setenv("SOCKET", address.Query().Get("host"))
	ts.Setenv("OID", one(ts, "SELECT oid::text FROM pg_database WHERE datname = current_database()"))
}

// runsSQL runs statements in that Postgres.
func runsSQL(ts *testscript.TestScript, _ bool, args []string) {
	within(ts, func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, strings.Join(args, " "))
		return err
	})
}

// finds asks that Postgres a question that has one text for an answer.
func finds(ts *testscript.TestScript, _ bool, args []string) {
	if got := one(ts, args[1]); got != args[0] {
		ts.Fatalf("%s: got %q, want %q", args[1], got, args[0])
	}
}

func one(ts *testscript.TestScript, query string) (answer string) {
	within(ts, func(ctx context.Context, conn *pgx.Conn) error {
		return conn.QueryRow(ctx, query).Scan(&answer)
	})
	return answer
}

func within(ts *testscript.TestScript, do func(context.Context, *pgx.Conn) error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, ts.Getenv("DATABASE_URL"))
	ts.Check(err)
	defer conn.Close(ctx)
	ts.Check(do(ctx, conn))
}

// awaits waits for a file that a program in the background writes.
func awaits(ts *testscript.TestScript, _ bool, args []string) {
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		if text, err := os.ReadFile(ts.MkAbs(args[0])); err == nil && json.Valid(text) {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s did not come within %s", args[0], patience)
		}
	}
}

// target makes variables of what a ready file says.
func target(ts *testscript.TestScript, _ bool, args []string) {
	awaits(ts, false, args)
	var ready running
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &ready))
	ts.Setenv("PULSE", ready.Pulse)
	ts.Setenv("ACCELERATE", ready.Accelerate)
	ts.Setenv("KEY", ready.APIKey)
}

// asks sends a request to the Pulse of a ready file, and wants a status.
func asks(ts *testscript.TestScript, _ bool, args []string) {
	var ready running
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &ready))
	request, err := http.NewRequest(args[2], ready.Pulse+args[3], strings.NewReader(strings.Join(args[4:], " ")))
	ts.Check(err)
	request.Header.Set("Authorization", "Bearer "+ready.APIKey)
	response, err := http.DefaultClient.Do(request)
	ts.Check(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	ts.Check(err)
	if got := fmt.Sprint(response.StatusCode); got != args[1] {
		ts.Fatalf("status %s, want %s: %s", got, args[1], body)
	}
	_, err = ts.Stdout().Write(body)
	ts.Check(err)
}
