package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/conformance/engine"
)

// expecting is a case of one request.
func expecting(t *testing.T, request string) *engine.Case {
	t.Helper()
	c, err := engine.Parse("steps/a", []byte(strings.Replace(whole, "[GET /things]", "["+request+"]", 1)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestComplaints judges requests that differ from what was expected, each in one way.
func TestComplaints(t *testing.T) {
	t.Parallel()
	posted := func(media, body string) engine.Recorded {
		return engine.Recorded{
			Server: "api", Method: "POST", Target: "/things",
			Header: http.Header{"Content-Type": {media}, "X-Twice": {"a", "b"}}, Body: []byte(body),
		}
	}
	form := "--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n1\r\n--b--\r\n"
	for name, test := range map[string]struct {
		want string
		got  engine.Recorded
		says []string
	}{
		"another server":         {"{method: POST, target: /things, server: other}", posted("", ""), []string{"request 1, the server:\n  want other\n  got  api"}},
		"another method":         {"GET /things", posted("", ""), []string{"request 1, the method:\n  want GET\n  got  POST"}},
		"another target":         {"{method: POST, target: [/a, /b]}", posted("", ""), []string{"request 1, the target:\n  want /a or /b\n  got  /things"}},
		"another spelling":       {"{method: POST, target: [/a, /things]}", posted("", ""), nil},
		"a header's value":       {"{method: POST, target: /things, headers: {x-twice: a}}", posted("", ""), []string{"request 1, the header x-twice:\n  want a\n  got  a | b"}},
		"a header sent twice":    {"{method: POST, target: /things, headers: {X-Twice: [a, b]}}", posted("", ""), nil},
		"a header that is not":   {"{method: POST, target: /things, headers: {X-None: a}}", posted("", ""), []string{"request 1, the header X-None:\n  want a\n  got  "}},
		"a header too many":      {"{method: POST, target: /things, absent: [X-Twice]}", posted("", ""), []string{"request 1, the header X-Twice was sent: a | b"}},
		"a body too many":        {"POST /things", posted("", "a"), []string{`request 1, the body: there should be none: "a"`}},
		"another body":           {"{method: POST, target: /things, body: [a, b]}", posted("", "c"), []string{"request 1, the body:\n  want [\"a\" \"b\"]\n  got  \"c\""}},
		"a body that is no JSON": {"{method: POST, target: /things, json: 1}", posted("", "c"), []string{"request 1, the body is not JSON (invalid character 'c' looking for beginning of value): \"c\""}},
		"JSON and more":          {"{method: POST, target: /things, json: 1}", posted("", "1 2"), []string{`request 1, the body is not JSON (there is more after the JSON value): "1 2"`}},
		"JSON and a bracket":     {"{method: POST, target: /things, json: 1}", posted("", "1]"), []string{`request 1, the body is not JSON (there is more after the JSON value): "1]"`}},
		"another JSON value":     {"{method: POST, target: /things, json: {a: [1, null]}}", posted("", `{"a":[1]}`), []string{"request 1, the body:\n  want {\"a\":[1,null]}\n  got  {\"a\":[1]}"}},
		"another name in JSON":   {"{method: POST, target: /things, json: {a: 1}}", posted("", `{"b":1}`), []string{"request 1, the body:\n  want {\"a\":1}\n  got  {\"b\":1}"}},
		"a rounded number":       {"{method: POST, target: /things, json: 12345678901234567890}", posted("", "12345678901234567000"), []string{"request 1, the body:\n  want 12345678901234567890\n  got  12345678901234567000"}},
		"a number as a text":     {"{method: POST, target: /things, json: 1}", posted("", `"1"`), []string{"request 1, the body:\n  want 1\n  got  \"1\""}},
		"a number in disguise":   {"{method: POST, target: /things, json: 100}", posted("", "1e2"), nil},
		"a number without end":   {"{method: POST, target: /things, json: 100}", posted("", "1e99999"), []string{"request 1, the body:\n  want 100\n  got  1e99999"}},
		"bytes":                  {"{method: POST, target: /things, base64: /w==}", posted("", "\xfe"), []string{"request 1, the body:\n  want [\"\\xff\"]\n  got  \"\\xfe\""}},
		"no multipart":           {"{method: POST, target: /things, parts: [{name: n, body: '1'}]}", posted("text/plain", form), []string{"request 1, the header Content-Type:\n  want multipart/form-data with a boundary\n  got  text/plain"}},
		"multipart as wanted":    {"{method: POST, target: /things, parts: [{name: n, body: '1'}]}", posted("multipart/form-data; boundary=b", form), nil},
		"parts that differ": {"{method: POST, target: /things, parts: [{name: m, filename: f, type: text/csv, json: 2}, {name: o}]}", posted("multipart/form-data; boundary=b", form), []string{
			"request 1, part 1, its name:\n  want m\n  got  n", "request 1, part 1, its filename:\n  want f\n  got  ",
			"request 1, part 1, its type:\n  want text/csv\n  got  ", "request 1, part 1:\n  want 2\n  got  1", "request 1, part 2 was not sent: o",
		}},
		"parts with other line ends": {"{method: POST, target: /things, parts: [{name: n, body: '1'}]}", posted("multipart/form-data; boundary=b", strings.ReplaceAll(form, "\r\n", "\n")), []string{
			"request 1, the parts are not divided by lines that end with CRLF",
		}},
		"a part too many":  {"{method: POST, target: /things, parts: []}", posted("multipart/form-data; boundary=b", form), []string{"request 1, part 1 is one too many: n"}},
		"parts of nothing": {"{method: POST, target: /things, parts: []}", posted("multipart/form-data; boundary=b", "a"), []string{"request 1, part 1 cannot be read: multipart: NextPart: EOF"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			says := expecting(t, test.want).Judge([]engine.Recorded{test.got}, engine.Report{Verdict: engine.Succeeded})
			if diff := cmp.Diff(test.says, says); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestComplaintsOfReports judges what runners say of a case.
func TestComplaintsOfReports(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		old, with string
		requests  []engine.Recorded
		report    engine.Report
		says      []string
	}{
		"no request":                     {"", "", []engine.Recorded{}, engine.Report{Verdict: engine.Succeeded}, []string{"request 1 was not sent: GET /things"}},
		"two requests":                   {"", "", []engine.Recorded{asked, asked}, engine.Report{Verdict: engine.Succeeded}, []string{"request 2 is one too many: GET /things"}},
		"a false green":                  {"verdict: succeeded", "verdict: failed", nil, engine.Report{Verdict: engine.Succeeded}, []string{"the verdict:\n  want failed\n  got  succeeded"}},
		"a red for another reason":       {"verdict: succeeded", "verdict: failed", nil, engine.Report{Verdict: engine.Refused}, []string{"the verdict:\n  want failed\n  got  refused"}},
		"a red of no kind":               {"verdict: succeeded", "verdict: failed", nil, engine.Report{Verdict: engine.Unsuccessful}, nil},
		"a red of no kind for a success": {"", "", nil, engine.Report{Verdict: engine.Unsuccessful}, []string{"the verdict:\n  want succeeded\n  got  unsuccessful"}},
		"another step":                   {"verdict: succeeded", "verdict: failed\nfailing: a", nil, engine.Report{Verdict: engine.Failed, Failing: "b"}, []string{"the failing step:\n  want a\n  got  b"}},
		"a step that nobody tells":       {"verdict: succeeded", "verdict: failed\nfailing: a", nil, engine.Report{Verdict: engine.Failed}, nil},
		"no outputs wanted":              {"", "", nil, engine.Report{Verdict: engine.Succeeded, Outputs: engine.Object{"a": nil}}, []string{"the output a is one too many: null"}},
		"outputs of a failure":           {"verdict: succeeded", "verdict: failed", nil, engine.Report{Verdict: engine.Failed, Outputs: engine.Object{"a": nil}}, nil},
		"outputs that differ": {
			"succeeded", "succeeded\noutputs: {a: 1, b: null, c: {d: '<'}}", nil,
			engine.Report{Verdict: engine.Succeeded, Outputs: engine.Object{"a": json.Number("1.0"), "c": "<", "d": "e"}},
			[]string{"the output b is missing", "the output c:\n  want {\"d\":\"<\"}\n  got  \"<\"", "the output d is one too many: \"e\""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := engine.Parse("steps/a", []byte(strings.Replace(whole, test.old, test.with, 1)))
			if err != nil {
				t.Fatal(err)
			}
			requests := test.requests
			if requests == nil {
				requests = []engine.Recorded{asked}
			}
			if diff := cmp.Diff(test.says, c.Judge(requests, test.report)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

var asked = engine.Recorded{Server: "api", Method: "GET", Target: "/things"}

// runnerFunc is a runner that does something else than run a document.
type runnerFunc func(ctx context.Context, t engine.Task) (engine.Report, error)

func (f runnerFunc) Execute(ctx context.Context, t engine.Task) (engine.Report, error) {
	return f(ctx, t)
}

// TestServer asks the servers of a case themselves, and sees each kind of reply, the
// addresses in all texts, and what was recorded.
func TestServer(t *testing.T) {
	t.Parallel()
	c, err := engine.Parse("steps/a", []byte(`title: Replies
rows: [S-062]
level: must
version: 1.0.1
document: |
  arazzo: 1.0.1
  # http://api.test http://other.test
sources: {api.yml: things.yml}
replies:
- {headers: {Location: 'http://other.test/b', X-Twice: [a, b]}, json: {b: 12345678901234567890}}
- {status: 404, body: gone}
- {close: true}
- {body: half, close: true}
- {base64: /w==}
requests: [GET /a, GET /b, GET /c, GET /d, GET /e]
verdict: succeeded
`))
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	seen, err := engine.Run(t.Context(), c, runnerFunc(func(ctx context.Context, task engine.Task) (engine.Report, error) {
		text, err := os.ReadFile(task.Document)
		if err != nil {
			return engine.Report{}, err
		}
		servers := strings.Fields(strings.TrimSpace(string(text)))[3:]
		api, err := os.ReadFile(filepath.Join(filepath.Dir(task.Document), "api.yml"))
		if err != nil || !strings.Contains(string(api), servers[0]) {
			t.Errorf("the source does not name %s: %v", servers[0], err)
		}
		for _, url := range []string{servers[0] + "/a", servers[1] + "/b?x=%2f", servers[0] + "/c", servers[0] + "/d", servers[0] + "/e", servers[0] + "/f"} {
			got.WriteString(strings.NewReplacer(servers[0], "API", servers[1], "OTHER").Replace(get(ctx, url)))
		}
		return engine.Report{}, nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range seen.Requests {
		fmt.Fprintf(&got, "%s %s %s\n", r.Server, r.Method, r.Target)
	}
	want := `200 map[Content-Length:[26] Content-Type:[application/json] Location:[OTHER/b] X-Twice:[a b]] "{\"b\":12345678901234567890}"
404 map[Content-Length:[4]] "gone"
EOF
200 map[Content-Length:[5]] "half" unexpected EOF
200 map[Content-Length:[1]] "\xff"
418 map[Content-Length:[0]] ""
api GET /a
other GET /b?x=%2f
api GET /c
api GET /d
api GET /e
api GET /f
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// get is what a server answers, in a line.
func get(ctx context.Context, url string) string {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err.Error()
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // one kept alive is tried twice when it is closed
	response, err := client.Do(request)
	if err != nil {
		return fmt.Sprintln(errors.Unwrap(err))
	}
	defer response.Body.Close()
	response.Header.Del("Connection")
	response.Header.Del("Date")
	body, err := io.ReadAll(response.Body)
	line := fmt.Sprintf("%d %v %q", response.StatusCode, response.Header, body)
	if err != nil {
		line += " " + err.Error()
	}
	return line + "\n"
}

// TestHang sees that a server which never answers lets the runner go at its will.
func TestHang(t *testing.T) {
	t.Parallel()
	c, err := engine.Parse("steps/a", []byte(strings.Replace(whole, "[200]", "[{hang: true}]", 1)))
	if err != nil {
		t.Fatal(err)
	}
	seen, err := engine.Run(t.Context(), c, runnerFunc(func(ctx context.Context, task engine.Task) (engine.Report, error) {
		api, err := os.ReadFile(filepath.Join(filepath.Dir(task.Document), "api.yml"))
		if err != nil {
			return engine.Report{}, err
		}
		_, address, _ := strings.Cut(string(api), "url: '")
		address, _, _ = strings.Cut(address, "'")
		// Time enough to be asked: that of the cases in which a step has a timeout.
		ctx, cancel := context.WithTimeout(ctx, 400*time.Millisecond)
		defer cancel()
		return engine.Report{Detail: get(ctx, address)}, nil
	}))
	if err != nil || len(seen.Requests) != 1 || seen.Report.Detail != "context deadline exceeded\n" {
		t.Errorf("%v, %+v", err, seen)
	}
}

// TestCommandThatIsNone wants an error where a program cannot be started, or leaves
// no report.
func TestCommandThatIsNone(t *testing.T) {
	t.Parallel()
	for name, command := range map[string]engine.Command{
		"no such program":     engine.Arazzo(filepath.Join(t.TempDir(), "nothing")),
		"a program of others": engine.Arazzo("true"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if seen, err := engine.Run(t.Context(), expecting(t, "GET /things"), command); err == nil {
				t.Errorf("it made a report: %+v", seen.Report)
			}
		})
	}
}
