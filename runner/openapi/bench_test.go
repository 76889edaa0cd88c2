package openapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// large is a description of about 500 KB: what 400 paths with parameters,
// bodies, responses and schemas take.
func large() *source.File {
	var b strings.Builder
	b.WriteString("openapi: 3.1.0\ninfo: {title: Large, version: '1'}\nservers:\n  - url: https://api.example.com/v1\npaths:\n")
	for i := range 400 {
		fmt.Fprintf(&b, "  /things%d/{id}:\n    parameters:\n      - $ref: '#/components/parameters/id'\n", i)
		for _, method := range []string{"get", "put"} {
			fmt.Fprintf(&b, `    %s:
      operationId: %sThing%d
      summary: What it does to thing number %d
      description: Some more words about it, as descriptions have them
      parameters:
        - name: fields
          in: query
          style: form
          explode: false
          schema: {type: array, items: {type: string}}
      responses:
        '200':
          description: The thing
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Thing%d'
`, method, method, i, i, i)
		}
	}
	b.WriteString("components:\n  parameters:\n    id: {name: id, in: path, required: true, schema: {type: string}}\n  schemas:\n")
	for i := range 400 {
		fmt.Fprintf(&b, "    Thing%d:\n      type: object\n      required: [id]\n      properties:\n", i)
		for _, name := range []string{"id", "name", "state", "owner", "created", "changed"} {
			fmt.Fprintf(&b, "        %s: {type: string, maxLength: 80}\n", name)
		}
	}
	return file(b.String())
}

// BenchmarkParse is the yardstick: the text as nodes, which Load begins with.
func BenchmarkParse(b *testing.B) {
	f := large()
	b.SetBytes(int64(len(f.Text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := source.Nodes(f); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	f := large()
	b.SetBytes(int64(len(f.Text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, found := openapi.Load(f, nil); len(found) > 0 {
			b.Fatal(found)
		}
	}
}

func BenchmarkOperation(b *testing.B) {
	d, _ := openapi.Load(large(), nil)
	b.ReportAllocs()
	for b.Loop() {
		if op, _ := d.Operation("putThing399"); op == nil {
			b.Fatal("no operation")
		}
	}
}

func BenchmarkSchemaAt(b *testing.B) {
	d, _ := openapi.Load(large(), nil)
	op, _ := d.Operation("putThing399")
	body := op.Responses[0].Content[0].Schema
	b.ReportAllocs()
	for b.Loop() {
		if property, _ := body.At([]string{"name"}); property == nil {
			b.Fatal("no property")
		}
	}
}
