package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"arazzo": main})
}

// TestScript runs the program as users do, one page of testdata/script each.
// Beside the commands of testscript there are
//
//	exits CODE PROGRAM ARGS...   the program ends with exactly this exit code
//	api [hang]                   starts an API that answers every request with
//	                             200 and {}, or never; $API is its URL. At
//	                             /token it gives the token t0ken-of-the-api
//	sent N                       that API was sent exactly N requests
//	interrupts [SIGNAL] CODE PROGRAM ...
//	                             as exits, with INT, HUP or QUIT once the API was
//	                             sent a request
//	stalls FIFO CODE PROGRAM ... as exits, with SIGINT once the program reads the
//	                             named pipe, or its standard input with -
//	web                          serves the script's files at $WEB, in which
//	                             http://elsewhere.test stands for $WEB under
//	                             the name localhost
//	raw FILE                     starts a server at $RAW that answers what each
//	                             connection asks first with the file's bytes,
//	                             and keeps the connection
//	secure                       starts an API over TLS at $SECURE, on
//	                             $SECURE_HOST, which wants ca.pem, with key.pem,
//	                             from its clients too
//	database                     starts a Postgres at $DATABASE_URL, whose database
//	                             $DATABASE has the number $OID
//	sql STATEMENTS               runs them there
//	finds TEXT QUERY             the query has that text for an answer there
//	awaits FILE                  waits for a JSON file that a program in the
//	                             background writes
//	target READY                 awaits a reference's ready file: $PULSE, $ACCELERATE and
//	                             $KEY are where it is, and its key
//	asks READY STATUS METHOD PATH [BODY]
//	                             asks the Pulse of a ready file; its answer is
//	                             printed
//	steady FROM TO               copies a file, or stdout, with what differs
//	                             from run to run replaced
func TestScript(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "api": api, "sent": sent, "interrupts": interrupts, "stalls": stalls, "web": web, "steady": steady, "secure": secure, "raw": raw,
			"database": database, "sql": runsSQL, "finds": finds, "awaits": awaits, "asks": asks, "target": target,
		},
		Condition: func(condition string) (bool, error) {
			if condition != "seeds" {
				return false, fmt.Errorf("unknown condition %q", condition)
			}
			_, err := os.Stat(filepath.Join(root, "..", "shared", "seeds"))
			return err == nil, nil
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("ROOT", root)
			// The launcher keeps its template there; a home of its own for each
			// script would make each of them wait for initdb.
			e.Setenv("XDG_CACHE_HOME", cache)
			e.Setenv("PG_BINDIR", os.Getenv("PG_BINDIR"))
			return nil
		},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%s did not run: %v", args[1], err)
		}
		code = exit.ExitCode()
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// apis holds, by script, the API it started.
var apis sync.Map

// countingAPI tells when it was sent a request, and how many it was sent.
type countingAPI struct {
	n     atomic.Int64
	first chan struct{}
}

func api(ts *testscript.TestScript, _ bool, args []string) {
	a := &countingAPI{first: make(chan struct{})}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.n.Add(1) == 1 {
			close(a.first)
		}
		if len(args) > 0 {
			<-r.Context().Done()
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/token" {
			fmt.Fprint(w, `{"access_token": "t0ken-of-the-api", "token_type": "Bearer", "expires_in": 3600}`)
			return
		}
		fmt.Fprint(w, "{}")
	}))
	ts.Defer(server.Close)
	ts.Setenv("API", server.URL)
	apis.Store(ts, a)
}

func web(ts *testscript.TestScript, _ bool, _ []string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := os.ReadFile(ts.MkAbs(filepath.Base(r.URL.Path)))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		_, port, _ := strings.Cut(r.Host, ":")
		fmt.Fprint(w, strings.ReplaceAll(string(text), "http://elsewhere.test", "http://localhost:"+port))
	}))
	ts.Defer(server.Close)
	ts.Setenv("WEB", server.URL)
}

func raw(ts *testscript.TestScript, _ bool, args []string) {
	answer := []byte(ts.ReadFile(args[0]))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	over := make(chan struct{})
	ts.Defer(func() {
		close(over)
		_ = listener.Close()
	})
	ts.Setenv("RAW", "http://"+listener.Addr().String())
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					_, _ = conn.Write(answer) // who hung up sees nothing
				}
				<-over
			}()
		}
	}()
}

func apiOf(ts *testscript.TestScript) *countingAPI {
	a, ok := apis.Load(ts)
	if !ok {
		ts.Fatalf("this script has started no api")
	}
	return a.(*countingAPI)
}

func sent(ts *testscript.TestScript, _ bool, args []string) {
	if got := fmt.Sprint(apiOf(ts).n.Load()); len(args) != 1 || got != args[0] {
		ts.Fatalf("the API was sent %s requests, want %v", got, args)
	}
}

var signals = map[string]os.Signal{"INT": os.Interrupt, "HUP": syscall.SIGHUP, "QUIT": syscall.SIGQUIT}

func interrupts(ts *testscript.TestScript, _ bool, args []string) {
	with := os.Interrupt
	if named, ok := signals[args[0]]; ok {
		with, args = named, args[1:]
	}
	if signal.Ignored(with) { // as under nohup, whose programs it does not end
		with = syscall.SIGTERM
	}
	interrupt(ts, args, nil, with, func() { <-apiOf(ts).first })
}

func stalls(ts *testscript.TestScript, _ bool, args []string) {
	if args[0] == "-" {
		reader, writer, err := os.Pipe()
		ts.Check(err)
		defer writer.Close()
		interrupt(ts, args[1:], reader, os.Interrupt, func() {
			ts.Check(reader.Close())
			// More than a pipe holds is written when somebody reads.
			_, err := writer.Write(make([]byte, 1<<17))
			ts.Check(err)
		})
		return
	}
	interrupt(ts, args[1:], nil, os.Interrupt, func() {
		writer, err := os.OpenFile(ts.MkAbs(args[0]), os.O_WRONLY, 0) // opens when somebody reads
		ts.Check(err)
		ts.Defer(func() { _ = writer.Close() })
	})
}

// interrupt runs a program, and signals it when there is reason to.
func interrupt(ts *testscript.TestScript, args []string, stdin io.Reader, with os.Signal, when func()) {
	c := exec.Command(args[1], args[2:]...)
	c.Dir = ts.Getenv("WORK")
	if tmp := ts.Getenv("TMPDIR"); tmp != "" {
		c.Env = append(os.Environ(), "TMPDIR="+tmp)
	}
	c.Stdin, c.Stdout, c.Stderr = stdin, ts.Stdout(), ts.Stderr()
	ts.Check(c.Start())
	when()
	ts.Check(c.Process.Signal(with))
	_ = c.Wait() // the exit code is looked at below
	if got := fmt.Sprint(c.ProcessState.ExitCode()); got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

// unsteady is what differs from run to run, and what stands in its place.
var unsteady = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`\([0-9.]+ ms\)`), "(T ms)"},
	{regexp.MustCompile(` time="[0-9.]+"`), ` time="T"`},
	{regexp.MustCompile(`\([0-9.]+ s\)`), "(T s)"},
	{regexp.MustCompile(`"durationMs": [0-9.e-]+`), `"durationMs": 0`},
	{regexp.MustCompile(`(127\.0\.0\.1|localhost):[0-9]+`), "$1:PORT"},
	{regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{26}|01[0-9A-HJKMNP-TV-Z]*…`), "ULID"},
	{regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`), "UUID"},
	{regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z`), "TIME"},
	{regexp.MustCompile(`[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]+ GMT`), "DATE"},
}

func steady(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	for _, u := range unsteady {
		text = u.pattern.ReplaceAllString(text, u.with)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o644))
}
