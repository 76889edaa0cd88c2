package contract_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/contract"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
	"github.com/arazzo-conformance/arazzo/specs"
)

// TestBundled judges answers of the two APIs that the repository brings along: all
// of their schemas can be judged.
func TestBundled(t *testing.T) {
	t.Parallel()
	const event = `{"id":"01HZXVYF6H2Q4R8S0T3V5W7X9Y","action":"create","modelName":"User","created":{"id":1}}`
	apis := map[string]*openapi.Document{}
	for name, text := range map[string]string{specs.PulseFile: specs.Pulse, specs.AccelerateFile: specs.Accelerate} {
		d, found := openapi.Load(&source.File{Name: name, Text: text}, nil)
		if d == nil {
			t.Fatal(found)
		}
		apis[name] = d
		c := contract.New(nil)
		for _, listing := range d.Operations() {
			op, _ := d.OperationAt(listing.Pointer)
			if notes := c.Prepare(op); len(notes) > 0 {
				t.Errorf("%s: %v", listing.ID, notes)
			}
		}
	}
	var b strings.Builder
	for _, test := range []struct {
		operation   string
		status      int
		contentType string
		body        string
	}{
		{"listStreams", 200, "application/json", `{"data":[{"name":"a","model":"User","status":"active","createdAt":"2024-01-01T00:00:00Z"}]}`},
		{"listStreams", 200, "application/json", `{"data":[{"name":"a","status":"gone","createdAt":"yesterday"}]}`},
		{"listStreams", 429, "application/json", `{}`},
		{"consumeStreamEvents", 200, "text/event-stream", `[{"id":"1","event":"","data":` + event + `}]`},
		{"consumeStreamEvents", 200, "text/event-stream", `[{"id":"1","event":"","data":{"id":"1","action":"made"}}]`},
		{"consumeStreamEvents", 200, "application/json", event},
		{"deleteStream", 204, "", ""},
		{"deleteStream", 200, "", ""},
		{"getEvent", 200, "application/json", event},
	} {
		op, _ := apis[specs.PulseFile].Operation(test.operation)
		r := contract.Response{Status: test.status, ContentType: test.contentType, Header: http.Header{}, Empty: test.body == ""}
		if test.body != "" {
			r.Body = decode(t, test.body)
		}
		writeCase(&b, fmt.Sprint(test.operation, " ", test.status, " ", test.body), contract.New(nil).Response(op, r))
	}
	golden(t, filepath.Join("testdata", "bundled.txt"), b.String())
}
