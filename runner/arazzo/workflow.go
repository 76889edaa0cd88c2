package arazzo

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

func (r *reader) workflows(parent Object) []*Workflow {
	var list []*Workflow
	seen := map[string]bool{}
	for _, v := range r.filledList(parent, "workflows") {
		o, ok := r.object(v, "workflow", "workflowId", "summary", "description", "inputs", "dependsOn", "steps",
			"successActions", "failureActions", "outputs", "parameters")
		if !ok {
			continue
		}
		w := r.workflow(o)
		r.unique(seen, w.WorkflowID, w.At("workflowId"), "workflows")
		list = append(list, w)
	}
	return list
}

func (r *reader) workflow(o Object) *Workflow {
	w := &Workflow{
		Object: o, WorkflowID: r.id(o, "workflow", "workflowId"),
		Summary: r.text(o, "summary"), Description: r.text(o, "description"),
		Inputs: o.Field("inputs"), DependsOn: r.dependencies(o, r.list(o, "dependsOn"), workflowDependency),
		SuccessActions: r.actions(o, "successActions", successActions),
		FailureActions: r.actions(o, "failureActions", failureActions),
		Outputs:        r.outputs(o), Parameters: r.parameters(o),
	}
	r.required(o, "workflow", "steps")
	if w.Inputs != nil {
		r.schema(w.Inputs, "inputs")
		r.inputsReference(w.Inputs)
	}
	r.queryStrings(w.Parameters, nil)
	seen := map[string]bool{}
	for _, v := range r.filledList(o, "steps") {
		if s := r.step(v, w.Parameters); s != nil {
			r.unique(seen, s.StepID, s.At("stepId"), "steps")
			w.Steps = append(w.Steps, s)
		}
	}
	// Where no step calls a workflow, a parameter without a place would be the
	// input of nothing (S-046, S-082).
	if !slices.ContainsFunc(w.Steps, func(s *Step) bool { return s.Field("workflowId") != nil }) {
		r.placed(w.Parameters)
	}
	return w
}

// schema checks that v can be a JSON Schema; what it says is not judged here.
func (r *reader) schema(v *source.Value, what string) {
	if v.Kind != source.Object && v.Kind != source.Boolean {
		r.wrongType(v, what, source.Object)
	}
}

// inputsReference refuses a Reusable Object where a JSON Schema stands, to which
// reference means nothing (S-145).
func (r *reader) inputsReference(v *source.Value) {
	reference := v.Get("reference")
	text, _ := reference.Text()
	if name, ok := strings.CutPrefix(text, "$components.inputs."); ok {
		r.fail(reference.Position, "arazzo/wrong-reference", "inputs are named with reference, which a JSON Schema does not have",
			"a JSON Schema", fmt.Sprintf("write $ref: '#/components/inputs/%s'", name))
	}
}

// dependency is what an entry of dependsOn may look like: a plain id is one of
// this document, or of this workflow.
type dependency struct {
	pattern  *regexp.Regexp
	expected string
}

// The patterns are those of the published schemas (S-042, S-066). What begins
// with a dollar is never an id.
var (
	workflowDependency = dependency{
		regexp.MustCompile(`^(?:[^$]|\$sourceDescriptions\.[^.]+\..)`),
		"a workflowId, or $sourceDescriptions.NAME.WORKFLOW for one of another document",
	}
	stepDependency = dependency{
		regexp.MustCompile(`^(?:[^$\r\n\x{2028}\x{2029}][^\r\n\x{2028}\x{2029}]*|\$workflows\.[^.]+\.steps\.[^.]+|\$sourceDescriptions\.[^.]+\.[^.]+\.steps\.[^.]+)$`),
		"a stepId, $workflows.WORKFLOW.steps.STEP, or $sourceDescriptions.NAME.WORKFLOW.steps.STEP",
	}
)

// dependencies reads a dependsOn; what cannot be one is reported and left out.
func (r *reader) dependencies(o Object, items []*source.Value, d dependency) []*source.Value {
	var list []*source.Value
	seen := map[string]bool{}
	for _, v := range items {
		text, ok := v.Text()
		switch {
		case !ok:
			r.wrongType(v, "an entry of dependsOn", source.String)
		case !d.pattern.MatchString(text):
			r.fail(v.Position, "arazzo/wrong-reference", fmt.Sprintf("dependsOn names %q", text), d.expected, "write it in one of these forms")
		default:
			r.unique(seen, text, v.Position, "entries of dependsOn")
			list = append(list, v)
		}
	}
	return list
}

// outputs reads a map of outputs. An output is kept whatever its value is, so
// that those who refer to it find it.
func (r *reader) outputs(parent Object) []Output {
	var list []Output
	for _, m := range r.entries(parent, "outputs") {
		r.key(m, "an output")
		list = append(list, Output{Name: m.Key, Value: m.Value})
		r.output(m)
	}
	return list
}

func (r *reader) output(m source.Member) {
	expected, fix := "a runtime expression or a Selector Object", "write an expression such as $response.body"
	switch {
	case m.Value.Kind == source.String:
		return
	case r.version.minor > 0 && m.Value.Kind == source.Object:
		r.selector(m.Value)
		return
	case m.Value.Kind == source.Object:
		expected, fix = "a runtime expression; Selector Objects came with Arazzo 1.1", sinceFix
	case r.version.minor == 0:
		expected = "a runtime expression"
	}
	r.fail(m.Value.Position, "arazzo/wrong-type", fmt.Sprintf("the output %s is %s", m.Key, article(m.Value.Kind)), expected, fix)
}
