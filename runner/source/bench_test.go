package source_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// contract is an OpenAPI-like document of some 500 KB, in YAML and in JSON.
func contract(b *testing.B) (asYAML, asJSON string) {
	b.Helper()
	var text strings.Builder
	text.WriteString("openapi: 3.1.0\ninfo:\n  title: Things\n  version: '1.0'\npaths:\n")
	for i := range 550 {
		fmt.Fprintf(&text, `  /things/{id}/parts%d:
    get:
      operationId: listParts%d
      description: >-
        Lists the parts of a thing, the newest first, "as they are"
        at this moment.
      tags: [things, parts]
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, maxLength: 64}}
        - name: limit
          in: query
          required: false
          schema:
            type: integer
            minimum: 1
            maximum: 100.5
            default: null
      responses:
        '200':
          description: The parts
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Part%d'
        '404':
          description: "No such thing:\n- never was\n- was removed"
`, i, i, i)
	}
	root, err := source.Parse(&source.File{Name: "api.yml", Text: text.String()})
	if err != nil {
		b.Fatal(err)
	}
	indented, err := json.MarshalIndent(root.Data(), "", "  ")
	if err != nil {
		b.Fatal(err)
	}
	return text.String(), string(indented)
}

// BenchmarkRead sets Parse and Nodes beside what anyone would use: the YAML
// library's nodes, and encoding/json's values.
func BenchmarkRead(b *testing.B) {
	asYAML, asJSON := contract(b)
	b.Run("YAML/yardstick", measure(asYAML, func(text string) error {
		var node yaml.Node
		return yaml.Unmarshal([]byte(text), &node)
	}))
	b.Run("YAML/Nodes", measure(asYAML, nodes))
	b.Run("YAML/Parse", measure(asYAML, values))
	b.Run("JSON/yardstick", measure(asJSON, func(text string) error {
		var value any
		return json.Unmarshal([]byte(text), &value)
	}))
	b.Run("JSON/Nodes", measure(asJSON, nodes))
	b.Run("JSON/Parse", measure(asJSON, values))
}

func nodes(text string) error {
	_, err := source.Nodes(&source.File{Name: "api", Text: text})
	return err
}

func values(text string) error {
	_, err := source.Parse(&source.File{Name: "api", Text: text})
	return err
}

func measure(text string, read func(string) error) func(*testing.B) {
	return func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			if err := read(text); err != nil {
				b.Fatal(err)
			}
		}
	}
}
