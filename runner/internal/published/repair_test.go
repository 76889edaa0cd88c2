package published_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// repair adds the parameters that the operations require and the document does not
// give, where nothing else is wrong with it, and takes every branch of what it is
// then.
func (p *provider) repair(t *testing.T, d *document) {
	t.Helper()
	if slices.ContainsFunc(d.steps, func(s *step) bool { return s.operation == nil }) || strings.Contains(d.path, repairedSuffix) {
		return
	}
	path := strings.TrimSuffix(d.path, ".yml") + repairedSuffix
	if err := os.WriteFile(path, d.repairedText(t), 0o644); err != nil {
		t.Fatal(err)
	}
	p.tally = &p.repaired
	p.document(t, path)
	p.tally = &p.published
}

const repairedSuffix = "-repaired.yml"

func (d *document) repairedText(t *testing.T) []byte {
	t.Helper()
	content, err := os.ReadFile(d.path)
	if err != nil {
		t.Fatal(err)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(content, &root); err != nil {
		t.Fatal(filepath.Base(d.path), err)
	}
	steps := member(member(root.Content[0], "workflows").Content[0], "steps")
	g := &generator{request: true}
	for i, s := range d.steps {
		for _, missing := range s.missing() {
			in, name, _ := strings.Cut(missing, " ")
			value := g.value(s.operation.parameterSchema(s.operation.declared(name, in)), name, 1)
			addParameter(steps.Content[i], map[string]any{"name": name, "in": in, "value": textOf(value)})
		}
	}
	var b bytes.Buffer
	if err := yaml.NewEncoder(&b).Encode(&root); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func addParameter(step *yaml.Node, parameter map[string]any) {
	parameters := member(step, "parameters")
	if parameters == nil {
		parameters = &yaml.Node{Kind: yaml.SequenceNode}
		step.Content = append(step.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: "parameters"}, parameters)
	}
	var added yaml.Node
	if err := added.Encode(parameter); err == nil {
		parameters.Content = append(parameters.Content, &added)
	}
}

func member(mapping *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return mapping.Content[i+1]
		}
	}
	return nil
}
