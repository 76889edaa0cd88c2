package runner_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/internal/published"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/rule"
)

// threeSteps is a document as people write them, over the description of
// largeSource.
const threeSteps = `arazzo: 1.0.1
info: {title: Three steps, version: 1.0.0}
sourceDescriptions: [{name: things, url: SOURCE, type: openapi}]
workflows:
- workflowId: change
  inputs: {type: object, properties: {id: {type: string}, token: {type: string}}}
  steps:
  - stepId: read
    operationId: getThing7
    parameters: [{name: id, in: path, value: $inputs.id}, {name: Authorization, in: header, value: 'Bearer {$inputs.token}'}]
    successCriteria: [{condition: $statusCode == 200}, {context: $response.body, type: jsonpath, condition: '$.parts[?@.state == "open"]'}]
    outputs: {owner: $response.body#/owner}
  - stepId: change
    operationId: putThing100
    parameters: [{name: id, in: path, value: $inputs.id}]
    requestBody: {contentType: application/json, payload: {name: 'of {$steps.read.outputs.owner}', state: closed}}
    onFailure: [{name: again, type: retry, retryAfter: 1, retryLimit: 3, criteria: [{condition: $statusCode == 503}]}]
  - stepId: look
    operationId: getThing229
    parameters: [{name: id, in: path, value: $inputs.id}]
    successCriteria: [{condition: $response.body#/state == 'closed'}]
  outputs: {owner: $steps.read.outputs.owner}
`

// largeSource is a description of about 500 KB as YAML: 230 paths with two
// operations, and as many schemas.
func largeSource(b *testing.B) map[string]any {
	b.Helper()
	text := func(s string) map[string]any { return map[string]any{"type": "string", "description": s} }
	paths, schemas := map[string]any{}, map[string]any{}
	for i := range 230 {
		schema := map[string]any{"application/json": map[string]any{"schema": map[string]any{"$ref": fmt.Sprintf("#/components/schemas/Thing%d", i)}}}
		item := map[string]any{"parameters": []any{map[string]any{"$ref": "#/components/parameters/id"}}}
		for _, method := range []string{"get", "put"} {
			operation := map[string]any{
				"operationId": fmt.Sprintf("%sThing%d", method, i),
				"summary":     fmt.Sprintf("What it does to thing number %d", i),
				"parameters":  []any{map[string]any{"name": "fields", "in": "query", "schema": map[string]any{"type": "array", "items": text("the name of a member")}}},
				"responses":   map[string]any{"200": map[string]any{"description": "The thing", "content": schema}},
			}
			if method == "put" {
				operation["requestBody"] = map[string]any{"required": true, "content": schema}
			}
			item[method] = operation
		}
		paths[fmt.Sprintf("/things%d/{id}", i)] = item
		schemas[fmt.Sprintf("Thing%d", i)] = map[string]any{"type": "object", "properties": map[string]any{
			"name": text("what it is called"), "state": text("open or closed"), "owner": text("whose it is"),
			"parts": map[string]any{"type": "array", "items": map[string]any{"type": "object", "properties": map[string]any{"state": text("open or closed")}}},
		}}
	}
	return map[string]any{
		"openapi": "3.1.0", "info": map[string]any{"title": "Things", "version": "1"},
		"servers":  []any{map[string]any{"url": "https://api.example.com"}},
		"security": []any{map[string]any{"token": []any{}}}, "paths": paths,
		"components": map[string]any{
			"schemas":         schemas,
			"parameters":      map[string]any{"id": map[string]any{"name": "id", "in": "path", "required": true, "schema": text("which one")}},
			"securitySchemes": map[string]any{"token": map[string]any{"type": "http", "scheme": "bearer"}},
		},
	}
}

// BenchmarkValidate judges three steps over a source of 500 KB, as a whole and
// part by part. The yardstick only parses the source.
func BenchmarkValidate(b *testing.B) {
	data := largeSource(b)
	for _, format := range []struct {
		name  string
		write func(any) ([]byte, error)
		parse func([]byte) error
	}{
		{"yaml", yaml.Marshal, func(text []byte) error { return yaml.Unmarshal(text, &yaml.Node{}) }},
		{"json", func(v any) ([]byte, error) { return json.MarshalIndent(v, "", " ") }, func(text []byte) error { return json.Unmarshal(text, new(any)) }},
	} {
		b.Run(format.name, func(b *testing.B) {
			text, err := format.write(data)
			if err != nil {
				b.Fatal(err)
			}
			entry := writeEntry(b, "things."+format.name, text)
			b.Run("yardstick", func(b *testing.B) {
				measure(b, len(text), func() error { return format.parse(text) })
			})
			b.Run("whole", func(b *testing.B) {
				measure(b, len(text), func() error { return clean(runner.Validate(b.Context(), []string{entry}, alone)) })
			})
			b.Run("parts", func(b *testing.B) { measureParts(b, entry) })
		})
	}
}

// alone keeps no copies and asks no network.
var alone = runner.ValidateOptions{Retrieval: retrieve.Options{NoCache: true, Offline: true}}

func writeEntry(b *testing.B, name string, text []byte) string {
	b.Helper()
	folder := b.TempDir()
	for file, content := range map[string]string{name: string(text), "w.yml": strings.ReplaceAll(threeSteps, "SOURCE", name)} {
		if err := os.WriteFile(filepath.Join(folder, file), []byte(content), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return filepath.Join(folder, "w.yml")
}

func measure(b *testing.B, size int, do func() error) {
	b.Helper()
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		if err := do(); err != nil {
			b.Fatal(err)
		}
	}
}

// measureParts does what Validate does, and says how long each part of it took.
func measureParts(b *testing.B, entry string) {
	b.Helper()
	var load, linking, rules time.Duration
	for b.Loop() {
		start := time.Now()
		d, found := description.Load(b.Context(), entry, description.Options{Client: retrieve.New(alone.Retrieval), Cache: &description.Cache{}})
		loaded := time.Now()
		linker := link.New(d)
		workflows := linker.Entry()
		linked := time.Now()
		found = append(found, rule.Check(workflows)...)
		rules += time.Since(linked)
		linking += linked.Sub(loaded)
		load += loaded.Sub(start)
		if found = append(found, linker.Diagnostics()...); len(found) > 0 {
			b.Fatal(found)
		}
	}
	for part, took := range map[string]time.Duration{"load": load, "link": linking, "rules": rules} {
		b.ReportMetric(float64(took.Microseconds())/float64(b.N), part+"-µs/op")
	}
}

func clean(results []runner.Validation) error {
	for _, r := range results {
		if len(r.Diagnostics) > 0 {
			return r.Diagnostics[0]
		}
	}
	return nil
}

// BenchmarkValidateCorpus judges what sixteen providers have published in one go.
func BenchmarkValidateCorpus(b *testing.B) {
	documents := published.Extract(b, b.TempDir())
	b.ReportAllocs()
	for b.Loop() {
		if found := runner.Validate(b.Context(), documents, alone); len(found) != len(documents) {
			b.Fatal(len(found))
		}
	}
}
