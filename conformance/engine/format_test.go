package engine_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/conformance/engine"
)

// whole is a case without a fault; the tests replace a part of it.
const whole = `title: It works
rows: [S-062]
level: must
version: 1.0.1
document: |
  arazzo: 1.0.1
sources: {api.yml: things.yml}
replies: [200]
requests: [GET /things]
verdict: succeeded
`

// TestFaults reads cases that are not whole, and wants each fault told.
func TestFaults(t *testing.T) {
	t.Parallel()
	if _, err := engine.Parse("steps/a", []byte(whole)); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ old, with, want string }{
		"an unknown key":              {"rows:", "row: [S-001]\nrows:", `line 2: the key "row" is unknown, there are title, rows, level, pick, dialect, version, document, sources, workflow, inputs, credentials, replies, requests, verdict, failing, outputs`},
		"an unknown key of a reply":   {"[200]", "[{state: 200}]", `line 8: the key "state" is unknown, there are status, headers, json, body, base64, close, hang`},
		"an unknown key of a request": {"[GET /things]", "[{path: /}]", `line 9: the key "path" is unknown, there are server, method, target, headers, absent, body, json, base64, parts`},
		"an unknown key of a part":    {"[GET /things]", "[{method: POST, target: /, parts: [{nam: a}]}]", `line 9: the key "nam" is unknown, there are name, filename, type, body, json`},
		"a key that stands twice":     {"rows:", "title: Again\nrows:", "yaml: unmarshal errors:\n  line 2: mapping key \"title\" already defined at line 1"},
		"no title":                    {"title: It works\n", "", "it needs a title of one line"},
		"no rows":                     {"[S-062]", "[]", "rows [] are not S-NNN"},
		"a row that is none":          {"[S-062]", "[S-62]", `rows ["S-62"] are not S-NNN`},
		"a level that is none":        {"must", "shall", `there is no level "shall"`},
		"a position without a pick":   {"must", "position", "a position has a pick, and nothing else has"},
		"a pick without a position":   {"must", "must\npick: this way", "a position has a pick, and nothing else has"},
		"a dialect that is a must":    {"must", "must\ndialect: D5", "a dialect is D1 to D19, and a position"},
		"another version":             {"version: 1.0.1", "version: 1.1.0", `the document is not of the version "1.1.0"`},
		"a source that is nowhere":    {"things.yml", "nothing.yml", "the source api.yml: open sources/nothing.yml: file does not exist"},
		"more requests than replies":  {"[GET /things]", "[GET /things, GET /things]", "there are 1 replies for 2 requests"},
		"a request without a target":  {"GET /things", "{method: GET}", "request 1 needs a method and a target"},
		"a server that is none":       {"[GET /things]", "[{method: GET, target: /, server: third}]", `request 1: there is no server "third"`},
		"two bodies of a request":     {"[GET /things]", "[{method: GET, target: /, body: a, json: 1}]", "line 9: there are several bodies"},
		"parts and a body":            {"[GET /things]", "[{method: GET, target: /, body: a, parts: []}]", "line 9: there are several bodies"},
		"two bodies of a reply":       {"[200]", "[{body: a, json: null}]", "line 8: there are several bodies"},
		"a number that JSON has not":  {"[200]", "[{json: 0x10}]", "line 8: 0x10 is not a number of JSON"},
		"a verdict that is none":      {"succeeded", "passed", `there is no verdict "passed"`},
		"a verdict of runners alone":  {"succeeded", "unsuccessful", `there is no verdict "unsuccessful"`},
		"requests of what is refused": {"succeeded", "refused", "nothing comes of what is refused"},
		"a failing step of a success": {"succeeded", "succeeded\nfailing: a", "a step is failing where the verdict is failed"},
		"outputs that are a list":     {"succeeded", "succeeded\noutputs: []", "line 11: an object is expected"},
		"inputs that are a text":      {"replies:", "inputs: none\nreplies:", "line 8: an object is expected"},
		"a text that is not YAML":     {"title: It works", "title: 'It works", "yaml: line 11: found unexpected end of stream"},
		"a case that is no object":    {whole, "- a\n", "line 1: an object is expected"},
		"a case with nothing in it":   {whole, "", "the file is empty"},
		"a document of no version":    {"arazzo: 1.0.1", "nothing: 1", `the document is not of the version "1.0.1"`},
		"a source in another folder":  {"{api.yml:", "{../api.yml:", "the source ../api.yml: <nil>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(whole, test.old, test.with, 1)
			_, err := engine.Parse("steps/a", []byte(text))
			if err == nil {
				t.Fatal("it has no fault")
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
