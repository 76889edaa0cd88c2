package jsonhttp

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestObject(t *testing.T) {
	t.Parallel()
	type members = map[string]json.RawMessage
	for _, test := range []struct {
		name, body string
		want       members
		err        string
	}{
		{name: "members", body: `{"a":1,"A":{"b":[ ]}}`, want: members{"a": json.RawMessage(`1`), "A": json.RawMessage(`{"b":[ ]}`)}},
		{name: "a pair of surrogates", body: `{"a":"\ud83d\uDE00"}`, want: members{"a": json.RawMessage(`"\ud83d\uDE00"`)}},
		{name: "a backslash and letters like an escape", body: `{"a":"\\ud800"}`, want: members{"a": json.RawMessage(`"\\ud800"`)}},
		{name: "nothing", body: ``, err: "expected JSON, found at line 1, column 1: unexpected end of JSON input"},
		{name: "a missing value", body: "{\n  \"a\": }", err: "expected JSON, found at line 2, column 8: invalid character '}' looking for beginning of value"},
		{name: "two values", body: `{} {}`, err: "expected JSON, found at line 1, column 4: invalid character '{' after top-level value"},
		{name: "null", body: ` null`, err: "expected a JSON object, found null"},
		{name: "an array", body: `[1]`, err: "expected a JSON object, found an array"},
		{name: "a string", body: `"a"`, err: "expected a JSON object, found a string"},
		{name: "a number", body: `-1`, err: "expected a JSON object, found a number"},
		{name: "a boolean", body: `true`, err: "expected a JSON object, found a boolean"},
		{name: "not UTF-8", body: "{\"a\":\"\xff\"}", err: "expected UTF-8, found other bytes"},
		{name: "half a pair at the end", body: `{"a":"\ud83d"}`, err: `expected text, found at line 1, column 7: the escape \ud83d is half of a surrogate pair`},
		{name: "the second half alone", body: `{"a":"x\uDE00x"}`, err: `expected text, found at line 1, column 8: the escape \uDE00 is half of a surrogate pair`},
		{name: "a member twice", body: "{\n \"a\": 1, \"b\": 2,\n \"a\": 1}", err: `expected members with names of their own, found at line 3, column 2: "a" again`},
		{name: "a member twice, once with an escape", body: `{"a":1,"\u0061":1}`, err: `expected members with names of their own, found at line 1, column 8: "a" again`},
		{name: "a member twice, once with an escape for a sign", body: `{"<":1,"\u003c":1}`, err: `expected members with names of their own, found at line 1, column 8: "<" again`},
		{name: "white space", body: " { \"a\" :\t[ 1 ] ,\r\n\"b\": \"}\" } ", want: members{"a": json.RawMessage(`[ 1 ]`), "b": json.RawMessage(`"}"`)}},
		{name: "no members", body: `{ }`, want: members{}},
		{name: "the first of many members twice", body: manyMembers("m0"), err: `expected members with names of their own, found at line 1, column 312: "m0" again`},
		{name: "the last of many members twice", body: manyMembers("m39"), err: `expected members with names of their own, found at line 1, column 312: "m39" again`},
		{name: "a member twice deep inside", body: `{"a":[{},{"b":{"c":"c","d":[],"c":1e999}}]}`, err: `expected members with names of their own, found at line 1, column 31: "c" again`},
		{
			name: "names that are the same elsewhere only", body: `{"a":{"a":[{"a":"a"},{"a":"a"}]},"A":["a","a"],"b":1e999}`,
			want: members{"a": json.RawMessage(`{"a":[{"a":"a"},{"a":"a"}]}`), "A": json.RawMessage(`["a","a"]`), "b": json.RawMessage(`1e999`)},
		},
		{name: "a long name twice", body: `{"` + strings.Repeat("é", 100) + `":1,"` + strings.Repeat("é", 100) + `":1}`, err: `expected members with names of their own, found at line 1, column 207: "` + strings.Repeat("é", 30) + `..." again`},
		{name: "half a pair in a name", body: `{"\ud83d\n":1}`, err: `expected text, found at line 1, column 3: the escape \ud83d is half of a surrogate pair`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := Object([]byte(test.body))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("members (-want +got):\n%s", diff)
			}
			said := ""
			if err != nil {
				said = err.Error()
			}
			if diff := cmp.Diff(test.err, said); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// manyMembers is an object of 40 members and one of a given name.
func manyMembers(last string) string {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, `{"m%d":0,`[min(i, 1):], i)
	}
	return b.String() + `"` + last + `":0}`
}

// What is accepted decodes to the characters that were sent, none replaced.
func FuzzObject(f *testing.F) {
	for _, body := range []string{`{"a":"\ud83d\ude00"}`, `{"a":"\\\ud83d"}`, `{"a":"\ud83d\\"}`, "{\"a\":\"\xff\"}", `{`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		const replacement = "\ufffd"
		if sent := strings.ToLower(string(body)); strings.Contains(sent, replacement) || strings.Contains(sent, `\ufffd`) {
			return
		}
		members, err := Object(body)
		if err != nil {
			return
		}
		var same map[string]json.RawMessage
		if err := json.Unmarshal(body, &same); err != nil || !cmp.Equal(members, same) {
			t.Errorf("%q: found %q, encoding/json %q, %v", body, members, same, err)
		}
		for name, raw := range members {
			var value any
			if err := json.Unmarshal(raw, &value); err != nil {
				t.Errorf("%q: %q: %v", body, name, err)
			}
			if strings.Contains(fmt.Sprint(name, value), replacement) {
				t.Errorf("%q: %q: %q", body, name, value)
			}
		}
	})
}
