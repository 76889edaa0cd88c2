package published_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const checked = `openapi: 3.1.0
security: [{key: []}]
paths:
  /a/{id}/b:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    post:
      operationId: post
      parameters:
      - {name: q, in: query, required: true, schema: {type: string}}
      - {name: list, in: query, explode: false, schema: {type: array}}
      - {name: X-A, in: header, required: true, schema: {type: string}}
      requestBody: {content: {application/json: {}, application/x-www-form-urlencoded: {}, multipart/form-data: {}, text/plain: {}}}
components: {securitySchemes: {key: {type: apiKey, in: query, name: k}}}
`

// TestTheChecksSayNo changes a request that is right in every way in which one can be
// wrong: each has to be found.
func TestTheChecksSayNo(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "api.yml")
	if err := os.WriteFile(path, []byte(checked), 0o644); err != nil {
		t.Fatal(err)
	}
	op := (&descriptions{map[string]*description{}}).read(path).operations["post"][0]
	want := request{
		step: &step{source: "api", operation: op}, mediaType: "application/json", hasBody: true,
		parameters: []parameter{{"id", "path", "x y/z"}, {"q", "query", "&=é"}, {"list", "query", []any{"1", json.Number("2")}}, {"X-A", "header", "v"}},
		body:       map[string]any{"n": json.Number("1.0"), "l": []any{nil, map[string]any{"m": "t"}}},
	}
	const uri = "/api/a/x%20y%2Fz/b?q=%26%3D%C3%A9&list=1,2&k=caller%3Acredential"
	right := func() sent {
		return sent{"POST", uri, http.Header{"X-A": {"v"}, "Content-Type": {"application/json"}}, []byte(`{"l":[null,{"m":"t"}],"n":1}`)}
	}
	if found := want.check(right()); len(found) > 0 {
		t.Errorf("what is right is wrong: %q", found)
	}
	replaced := func(old, with string) func(*sent) {
		return func(s *sent) { s.uri = strings.Replace(s.uri, old, with, 1) }
	}
	content := func(mediaType, body string) func(*sent) {
		return func(s *sent) { s.header.Set("Content-Type", mediaType); s.body = []byte(body) }
	}
	for _, test := range []struct {
		name   string
		mutate func(*sent)
		want   string
	}{
		{"another method", func(s *sent) { s.method = "PUT" }, "the method is PUT, want POST"},
		{"another segment", replaced("x%20y", "x+y"), `the segment {id} of /a/{id}/b is "x+y/z", want "x y/z"`},
		{"a segment too many", replaced("%2F", "/"), "the path /api/a/x%20y/z/b does not match /a/{id}/b"},
		{"another source", replaced("/api", "/other"), "the path /other/a/x%20y%2Fz/b does not match /a/{id}/b"},
		{"no query", replaced("q=%26%3D%C3%A9&", ""), "the query is map[list:[1,2]], want map[list:[1,2] q:[&=é]]"},
		{"a query too many", replaced("?", "?z=1&"), "the query is map[list:[1,2] q:[&=é] z:[1]], want map[list:[1,2] q:[&=é]]"},
		{"a list that is exploded", replaced("list=1,2", "list=1&list=2"), "the query is map[list:[1 2] q:[&=é]], want map[list:[1,2] q:[&=é]]"},
		{"another credential", replaced("credential", "other"), "the query is map[k:[caller:other] list:[1,2] q:[&=é]], want map[list:[1,2] q:[&=é]]"},
		{"no credential", replaced("&k=caller%3Acredential", ""), "no alternative of the security requirements is met"},
		{"another header", func(s *sent) { s.header.Set("X-A", "w") }, `the header X-A is "w", want "v"`},
		{"no header", func(s *sent) { s.header.Del("X-A") }, "the required header parameter X-A is missing"},
		{"another media type", content("text/json", "{}"), `the body is "text/json", want "application/json"`},
		{"no body", func(s *sent) { s.body = nil }, `the body is , want {"l":[null,{"m":"t"}],"n":1.0}`},
		{"another member", content("application/json", `{"l":[null,{"m":"u"}],"n":1}`), `the body is {"l":[null,{"m":"u"}],"n":1}, want {"l":[null,{"m":"t"}],"n":1.0}`},
		{"another type", content("application/json", `{"l":[null,{"m":"t"}],"n":"1"}`), `the body is {"l":[null,{"m":"t"}],"n":"1"}, want {"l":[null,{"m":"t"}],"n":1.0}`},
		{"a member too many", content("application/json", `{"l":[null,{"m":"t"}],"n":1,"o":0}`), `the body is {"l":[null,{"m":"t"}],"n":1,"o":0}, want {"l":[null,{"m":"t"}],"n":1.0}`},
	} {
		got := right()
		test.mutate(&got)
		if found := strings.Join(want.check(got), "; "); !strings.Contains(found, test.want) {
			t.Errorf("%s: found %q, want %q", test.name, found, test.want)
		}
	}
	if found := (request{step: want.step, parameters: want.parameters}).check(right()); len(found) != 1 {
		t.Errorf("a body that is not wanted: %q", found)
	}
}

// TestTheChecksOfBodies has bodies of the other types, each right and wrong.
func TestTheChecksOfBodies(t *testing.T) {
	t.Parallel()
	value := map[string]any{"a": "x y", "b": map[string]any{"c": json.Number("1")}, "l": []any{"1", "2"}, "o": []any{map[string]any{"p": true}}, "n": nil}
	parts := func(a, b string) string {
		return strings.NewReplacer("\n", "\r\n").Replace("--B\nContent-Disposition: form-data; name=\"a\"\n\n" + a +
			"\n--B\nContent-Disposition: form-data; name=\"b\"\n\n" + b + "\n--B--\n")
	}
	for _, test := range []struct {
		name, mediaType, body string
		value                 any
		right                 bool
	}{
		{"a form", "application/x-www-form-urlencoded", "a=x+y&b%5Bc%5D=1&l=1&l=2&o%5B0%5D%5Bp%5D=true", value, true},
		{"a form in another order", "application/x-www-form-urlencoded", "l=1&l=2&o[0][p]=true&a=x%20y&b[c]=1", value, true},
		{"a form without brackets", "application/x-www-form-urlencoded", "a=x+y&c=1&l=1&l=2&o[0][p]=true", value, false},
		{"a form with a list turned round", "application/x-www-form-urlencoded", "a=x+y&b[c]=1&l=2&l=1&o[0][p]=true", value, false},
		{"a form with a null", "application/x-www-form-urlencoded", "a=x+y&b[c]=1&l=1&l=2&o[0][p]=true&n=", value, false},
		{"parts", "multipart/form-data; boundary=B", parts("1", `{"c":1}`), map[string]any{"a": "1", "b": map[string]any{"c": json.Number("1")}}, true},
		{"parts, one of them another", "multipart/form-data; boundary=B", parts("1", `{"c":2}`), map[string]any{"a": "1", "b": map[string]any{"c": json.Number("1")}}, false},
		{"parts without an end", "multipart/form-data; boundary=B", "--B\r\n", map[string]any{"a": "1"}, false},
		{"a text", "text/plain", "t", "t", true},
		{"another text", "text/plain", "T", "t", false},
	} {
		c := &comparison{request: request{mediaType: test.mediaType, hasBody: true, body: test.value}}
		c.content(test.mediaType, []byte(test.body))
		if right := len(c.problems) == 0; right != test.right {
			t.Errorf("%s: %q", test.name, c.problems)
		}
	}
}

// TestConditions judges conditions, and finds ways to make them so or not.
func TestConditions(t *testing.T) {
	t.Parallel()
	s := &state{
		inputs: map[string]any{"m": "gpt", "flag": true},
		answer: &answer{status: 201, body: map[string]any{
			"s": "done", "n": json.Number("2"), "l": []any{map[string]any{"id": "gpt"}}, "e": []any{}, "z": nil, "t": true,
		}},
	}
	got := map[string]bool{}
	want := map[string]bool{
		"$.s == \"done\"": true, "$.s == 'Done'": false, "$.s != \"done\"": false, "$.n > 1": true, "$.n >= 3": false, "$.n == 2.0": true,
		"$.l.length > 0": true, "$.e.length == 0": true, "$.e[0].x == null": true, "$.z != null": false, "$.t == true && $.n < 2": false,
		"$.s == \"a || b\" || $.t == true": true, "$.l[0].id == 'gpt'": true, "$.l[?(@.id == '$inputs.m')]": true,
		"$.l[?(@.id == '$inputs.m')].length == 0": false, "$.l[?(@.id != 'gpt')]": false, "$.none > 0": false,
	}
	for text := range want {
		c, err := parseCondition(text, "$response.body")
		if err != nil {
			t.Fatal(err)
		}
		got[text] = c.holds(s)
		if len(c.ways(true)) == 0 || len(c.ways(false)) == 0 {
			t.Errorf("%s: there is no way to make it so, or not", text)
		}
	}
	simple := map[string]bool{"$statusCode == 201": true, "$statusCode == 200 || $statusCode == 201": true, "$inputs.flag == false": false, `$response.body#/s == "done"`: true}
	for text, holds := range simple {
		want[text] = holds
		c, err := parseCondition(text, "")
		if err != nil {
			t.Fatal(err)
		}
		got[text] = c.holds(s)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := parseCondition("$url == 'x'", ""); err == nil {
		t.Error("an operand that these documents do not have is read")
	}
}
