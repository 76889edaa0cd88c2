package runner_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/exchange"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// shop is an API that gives tokens, each another, at /token, and answers with the
// header Authorization of what else it is asked.
type shop struct {
	url    string
	tokens atomic.Int64
	// entered is told of each request for a token, which waits for leave.
	entered, leave chan struct{}
}

func openShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{entered: make(chan struct{}, 1000), leave: make(chan struct{})}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path != "/token" {
			fmt.Fprintf(w, `{"authorization": %q}`, r.Header.Get("Authorization"))
			return
		}
		if err := r.ParseForm(); err != nil { // until it is read, that the client has gone is not seen
			t.Error(err)
		}
		n := s.tokens.Add(1)
		s.entered <- struct{}{}
		select {
		case <-s.leave:
		case <-r.Context().Done():
		}
		fmt.Fprintf(w, `{"access_token": "t0ken-%d-end", "expires_in": 3600}`, n)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

var client = map[string]string{"oauth.clientId": "shop", "oauth.clientSecret": "s3cret-value"}

// asJSON is a result as JSON.
func asJSON(t *testing.T, r *runner.Result) string {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTokensOfManyRuns runs one plan fifty times at once: each run has a token of
// its own, fetched once, and no report shows one.
func TestTokensOfManyRuns(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	close(s.leave)
	plan := load(t, steps("  - {stepId: a, operationId: oauth, outputs: {seen: $response.body#/authorization}}\n  - {stepId: b, operationId: oauth}\n"), s.url, runner.Options{Credentials: client})
	const runs = 50
	var all sync.WaitGroup
	for range runs {
		all.Go(func() {
			r := plan.Run(t.Context())
			wantTold(t, r, "succeeded, exit 0")
			text := asJSON(t, r)
			if strings.Contains(text, "t0ken") || strings.Contains(text, "s3cret") || !strings.Contains(text, `"seen":"Bearer ***"`) {
				t.Errorf("the report is %s", text)
			}
		})
	}
	all.Wait()
	if got := s.tokens.Load(); got != runs {
		t.Errorf("%d tokens were fetched for %d runs", got, runs)
	}
}

// TestTokenOfParallelWorkflows has workflows that run side by side wait for one
// token.
func TestTokenOfParallelWorkflows(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	document := head + "workflows:\n"
	for i := range 8 {
		document += fmt.Sprintf("- {workflowId: w%d, steps: [{stepId: s, operationId: oauth}]}\n", i)
	}
	plan := load(t, document, s.url, runner.Options{Credentials: client, Parallel: 8})
	go func() {
		<-s.entered
		close(s.leave)
	}()
	r := plan.Run(t.Context())
	wantTold(t, r, "succeeded, exit 0")
	if got := s.tokens.Load(); got != 1 || len(r.Diagnostics) != 1 || r.Diagnostics[0].Code != "token-fetched" {
		t.Errorf("%d tokens were fetched: %v", got, r.Diagnostics)
	}
}

// TestInterruptedFetch ends a run that waits for a token.
func TestInterruptedFetch(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-s.entered
		cancel()
	}()
	r := load(t, steps("  - {stepId: s, operationId: oauth}\n"), s.url, runner.Options{Credentials: client}).Run(ctx)
	if r.Outcome() != runner.OutcomeInterrupted {
		t.Errorf("got %s", told(r))
	}
}

// TestSlowToken holds that a fetch takes no longer than a step may.
func TestSlowToken(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	plan := load(t, steps("  - {stepId: s, operationId: oauth}\n"), s.url, runner.Options{Credentials: client, StepTimeout: 1e6})
	wantTold(t, plan.Run(t.Context()), fmt.Sprintf(`failed, exit 1, no-token: the request was not sent: no token for the security scheme "oauth": %s/token gave none within 1ms`, s.url))
}

// TestTokenWithinTimeout holds that a step's own timeout covers the wait for a token.
func TestTokenWithinTimeout(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	document := strings.Replace(steps("  - {stepId: s, operationId: oauth, timeout: 1}\n"), "1.0.1", "1.1.0", 1)
	plan := load(t, document, s.url, runner.Options{Credentials: client})
	wantTold(t, plan.Run(t.Context()), "failed, exit 1, timeout: it was not over within 1ms, the step's own timeout")
}

// twoSources has two sources of the same description.
const twoSources = `arazzo: 1.0.1
info: {title: t, version: v}
sourceDescriptions: [{name: api, url: api.yml}, {name: other, url: api.yml}]
workflows:
- workflowId: w
  steps:
  - {stepId: s, operationId: $sourceDescriptions.api.keyInHeader}
  - {stepId: t, operationId: $sourceDescriptions.other.keyInHeader}
`

// TestSharedCredential warns of a credential that goes to two servers because two
// sources have schemes of one name.
func TestSharedCredential(t *testing.T) {
	t.Parallel()
	const a, b = "http://127.0.0.1:1", "http://127.0.0.1:2"
	for _, test := range []struct {
		name        string
		credentials map[string]string
		other       string
		want        []string
	}{
		{"one name", map[string]string{"headerKey": "k"}, b, []string{`shared-credential: the credential "headerKey" goes to the APIs of two sources, "api" at 127.0.0.1:1 and "other" at 127.0.0.1:2`}},
		{"one name at one server", map[string]string{"headerKey": "k"}, a + "/base", nil},
		{"names apart", map[string]string{"api.headerKey": "k", "other.headerKey": "l"}, b, nil},
		{"one for all others", map[string]string{"api.headerKey": "k", "headerKey": "l"}, b, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			write(t, folder, nil)
			plan, err := runner.Parse(t.Context(), &source.File{Name: folder + "/workflow.yml", Text: twoSources}, runner.Options{
				Credentials: test.credentials, Servers: map[string]string{"api": a, "other": test.other},
			})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range plan.Diagnostics {
				got = append(got, d.Code+": "+d.Message)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestAlternatives holds which alternative of an operation's security is taken, and
// what goes over the wire (S-088).
func TestAlternatives(t *testing.T) {
	t.Parallel()
	const own = "  - {stepId: s, operationId: %s, parameters: [{name: %s, in: %s, value: own}]}\n"
	all := map[string]string{"headerKey": "k1", "queryKey": "k2", "cookieKey": "k3", "bearer": "t"}
	for _, test := range []struct {
		name, step  string
		credentials map[string]string
		// want is the request without what every one has, or why there is none.
		want string
	}{
		{"the first that can be met", "  - {stepId: s, operationId: either}\n", all, "/either X-Key=k1"},
		{"the second, when the first cannot be", "  - {stepId: s, operationId: either}\n", map[string]string{"bearer": "t"}, "/either Authorization=Bearer t"},
		{"the one that the step meets itself", fmt.Sprintf(own, "either", "AUTHORIZATION", "header"), all, "/either Authorization=own"},
		{"one half by the step", fmt.Sprintf(own, "both", "key", "query"), all, "/both?key=own X-Key=k1"},
		{"one half by the step, and no other", fmt.Sprintf(own, "both", "key", "query"), map[string]string{"queryKey": "k"}, "missing-credential"},
		{"a cookie beside the step's own", fmt.Sprintf(own, "keyInCookie", "Cookie", "header"), all, "/key/cookie Cookie=own; key=k3"},
		{"a cookie that the step's header does not name", fmt.Sprintf(own, "keyInCookie", "Cookie", "header"), nil, "missing-credential"},
		{"a cookie in the step's header", "  - {stepId: s, operationId: keyInCookie, parameters: [{name: Cookie, in: header, value: a=b; key=own}]}\n", nil, "/key/cookie Cookie=a=b; key=own"},
		{"a cookie in a header that is not known", "  - {stepId: s, operationId: keyInCookie, parameters: [{name: Cookie, in: header, value: $inputs.name}]}\n", nil, "/key/cookie Cookie=key=n"},
		{"nothing, when nothing is given", "  - {stepId: s, operationId: anonymous}\n", nil, "/anonymous"},
		{"a credential before nothing", "  - {stepId: s, operationId: anonymous}\n", all, "/anonymous Authorization=Bearer t"},
		{"a credential that cannot be used is not passed over", "  - {stepId: s, operationId: anonymous}\n", map[string]string{"bearer": "t\n"}, "wrong-credential"},
		{"a scheme that is not defined", "  - {stepId: s, operationId: undefinedScheme}\n", all, "/undefined"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got string
			server := handle(t, func(_ http.ResponseWriter, r *http.Request, _ <-chan struct{}) { got = wire(r) })
			folder := t.TempDir()
			write(t, folder, nil)
			plan, err := runner.Parse(t.Context(), &source.File{Name: folder + "/workflow.yml", Text: steps(test.step)}, runner.Options{
				Credentials: test.credentials, Servers: map[string]string{"api": server}, Inputs: map[string]any{"name": "key=n"},
			})
			for _, d := range source.Of(err) {
				if d.Severity == source.Error {
					got += d.Code
				}
			}
			if err == nil {
				wantTold(t, plan.Run(t.Context()), "succeeded, exit 0")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// wire is a request's URI and its headers beside those that every request has.
func wire(r *http.Request) string {
	var b bytes.Buffer
	b.WriteString(r.RequestURI)
	var names []string
	for name := range r.Header {
		if !slices.Contains([]string{"Accept", "Accept-Encoding", "User-Agent"}, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&b, " %s=%s", name, strings.Join(r.Header[name], "|"))
	}
	return b.String()
}

// TestTokenPlace holds where tokens are fetched: a tokenUrl that is relative is so to
// the API's server, also to the slash at its end.
func TestTokenPlace(t *testing.T) {
	t.Parallel()
	api, err := os.ReadFile("testdata/api.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ server, location, want string }{
		{"", "/token", "/token"},
		{"/v1", "/token", "/token"},
		{"/v1/", "token", "/v1/token"},
		{"/v1", "token", "/token"},
		{"/v1/", "../token?a=b", "/token?a=b"},
	} {
		t.Run(test.server+" "+test.location, func(t *testing.T) {
			t.Parallel()
			var asked []string
			server := handle(t, func(w http.ResponseWriter, r *http.Request, _ <-chan struct{}) {
				if r.Method == http.MethodPost {
					asked = append(asked, r.RequestURI)
					fmt.Fprint(w, "access_token=t0ken-one")
				}
			})
			folder := t.TempDir()
			write(t, folder, map[string]string{"api.yml": strings.ReplaceAll(string(api), "tokenUrl: /token", "tokenUrl: '"+test.location+"'")})
			plan, err := runner.Parse(t.Context(), &source.File{Name: folder + "/workflow.yml", Text: steps("  - {stepId: s, operationId: oauth}\n")}, runner.Options{
				Credentials: client, Servers: map[string]string{"api": server + test.server},
			})
			if err != nil {
				t.Fatal(err)
			}
			wantTold(t, plan.Run(t.Context()), "succeeded, exit 0")
			if diff := cmp.Diff([]string{test.want}, asked); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestClientCertificate meets mutual TLS with a certificate that the server asks
// for, and refuses to send where there is none for it (S-088).
func TestClientCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	server.StartTLS()
	t.Cleanup(server.Close)
	here := parseHost(t, strings.TrimPrefix(server.URL, "https://"))
	certificate := func(host exchange.Host) runner.Options {
		return runner.Options{TLS: exchange.TLS{
			Insecure:     []exchange.Host{here},
			Certificates: []exchange.ClientCertificate{{Host: host, Certificate: server.TLS.Certificates[0]}},
		}}
	}
	const step = "  - {stepId: s, operationId: client}\n"
	wantTold(t, load(t, steps(step), server.URL, certificate(here)).Run(t.Context()), "succeeded, exit 0")
	wantTold(t, load(t, steps(step), server.URL, certificate(exchange.Host{})).Run(t.Context()), "succeeded, exit 0")
	for _, test := range []struct {
		name, server string
		options      runner.Options
	}{
		{"no certificate", server.URL, runner.Options{}},
		{"one for another host", server.URL, certificate(parseHost(t, "elsewhere.test"))},
		{"a server without TLS", "http://" + here.String(), certificate(here)},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			write(t, folder, nil)
			o := test.options
			o.Servers = map[string]string{"api": test.server}
			_, err := runner.Parse(t.Context(), &source.File{Name: folder + "/workflow.yml", Text: steps(step)}, o)
			found := source.Of(err)
			found = slices.DeleteFunc(found, func(d *source.Diagnostic) bool { return d.Code == "unused-host" })
			if len(found) == 0 || found[0].Code != "missing-credential" {
				t.Fatal(err)
			}
			if want := "for certificate: --client-cert [HOST=]FILE, and a server with https"; found[0].Fix != want {
				t.Errorf("the fix is %s", found[0].Fix)
			}
		})
	}
}

// TestOwnCredential holds that what a step itself gives is hidden where a security
// scheme has its place, whatever the parameter is called.
func TestOwnCredential(t *testing.T) {
	t.Parallel()
	server := handle(t, func(w http.ResponseWriter, r *http.Request, _ <-chan struct{}) {
		fmt.Fprint(w, "you are "+r.URL.Query().Get("key"))
	})
	plan := load(t, steps("  - {stepId: s, operationId: keyInQuery, parameters: [{name: key, in: query, value: $inputs.name}], outputs: {o: $response.body}}\n"), server, runner.Options{Inputs: map[string]any{"name": "hunter22"}})
	r := plan.Run(t.Context())
	step := r.Workflows[0].Steps[0]
	got := []any{step.Attempts[0].Request.URL, step.Attempts[0].Response.Body, step.Outputs["o"], r.Workflows[0].Outputs}
	want := []any{server + "/key/query?key=***", "you are ***", "you are ***", map[string]any{}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
