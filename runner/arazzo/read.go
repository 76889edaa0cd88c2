package arazzo

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Read makes a document of a parsed file, and reports everything that is wrong
// with it by itself, in the order of its lines. The document is only fit to be run when no diagnostic is
// an error.
func Read(root *source.Value) (*Document, source.Diagnostics) {
	r := &reader{components: root.Get("components")}
	if root.Kind == source.Object && root.Get("arazzo") == nil {
		r.fail(root.Position, "arazzo/not-arazzo", "the document has no arazzo field", "an Arazzo document: arazzo: 1.0.1", "")
		return nil, r.diagnostics
	}
	d := r.document(root)
	slices.SortStableFunc(r.diagnostics, func(a, b *source.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Position.Line, b.Position.Line), cmp.Compare(a.Position.Column, b.Position.Column))
	})
	return d, r.diagnostics
}

func (r *reader) document(v *source.Value) *Document {
	d := &Document{Object: Object{value: v}}
	d.Arazzo = r.readVersion(d.Object)
	fields := append([]string{"arazzo", "info", "sourceDescriptions", "workflows", "components"}, r.newer(v, "document")...)
	if _, ok := r.object(v, "document", fields...); !ok {
		return d
	}
	for _, field := range fields[1:4] {
		r.required(d.Object, "document", field)
	}
	if info := d.Field("info"); info != nil {
		d.Info = r.info(info)
	}
	d.SourceDescriptions = r.sourceDescriptions(d.Object)
	d.Components = r.readComponents(d.Object)
	seen := map[string]bool{}
	for _, item := range r.nonEmpty(d.Object, "workflows") {
		w := r.workflow(item)
		r.unique(seen, w.WorkflowID, w.At("workflowId"), "workflows")
		d.Workflows = append(d.Workflows, w)
	}
	return d
}

// nonEmpty is list for a field that has at least one entry where it is given.
func (r *reader) nonEmpty(o Object, field string) []*source.Value {
	items := r.list(o, field)
	if v := o.Field(field); v != nil && v.Kind == source.Array && len(items) == 0 {
		r.fail(v.Position, "arazzo/empty-list", field+" is empty", "at least one entry", "")
	}
	return items
}

func (r *reader) info(v *source.Value) *Info {
	o, ok := r.object(v, "info", "title", "summary", "description", "version")
	if ok {
		r.required(o, "info", "title")
		r.required(o, "info", "version")
	}
	return &Info{
		Object: o, Title: r.text(o, "title"), Summary: r.text(o, "summary"),
		Description: r.text(o, "description"), Version: r.text(o, "version"),
	}
}

func (r *reader) sourceDescriptions(parent Object) []*SourceDescription {
	var list []*SourceDescription
	seen := map[string]bool{}
	for _, v := range r.nonEmpty(parent, "sourceDescriptions") {
		o, ok := r.object(v, "source description", "name", "url", "type")
		if ok {
			r.requiredText(o, "source description", "name")
			r.requiredText(o, "source description", "url")
		}
		s := &SourceDescription{Object: o, Name: r.text(o, "name"), URL: r.text(o, "url"), Type: r.text(o, "type")}
		r.unique(seen, s.Name, s.At("name"), "source descriptions")
		r.sourceName(s)
		if !r.unsupportedValue(o, "type", "asyncapi") {
			r.oneOf(o, "type", "openapi", "arazzo")
		}
		list = append(list, s)
	}
	return list
}

// sourceName refuses a name that no expression could tell from what follows it
// (S-030).
func (r *reader) sourceName(s *SourceDescription) {
	if s.Name != "" && !sourceNamePattern.MatchString(s.Name) {
		r.fail(s.At("name"), "arazzo/wrong-name", fmt.Sprintf("a source description is named %q", s.Name), "letters, digits, and - _ only", "")
	}
}

func (r *reader) workflow(v *source.Value) *Workflow {
	o, ok := r.object(v, "workflow", "workflowId", "summary", "description", "inputs", "dependsOn", "steps",
		"successActions", "failureActions", "outputs", "parameters")
	w := &Workflow{
		Object: o, WorkflowID: r.text(o, "workflowId"), Summary: r.text(o, "summary"),
		Description: r.text(o, "description"), Inputs: o.Field("inputs"), DependsOn: r.list(o, "dependsOn"),
	}
	if !ok {
		return w
	}
	r.requiredText(o, "workflow", "workflowId")
	r.required(o, "workflow", "steps")
	if w.Inputs != nil && w.Inputs.Kind != source.Object && w.Inputs.Kind != source.Boolean {
		r.wrongType(w.Inputs, "inputs", source.Object)
	}
	w.Parameters = r.parameters(o)
	w.SuccessActions = r.actions(o, "successActions")
	w.FailureActions = r.actions(o, "failureActions")
	w.Outputs = r.outputs(o)
	seen := map[string]bool{}
	for _, item := range r.nonEmpty(o, "steps") {
		s := r.step(item)
		r.unique(seen, s.StepID, s.At("stepId"), "steps")
		w.Steps = append(w.Steps, s)
	}
	r.parametersOfWorkflow(w)
	return w
}

// parametersOfWorkflow refuses a parameter without a place where no step calls a
// workflow: it would be an input of nothing (S-046, S-082).
func (r *reader) parametersOfWorkflow(w *Workflow) {
	if !slices.ContainsFunc(w.Steps, func(s *Step) bool { return s.Field("workflowId") != nil }) {
		r.placed(w.Parameters)
	}
}

func (r *reader) placed(parameters []*Parameter) {
	for _, p := range parameters {
		r.required(p.Object, "parameter", "in")
	}
}

func (r *reader) step(v *source.Value) *Step {
	fields := append([]string{
		"stepId", "description", "operationId", "operationPath", "workflowId", "parameters", "requestBody",
		"successCriteria", "onSuccess", "onFailure", "outputs",
	}, r.newer(v, "step")...)
	o, ok := r.object(v, "step", fields...)
	s := &Step{
		Object: o, StepID: r.text(o, "stepId"), Description: r.text(o, "description"),
		OperationID: r.text(o, "operationId"), OperationPath: r.text(o, "operationPath"), WorkflowID: r.text(o, "workflowId"),
	}
	if !ok {
		return s
	}
	r.requiredText(o, "step", "stepId")
	r.target(s)
	s.Parameters = r.parameters(o)
	if s.Field("workflowId") == nil {
		r.placed(s.Parameters)
	}
	s.OnSuccess = r.actions(o, "onSuccess")
	s.OnFailure = r.actions(o, "onFailure")
	s.Outputs = r.outputs(o)
	for _, item := range r.nonEmpty(o, "successCriteria") {
		s.SuccessCriteria = append(s.SuccessCriteria, r.criterion(item))
	}
	if body := o.Field("requestBody"); body != nil {
		s.RequestBody = r.requestBody(body)
	}
	return s
}

// target checks that the step calls exactly one thing (section 4.6.5.1).
func (r *reader) target(s *Step) {
	given := 0
	for _, field := range []string{"operationId", "operationPath", "workflowId", "channelPath"} {
		if s.Field(field) != nil {
			given++
			r.notEmpty(s.Object, field)
		}
	}
	if given != 1 {
		r.fail(s.Position(), "arazzo/step-target", fmt.Sprintf("the step %q names %d things to call", s.StepID, given),
			"exactly one of operationId, operationPath, workflowId", "")
	}
}

func (r *reader) outputs(parent Object) []Output {
	var list []Output
	for _, m := range r.entries(parent, "outputs") {
		if !namePattern.MatchString(m.Key) {
			r.fail(m.Position, "arazzo/wrong-name", fmt.Sprintf("an output is named %q", m.Key),
				"letters, digits, and . - _ only", "")
		}
		if r.selectors(m.Value) {
			continue
		}
		if _, ok := m.Value.Text(); !ok {
			r.wrongType(m.Value, "the output "+m.Key, source.String)
			continue
		}
		list = append(list, Output{Name: m.Key, Value: m.Value})
	}
	return list
}

func (r *reader) requestBody(v *source.Value) *RequestBody {
	o, _ := r.object(v, "request body", "contentType", "payload", "replacements")
	r.notEmpty(o, "contentType")
	r.selectors(o.Field("payload"))
	for _, item := range r.list(o, "replacements") {
		r.replacement(item)
	}
	return &RequestBody{Object: o, ContentType: r.text(o, "contentType"), Payload: o.Field("payload")}
}

// replacement checks a Payload Replacement Object (4.6.14).
func (r *reader) replacement(v *source.Value) {
	o, ok := r.object(v, "replacement", append([]string{"target", "value"}, r.newer(v, "replacement")...)...)
	if ok {
		r.requiredText(o, "replacement", "target")
		r.required(o, "replacement", "value")
		r.text(o, "target")
		r.selectors(o.Field("value"))
	}
}

func (r *reader) criterion(v *source.Value) *Criterion {
	o, ok := r.object(v, "criterion", "context", "condition", "type")
	c := &Criterion{Object: o, Context: r.text(o, "context"), Condition: r.text(o, "condition"), Type: Simple}
	if !ok {
		return c
	}
	r.required(o, "criterion", "condition")
	if t := o.Field("type"); t != nil {
		c.Type, c.Version = r.criterionType(o, t)
	}
	switch {
	case c.Type == Simple:
		r.idle(o, "context", "a condition of type simple has none")
	case c.Context == "":
		r.fail(o.Position(), "arazzo/missing-field", fmt.Sprintf("a criterion of type %s has no context", c.Type),
			"context: a runtime expression such as $response.body", "")
	}
	return c
}

// criterionType reads the type, which may be an Expression Type Object (4.6.12).
func (r *reader) criterionType(o Object, v *source.Value) (CriterionType, string) {
	if v.Kind != source.Object {
		r.oneOf(o, "type", string(Simple), string(Regex), string(JSONPath), string(XPath))
		return CriterionType(r.text(o, "type")), ""
	}
	t, _ := r.object(v, "expression type", "type", "version")
	r.required(t, "expression type", "type")
	r.requiredText(t, "expression type", "version")
	if !r.unsupportedValue(t, "type", "jsonpointer") {
		r.oneOf(t, "type", string(JSONPath), string(XPath))
	}
	return CriterionType(r.text(t, "type")), r.text(t, "version")
}
