package runner_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/exchange"
)

// noted are the codes and messages of a result's diagnostics.
func noted(r *runner.Result) []string {
	var list []string
	for _, d := range r.Diagnostics {
		list = append(list, d.Severity+" "+d.Code+": "+d.Message)
	}
	return list
}

// TestConnectionsThatOthersCanRead holds the warnings of S-231.
func TestConnectionsThatOthersCanRead(t *testing.T) {
	t.Parallel()
	insecure := runner.Options{TLS: exchange.TLS{Insecure: []exchange.Host{parseHost(t, "api.test")}}}
	with := func(o runner.Options, credential string) runner.Options {
		o.Credentials = map[string]string{credential: "k3y-of-mine"}
		return o
	}
	const keyed, plain = "  - {stepId: s, operationId: keyInQuery}\n", "  - {stepId: s, operationId: listThings}\n"
	const warning = "plain-http: credentials go to api.test over http: anybody on the way can read them"
	for _, test := range []struct {
		name, server, steps string
		options             runner.Options
		want                []string
	}{
		{"a credential", "http://api.test/v1", keyed + "  - {stepId: t, operationId: keyInQuery}\n", with(runner.Options{}, "queryKey"), []string{warning}},
		{"a header of the step", "http://api.test", "  - {stepId: s, operationId: listThings, parameters: [{name: Authorization, in: header, value: x}]}\n", runner.Options{}, []string{warning}},
		{"a token that is fetched elsewhere", "https://api.test", "  - {stepId: s, operationId: oauth}\n", runner.Options{Credentials: map[string]string{"oauth.clientId": "a", "oauth.clientSecret": "b", "oauth.tokenUrl": "http://login.test/token"}}, []string{"plain-http: credentials go to login.test over http: anybody on the way can read them"}},
		{"a key of the step in a parameter without such a name", "http://api.test", "  - {stepId: s, operationId: keyInQuery, parameters: [{name: key, in: query, value: x}]}\n", runner.Options{}, []string{warning}},
		{"a user", "http://me:pw@api.test", plain, runner.Options{}, []string{warning}},
		{"no credential", "http://api.test", plain, runner.Options{}, nil},
		{"https", "https://api.test", keyed, with(runner.Options{}, "queryKey"), nil},
		{"this machine", "http://127.0.0.2", keyed, with(runner.Options{}, "queryKey"), nil},
		{"this machine by name", "http://api.localhost", keyed, with(runner.Options{}, "queryKey"), nil},
		{"this machine in IPv6", "http://[::1]:8080", keyed, with(runner.Options{}, "queryKey"), nil},
		{"not verified", "https://api.test:8443", keyed + "  - {stepId: t, operationId: listThings}\n", with(insecure, "queryKey"), []string{"unverified-server: the certificate of api.test:8443 is not verified: anybody on the way can read and change what is sent"}},
		{"another one is not verified", "https://www.api.test", plain, insecure, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, d := range load(t, steps(test.steps), test.server, test.options).Diagnostics {
				if d.Code == "plain-http" || d.Code == "unverified-server" {
					got = append(got, d.Code+": "+d.Message)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func parseHost(t *testing.T, text string) exchange.Host {
	t.Helper()
	host, err := exchange.ParseHost(text)
	if err != nil {
		t.Fatal(err)
	}
	return host
}

// redirecting is an API that redirects from its things to /end, and tells there what
// it was sent.
func redirecting(t *testing.T, status int, to string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/end" {
			fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.RawQuery, r.Header.Get("X-Key"))
			return
		}
		w.Header().Set("Location", strings.Replace(to, "HOST", r.Host, 1))
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestWhichRedirectsAreFollowed holds that an answer that a step is about is its
// answer, and no other redirect ever makes a step succeed.
func TestWhichRedirectsAreFollowed(t *testing.T) {
	t.Parallel()
	const s = "  - {stepId: s, operationId: listThings"
	for _, test := range []struct {
		name, step string
		want       int
	}{
		{"nothing asks for it", s + "}", 200},
		{"errors alone are asked for", s + ", successCriteria: [{condition: $statusCode < 400}]}", 200},
		{"another number", s + ", successCriteria: [{condition: $statusCode == 200 || $response.body != '302'}]}", 302},
		{"a number without the status", s + ", successCriteria: [{condition: $response.body != '302'}]}", 200},
		{"the status is asked for", s + ", successCriteria: [{condition: $statusCode == 302}]}", 302},
		{"the range is asked for", s + ", successCriteria: [{condition: $statusCode >= 300 && $statusCode < 400}]}", 302},
		{"a pattern that fits", s + ", successCriteria: [{context: $statusCode, type: regex, condition: '^30[12]$'}]}", 302},
		{"a pattern that does not", s + ", successCriteria: [{context: $statusCode, type: regex, condition: '^2'}]}", 200},
		{"an action asks for it", s + ", onSuccess: [{name: a, type: end, criteria: [{condition: $statusCode == 302}]}]}", 302},
		{"a failure action asks for it", s + ", onFailure: [{name: a, type: end, criteria: [{condition: $statusCode == 303}]}]}", 302},
		{"its place is asked for", s + ", outputs: {to: $response.header.location}}", 302},
		{"another header is asked for", s + ", outputs: {to: $response.header.Content-Length}}", 200},
		{"the operation declares it", "  - {stepId: s, operationId: moved}", 302},
		{"the operation declares the range", "  - {stepId: s, operationId: movedSomehow}", 302},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := load(t, steps(test.step+"\n"), redirecting(t, 302, "/end"), runner.Options{}).Run(t.Context())
			if got := r.Workflows[0].Steps[0].Attempts[0].Response.Status; got != test.want || r.Status != runner.Succeeded {
				t.Errorf("the answer has %d, and the run %s", got, told(r))
			}
		})
	}
}

// TestRedirectsAreTold holds what a result says of them.
func TestRedirectsAreTold(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, step, to string
		status         int
		want           []string
	}{
		{"followed", "keyInQuery", "/end?x=1", 302, []string{"succeeded, exit 0", "HOST/end?x=1 GET x=1 ", "info redirected: HOST/key/query?key=*** redirected with 302 to HOST/end?x=1"}},
		{"followed with a key", "keyInHeader", "/end", 302, []string{"succeeded, exit 0", "HOST/end GET  ***", "info redirected: HOST/key/header redirected with 302 to HOST/end"}},
		{"to another host with a key of the step", "keyInHeader, parameters: [{name: X-Key, in: header, value: my-own}]", "http://localhost:PORT/end", 302, []string{"succeeded, exit 0", "http://localhost:PORT/end GET  ", "info redirected: HOST/key/header redirected with 302 to http://localhost:PORT/end"}},
		{"to another host with a key", "keyInQuery", "http://localhost:PORT/end?key=k3y-of-mine&y=2", 303, []string{"succeeded, exit 0", "http://localhost:PORT/end?y=2 GET y=2 ", "info redirected: HOST/key/query?key=*** redirected with 303 to http://localhost:PORT/end?y=2"}},
		{
			"not followed", "listThings", "ftp://x.test/", 302,
			[]string{
				"failed, exit 1, redirect-not-followed: the server redirects with 302 to ftp://x.test/, which is not followed: it is no http or https URL", "", " <nil>",
				`error redirect-not-followed: the step "s" failed: the server redirects with 302 to ftp://x.test/, which is not followed: it is no http or https URL`,
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/end" {
					fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.RawQuery, r.Header.Get("X-Key"))
					return
				}
				_, port, _ := strings.Cut(r.Host, ":")
				w.Header().Set("Location", strings.Replace(test.to, "PORT", port, 1))
				w.WriteHeader(test.status)
			}))
			t.Cleanup(server.Close)
			o := runner.Options{Credentials: map[string]string{"queryKey": "k3y-of-mine", "headerKey": "k3y-of-mine"}}
			r := load(t, steps("  - {stepId: s, operationId: "+test.step+"}\n"), server.URL, o).Run(t.Context())
			answer := r.Workflows[0].Steps[0].Attempts[0].Response
			got := []string{told(r), strings.TrimPrefix(fmt.Sprintf("%s %v", answer.URL, answer.Body), "")}
			if answer.URL == "" {
				got = []string{told(r), "", got[1]}
			}
			for _, line := range noted(r) {
				if !strings.Contains(line, "unused-credential") {
					got = append(got, line)
				}
			}
			port := strings.TrimPrefix(server.URL, "http://127.0.0.1:")
			for i := range got {
				got[i] = strings.NewReplacer(server.URL, "HOST", port, "PORT").Replace(got[i])
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestBodiesThatAreNotWhatTheySay holds that each is told, and nothing in it is
// replaced (S-206).
func TestBodiesThatAreNotWhatTheySay(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, media, body string
		want              string
	}{
		{"JSON", "application/json", `{"a": "ö"}`, "map[a:ö] []"},
		{"JSON in Latin 1", "application/json; charset=iso-8859-1", "{\"a\": \"\xf6\"}", "map[a:ö] []"},
		{"JSON in UTF-16", "application/json", "\xfe\xff\x00[\x00]", "[] []"},
		{"no JSON", "application/json", "<html>", `<html> [warning undecodable-body: the response of the step "s" is said to be application/json, and is not: it is no JSON: invalid character '<' looking for beginning of value]`},
		{"JSON that is no UTF-8", "application/problem+json", "{\"a\": \"\xf6\"}", `map[base64:[123 34 97 34 58 32 34 246 34 125]] [warning undecodable-body: the response of the step "s" is said to be application/problem+json, and is not: its byte no. 8, 0xf6, is no UTF-8]`},
		{"a text in an unknown charset", "text/plain; charset=x", "a", `a [warning undecodable-body: the response of the step "s" is said to be text/plain; charset=x, and is not: its charset "x" is not known]`},
		{"bytes", "application/octet-stream", "\xff", "map[base64:[255]] []"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := handle(t, func(w http.ResponseWriter, _ *http.Request, _ <-chan struct{}) {
				w.Header().Set("Content-Type", test.media)
				fmt.Fprint(w, test.body)
			})
			r := load(t, steps(oneStep), server, runner.Options{}).Run(t.Context())
			notes := slices.DeleteFunc(noted(r), func(n string) bool { return !strings.Contains(n, "undecodable") })
			if got := fmt.Sprint(r.Workflows[0].Steps[0].Attempts[0].Response.Body, " ", notes); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestUntrustedServer holds that what failed in the handshake counts as unreached,
// with the next move.
func TestUntrustedServer(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	host := strings.TrimPrefix(server.URL, "https://")
	r := load(t, steps(oneStep), server.URL, runner.Options{}).Run(t.Context())
	wantTold(t, r, "failed, exit 3, untrusted-server: the certificate of "+host+" is signed by an authority that is not known")
	if fix := r.Diagnostics[0].Fix; fix != "give the authority's certificate: --ca-cert FILE; for a test alone: --insecure "+host {
		t.Errorf("the fix is %s", fix)
	}
	trusting := runner.Options{TLS: exchange.TLS{Insecure: []exchange.Host{parseHost(t, host)}}}
	wantTold(t, load(t, steps(oneStep), server.URL, trusting).Run(t.Context()), "failed, exit 1")
}
