package contract_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/contract"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// operation is the only operation of a description.
func operation(t testing.TB, text string) *openapi.Operation {
	t.Helper()
	d, found := openapi.Load(&source.File{Name: "api.yml", Text: text}, nil)
	if d == nil {
		t.Fatalf("the description of the test cannot be read: %v", found)
	}
	op, found := d.OperationAt(d.Operations()[0].Pointer)
	if op == nil {
		t.Fatalf("the operation of the test cannot be built: %v", found)
	}
	return op
}

// show writes a report, one line for each part of it.
func show(r contract.Report) string {
	var b strings.Builder
	for _, f := range r.Findings {
		at := f.Position.String()
		fmt.Fprintf(&b, "%s %s: %s", strings.TrimPrefix(at, "api.yml:"), f.Check, f.Message)
		if f.Pointer != "" {
			fmt.Fprintf(&b, " @%s", f.Pointer)
		}
		if f.HasFound {
			fmt.Fprintf(&b, " found %v", f.Found)
		}
		fmt.Fprintf(&b, "; expected %s\n", f.Expected)
	}
	for _, d := range r.Unchecked {
		fmt.Fprintf(&b, "%s %s %s: %s\n", strings.TrimPrefix(d.Position.String(), "api.yml:"), d.Severity, d.Code, d.Message)
	}
	return b.String()
}

func decode(t testing.TB, text string) any {
	t.Helper()
	value, err := source.DecodeJSON(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return value
}

// schemas are descriptions whose only response has a schema, by version. The
// schema, which is JSON, begins at the same place in each.
var schemas = map[string]string{
	"2.0": `{"swagger":"2.0","info":{},"paths":{"/":{"get":{"produces":["application/json"],"responses":{"200":{"schema":
%s
}}}}},"definitions":{%s}}`,
	"3.0": `{"openapi":"3.0.3","info":{},"paths":{"/":{"get":{"responses":{"200":{"content":{"application/json":{"schema":
%s
}}}}}}},"components":{"schemas":{%s}}}`,
	"3.1": `{"openapi":"3.1.0","info":{},"paths":{"/":{"get":{"responses":{"200":{"content":{"application/json":{"schema":
%s
}}}}}}},"components":{"schemas":{%s}}}`,
	"3.2": `{"openapi":"3.2.0","info":{},"paths":{"/":{"get":{"responses":{"200":{"content":{"application/json":{"schema":
%s
}}}}}}},"components":{"schemas":{%s}}}`,
}

func jsonResponse(t testing.TB, body string) contract.Response {
	t.Helper()
	return contract.Response{Status: 200, Header: http.Header{}, ContentType: "application/json", Body: decode(t, body)}
}
