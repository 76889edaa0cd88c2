package rule

import (
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// way is one of the ways in which a workflow can go on after a step.
type way struct {
	// action is nil where none is taken.
	action *link.Action
	// to is the step that follows; nil where the way leaves the workflow.
	to *link.Step
	// failed tells that the step failed.
	failed bool
}

// flow is the control flow of one workflow.
type flow struct {
	*link.Workflow
	ways map[*link.Step][]way
	// reached are the steps that a run can come to. Those that only a retry runs
	// before its step (S-127) are among them, what follows those is not.
	reached map[*link.Step]bool
	// after are the numbers of the steps that can run directly after the one of
	// that number, in the order of the list.
	after [][]int
	// later remembers which steps can run after one at all, as far as was asked.
	later  []*search
	number map[*link.Step]int
	steps  map[string]*link.Step
	// partial tells that an action could not be resolved, so that nothing can be
	// said of what cannot happen.
	partial bool
	// ordered tells that the steps are executed in an order that dependsOn asks for
	// (S-066), circular that there is none.
	ordered, circular bool
}

func newFlow(w *link.Workflow) *flow {
	f := &flow{
		Workflow: w, ways: map[*link.Step][]way{}, reached: map[*link.Step]bool{},
		after: make([][]int, len(w.Steps)), later: make([]*search, len(w.Steps)),
		number: map[*link.Step]int{}, steps: map[string]*link.Step{},
		partial: unread(w.Workflow.Object, "successActions", len(w.SuccessActions)) || unread(w.Workflow.Object, "failureActions", len(w.FailureActions)),
	}
	for i, s := range w.Steps {
		f.steps[s.StepID], f.number[s] = s, i
		var next *link.Step
		if i+1 < len(w.Steps) {
			next = w.Steps[i+1]
		}
		f.ways[s] = waysOf(s, next)
		f.partial = f.partial || unresolved(s)
		f.ordered = f.ordered || len(s.DependsOn) > 0
	}
	f.walk()
	return f
}

// walk finds what can be reached from the first step, and in what order.
func (f *flow) walk() {
	if len(f.Steps) == 0 {
		return
	}
	for _, s := range reach(f.Steps[:1], f.next) {
		f.reached[s] = true
		for _, next := range f.next(s) {
			f.follows(s, next)
		}
		for _, a := range s.OnFailure {
			if a.Type == arazzo.Retry && a.Step != nil && a.Step != s {
				f.reached[a.Step] = true
				f.follows(s, a.Step)
				f.follows(a.Step, s)
			}
		}
	}
}

func (f *flow) follows(s, next *link.Step) {
	f.after[f.number[s]] = append(f.after[f.number[s]], f.number[next])
}

// next are the steps that can follow a step.
func (f *flow) next(s *link.Step) []*link.Step {
	var steps []*link.Step
	for _, w := range f.ways[s] {
		if w.to != nil {
			steps = append(steps, w.to)
		}
	}
	return steps
}

// precedes tells whether a run can have come by a before it comes to b.
func (f *flow) precedes(a, b *link.Step) bool {
	from := f.number[a]
	if slices.Contains(f.after[from], f.number[b]) { // as nearly all do
		return true
	}
	if f.later[from] == nil {
		f.later[from] = &search{seen: make([]bool, len(f.after)), open: slices.Clone(f.after[from])}
	}
	return f.later[from].finds(f.number[b], f.after)
}

// search looks for what can come after a step, and stops where it found what was
// asked for, which mostly is near: a long way is gone once, and seldom to its end.
type search struct {
	seen []bool
	// open are those found from which it goes on.
	open []int
}

func (x *search) finds(wanted int, after [][]int) bool {
	for len(x.open) > 0 && !x.seen[wanted] {
		n := x.open[0]
		x.open = x.open[1:]
		if !x.seen[n] {
			x.seen[n] = true
			x.open = append(x.open, after[n]...)
		}
	}
	return x.seen[wanted]
}

// waysOf follows the actions of a step as far as one can be taken: behind one
// that always matches neither another action nor the default is (S-112 to S-114).
// A retry leads back to the step as often as its limit says, so it is no way.
func waysOf(s, next *link.Step) []way {
	ways, certain := taken(s.OnSuccess, false)
	if !certain {
		ways = append(ways, way{to: next})
	}
	failures, certain := taken(s.OnFailure, true)
	if ways = append(ways, failures...); !certain {
		ways = append(ways, way{failed: true})
	}
	return ways
}

func taken(actions []*link.Action, failed bool) (ways []way, certain bool) {
	for _, a := range actions {
		if a.Type != arazzo.Retry {
			ways = append(ways, way{a, a.Step, failed})
		}
		if always(a) {
			return ways, true
		}
	}
	return ways, false
}

// always tells whether an action matches whenever it is asked. A retry does not:
// its limit is spent some time.
func always(a *link.Action) bool { return a.Type != arazzo.Retry && len(a.Action.Criteria) == 0 }

// unresolved tells whether an action of the step is not known as it was meant.
func unresolved(s *link.Step) bool {
	lost := func(a *link.Action) bool {
		return a.Type == arazzo.Goto && a.Step == nil && a.WorkflowID == "" || !slices.Contains([]arazzo.ActionType{arazzo.End, arazzo.Goto, arazzo.Retry}, a.Type)
	}
	return slices.ContainsFunc(s.OnSuccess, lost) || slices.ContainsFunc(s.OnFailure, lost) ||
		unread(s.Step.Object, "onSuccess", len(s.Step.OnSuccess)) || unread(s.Step.Object, "onFailure", len(s.Step.OnFailure))
}

// unread tells whether the reader left out entries of a list, such as a reusable
// object whose component does not exist.
func unread(o arazzo.Object, field string, read int) bool {
	v := o.Field(field)
	return v != nil && len(v.Items) != read
}

// place is where an action is used: the action itself, or what names it as a
// component.
func place(a *link.Action) source.Position {
	if a.Reusable != nil {
		return a.Reusable.Position()
	}
	return a.Position()
}
