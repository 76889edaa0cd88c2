package link

import (
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestServer resolves the server that a description declares (S-028).
func TestServer(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, location, servers, want string }{
		{"absolute", "api.yml", "[{url: 'https://a.example/v1'}]", "https://a.example/v1"},
		{"the first", "api.yml", "[{url: 'https://a.example'}, {url: 'https://b.example'}]", "https://a.example"},
		{"variables", "api.yml", "[{url: 'https://{host}.example', variables: {host: {default: b}}}]", "https://b.example"},
		{"a variable without a default", "api.yml", "[{url: 'https://{host}.example'}]", "error"},
		{"relative, from disk", "dir/api.yml", "[{url: /v1}]", "/v1"},
		{"relative, from the web", "https://c.example/specs/api.yml", "[{url: ../v1}]", "https://c.example/v1"},
		{"relative, in a description that gives itself another name", "https://c.example/specs/api.yml", "[{url: v1}]\n$self: https://d.example/x/api.yml", "https://c.example/specs/v1"},
		{"none, from the web", "https://c.example/specs/api.yml", "[]", "https://c.example/"},
		{"none, from disk", "api.yml", "[]", "/"},
		{"credentials stay where they are", "https://u:p@c.example/api.yml", "[{url: v1}]", "https://c.example/v1"},
		{"no URL", "https://c.example/api.yml", "[{url: 'http://[x'}]", "http://[x"},
		{"a location that is none", "http://[x/api.yml", "[{url: /v1}]", "/v1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			file := &source.File{Name: test.location, Text: "openapi: 3.2.0\ninfo: {title: A, version: 1.0.0}\nservers: " + test.servers +
				"\npaths: {/a: {get: {operationId: a, responses: {'200': {description: A}}}}}\n"}
			api, found := openapi.Load(file, nil)
			if found.Failed() {
				t.Fatal(found)
			}
			operation, _ := api.Operation("a")
			if operation == nil {
				t.Fatal("no operation")
			}
			s := &Step{Source: &description.Source{Location: test.location, File: file}, Operation: operation}
			got, err := s.Server(nil)
			if err != nil {
				got = "error"
			}
			if got != test.want {
				t.Errorf("got %s (%v), want %s", got, err, test.want)
			}
		})
	}
}

// TestServerElsewhere resolves a relative server where it stands: a path item may
// be in another file.
func TestServerElsewhere(t *testing.T) {
	t.Parallel()
	own := &source.File{Name: "https://c.example/api.yml"}
	other := &source.File{URI: "https://d.example/paths/a.yml"}
	s := &Step{
		Source:    &description.Source{Location: own.Name, File: own},
		Operation: &openapi.Operation{Servers: []*openapi.Server{{URL: "v1", Position: source.Position{File: other}}}},
	}
	if got, err := s.Server(nil); got != "https://d.example/paths/v1" || err != nil {
		t.Errorf("got %s, %v", got, err)
	}
}

// TestServerVariables holds that what names the source goes first.
func TestServerVariables(t *testing.T) {
	t.Parallel()
	given := ServerVariables{"region": "us", "pets.region": "eu", "outer.pets.region": "asia"}
	for want, names := range map[string][]string{"eu": {"pets", "outer.pets"}, "asia": {"other", "outer.pets"}, "us": {"shop"}} {
		if got, ok := given.Of(names)("region"); got != want || !ok {
			t.Errorf("for %s: %s", names, got)
		}
	}
	if _, ok := given.Of([]string{"pets"})("port"); ok {
		t.Error("a variable that was not given was found")
	}
}
