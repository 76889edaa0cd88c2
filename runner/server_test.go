package runner_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// sentTo loads a document that lies beside other files and runs it; it returns the
// URLs that were asked, or why nothing was.
func sentTo(t *testing.T, files map[string]string, o runner.Options) []string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if o.Sources != nil { // one that means the same description as the entry's
		o.Sources = map[string]string{"other.api": filepath.Join(folder, "a.yml")}
	}
	var asked []string
	o.Transport = transport(func(r *http.Request) (*http.Response, error) {
		asked = append(asked, r.URL.String())
		return nil, errors.New("this network goes nowhere")
	})
	plan, err := runner.Load(t.Context(), filepath.Join(folder, "w.yml"), o)
	if found := source.Of(err); found != nil {
		for _, d := range found {
			if d.Severity == source.Error {
				asked = append(asked, fmt.Sprintf("%s: %s; expected %s; next %s", d.Code, d.Message, d.Expected, d.Fix))
			}
		}
		return asked
	}
	plan.Run(t.Context())
	return asked
}

// TestWhichServer holds which server a request goes to (S-028, D18).
func TestWhichServer(t *testing.T) {
	t.Parallel()
	const (
		regions = "[{url: 'https://{region}.a.test:{port}/{base}/', variables: {region: {default: eu, enum: [eu, us]}, port: {default: '8443'}, base: {default: v1}}}]"
		three   = "openapi: 3.2.0\ninfo: {title: A, version: 1.0.0}\n"
	)
	api := func(root, path, operation string) string {
		return three + root + "paths:\n  /x:\n    " + path + "get: {operationId: x, " + operation + "responses: {'200': {description: A}}}\n"
	}
	swagger := func(root string) string {
		return "swagger: '2.0'\ninfo: {title: A, version: 1.0.0}\n" + root + "paths: {/x: {get: {operationId: x, responses: {'200': {description: A}}}}}\n"
	}
	given := func(pairs ...string) runner.Options {
		o := runner.Options{ServerVariables: map[string]string{}}
		for i := 0; i < len(pairs); i += 2 {
			o.ServerVariables[pairs[i]] = pairs[i+1]
		}
		return o
	}
	tests := []struct {
		name, api string
		options   runner.Options
		want      string
	}{
		{"of the description", api("servers: [{url: 'https://a.test/v1'}]\n", "", ""), given(), "https://a.test/v1/x"},
		{"of the path", api("servers: [{url: 'https://a.test/v1'}]\n", "servers: [{url: 'https://b.test'}]\n    ", ""), given(), "https://b.test/x"},
		{"of the operation", api("servers: [{url: 'https://a.test/v1'}]\n", "servers: [{url: 'https://b.test'}]\n    ", "servers: [{url: 'https://c.test'}], "), given(), "https://c.test/x"},
		{"an empty list says nothing", api("servers: [{url: 'https://a.test/v1'}]\n", "servers: []\n    ", "servers: [], "), given(), "https://a.test/v1/x"},
		{"the first of several", api("servers: [{url: 'https://a.test', name: live}, {url: 'https://b.test', name: test}]\n", "", ""), given(), "https://a.test/x"},
		{"slashes at its end", api("servers: [{url: 'https://a.test/v1//'}]\n", "", ""), given(), "https://a.test/v1/x"},
		{"characters that no URL can hold, beside an escape", api("servers: [{url: 'https://a.test/é %2Fx'}]\n", "", ""), given(), "https://a.test/%C3%A9%20%2Fx/x"},
		{"no path", api("servers: [{url: 'https://a.test'}]\n", "", ""), given(), "https://a.test/x"},
		{"as the caller says", api("servers: "+regions+"\n", "", "servers: [{url: 'https://c.test'}], "), runner.Options{Servers: map[string]string{"api": "http://localhost:8080/base/"}}, "http://localhost:8080/base/x"},

		{"defaults of variables", api("servers: "+regions+"\n", "", ""), given(), "https://eu.a.test:8443/v1/x"},
		{"variables", api("servers: "+regions+"\n", "", ""), given("region", "us", "base", "v2/beta", "port", "1"), "https://us.a.test:1/v2/beta/x"},
		{"variables of the source", api("servers: "+regions+"\n", "", ""), given("region", "eu", "api.region", "us", "base", ""), "https://us.a.test:8443/x"},
		{"of the enum", api("servers: "+regions+"\n", "", ""), given("region", "usa"), `wrong-server-variable: the variable "region" of the server of "api" cannot be "usa"; expected one of eu, us; next did you mean us?`},
		{"a misspelt variable", api("servers: "+regions+"\n", "", ""), given("regoin", "us"), `unknown-server-variable: --server-var gives the variable "regoin", which no server has that a step calls; expected one of api.base, api.port, api.region, base, port, region; next did you mean region?`},
		{"a variable of another source", api("servers: "+regions+"\n", "", ""), given("apo.region", "us"), `unknown-server-variable: --server-var gives the variable "apo.region", which no server has that a step calls; expected one of api.base, api.port, api.region, base, port, region; next did you mean api.region or region?`},
		{"a variable without a server", api("servers: [{url: 'https://a.test'}]\n", "", ""), given("region", "us"), `unknown-server-variable: --server-var gives the variable "region", which no server has that a step calls; expected a variable of a declared server, and no --server that takes its place; next `},
		{"a variable and a server", api("servers: "+regions+"\n", "", ""), runner.Options{Servers: map[string]string{"api": "http://a.test"}, ServerVariables: map[string]string{"region": "us"}}, `unknown-server-variable: --server-var gives the variable "region", which no server has that a step calls; expected a variable of a declared server, and no --server that takes its place; next `},
		{"a variable without a value", api("servers: [{url: 'https://{who}.test'}]\n", "", ""), given(), `no-server: it is not known where the API of "api" is: the server URL "https://{who}.test" has the variable "who", which has no default; give it with --server-var who=VALUE; expected an absolute http or https URL; next say where it is: --server api=URL`},
		{"a value makes it a query", api("servers: [{url: 'https://a.test/{v}', variables: {v: {default: v1}}}]\n", "", ""), given("v", "?a=b"), `no-server: it is not known where the API of "api" is: its server "https://a.test/?a=b" has a query or a fragment; expected an absolute http or https URL; next say where it is: --server api=URL`},

		{"a query", api("servers: [{url: 'https://a.test?a=b'}]\n", "", ""), given(), `no-server: it is not known where the API of "api" is: its server "https://a.test?a=b" has a query or a fragment; expected an absolute http or https URL; next say where it is: --server api=URL`},
		{"an empty query", api("servers: [{url: 'https://a.test/?'}]\n", "", ""), given(), `no-server: it is not known where the API of "api" is: its server "https://a.test/?" has a query or a fragment; expected an absolute http or https URL; next say where it is: --server api=URL`},
		{"another scheme", api("servers: [{url: 'ws://a.test'}]\n", "", ""), given(), `no-server: it is not known where the API of "api" is: its server is "ws://a.test"; expected an absolute http or https URL; next say where it is: --server api=URL`},
		{"relative, from disk", api("servers: [{url: /v1}]\n", "", ""), given(), `no-server: it is not known where the API of "api" is: its server is "/v1"; expected an absolute http or https URL; next say where it is: --server api=URL`},
		{"none", api("", "", ""), given(), `no-server: it is not known where the API of "api" is: its server is "/"; expected an absolute http or https URL; next say where it is: --server api=URL`},

		{"host and basePath of 2.0", swagger("host: a.test\nbasePath: /v1\nschemes: [wss, http, https]\n"), given(), "http://a.test/v1/x"},
		{"no scheme in 2.0", swagger("host: a.test\n"), given(), `no-server: it is not known where the API of "api" is: its server is "//a.test"; expected an absolute http or https URL; next say where it is: --server api=URL`},
		{"schemes of 2.0 that are none", swagger("host: a.test\nschemes: [ws]\n"), given(), `no-server: it is not known where the API of "api" is: its server is "ws://a.test"; expected an absolute http or https URL; next say where it is: --server api=URL`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			document := head + "workflows: [{workflowId: w, steps: [{stepId: s, operationId: x}]}]\n"
			got := sentTo(t, map[string]string{"w.yml": document, "api.yml": test.api}, test.options)
			if diff := cmp.Diff([]string{test.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestServersOfOtherDocuments holds that a source of another document is not the
// entry's of the same name: it is called by the name of the way to it.
func TestServersOfOtherDocuments(t *testing.T) {
	t.Parallel()
	api := func(host string) string {
		return "openapi: 3.1.0\ninfo: {title: A, version: 1.0.0}\nservers: [{url: 'http://{v}." + host + "', variables: {v: {default: v1}}}]\npaths: {/x: {get: {operationId: x, responses: {'200': {description: A}}}}}\n"
	}
	files := map[string]string{
		"w.yml": "arazzo: 1.0.1\ninfo: {title: t, version: v}\nsourceDescriptions: [{name: api, url: a.yml}, {name: other, url: other.yml, type: arazzo}]\n" +
			"workflows: [{workflowId: w, steps: [{stepId: s, workflowId: $sourceDescriptions.other.o}]}, {workflowId: v, steps: [{stepId: s, operationId: $sourceDescriptions.api.x}]}]\n",
		"other.yml": "arazzo: 1.0.1\ninfo: {title: t, version: v}\nsourceDescriptions: [{name: api, url: b.yml, type: openapi}]\nworkflows: [{workflowId: o, steps: [{stepId: s, operationId: x}]}]\n",
		"a.yml":     api("a.test"), "b.yml": api("b.test"),
	}
	for _, test := range []struct {
		name    string
		options runner.Options
		want    []string
	}{
		{"as declared", runner.Options{}, []string{"http://v1.b.test/x", "http://v1.a.test/x"}},
		{"a server of the entry's", runner.Options{Servers: map[string]string{"api": "http://c.test"}}, []string{"http://v1.b.test/x", "http://c.test/x"}},
		{"a server of the other's", runner.Options{Servers: map[string]string{"other.api": "http://c.test"}}, []string{"http://c.test/x", "http://v1.a.test/x"}},
		{"a variable of each", runner.Options{ServerVariables: map[string]string{"api.v": "v2", "other.api.v": "v3"}}, []string{"http://v3.b.test/x", "http://v2.a.test/x"}},
		{"a variable of both", runner.Options{ServerVariables: map[string]string{"v": "v2"}}, []string{"http://v2.b.test/x", "http://v2.a.test/x"}},
		{"what both mean", runner.Options{Servers: map[string]string{"api": "http://c.test"}, Sources: map[string]string{"other.api": "SAME"}}, []string{"http://c.test/x", "http://c.test/x"}},
		{"what both mean, at two places", runner.Options{Servers: map[string]string{"api": "http://c.test", "other.api": "http://d.test"}, Sources: map[string]string{"other.api": "SAME"}}, []string{"http://d.test/x", "http://c.test/x"}},
		{"variables of what both mean", runner.Options{ServerVariables: map[string]string{"api.v": "v2"}, Sources: map[string]string{"other.api": "SAME"}}, []string{"http://v2.a.test/x", "http://v2.a.test/x"}},
		{"a source that the other does not have", runner.Options{Servers: map[string]string{"other.apo": "http://c.test"}}, []string{`unknown-source: --server names the source "other.apo", which the document does not have; expected one of api, other, other.api; next did you mean other.api?`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, sentTo(t, files, test.options)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
