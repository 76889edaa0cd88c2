package conformance

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/conformance/report"
)

// answering is a server that answers everything with the same.
func answering(t *testing.T, status int, media, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", media)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// nobody is a URL at which nothing listens.
func nobody(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return "http://" + listener.Addr().String()
}

// unsteady is what differs from run to run.
var unsteady = regexp.MustCompile(`127\.0\.0\.1:[0-9]+|conformance_[a-z2-7]{8}`)

// asked are the answers to smoke's questions, a line each.
func asked(t *testing.T, o Options) (text string, r *report.Report) {
	t.Helper()
	o.Run = Patterns{"pulse-health/without-key", "accelerate-health/without-key"}
	r, err := Judge(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, c := range r.Smoke {
		if c.OK {
			b.WriteString(c.Name + "\n")
		} else {
			b.WriteString(c.Name + "? " + c.Found + " NEXT " + c.Next + "\n")
		}
	}
	return unsteady.ReplaceAllStringFunc(b.String(), func(found string) string {
		if strings.HasPrefix(found, "127") {
			return "HOST"
		}
		return "RUN"
	}), r
}

// TestSmoke holds what is told of targets that cannot be judged, and that no case is
// run against them.
func TestSmoke(t *testing.T) {
	t.Parallel()
	const (
		pulse      = "Pulse answers\nwhat answers is Pulse\nPulse takes the key\n"
		accelerate = "Accelerate answers\nwhat answers is Accelerate\nAccelerate takes the key\n"
		toPulse    = " NEXT give --pulse the base URL of a server of specs/prisma-pulse-openapi.yml; nothing was judged\n"
		page       = "<!doctype html> <p>It works"
		written    = "the tables of the cases are there\na stream can be made\na row can be written\nthe row comes out of Pulse\n"
	)
	for _, test := range []struct {
		name   string
		fake   fake
		change func(*Target)
		want   string
		not    bool // reachable
	}{
		{name: "nothing listens", change: func(x *Target) { x.PulseURL = nobody(t) }, not: true, want: "Pulse answers? http://HOST: the server gave no answer: dial tcp HOST: connect: connection refused NEXT start the server, or correct --pulse; nothing was judged\n" + accelerate},
		{name: "TLS where there is none", change: func(x *Target) { x.PulseURL = strings.Replace(x.PulseURL, "http:", "https:", 1) }, not: true, want: "Pulse answers? https://HOST: HOST does not speak TLS NEXT begin the server's URL with http:// where it has no TLS\n" + accelerate},
		{name: "a certificate of nobody", change: func(x *Target) {
			server := httptest.NewTLSServer(http.NotFoundHandler())
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			t.Cleanup(server.Close)
			x.PulseURL = server.URL
		}, not: true, want: "Pulse answers? https://HOST: the certificate of HOST is signed by an authority that is not known NEXT give the authority's certificate: --ca-cert FILE; or correct --pulse\n" + accelerate},
		{name: "a web page", change: func(x *Target) { x.PulseURL = answering(t, 200, "text/html", "<!doctype html>\n<p>It works") }, want: "Pulse answers\nwhat answers is Pulse? it is a web page: GET /streams was answered 200, text/html: " + page + "; GET /health was answered 200, text/html: " + page + toPulse + accelerate},
		{name: "a page that asks for a password", change: func(x *Target) { x.PulseURL = answering(t, 401, "text/html", "<!doctype html>\n<p>It works") }, want: "Pulse answers\nwhat answers is Pulse? it is a web page: GET /streams was answered 401, text/html: " + page + "; GET /health was answered 401, text/html: " + page + toPulse + accelerate},
		{name: "another service", change: func(x *Target) { x.PulseURL = answering(t, 404, "application/json", `{"error": "no"}`) }, want: `Pulse answers
what answers is Pulse? it is something else: GET /streams was answered 404: {"error": "no"}; GET /health was answered 404: {"error": "no"}` + toPulse + accelerate},
		{name: "the URLs swapped", change: func(x *Target) { x.PulseURL, x.AccelerateURL = x.AccelerateURL, x.PulseURL }, want: `Pulse answers
what answers is Pulse? it is Accelerate: POST /2024/conformance/graphql was answered 200; and GET /streams was answered 404: {"code":"P6005","message":"There is no such path."} NEXT the URL of Accelerate stands behind --pulse: exchange the two
Accelerate answers
what answers is Accelerate? it is Pulse: GET /streams was answered 200; and POST /2024/conformance/graphql was answered 404: {"code":"P6104","message":"There is no such path."} NEXT the URL of Pulse stands behind --accelerate: exchange the two
`},
		{name: "prisma-accelerate-local", change: func(x *Target) {
			x.AccelerateURL = answering(t, 404, "application/json", `{"EngineNotStarted":{"reason":"VersionMissing"}}`)
		}, want: pulse + `Accelerate answers
what answers is Accelerate? it speaks Prisma Client's own engine protocol, as prisma-accelerate-local does, and not GraphQL over HTTP: POST /2024/conformance/graphql was answered 404: {"EngineNotStarted":{"reason":"VersionMissing"}}; GET /health was answered 404: {"EngineNotStarted":{"reason":"VersionMissing"}} NEXT give --accelerate the base URL of a server of specs/prisma-accelerate-openapi.yml; nothing was judged
`},
		{name: "another key", change: func(x *Target) { x.APIKey = "another" }, want: `Pulse answers
what answers is Pulse
Pulse takes the key? GET /streams was answered 401: {"code":"P6102","message":"No."} NEXT give --api-key the key of an environment of the server, as clients send it behind Bearer
Accelerate answers
what answers is Accelerate
Accelerate takes the key? POST /2024/conformance/graphql was answered 401: {"code":"P6002","message":"No."} NEXT give --api-key the key of an environment of the server, as clients send it behind Bearer
`},
		{name: "a server that repeats the key", change: func(x *Target) {
			x.PulseURL = answering(t, 401, "application/json", `{"code":"P6102","message":"Nobody has `+fakeKey+`."}`)
		}, want: `Pulse answers
what answers is Pulse
Pulse takes the key? GET /streams was answered 401: {"code":"P6102","message":"Nobody has ***."} NEXT give --api-key the key of an environment of the server, as clients send it behind Bearer
` + accelerate},
		{name: "a server at fault", change: func(x *Target) {
			x.PulseURL = answering(t, 500, "application/json", `{"code":"P6100","message":"No database."}`)
		}, want: `Pulse answers
what answers is Pulse
Pulse takes the key? GET /streams was answered 500: {"code":"P6100","message":"No database."} NEXT the server is at fault: its log says why
` + accelerate},
		{name: "no tables", fake: fake{lacking: []string{"Entry", "Pair"}}, want: pulse + accelerate + `the tables of the cases are there? no answer from Entry, Pair: POST /2024/conformance/graphql was answered 200: {"errors":[{"code":"P6000","message":"There is no Entry."}]} NEXT load conformance/fixture.sql into the database (--database-url URL does it), and start the server with conformance/fixture.prisma; arazzo conformance --fixture DIR writes both files
`},
		{name: "Pulse without the models", fake: fake{deaf: true}, want: pulse + accelerate + `the tables of the cases are there
a stream can be made? POST /streams was answered 400: {"code":"P6101","message":"There is no model Account."} NEXT Pulse has to know the models of conformance/fixture.prisma in the database of its key, and event persistence has to be on
`},
		{name: "a base URL with a path of the API", change: func(x *Target) {
			x.PulseURL = answering(t, 405, "application/json", `{"code":"MethodNotAllowed","message":"Expected DELETE."}`)
		}, want: `Pulse answers
what answers is Pulse
Pulse takes the key? GET /streams was answered 405: {"code":"MethodNotAllowed","message":"Expected DELETE."} NEXT give --pulse the base URL alone: paths such as /streams are added to it
` + accelerate},
		{name: "events that are text", fake: fake{plain: true}, want: pulse + accelerate + `the tables of the cases are there
a stream can be made
a row can be written
the row comes out of Pulse? GET /streams/RUNsmoke/events was answered with the Content-Type "text/plain" NEXT events are sent with Content-Type: text/event-stream; clients do not read them under another
`},
		{name: "a second key of nobody", change: func(x *Target) { x.OtherAPIKey = "another" }, want: pulse + accelerate + written + `the other key is that of another database? POST /2024/conformance/graphql was answered 401: {"code":"P6002","message":"No."} NEXT give --other-api-key the key of a second environment, and load conformance/fixture.sql into its database too
`},
		{name: "a second key of the same database", fake: fake{mixing: true}, change: func(x *Target) { x.OtherAPIKey = fakeOtherKey }, want: pulse + accelerate + written + `the other key is that of another database? the row that was written with the first key is there NEXT give --other-api-key the key of an environment with a database of its own, or leave it out
`},
		{name: "two databases", fake: fake{apart: true}, want: pulse + accelerate + `the tables of the cases are there
a stream can be made
a row can be written
the row comes out of Pulse? the stream ended before the event of it NEXT give both APIs the same database, and the key of the same environment in it; Pulse has to follow its logical replication (wal_level=logical)
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			target := test.fake.start(t)
			if test.change != nil {
				test.change(&target)
			}
			got, r := asked(t, Options{Target: target})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			unreachable := false
			for _, c := range r.Smoke {
				unreachable = unreachable || c.Unreachable
			}
			if r.Status != report.Refused || len(r.Cases) > 0 || unreachable != test.not {
				t.Errorf("the status is %s after %d cases, and no answer is %t", r.Status, len(r.Cases), unreachable)
			}
			if n := len(test.fake.streams); n > 0 || len(r.Notes) > 0 {
				t.Errorf("%d streams stay; the notes are %q", n, r.Notes)
			}
		})
	}
}

// TestSmokeBySQL holds what is told where rows that the suite writes by itself do not come
// out of Pulse.
func TestSmokeBySQL(t *testing.T) {
	t.Parallel()
	f := fake{apart: true}
	got, _ := asked(t, Options{Target: f.start(t), Profile: PulseProfile, RowsBySQL: true})
	const want = " NEXT give --database-url the database of the environment of --api-key; Pulse has to follow its logical replication (wal_level=logical)\n"
	if !strings.HasSuffix(got, want) {
		t.Errorf("%s\nwant at its end%s", got, want)
	}
}

// TestPrivateAuthority holds that a target whose certificate an authority of its own signed
// is judged, from smoke to the last deletion, by who names that authority.
func TestPrivateAuthority(t *testing.T) {
	t.Parallel()
	f := &fake{}
	behind := f.start(t)
	over := func(base string) *httptest.Server {
		u, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewTLSServer(httputil.NewSingleHostReverseProxy(u))
		t.Cleanup(server.Close)
		return server
	}
	pulse, accelerate := over(behind.PulseURL), over(behind.AccelerateURL)
	authority := testFile(t, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pulse.Certificate().Raw})))
	got, r := asked(t, options(t, "-pulse", pulse.URL, "-accelerate", accelerate.URL, "-api-key", fakeKey, "-ca-cert", authority))
	if !strings.HasSuffix(got, "the row comes out of Pulse\n") || r.Count(report.Pass) != 2 || len(f.deleted) != 2 || len(r.Notes) > 0 {
		t.Errorf("smoke found\n%s%v, deleted %v: %v", got, r.Summary, f.deleted, r.Notes)
	}
}

// TestSmokeDatabase holds that a database which is not the target's is told, and that the
// report then says nothing of its version.
func TestSmokeDatabase(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		has  bool
		err  error
		want string
	}{
		{"the target's", true, nil, ""},
		{"another", false, nil, "? the row that was written through Accelerate is not in the database of --database-url, which has the tables of the cases now NEXT give --database-url the database of the environment of --api-key, or leave it out where the tables are there"},
		{"one that is gone", false, errors.New("no connection"), "? no connection NEXT see that the database of --database-url answers"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := &fake{}
			o := Options{Target: f.start(t), DatabaseURL: "postgres://localhost/x", DatabaseVersion: "PostgreSQL 17.2"}
			o.HasAccount = func(_ context.Context, email string) (bool, error) {
				if !slices.Contains(f.accounts, email) {
					t.Errorf("%s is asked for, and was not written", email)
				}
				return test.has, test.err
			}
			got, r := asked(t, o)
			_, got, _ = strings.Cut(got, "the row comes out of Pulse\n")
			if diff := cmp.Diff("the database is the target's"+test.want+"\n", got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if (r.Status == report.Refused) != (test.want != "") || (r.Target.Database == "") != (test.want != "") {
				t.Errorf("the status is %s, and the database %q", r.Status, r.Target.Database)
			}
		})
	}
}

// TestSmokeTables holds what is told where the suite made the tables, and the target
// does not have them.
func TestSmokeTables(t *testing.T) {
	t.Parallel()
	s := &smoke{o: &Options{DatabaseURL: "postgres://localhost/x"}}
	const want = "they are in the database of --database-url: see that it is that of the environment of --api-key, and start the server with conformance/fixture.prisma; arazzo conformance --fixture DIR writes it"
	if got := s.withTables(); got != want {
		t.Errorf("next: %s\nwant: %s", got, want)
	}
}

// TestSmokeInTime holds that a target that never answers is told, and not waited for.
func TestSmokeInTime(t *testing.T) {
	t.Parallel()
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(hanging.Close)
	c := newClient(Target{}, 1)
	c.within = 1 // nanosecond
	_, err := c.ask(t.Context(), http.MethodGet, hanging.URL, "/health", nil)
	if err == nil || err.Error() != "no answer within 1ns" {
		t.Errorf("it is told as %v", err)
	}
}

// TestJudged holds the report of a target that can be judged, that what the run made is
// deleted, and that Accelerate alone is asked nothing of Pulse.
func TestJudged(t *testing.T) {
	t.Parallel()
	f := &fake{}
	target := f.start(t)
	f.accounts = []string{"of somebody"}
	f.streams["of-somebody"] = nil
	got, r := asked(t, Options{Target: target})
	const want = `Pulse answers
what answers is Pulse
Pulse takes the key
Accelerate answers
what answers is Accelerate
Accelerate takes the key
the tables of the cases are there
a stream can be made
a row can be written
the row comes out of Pulse
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r.Status != report.Passes || r.Count(report.Pass) != 2 || r.Count(report.Fail)+r.Count(report.Error) > 0 {
		t.Errorf("the status is %s: %v, %v", r.Status, r.Summary, r.Problems)
	}
	if diff := cmp.Diff([]string{"RUNsmoke", "Account RUNsmoke"}, strings.Split(unsteady.ReplaceAllString(strings.Join(f.deleted, "\n"), "RUN"), "\n")); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
	target.PulseURL = ""
	got, r = asked(t, Options{Target: target, Profile: AccelerateProfile})
	if diff := cmp.Diff("Accelerate answers\nwhat answers is Accelerate\nAccelerate takes the key\nthe tables of the cases are there\na row can be written\n", got); diff != "" {
		t.Errorf("Accelerate alone (-want +got):\n%s", diff)
	}
	if r.Count(report.Pass) != 1 {
		t.Errorf("Accelerate alone: %v", r.Summary)
	}
}

// TestStays holds that it is told what could not be deleted, and that this fails
// nothing.
func TestStays(t *testing.T) {
	t.Parallel()
	f := &fake{stuck: true}
	_, r := asked(t, Options{Target: f.start(t)})
	got := unsteady.ReplaceAllString(strings.Join(r.Notes, "\n"), "RUN")
	const want = `not all that the run made is deleted; its names begin with RUN: the stream RUNsmoke stays: DELETE /streams/RUNsmoke was answered 500: {"code":"P6100","message":"It hangs."}`
	if diff := cmp.Diff(want, got); diff != "" || r.Status != report.Passes {
		t.Errorf("%s (-want +got):\n%s", r.Status, diff)
	}
}

// TestInterrupted holds that a run that is interrupted judges no more, deletes what it
// made, and says so.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	f := &fake{}
	n := 0
	f.health = func() {
		if n++; n == 3 { // smoke asks two times
			interrupt()
		}
	}
	target := f.start(t)
	r, err := Judge(ctx, Options{Target: target, Run: Patterns{"pulse-health/without-key", "accelerate-health/without-key"}, Parallel: 1})
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != report.Unjudged || r.Count(report.Error) != 2 || len(f.deleted) != 2 {
		t.Errorf("%s: %v, deleted %v", r.Status, r.Summary, f.deleted)
	}
	if diff := cmp.Diff([]string{"the run was interrupted"}, r.Problems); diff != "" {
		t.Error(diff)
	}
	if _, err := Judge(ctx, Options{Target: target}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted before the first case: %v", err)
	}
}

// TestSmokeWaits holds that tables which were made a moment ago may be seen a moment
// later, and a second environment is asked for its own.
func TestSmokeWaits(t *testing.T) {
	t.Parallel()
	late := fake{late: 2 * len(tables)}
	target := late.start(t)
	target.OtherAPIKey = fakeOtherKey
	got, _ := asked(t, Options{Target: target, DatabaseURL: "postgres://localhost/x"})
	const want = "Pulse answers\nwhat answers is Pulse\nPulse takes the key\nAccelerate answers\nwhat answers is Accelerate\nAccelerate takes the key\n" +
		"the tables of the cases are there\na stream can be made\na row can be written\nthe row comes out of Pulse\nthe other key is that of another database\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestInterruptedUnread holds that a case which an interruption meets before it is read is
// no fault of the suite's.
func TestInterruptedUnread(t *testing.T) {
	t.Parallel()
	cases, err := Cases()
	if err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	if got := cases[0].Run(ctx, Target{}, 1); got.Verdict != report.Error || got.Reason != report.Interrupted {
		t.Errorf("%s: %s; expected %s: %s", got.Verdict, got.Reason, report.Error, report.Interrupted)
	}
}

// TestRefusedKnown holds that of known failures nothing is said where nothing was judged.
func TestRefusedKnown(t *testing.T) {
	t.Parallel()
	deaf := fake{deaf: true}
	_, r := asked(t, Options{Target: deaf.start(t), Known: Known{{Pattern: "pulse-health", Reason: "ill", Line: 1}}})
	if len(r.Smoke) == 0 || len(r.Notes)+len(r.Problems) > 0 {
		t.Errorf("smoke found %v; notes %q, problems %q; expected none", r.Smoke, r.Notes, r.Problems)
	}
}
