package accelerate

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/cache"
)

func TestReadEnvelope(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		body string
		want envelope
	}{
		{"query", `{"query":"{ a }"}`, envelope{query: "{ a }"}},
		{"variables keep their digits", `{"query":"{ a }","variables":{"n":9007199254740993}}`, envelope{query: "{ a }", variables: map[string]any{"n": json.Number("9007199254740993")}}},
		{"nulls", `{"query":"","variables":null,"extensions":null}`, envelope{}},
		{"null strategy", `{"query":"","extensions":{"cacheStrategy":null}}`, envelope{}},
		{
			"strategy", `{"query":"","extensions":{"cacheStrategy":{"ttl":60,"swr":60.0,"tags":["user_list","A1","A1"],"more":0},"other":1}}`,
			envelope{strategy: &cache.Strategy{TTL: time.Minute, SWR: time.Minute, Tags: []string{"user_list", "A1"}}},
		},
		{
			"strategy of more than a year", `{"query":"","extensions":{"cacheStrategy":{"ttl":31536001,"swr":1e300}}}`,
			envelope{strategy: &cache.Strategy{TTL: 365 * 24 * time.Hour, SWR: 365 * 24 * time.Hour}},
		},
		{"empty strategy", `{"query":"","extensions":{"cacheStrategy":{"tags":[]}}}`, envelope{strategy: &cache.Strategy{}}},
		{
			"batch", `{"batch":[{"query":"{ a }","variables":{"n":1}},{"query":"{ b }"}],"transaction":true,"isolationLevel":"Serializable"}`,
			envelope{batch: &batch{
				queries:       []envelope{{query: "{ a }", variables: map[string]any{"n": json.Number("1")}}, {query: "{ b }"}},
				isTransaction: true, isolation: "serializable",
			}},
		},
		{"other members", `{"query":"{ a }","operationName":"q"}`, envelope{query: "{ a }"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := readEnvelope([]byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&test.want, got, cmp.AllowUnexported(envelope{}, batch{})); diff != "" {
				t.Errorf("envelope (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadEnvelopeRefuses(t *testing.T) {
	t.Parallel()
	strategy := func(members string) string {
		return `{"query":"{ a }","extensions":{"cacheStrategy":` + members + `}}`
	}
	const path = "/extensions/cacheStrategy"
	for _, test := range []struct{ name, body, want string }{
		{"nothing", ``, `The body: expected JSON, found at line 1, column 1: unexpected end of JSON input.`},
		{"no JSON", "{\n  \"query\": x }", `The body: expected JSON, found at line 2, column 12: invalid character 'x' looking for beginning of value.`},
		{"two values", `{} {}`, `The body: expected JSON, found at line 1, column 4: invalid character '{' after top-level value.`},
		{"a list", ` [1]`, `The body: expected a JSON object, found an array.`},
		{"a string", `"{ a }"`, `The body: expected a JSON object, found a string.`},
		{"null", `null`, `The body: expected a JSON object, found null.`},
		{"not UTF-8", "{\"query\":\"\xff\"}", `The body: expected UTF-8, found other bytes.`},
		{"half a character", `{"query":"\ud800"}`, `The body: expected text, found at line 1, column 11: the escape \ud800 is half of a surrogate pair.`},
		{"no query", `{"variables":{}}`, `/query is missing: expected a string with a GraphQL document.`},
		{"null query", `{"query":null}`, `/query: expected a string with a GraphQL document, found null.`},
		{"number for a query", `{"query":1}`, `/query: expected a string with a GraphQL document, found a number.`},
		{"object for a query", `{"query":{"selection":{}}}`, `/query: expected a string with a GraphQL document, found an object.`},
		{"list of variables", `{"query":"","variables":[]}`, `/variables: expected an object, found an array.`},
		{"boolean extensions", `{"query":"","extensions":true}`, `/extensions: expected an object, found a boolean.`},
		{"list as a strategy", strategy(`[]`), path + `: expected an object, found a list.`},
		{"ttl of zero", strategy(`{"ttl":0}`), path + `/ttl: expected a whole number of seconds, 1 or more, found 0.`},
		{"negative ttl", strategy(`{"ttl":-1}`), path + `/ttl: expected a whole number of seconds, 1 or more, found -1.`},
		{"ttl as a string", strategy(`{"ttl":"60"}`), path + `/ttl: expected a whole number of seconds, 1 or more, found "60".`},
		{"null ttl", strategy(`{"ttl":null}`), path + `/ttl: expected a whole number of seconds, 1 or more, found null.`},
		{"swr of a half", strategy(`{"swr":0.5}`), path + `/swr: expected a whole number of seconds, 1 or more, found 0.5.`},
		{"swr beyond all numbers", strategy(`{"swr":1e999}`), path + `/swr: expected a whole number of seconds, 1 or more, found 1e999.`},
		{"one tag alone", strategy(`{"tags":"a"}`), path + `/tags: expected a list of tags, found "a".`},
		{"six tags", strategy(`{"tags":["a","b","c","d","e","f"]}`), path + `/tags: expected at most 5 tags, found 6.`},
		{"tag with a dash", strategy(`{"tags":["a","b-c"]}`), path + `/tags/1: expected 1 to 64 letters, digits and underscores, found "b-c".`},
		{"tag with a newline", strategy(`{"tags":["a\n"]}`), path + `/tags/0: expected 1 to 64 letters, digits and underscores, found "a\n".`},
		{"empty tag", strategy(`{"tags":[""]}`), path + `/tags/0: expected 1 to 64 letters, digits and underscores, found "".`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := readEnvelope([]byte(test.body))
			var got *fault
			if !errors.As(err, &got) {
				t.Fatalf("got %v", err)
			}
			want := &fault{400, "P6005", test.want}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(fault{})); diff != "" {
				t.Errorf("fault (-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever is sent is read or refused.
func FuzzReadEnvelope(f *testing.F) {
	for _, body := range []string{
		`{"query":"mutation ($d: X) { createOneItem(data: $d) { id sku } }","variables":{"d":{"sku":"x","tags":["a"],"role":"ADMIN"}}}`,
		`{"query":"{ a }","extensions":{"cacheStrategy":{"ttl":1,"swr":2,"tags":["a"]}}}`,
	} {
		f.Add([]byte(body))
	}
	f.Add([]byte(batchBody(`,"transaction":true,"isolationLevel":"Serializable"`, "{ a }", "mutation { b }")))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := readEnvelope(body)
		if (e == nil) == (err == nil) {
			t.Errorf("%q: %v, %v", body, e, err)
		}
	})
}
