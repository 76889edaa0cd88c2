package condition_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/condition"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// scope is what the tests' expressions see: keyed by root and part.
type scope map[string]any

func (s scope) Object(e *expression.Expression) (any, bool) {
	value, ok := s[strings.TrimSpace(string(e.Root)+" "+e.Part)]
	return value, ok
}

func decode(t testing.TB, text string) any {
	t.Helper()
	value, err := source.DecodeJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// inputs are those of a text, and one that a program of Go gave.
func inputs(t testing.TB, text string) any {
	given := decode(t, text).(map[string]any)
	given["go"] = 3
	return given
}

func sample(t testing.TB) scope {
	return scope{
		"statusCode":      json.Number("200"),
		"response header": http.Header{"X-A": {"Yes"}, "X-Many": {"a", "b"}},
		"response body": decode(t, `{"n": 5, "big": 9007199254740993, "s": "Active", "five": "5", "quote": "it's", "dq": "say \"hi\"", "no": false, "yes": true, "nil": null,
			"list": [1, 2], "same": [1.0, 2], "o": {"a": 1}, "a-b": {"c/d": "dash"}, "items": [{"id": 7}], "x y": 1, "json": "{\"a\": 1}", "k": "\u212a", "dotless": "\u0130"}`),
		"inputs": inputs(t, `{"flag": true, "ab": 1, "a": 2, "evil": "' || '1' == '1", "dq": "\" || true || \"", "q": "it's", "back": "\\' || true || '", "list": ["s"], "n": 5, "s": "Active", "big": 9007199254740993, "star": "*", "re": "^A", "nil": null, "brackets": [0, 1], "line": "a\nb", "o1": "öa", "bad": "[", "dot": ".", "empty": ""}`),
	}
}

// said is a verdict in one line.
func said(v condition.Verdict) string {
	if v.Err != nil {
		return fmt.Sprintf("%v: %v", v.Passed, v.Err)
	}
	return fmt.Sprint(v.Passed)
}
