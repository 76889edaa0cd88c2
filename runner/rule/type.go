package rule

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// types reports what is known to go wrong with the values that flow through
// workflows: from inputs and responses, over outputs, into parameters, bodies and
// conditions. It knows what schemas say and constants are; where that leaves a
// way open nothing is said.
func types(workflows []*link.Workflow) source.Diagnostics {
	t := &typer{
		workflows: map[workflowKey]*link.Workflow{}, outputs: map[outputKey]schema{},
		bodies: map[*link.Step]schema{}, seen: map[source.Diagnostic]bool{},
	}
	for _, w := range workflows {
		t.workflows[workflowKey{w.Document, w.WorkflowID}] = w
	}
	for _, w := range workflows {
		t.workflow(w)
	}
	return t.found
}

// report keeps each diagnostic once: a component serves many steps.
func (t *typer) report(d *source.Diagnostic) {
	if !t.seen[*d] {
		t.seen[*d] = true
		t.found = append(t.found, d)
	}
}

func (t *typer) workflow(w *link.Workflow) {
	t.defaults(w)
	for _, s := range w.Steps {
		t.step(s)
	}
	at := site{workflow: w}
	for _, o := range w.Outputs {
		t.pointer(o.Expression(), here(o.Position), at)
	}
}

func (t *typer) step(s *link.Step) {
	at := site{workflow: s.Workflow, step: s}
	for _, r := range s.References {
		if r.Phase == link.Building {
			t.pointer(r.Expression, here(r.At), at)
		}
	}
	t.parameters(s, at)
	t.body(s, at)
	t.server(s)
	failed := at
	failed.failed = true
	t.criteria(s.Criteria, at)
	t.actions(s.OnSuccess, at)
	t.actions(s.OnFailure, failed)
	for _, o := range s.Outputs {
		t.pointer(o.Expression(), here(o.Position), at)
		t.unsent(o.Expression(), here(o.Position), s)
	}
}

// actions looks at a step's own actions, and at what each gives to the workflow
// that it goes to. One of the workflow, or of the components, serves steps of
// every kind: where it asks for what this step does not have, it does not match.
func (t *typer) actions(actions []*link.Action, at site) {
	for _, a := range actions {
		if !a.Inherited && a.Reusable == nil {
			t.criteria(a.Criteria, at)
		}
		if a.Workflow != nil {
			t.inputs(a.Workflow, a.Parameters, at)
		}
	}
}

// pointer reports an expression that leads into a value where nothing can be, or
// where its schema mentions nothing.
func (t *typer) pointer(e *expression.Expression, position where, at site) {
	if _, missing := t.look(e, at); missing != nil {
		t.report(missing.diagnostic(e.Text, position()))
	}
}

// where finds a place when it is needed: within a text that takes the reading of
// the file up to there.
type where func() source.Position

func here(position source.Position) where { return func() source.Position { return position } }

// diagnostic says what a gap in something means. A member that is not mentioned is
// likely misspelt where a name close to it is, and an index into an object is
// likely meant for an array.
func (g *gap) diagnostic(something string, position source.Position) *source.Diagnostic {
	names, _ := g.in.members()
	d := &source.Diagnostic{Code: "arazzo/unknown-property", Severity: source.Warning, Position: position, Expected: oneOfNames(names, "a member that the schema has")}
	part, in := "it", ""
	if len(g.before) > 0 {
		part = expression.Pointer(g.before).String()
		in = " in " + part
	}
	switch k := g.in.kinds(); {
	case k&(isArray|isObject) == 0:
		d.Message, d.Expected = fmt.Sprintf("%s: %s is %s, and has no %q", something, part, k, g.token), "a way that ends there"
		return d
	case k.within(isArray | isNull):
		d.Message, d.Expected = fmt.Sprintf("%s: %s is %s, and %q is no index", something, part, k, g.token), "the number of an item, from 0"
		return d
	case g.certain && len(names) > 0:
		d.Message = fmt.Sprintf("%s: the schema allows no member %q%s", something, g.token, in)
	default:
		d.Code = "arazzo/undeclared-property"
		d.Message = fmt.Sprintf("%s: the schema does not mention the member %q%s", something, g.token, in)
	}
	d.Fix = near(g.token, names)
	if _, err := strconv.Atoi(g.token); d.Code == "arazzo/undeclared-property" && d.Fix == "" && err != nil {
		d.Severity = source.Info
	}
	return d
}

// oneOfNames lists names for a message, at most the first twenty, or says what is
// expected where there are none.
func oneOfNames(names []string, otherwise string) string {
	const most = 20
	switch {
	case len(names) == 0:
		return otherwise
	case len(names) > most:
		return fmt.Sprintf("one of %s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	default:
		return "one of " + strings.Join(names, ", ")
	}
}
