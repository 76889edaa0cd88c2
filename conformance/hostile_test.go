package conformance_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/specs"
)

var update = flag.Bool("update", false, "write the OpenAPI documents of the hostile requests anew")

// more are the operations that a hostile client has beside those of the document:
// method, path and operationId.
var more = map[string][][3]string{
	"pulse": {
		{"put", "/streams", "putStreams"},
		{"delete", "/streams", "deleteStreams"},
		{"get", "/streams/{streamName}", "getStream"},
		{"put", "/streams/{streamName}", "putStream"},
		{"post", "/streams/{streamName}", "postStream"},
		{"post", "/streams/{streamName}/events", "postStreamEvents"},
		{"delete", "/streams/{streamName}/events", "deleteStreamEvents"},
		{"get", "/subscribe", "getSubscribe"},
		{"post", "/events/{eventId}", "postEvent"},
		{"post", "/health", "postHealth"},
		{"get", "/nowhere", "getNowhere"},
	},
	"accelerate": {
		{"get", "/{apiVersion}/{engineHash}/graphql", "getQuery"},
		{"put", "/{apiVersion}/{engineHash}/graphql", "putQuery"},
		{"delete", "/{apiVersion}/{engineHash}/graphql", "deleteQuery"},
		{"get", "/invalidate", "getInvalidate"},
		{"put", "/invalidate", "putInvalidate"},
		{"delete", "/invalidate", "deleteInvalidate"},
		{"get", "/invalidate-all", "getInvalidateAll"},
		{"put", "/invalidate-all", "putInvalidateAll"},
		{"delete", "/invalidate-all", "deleteInvalidateAll"},
		{"post", "/health", "postHealth"},
		{"get", "/nowhere", "getNowhere"},
	},
}

// TestHostile holds that the documents of the hostile requests are those of the
// contract: with the same responses, and requests of any kind. -update derives them
// anew.
func TestHostile(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"pulse": specs.Pulse, "accelerate": specs.Accelerate} {
		path := filepath.Join("cases", name+"-hostile-openapi.yml")
		want := hostile(t, text, more[name])
		if *update {
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s is not what follows from the contract; run this test with -update (-want +got):\n%s", path, diff)
		}
	}
}

// hostile takes out of a description what it says of requests.
func hostile(t *testing.T, description string, more [][3]string) []byte {
	t.Helper()
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(description), &document); err != nil {
		t.Fatal(err)
	}
	root := document.Content[0]
	set(root, "security", `[]`)
	set(member(root, "info"), "description", `The operations and responses of the API, with requests of any kind. Derived from the file of package specs by TestHostile of package conformance.`)
	drop(member(root, "components"), "securitySchemes")
	paths := member(root, "paths")
	for _, item := range values(paths) {
		for _, operation := range values(item) {
			drop(operation, "security")
			set(operation, "requestBody", `{content: {'*/*': {schema: {}}}}`)
			if parameters := member(operation, "parameters"); parameters != nil {
				for _, p := range parameters.Content {
					set(p, "schema", `{type: string}`)
				}
			}
		}
	}
	for _, m := range more {
		addOperation(paths, m[0], m[1], m[2])
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(&document); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// addOperation adds an operation that may answer anything: it declares no response, for
// of a declared one a body is either required or forbidden.
func addOperation(paths *yaml.Node, method, path, id string) {
	if member(paths, path) == nil {
		set(paths, path, `{}`)
	}
	text := `{operationId: ` + id + `, requestBody: {content: {'*/*': {schema: {}}}}}`
	set(member(paths, path), method, text)
	for name := range strings.SplitSeq(path, "{") {
		if name, _, ok := strings.Cut(name, "}"); ok {
			operation := member(member(paths, path), method)
			if member(operation, "parameters") == nil {
				set(operation, "parameters", `[]`)
			}
			list := member(operation, "parameters")
			list.Content = append(list.Content, parsed(`{name: `+name+`, in: path, required: true, schema: {type: string}}`))
		}
	}
}

// member is the value of a name in a mapping; nil where there is none.
func member(node *yaml.Node, name string) *yaml.Node {
	for known, value := range pairs(node) {
		if known == name {
			return value
		}
	}
	return nil
}

// set gives a name in a mapping a value, which is YAML.
func set(node *yaml.Node, name, value string) {
	v := parsed(value)
	if old := member(node, name); old != nil {
		*old = *v
		return
	}
	node.Content = append(node.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, v)
}

// parsed is YAML of this file.
func parsed(text string) *yaml.Node {
	var v yaml.Node
	_ = yaml.Unmarshal([]byte(text), &v)
	return v.Content[0]
}

func drop(node *yaml.Node, name string) {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == name {
			node.Content = slices.Delete(node.Content, i, i+2)
			return
		}
	}
}

// values are the values of a mapping.
func values(node *yaml.Node) []*yaml.Node {
	var all []*yaml.Node
	for i := 1; i < len(node.Content); i += 2 {
		all = append(all, node.Content[i])
	}
	return all
}
