package runner

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/contract"
	"github.com/arazzo-conformance/arazzo/runner/credential"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/rule"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Plan is a document with everything resolved that can be before a request is
// sent. It does not change: any number of goroutines may run it.
type Plan struct {
	// Diagnostics are the warnings and infos found on the way.
	Diagnostics source.Diagnostics

	document *description.Document
	options  Options
	apis     map[*description.Source]*API
	// names are what the caller calls the sources of all documents, its own name
	// first.
	names map[*description.Source][]string
	// starts are the workflows that a run begins with, in their order: those that
	// were selected, each behind the ones that it depends on (S-042).
	starts []*workflow
	// workflows are all that a run can come to.
	workflows map[*link.Workflow]*workflow
	byID      map[workflowKey]*link.Workflow
	secrets   *secrets
	contract  *contract.Checker
}

// workflowKey names a workflow as expressions of its document do.
type workflowKey struct {
	document *description.Document
	id       string
}

// workflow is a workflow ready to run.
type workflow struct {
	*link.Workflow
	// given are the caller's inputs. They are for the workflows that a run begins
	// with or that another one depends on; what is called or gone to takes its inputs
	// from there.
	given *inputs
	steps []*step
}

// index is where a step stands in the order of execution.
func (w *workflow) index(s *link.Step) int {
	return slices.IndexFunc(w.steps, func(planned *step) bool { return planned.Step == s })
}

// step is a step ready to run.
type step struct {
	*link.Step
	server string
	// accept is the header that says what may be answered.
	accept string
	// parameters are the step's and the credentials.
	parameters []parameter
}

// parameter is one parameter of a request, with how it is written.
type parameter struct {
	name, in string
	position source.Position
	wire     *openapi.Parameter
	value    *link.Value
	// secret is a credential's value; it stands in place of value. So does grant,
	// by which it is fetched.
	secret string
	grant  *credential.Grant
	// credential tells that it carries what the API's security asks for.
	credential bool
}

// plan links the selected workflows with all that they lead to, and judges their
// inputs.
func (p *planner) plan(ctx context.Context) {
	p.checkLevels()
	if !p.normalInputs() {
		return
	}
	p.readCredentials(ctx)
	starts := withDependencies(p.selected())
	p.reach(starts)
	for _, w := range starts {
		p.starts = append(p.starts, p.workflows[w])
	}
	p.add(p.linker.Diagnostics()...)
	for _, d := range rule.Check(starts) {
		if d.Severity != source.Info { // those are for whoever writes the document
			p.add(d)
		}
	}
	p.bindInputs()
	p.unusedCredentials()
	p.unusedHosts()
	p.unknownVariables()
}

// withDependencies puts before each workflow those that it depends on, each once; and
// of those that were selected also the ones on which what it leads to depends. A
// circle, which the rules report, ends where it began.
func withDependencies(selected []*link.Workflow) []*link.Workflow {
	var list []*link.Workflow
	entered := map[*link.Workflow]bool{}
	var enter func(w *link.Workflow)
	enter = func(w *link.Workflow) {
		if entered[w] {
			return
		}
		entered[w] = true
		for _, other := range closure([]*link.Workflow{w}, led) {
			for _, before := range other.DependsOn {
				if other == w || slices.Contains(selected, before) {
					enter(before)
				}
			}
		}
		list = append(list, w)
	}
	for _, w := range selected {
		enter(w)
	}
	return list
}

// reach plans workflows, and those that a run can come to from them.
func (p *planner) reach(starts []*link.Workflow) {
	p.workflows, p.byID = map[*link.Workflow]*workflow{}, map[workflowKey]*link.Workflow{}
	for _, w := range closure(starts, led) {
		planned := &workflow{Workflow: w}
		p.workflows[w] = planned
		p.byID[workflowKey{w.Document, w.WorkflowID}] = w
		p.order = append(p.order, planned)
		for _, s := range w.Steps {
			planned.steps = append(planned.steps, p.step(s))
		}
	}
}

// closure are workflows and all to which a way leads from them, the nearest first.
func closure(from []*link.Workflow, lead func(*link.Workflow) []*link.Workflow) []*link.Workflow {
	var list []*link.Workflow
	found := map[*link.Workflow]bool{}
	for waiting := slices.Clone(from); len(waiting) > 0; waiting = waiting[1:] {
		if w := waiting[0]; !found[w] {
			found[w] = true
			list = append(list, w)
			waiting = append(waiting, lead(w)...)
		}
	}
	return list
}

// led are the workflows that one depends on, calls and goes to.
func led(w *link.Workflow) []*link.Workflow { return append(entered(w), w.DependsOn...) }

// entered are the workflows that one calls and goes to.
func entered(w *link.Workflow) []*link.Workflow {
	var others []*link.Workflow
	for _, s := range w.Steps {
		others = append(others, s.Called)
		for _, a := range slices.Concat(s.OnSuccess, s.OnFailure) {
			others = append(others, a.Workflow)
		}
	}
	return slices.DeleteFunc(others, func(w *link.Workflow) bool { return w == nil })
}

// selected are the workflows to run, in order: those that were asked for, else
// those that no other one of the document calls, goes to or depends on.
func (p *planner) selected() []*link.Workflow {
	if len(p.options.Workflows) == 0 {
		return unled(p.linker.Entry())
	}
	var chosen []*link.Workflow
	for _, id := range p.options.Workflows {
		w, ok := p.linker.Workflow(p.document, id)
		if !ok {
			p.report(&source.Diagnostic{
				Code: "unknown-workflow", Position: p.document.At("workflows"),
				Message:  fmt.Sprintf("the document has no workflow %q", id),
				Expected: "one of " + list(p.workflowIDs()), Fix: didYouMean(id, p.workflowIDs()),
			})
			continue
		}
		chosen = append(chosen, w)
	}
	return chosen
}

// unled are the workflows that no other one leads to. Of workflows that lead to one
// another in a circle, and that nothing else leads to, it is the first: each runs.
func unled(all []*link.Workflow) []*link.Workflow {
	isLed := map[*link.Workflow]bool{}
	for _, w := range all {
		for _, other := range led(w) {
			isLed[other] = isLed[other] || other != w
		}
	}
	covered := map[*link.Workflow]bool{}
	cover := func(w *link.Workflow) {
		for _, other := range closure([]*link.Workflow{w}, led) {
			covered[other] = true
		}
	}
	chosen := map[*link.Workflow]bool{}
	for _, w := range all {
		if !isLed[w] {
			chosen[w] = true
			cover(w)
		}
	}
	for _, w := range all {
		if !covered[w] {
			chosen[w] = true
			cover(w)
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(w *link.Workflow) bool { return !chosen[w] })
}

func (p *planner) workflowIDs() []string {
	var ids []string
	for _, w := range p.document.Workflows {
		ids = append(ids, w.WorkflowID)
	}
	return ids
}

// unsupported reports a feature of the specification that is not executed yet. To
// run the rest without it would not be what the document says.
func (p *planner) unsupported(at source.Position, what string) {
	p.report(&source.Diagnostic{
		Code: "unsupported", Position: at, Message: "this version of the runner does not execute " + what,
	})
}

func (p *planner) step(s *link.Step) *step {
	planned := &step{Step: s}
	p.refuseStep(s)
	if s.Operation == nil {
		return planned
	}
	planned.server, planned.accept = p.server(s), accept(s.Operation)
	for _, given := range s.Parameters {
		planned.parameters = append(planned.parameters, parameter{
			name: given.Name, in: given.In, position: given.Parameter.Value.Position, wire: given.Wire(), value: given.Value,
		})
	}
	p.credentials(planned)
	p.connection(planned)
	p.encodable(s)
	p.files(s)
	return planned
}

// refuseStep refuses what the language has and the engine does not execute yet.
func (p *planner) refuseStep(s *link.Step) {
	if s.Message != nil {
		p.unsupported(s.Position(), "steps that send or receive messages")
	}
	for _, given := range s.Parameters {
		if given.In == "channel" {
			p.unsupported(given.At("in"), "parameters in: "+given.In)
		}
	}
}

func list(names []string) string { return strings.Join(names, ", ") }

func didYouMean(name string, names []string) string {
	if near := source.Nearest(name, names); len(near) > 0 {
		return fmt.Sprintf("did you mean %s?", strings.Join(near, " or "))
	}
	return ""
}
