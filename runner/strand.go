package runner

import (
	"context"
	"slices"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// strand is what a run does in one sequence: a workflow that it begins with, and all
// that follows from it. Strands run one after the other, or side by side as far as
// none needs what another one did.
type strand struct {
	*run
	number int
	start  *workflow
	// first is the execution of that workflow.
	first *workflowRun
	// after are the earlier strands that have to be over before.
	after []*strand
	over  chan struct{}
	// ended holds the last run of each workflow, for $workflows and dependsOn: those
	// of this strand and of the ones before it.
	ended       map[*link.Workflow]*workflowRun
	results     []*WorkflowResult
	diagnostics []Diagnostic
	// told are the notes that are told once.
	told map[source.Diagnostic]bool
}

// strands are those of a run, in the order of the workflows that they begin with.
func (r *run) strands() []*strand {
	list := make([]*strand, len(r.starts))
	shared := map[*link.Workflow]*workflowRun{}
	for i, w := range r.starts {
		list[i] = &strand{run: r, number: i, start: w, over: make(chan struct{}), ended: shared, told: map[source.Diagnostic]bool{}}
	}
	if r.options.Parallel > 1 {
		r.separate(list)
	}
	return list
}

// separate finds out which strands need what others do.
func (r *run) separate(list []*strand) {
	touched := make([][]*link.Workflow, len(list))
	for i, s := range list {
		touched[i] = r.touched(s.start.Workflow)
		s.ended = map[*link.Workflow]*workflowRun{}
		needed := r.needed(touched[i])
		for j, earlier := range list[:i] {
			if slices.ContainsFunc(needed, func(w *link.Workflow) bool { return slices.Contains(touched[j], w) }) {
				s.after = append(s.after, earlier)
			}
		}
	}
}

// touched are the workflows that may run when one does. A workflow that the run
// begins with is done by its own strand before others that depend on it.
func (r *run) touched(start *link.Workflow) []*link.Workflow {
	begun := func(w *link.Workflow) bool { return slices.Contains(r.starts, r.workflows[w]) }
	return closure([]*link.Workflow{start}, func(w *link.Workflow) []*link.Workflow {
		return append(entered(w), slices.DeleteFunc(slices.Clone(w.DependsOn), begun)...)
	})
}

// needed are the workflows that some of these have to know the run of.
func (r *run) needed(by []*link.Workflow) []*link.Workflow {
	var list []*link.Workflow
	for _, w := range by {
		list = append(list, w.DependsOn...)
		references := slices.Clone(w.References)
		for _, s := range w.Steps {
			references = append(references, s.References...)
			for _, before := range s.DependsOn {
				list = append(list, before.Workflow)
			}
		}
		for _, e := range references {
			if e.Root == expression.Workflows {
				list = append(list, r.byID[workflowKey{w.Document, e.ID}])
			}
		}
	}
	return list
}

// execute runs the strands, as many at a time as the options allow.
func (r *run) execute(ctx context.Context, strands []*strand) {
	if r.options.Parallel <= 1 {
		for _, s := range strands {
			s.begin(ctx)
		}
		return
	}
	free, faults := make(chan struct{}, r.options.Parallel), make(chan any, len(strands))
	var all sync.WaitGroup
	for _, s := range strands {
		all.Go(func() {
			defer func() {
				if fault := recover(); fault != nil {
					faults <- fault
				}
			}()
			for _, earlier := range s.after {
				<-earlier.over
			}
			free <- struct{}{}
			defer func() { <-free }()
			s.inherit()
			s.begin(ctx)
		})
	}
	all.Wait()
	close(faults)
	rethrow(<-faults)
}

// inherit makes known what the strands before came to. Of several runs of one
// workflow the last is that of the latest strand, as it is when they run in order.
func (s *strand) inherit() {
	for _, earlier := range s.after {
		for w, x := range earlier.ended {
			if known := s.ended[w]; known == nil || known.number < x.number {
				s.ended[w] = x
			}
		}
	}
}

// failed tells whether the workflow that the strand begins with failed, or one that
// it went to.
func (s *strand) failed() bool { return !s.first.succeeded() }
