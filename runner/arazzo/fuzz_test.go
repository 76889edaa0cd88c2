package arazzo_test

import (
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// FuzzRead holds that any value gives a document, or errors that point at it,
// and that a document without errors has what a runner relies on.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		workflow("  - {stepId: s, operationId: o, onFailure: [{name: a, type: retry}]}\n"),
		head11 + "workflows: [{workflowId: w, steps: [{stepId: s, channelPath: c}]}]\n",
		workflow("  - {reference: $components.parameters.p, parameters: [{reference: $components.parameters.p}]}\n") + "components: {parameters: {p: 1}}\n",
		"arazzo: 1.0.1\nworkflows: [[]]\n", "1", "arazzo: [1]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		root, err := source.Parse(&source.File{Name: "w.yml", Text: text})
		if err != nil {
			t.Skip()
		}
		document, found := arazzo.Read(root)
		for _, d := range found {
			if d.Code == "" || d.Position.Line == 0 {
				t.Errorf("a diagnostic has no code or place: %+v", d)
			}
		}
		if found.Failed() {
			return
		}
		for _, w := range document.Workflows {
			if w.WorkflowID == "" || len(w.Steps) == 0 {
				t.Errorf("a workflow without id or steps was not refused")
			}
			for _, s := range w.Steps {
				if s.StepID == "" || s.OperationID+s.OperationPath+s.WorkflowID == "" {
					t.Errorf("a step without id or target was not refused")
				}
			}
		}
	})
}
