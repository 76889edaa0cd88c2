package link

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// document reads a document whose sources are not there.
func document(t testing.TB, text string) *description.Document {
	t.Helper()
	file := &source.File{Name: "w.yml", Text: "arazzo: 1.1.0\ninfo: {title: T, version: 1.0.0}\nsourceDescriptions: [{name: s, url: s.yml}]\n" + text}
	root, err := source.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	read, _ := arazzo.Read(root)
	return &description.Document{Document: read, File: file, Root: root}
}

// linked links the first workflow of a document.
func linked(t testing.TB, text string) (*Workflow, *Linker) {
	t.Helper()
	d := document(t, text)
	l := New(&description.Description{Entry: d, Documents: []*description.Document{d}})
	return l.Entry()[0], l
}

// TestInputs holds what is known of an input: its own keywords before those that
// it refers to or takes in, each input once.
func TestInputs(t *testing.T) {
	t.Parallel()
	w, l := linked(t, `
components:
  inputs:
    page: {$anchor: page, properties: {limit: {type: integer, default: 10}, deep: {$ref: '#deep'}}, required: [limit, deep]}
    deep: {$anchor: deep, type: object, properties: {secret: {format: password}}}
workflows:
- workflowId: w
  inputs:
    $ref: '#page'
    required: [name, bare]
    properties:
      limit: {allOf: [{type: number, default: 1}], default: 5}
      name: {type: [string, 'null']}
    anyOf: [{properties: {either: {type: string}}}, {properties: {either: {type: integer}, name: {type: integer}}}]
  steps: [{stepId: s, operationId: o}]
`)
	if found := l.Diagnostics(); len(found) != 1 || found[0].Code != "arazzo/unknown-operation" {
		t.Fatal(found)
	}
	var got []string
	for _, i := range w.Inputs {
		text := fmt.Sprintf("%s %v required=%t", i.Name, i.Types(), i.Required)
		if d := i.Default(); d != nil {
			text += fmt.Sprintf(" default=%v", d.Data())
		}
		got = append(got, text)
	}
	want := []string{
		"limit [number] required=true default=5", "deep [object] required=true", "name [string null] required=true",
		"either [] required=false", "bare [] required=true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	secret := w.inputs["deep"].Member("secret")
	if format, _ := secret.Keyword("format").Text(); format != "password" || secret.Name != "secret" {
		t.Errorf("the member %q has the format %q", secret.Name, format)
	}
}

// TestSchema judges inputs by a schema that refers to others by pointer and by
// anchor, at the root, deep inside, and under an $id (S-026, S-041).
func TestSchema(t *testing.T) {
	t.Parallel()
	w, _ := linked(t, `
components:
  inputs:
    id: {$anchor: id, type: string, minLength: 2}
    list: {type: array, items: {$ref: '#id'}}
workflows:
- workflowId: w
  inputs:
    properties:
      a: {$ref: '#id'}
      b: {$ref: '#/components/inputs/list'}
      c: {$ref: '#own~1name'}
      d: {$id: 'https://x.example/d', $ref: '#in', $defs: {x: {$anchor: in, type: boolean}}}
    $defs: {'own/name': {$anchor: own~1name, type: integer}}
  steps: [{stepId: s, operationId: o}]
`)
	if w.Schema == nil {
		t.Fatal("no schema")
	}
	tests := []struct{ name, input, at string }{
		{"all of them", `{"a": "xy", "b": ["xy"], "c": 1, "d": true}`, ""},
		{"by anchor", `{"a": "x"}`, "/a"},
		{"by an anchor in a component", `{"b": ["x"]}`, "/b/0"},
		{"by an anchor of its own", `{"c": 1.5}`, "/c"},
		{"under an $id", `{"d": 1}`, "/d"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			value, err := source.DecodeJSON(test.input)
			if err != nil {
				t.Fatal(err)
			}
			err = w.Schema.Validate(value)
			if err == nil && test.at != "" || err != nil && (test.at == "" || !strings.Contains(err.Error(), "'"+test.at+"'")) {
				t.Errorf("got %v, want a fault at %q", err, test.at)
			}
		})
	}
}

// TestLimits holds that what a document can multiply ends: it is an error, and
// nothing else of the document is lost.
func TestLimits(t *testing.T) {
	t.Parallel()
	properties := "properties: {" + strings.Repeat("a%d: {}, ", 1500) + "}"
	numbers := make([]any, 1500)
	for i := range numbers {
		numbers[i] = i
	}
	many := strings.Repeat("- {workflowId: w%d, inputs: {$ref: '#/components/inputs/large'}, steps: [{stepId: s, operationId: o}]}\n", 1500)
	_, l := linked(t, "components:\n  inputs:\n    large: {"+fmt.Sprintf(properties, numbers...)+"}\nworkflows:\n"+fmt.Sprintf(many, numbers...))
	if found := l.Diagnostics(); len(found) == 0 || !strings.Contains(found[0].Message, "more than 1000000 schemas") {
		t.Errorf("listing ends with %v", found)
	}
	actions := strings.Repeat("  - {name: a%d, type: end}\n", 1500)
	steps := strings.Repeat("  - {stepId: s%d, operationId: o}\n", 1500)
	_, l = linked(t, "workflows:\n- workflowId: w\n  successActions:\n"+fmt.Sprintf(actions, numbers...)+"  steps:\n"+fmt.Sprintf(steps, numbers...)+"  - {stepId: last, operationId: o, outputs: {x: $inputs.none}}\n")
	want := []string{"arazzo/document-too-large", "arazzo/unknown-input"}
	var got []string
	for _, d := range l.Diagnostics() {
		if d.Code != "arazzo/unknown-operation" {
			got = append(got, d.Code)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sharing (-want +got):\n%s", diff)
	}
	_, l = linked(t, "workflows:\n- workflowId: w\n  steps:\n  - stepId: s\n    operationId: o\n    onSuccess:\n"+fmt.Sprintf(strings.ReplaceAll(actions, "  - ", "    - "), numbers...))
	if found := l.Diagnostics(); len(found) < 2 || found[1].Message != `the step "s" has 1500 actions for one outcome` {
		t.Errorf("actions end with %v", found)
	}
}

// TestChain links a chain of workflows that is longer than a stack should be deep.
func TestChain(t *testing.T) {
	t.Parallel()
	const length = 20_000
	var b strings.Builder
	b.WriteString("workflows:\n")
	for i := range length {
		fmt.Fprintf(&b, "- {workflowId: w%d, steps: [{stepId: s, workflowId: w%d}]}\n", i, (i+1)%length)
	}
	w, l := linked(t, b.String())
	if l.Diagnostics() != nil {
		t.Fatal(l.Diagnostics())
	}
	last := w
	for range length {
		last = last.Steps[0].Called
	}
	if last != w {
		t.Errorf("the chain ends at %s", last.WorkflowID)
	}
}
