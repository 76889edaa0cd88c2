package link

import (
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// dependsOn resolves the steps that have to have completed before this one: a
// step of this workflow, of another one, or of one in an arazzo source (S-066).
func (at *site) dependsOn() {
	for _, v := range at.step.Step.DependsOn {
		text, _ := v.Text()
		if s := at.prerequisite(text, v.Position); s == at.step {
			at.report(&source.Diagnostic{
				Code: "arazzo/circular-dependency", Position: v.Position,
				Message: fmt.Sprintf("the step %q depends on itself", s.StepID), Expected: "another step",
			})
		} else if s != nil {
			at.step.DependsOn = append(at.step.DependsOn, s)
		}
	}
}

func (at *site) prerequisite(text string, place source.Position) *Step {
	owner, id := at.workflow, text
	switch {
	case strings.HasPrefix(text, "$workflows."):
		name, step, _ := strings.Cut(strings.TrimPrefix(text, "$workflows."), ".steps.")
		owner, id = at.named(at.document(), name, place), step
	case strings.HasPrefix(text, sourcePrefix):
		name, step, _ := strings.Cut(text, ".steps.")
		owner, id = at.named(at.document(), name, place), step
	}
	if owner == nil {
		return nil
	}
	if s := owner.Step(id); s != nil {
		return s
	}
	at.unknownStep(owner, id, place)
	return nil
}

func (at *site) unknownStep(w *Workflow, id string, place source.Position) {
	at.report(&source.Diagnostic{
		Code: "arazzo/unknown-step", Position: place,
		Message:  fmt.Sprintf("the workflow %q has no step %q", w.WorkflowID, id),
		Expected: oneOf(w.stepIDs), Fix: at.didYouMean(id, w.stepIDs),
	})
}
