package accelerate

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/specs"
)

// serve answers a request and holds the answer against the OpenAPI document, whatever
// the test is about.
func serve(t *testing.T, s *Service, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	for _, problem := range contractOf(t).problems(t, r, w) {
		t.Errorf("%s %s answers %d %.300s\nagainst the OpenAPI document: %s", r.Method, r.URL.Path, w.Code, w.Body, problem)
	}
	return w
}

// contract is the OpenAPI document as a judge.
type contract struct {
	document map[string]any
	// schemas are those compiled so far, by their JSON pointers.
	schemas  map[string]*jsonschema.Schema
	compiler *jsonschema.Compiler
	mutex    sync.Mutex
}

const contractFile = "accelerate.json"

var readContract = sync.OnceValues(func() (*contract, error) {
	c := &contract{schemas: map[string]*jsonschema.Schema{}, compiler: jsonschema.NewCompiler()}
	if err := yaml.Unmarshal([]byte(specs.Accelerate), &c.document); err != nil {
		return nil, err
	}
	c.compiler.AssertFormat()
	return c, c.compiler.AddResource(contractFile, any(c.document))
})

func contractOf(t *testing.T) *contract {
	t.Helper()
	c, err := readContract()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// problems are what a response has that the document does not allow. A request that it
// does not know is answered by an error of its form, as is a body that is too large or encoded.
func (c *contract) problems(t *testing.T, r *http.Request, w *httptest.ResponseRecorder) []string {
	t.Helper()
	var found []string
	schema := "/components/schemas/AccelerateError"
	operation := operationOf(r)
	pointer, declared := c.response(operation, w.Code)
	switch unknown := c.at(operation) == nil; {
	case declared:
		schema = pointer + "/content/application~1json/schema"
		found = c.headerProblems(t, pointer, w.Header())
	case (w.Code == 413 || w.Code == 415) && !unknown, unknown && (w.Code == 401 || w.Code == 404 || w.Code == 405):
	default:
		found = append(found, "the status is none of this operation's")
	}
	if got := w.Header().Get("Content-Type"); got != "application/json" {
		found = append(found, "the body is "+got)
	}
	if r.Method == http.MethodHead {
		return found
	}
	body, err := jsonschema.UnmarshalJSON(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		return append(found, err.Error())
	}
	if err := c.schema(t, schema).Validate(body); err != nil {
		found = append(found, err.Error())
	}
	return found
}

// aQuery is the path of a query.
var aQuery = regexp.MustCompile(`^/[^/]+/[^/]+/graphql$`)

// operationOf is where the document has the request's operation, if it knows it.
func operationOf(r *http.Request) (pointer string) {
	path, method := r.URL.EscapedPath(), r.Method
	if aQuery.MatchString(path) {
		path = "/{apiVersion}/{engineHash}/graphql"
	}
	if method == http.MethodHead {
		method = http.MethodGet
	}
	return "/paths/" + escaped(path) + "/" + strings.ToLower(method)
}

// response is where the document describes a status of an operation.
func (c *contract) response(operation string, status int) (pointer string, ok bool) {
	pointer = operation + "/responses/" + strconv.Itoa(status)
	found, ok := c.at(pointer).(map[string]any)
	if reference, is := found["$ref"].(string); is {
		pointer = strings.TrimPrefix(reference, "#")
	}
	return pointer, ok
}

func (c *contract) headerProblems(t *testing.T, pointer string, got http.Header) []string {
	t.Helper()
	declared, _ := c.at(pointer + "/headers").(map[string]any)
	var found []string
	for name := range declared {
		text := got.Get(name)
		if len(got.Values(name)) != 1 {
			found = append(found, "the header "+name+" is not there once")
			continue
		}
		var value any = text
		schema := pointer + "/headers/" + escaped(name) + "/schema"
		if c.at(schema+"/type") == "integer" {
			value = json.Number(text)
		}
		if err := c.schema(t, schema).Validate(value); err != nil {
			found = append(found, "the header "+name+": "+err.Error())
		}
	}
	return found
}

// escaped is a step of a JSON pointer.
func escaped(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }

// at is the value that a JSON pointer leads to, nil for none.
func (c *contract) at(pointer string) any {
	var value any = c.document
	for _, step := range strings.Split(pointer, "/")[1:] {
		object, _ := value.(map[string]any)
		value = object[strings.NewReplacer("~1", "/", "~0", "~").Replace(step)]
	}
	return value
}

func (c *contract) schema(t *testing.T, pointer string) *jsonschema.Schema {
	t.Helper()
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.schemas[pointer] == nil {
		compiled, err := c.compiler.Compile(contractFile + "#" + strings.NewReplacer("{", "%7B", "}", "%7D").Replace(pointer))
		if err != nil {
			t.Fatal(err)
		}
		c.schemas[pointer] = compiled
	}
	return c.schemas[pointer]
}

// The judge can say no: each answer is one that it accepts, but for one thing.
func TestContractRefuses(t *testing.T) {
	t.Parallel()
	const query, good = "/1/a/graphql", `{"data":{},"extensions":{"accelerateInfo":{"cacheStatus":"none","requestId":"1","lastModified":"2024-01-01T00:00:00Z"}}}`
	headers := map[string]string{
		"Content-Type": "application/json", "X-Accelerate-Cache-Status": "none", "X-Accelerate-Region": "x", "X-Accelerate-Signature": "s",
		"X-Accelerate-Request-Id": "6f9619ff-8b86-4d11-b42d-00c04fc964ff", "X-Accelerate-Last-Modified": "2024-01-01T00:00:00Z",
	}
	for _, test := range []struct {
		name, method, path string
		status             int
		header, value      string
		body               string
		problems           int
	}{
		{"a good answer", "POST", query, 200, "", "", good, 0},
		{"good health", "GET", "/health", 503, "", "", `{"status":"unavailable","timestamp":"2024-01-01T00:00:00Z"}`, 0},
		{"a fault", "POST", query, 400, "", "", `{"code":"P6005","message":""}`, 0},
		{"too many", "POST", "/invalidate", 429, "Retry-After", "3", `{"code":"P6003","message":""}`, 0},
		{"nothing there", "GET", "/nothing", 404, "", "", `{"code":"P6005","message":""}`, 0},
		{"a status of none", "POST", query, 503, "", "", `{"code":"P6005","message":""}`, 1},
		{"too large a body", "POST", query, 413, "", "", `{"code":"P6005","message":""}`, 0},
		{"nothing, where there is something", "POST", query, 404, "", "", `{"code":"P6005","message":""}`, 1},
		{"a status of another operation", "POST", "/invalidate-all", 400, "", "", `{"code":"P6005","message":""}`, 1},
		{"a code of another family", "POST", query, 500, "", "", `{"code":"P2002","message":""}`, 1},
		{"a cache status of none", "POST", query, 200, "X-Accelerate-Cache-Status", "hit", good, 1},
		{"no moment", "POST", query, 200, "X-Accelerate-Last-Modified", "today", good, 1},
		{"no UUID", "POST", query, 200, "X-Accelerate-Request-Id", "1", good, 1},
		{"no number of seconds", "POST", "/invalidate", 429, "Retry-After", "soon", `{"code":"P6003","message":""}`, 1},
		{"a header that is not there", "POST", "/invalidate", 429, "", "", `{"code":"P6003","message":""}`, 1},
		{"another type", "POST", query, 400, "Content-Type", "text/html", `{"code":"P6005","message":""}`, 1},
		{"no JSON", "POST", query, 400, "", "", `no`, 1},
		{"data of another kind", "POST", query, 200, "", "", strings.Replace(good, `{}`, `[]`, 1), 1},
		{"a moment that is none in the body", "POST", query, 200, "", "", strings.Replace(good, `2024-01-01T`, `2024-13-01T`, 1), 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			for name, value := range headers {
				w.Header().Set(name, value)
			}
			if test.header != "" {
				w.Header().Set(test.header, test.value)
			}
			w.WriteHeader(test.status)
			w.Body.WriteString(test.body)
			found := contractOf(t).problems(t, httptest.NewRequestWithContext(t.Context(), test.method, test.path, nil), w)
			if len(found) != test.problems {
				t.Errorf("problems %q, want %d", found, test.problems)
			}
		})
	}
}
