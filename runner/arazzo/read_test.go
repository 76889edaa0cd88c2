package arazzo_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// head and head11 begin a document; what is added to them starts on line 4.
const (
	head   = "arazzo: 1.0.1\ninfo: {title: t, version: v}\nsourceDescriptions: [{name: api, url: a.yml}]\n"
	head11 = "arazzo: 1.1.0\ninfo: {title: t, version: v}\nsourceDescriptions: [{name: api, url: a.yml}]\n"
)

// workflow and workflow11 put steps, each in flow style, into a workflow; they
// start on line 7.
func workflow(steps string) string { return head + "workflows:\n- workflowId: w\n  steps:\n" + steps }

func workflow11(steps string) string {
	return head11 + "workflows:\n- workflowId: w\n  steps:\n" + steps
}

func parse(t *testing.T, text string) *source.Value {
	t.Helper()
	root, err := source.Parse(&source.File{Name: "w.yml", Text: text})
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return root
}

// read returns what Read says, a line for each diagnostic.
func read(t *testing.T, text string) []string {
	t.Helper()
	_, found := arazzo.Read(parse(t, text))
	for _, d := range found {
		if d.Expected == "" || d.Fix == "" {
			t.Errorf("it does not say what to do: %s", d.Render())
		}
	}
	return lines(found)
}

func lines(found source.Diagnostics) []string {
	var all []string
	for _, d := range found {
		all = append(all, fmt.Sprintf("%d:%d %s[%s]: %s", d.Position.Line, d.Position.Column, d.Severity, d.Code, d.Message))
	}
	return all
}

type readTest struct {
	name, text string
	want       []string
}

func runReadTests(t *testing.T, tests []readTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, read(t, test.text)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// oneStep is the rest of a document after its first lines.
const oneStep = "workflows: [{workflowId: w, steps: [{stepId: s, operationId: o}]}]\n"

func TestReadDocument(t *testing.T) {
	t.Parallel()
	runReadTests(t, []readTest{
		{"nothing wrong", workflow("  - {stepId: s, operationId: o}\n"), nil},
		{"S-218: an extension anywhere", "x-a: 1\n" + workflow("  - {stepId: s, operationId: o, x-b: ~, x-: 1}\n"), nil},
		{"S-003: a list", "[1]", []string{"1:1 error[arazzo/wrong-type]: the document is an array"}},
		{"an OpenAPI description", "openapi: 3.1.0", []string{"1:1 error[arazzo/not-arazzo]: the document is an OpenAPI description"}},
		{"S-001: no version, but workflows", head[len("arazzo: 1.0.1\n"):] + oneStep, []string{
			`1:1 error[arazzo/missing-field]: the document has no "arazzo"`,
		}},
		{"S-020: everything missing", "arazzo: 1.0.1", []string{
			`1:1 error[arazzo/missing-field]: the document has no "info"`,
			`1:1 error[arazzo/missing-field]: the document has no "sourceDescriptions"`,
			`1:1 error[arazzo/missing-field]: the document has no "workflows"`,
		}},
		{"wrong types", "arazzo: 1.0.1\ninfo: []\nsourceDescriptions: {}\nworkflows: w\ncomponents: 1\n", []string{
			"2:7 error[arazzo/wrong-type]: the info object is an array",
			"3:21 error[arazzo/wrong-type]: sourceDescriptions is an object",
			"4:12 error[arazzo/wrong-type]: workflows is a string",
			"5:13 error[arazzo/wrong-type]: the components object is a number",
		}},
		{"S-020: empty lists", "arazzo: 1.0.1\ninfo: {title: t, version: v}\nsourceDescriptions: []\nworkflows: []\n", []string{
			"3:21 error[arazzo/empty-list]: sourceDescriptions is empty",
			"4:12 error[arazzo/empty-list]: workflows is empty",
		}},
		{"S-003, S-011: another case of a field", head + "Workflows: []\n" + oneStep, []string{
			`4:1 error[arazzo/unknown-field]: the document has no field "Workflows"`,
		}},
		{"S-021: info without its fields", "arazzo: 1.0.1\ninfo: {summary: 1, title: ''}\nsourceDescriptions: [{name: api, url: a.yml}]\n" + oneStep, []string{
			`2:7 error[arazzo/missing-field]: the info object has no "version"`,
			`2:17 error[arazzo/wrong-type]: summary is a number`,
		}},
		{"S-021: info with nothing", "arazzo: 1.0.1\ninfo: {}\nsourceDescriptions: [{name: api, url: a.yml}]\n" + oneStep, []string{
			`2:7 error[arazzo/missing-field]: the info object has no "title"`,
			`2:7 error[arazzo/missing-field]: the info object has no "version"`,
		}},
		{"S-022: $self", head11 + "$self: https://example.com/a.yml?b\n" + oneStep, nil},
		{"S-022: $self with a fragment", head11 + "$self: a.yml#/b\n" + oneStep, []string{
			`4:8 error[arazzo/wrong-uri]: $self is "a.yml#/b", which has a fragment`,
		}},
		{"S-022: $self that is no URI", head11 + "$self: ':a'\n" + oneStep, []string{
			`4:8 error[arazzo/wrong-uri]: $self is ":a", which is no URI-reference`,
		}},
		{"S-022: an empty $self", head11 + "$self: ''\n" + oneStep, []string{"4:8 warning[arazzo/no-effect]: $self has no effect here: it is empty"}},
		{"S-022: $self that is no text", head11 + "$self: 1\n" + oneStep, []string{"4:8 error[arazzo/wrong-type]: $self is a number"}},
		{"S-022: $self before 1.1", head + "$self: a.yml\n" + oneStep, []string{
			`4:1 error[arazzo/unknown-field]: the document has the field "$self", which came with Arazzo 1.1`,
		}},
	})
}

func TestReadSourceDescriptions(t *testing.T) {
	t.Parallel()
	sources := func(version, list string) string {
		return "arazzo: " + version + "\ninfo: {title: t, version: v}\nsourceDescriptions: [" + list + "]\n" + oneStep
	}
	runReadTests(t, []readTest{
		{"S-030: names", sources("1.0.1", "{name: a.b, url: u}, {name: '', url: u}, {name: c, url: u}, {name: c, url: u}, {name: C, url: u}, {url: u}, 1"), []string{
			`3:29 error[arazzo/wrong-name]: a source description is named "a.b"`,
			`3:50 error[arazzo/wrong-value]: name is empty`,
			`3:89 error[arazzo/duplicate-name]: there are two source descriptions named "c"`,
			`3:120 error[arazzo/missing-field]: the source description has no "name"`,
			`3:130 error[arazzo/wrong-type]: the source description is a number`,
		}},
		{"S-031: urls", sources("1.0.1", "{name: a, url: '../a%20b/?c=d#/e'}, {name: b}, {name: c, url: ''}, {name: d, url: 'http://[::1'}, {name: e, url: 'a b/é'}"), []string{
			`3:58 error[arazzo/missing-field]: the source description has no "url"`,
			`3:84 error[arazzo/wrong-value]: url is empty`,
			`3:104 error[arazzo/wrong-uri]: url is "http://[::1", which is no URI-reference`,
			`3:135 warning[arazzo/unescaped-uri]: url has characters that a URI cannot have`,
		}},
		{"S-032: types", sources("1.1.0", "{name: a, url: u, type: openapi}, {name: b, url: u, type: arazzo}, {name: c, url: u, type: asyncapi}, {name: d, url: u, type: OpenAPI}, {name: e, url: u, type: ''}"), []string{
			`3:148 error[arazzo/wrong-value]: type is "OpenAPI"`,
			`3:182 error[arazzo/wrong-value]: type is ""`,
		}},
		{"S-032: asyncapi before 1.1", sources("1.0.1", "{name: a, url: u, type: asyncapi}"), []string{
			`3:46 error[arazzo/wrong-value]: type is "asyncapi", which came with Arazzo 1.1`,
		}},
	})
}
