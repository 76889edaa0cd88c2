package arazzo_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// FuzzRead holds that any value gives a document that can be walked, the same one
// each time, and diagnostics that say where and what to do; and that a document
// without errors has what those who use it rely on.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		workflow("  - {stepId: s, operationId: o, onFailure: [{name: a, type: retry}]}\n"),
		head11 + "workflows: [{workflowId: w, steps: [{stepId: s, channelPath: c, action: send}]}]\n",
		workflow("  - {reference: $components.parameters.p, parameters: [{reference: $components.parameters.p}]}\n") + "components: {parameters: {p: 1}}\n",
		workflow11("  - {stepId: s, operationId: o, requestBody: {payload: [{context: 1, selector: $.a, type: {type: xpath}}], replacements: [{}]}}\n"),
		workflow11("  - {stepId: s, workflowId: o, dependsOn: [$workflows.a.steps.b], onSuccess: [{name: a, type: goto, workflowId: v, parameters: [{$ref: a}]}]}\n"),
		"arazzo: 1.0.1\nworkflows: [[]]\n", "1", "arazzo: [1]", "arazzo: 9\ncomponents: {parameters: {a: {reference: b}}}\nworkflows: []\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		root, err := source.Parse(&source.File{Name: "w.yml", Text: text})
		if err != nil {
			t.Skip()
		}
		document, found := arazzo.Read(root)
		if _, again := arazzo.Read(root); !cmp.Equal(lines(found), lines(again)) {
			t.Errorf("read again, it says %q instead of %q", lines(again), lines(found))
		}
		// The YAML library counts every line break of YAML 1.1.
		previous, last := 0, 1+len(text)-len(strings.NewReplacer("\n", "", "\r", "", "\u0085", "", "\u2028", "", "\u2029", "").Replace(text))
		for _, d := range found {
			if d.Code == "" || d.Message == "" || d.Expected == "" || d.Fix == "" {
				t.Errorf("a diagnostic does not say everything: %+v", d)
			}
			if d.Position.Line < max(1, previous) || d.Position.Line > last || d.Position.Column < 1 {
				t.Errorf("a diagnostic has no place, or comes too late: %+v", d)
			}
			previous = d.Position.Line
		}
		describe(&strings.Builder{}, "", reflect.ValueOf(document))
		complete(t, document, found.Failed())
	})
}

// complete walks what Read promises of every document, and of one without errors.
func complete(t *testing.T, document *arazzo.Document, failed bool) {
	t.Helper()
	missing := func(what string, is bool) {
		if is && !failed {
			t.Errorf("it has no %s, and that is no error", what)
		}
	}
	missing("title", document.Info.Position().Line == 0)
	missing("source", len(document.SourceDescriptions) == 0)
	missing("workflow", len(document.Workflows) == 0)
	for _, w := range document.Workflows {
		missing("workflowId", w.WorkflowID == "")
		missing("step", len(w.Steps) == 0)
		for _, s := range w.Steps {
			missing("stepId", s.StepID == "")
			missing("target", s.OperationID+s.OperationPath+s.WorkflowID+s.ChannelPath == "")
			for _, p := range s.Parameters {
				missing("name of a parameter", p.Name == "")
				missing("value of a parameter", p.Value == nil)
				missing("place of a parameter", p.In == "" && s.WorkflowID == "")
			}
			for _, c := range s.SuccessCriteria {
				missing("condition", c.Condition == "" || c.Type == "")
				missing("context", c.Context == "" && c.Type != arazzo.Simple)
			}
			for _, a := range append(s.OnSuccess, s.OnFailure...) {
				missing("name or type of an action", a.Name == "" || a.Type == "")
				missing("destination of a goto", a.Type == arazzo.Goto && (a.StepID == "") == (a.WorkflowID == ""))
			}
			if s.RequestBody != nil {
				for _, selector := range document.Selectors(s.RequestBody.Payload) {
					missing("context of a selector", selector.Context == "" || selector.Type.Name == "")
				}
			}
		}
	}
}
