package runner

import (
	"sync"
	"time"
)

// Observer is told what happens while it happens. Its method is called for one
// event at a time, in the order that the report has: of workflows that run side by
// side the first is told as it goes, and those after it when it has ended.
type Observer interface {
	Observe(e Event)
}

// Event is [WorkflowStarted], [StepStarted], [AttemptEnded], [StepEnded] or
// [WorkflowEnded]. What it holds is masked, must not be changed, and is to be read
// before Observe returns.
type Event interface{ event() }

// WorkflowStarted tells that a workflow begins.
type WorkflowStarted struct {
	WorkflowID string
	Inputs     map[string]any
	// Via is the action that led to it, nil where none did.
	Via *Via
	// Depth counts the steps that wait for this workflow: 0 for one that no step
	// called.
	Depth int
}

// StepStarted tells that a visit of a step begins.
type StepStarted struct {
	WorkflowID, StepID string
	// Operation is what the step calls, for a person.
	Operation string
	Depth     int
}

// AttemptEnded tells that an attempt was judged. It comes before the pause of a
// retry.
type AttemptEnded struct {
	WorkflowID, StepID string
	// Operation and Via are those of the step.
	Operation string
	Via       *Via
	Attempt   *Attempt
	// Workflow is the nested run of a step that calls a workflow.
	Workflow *WorkflowResult
	// Retry is the action that makes another attempt, after a pause; nil for the last
	// one.
	Retry *ActionResult
	Pause time.Duration
	Depth int
}

// StepEnded tells that a visit of a step is over.
type StepEnded struct {
	WorkflowID string
	Step       *StepResult
	Depth      int
}

// WorkflowEnded tells that a workflow is over.
type WorkflowEnded struct {
	Workflow *WorkflowResult
	Depth    int
}

func (WorkflowStarted) event() {}
func (StepStarted) event()     {}
func (AttemptEnded) event()    {}
func (StepEnded) event()       {}
func (WorkflowEnded) event()   {}

// teller passes the events of strands to the observer in the order of the strands.
type teller struct {
	to Observer

	mu sync.Mutex
	// at is the strand whose events pass; those of later ones wait.
	at      int
	waiting [][]Event
	over    []bool
}

func newTeller(to Observer, strands int) *teller {
	return &teller{to: to, waiting: make([][]Event, strands), over: make([]bool, strands)}
}

func (t *teller) tell(strand int, e Event) {
	if t.to == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if strand == t.at {
		t.to.Observe(e)
		return
	}
	t.waiting[strand] = append(t.waiting[strand], e)
}

// end tells that nothing more comes of a strand.
func (t *teller) end(strand int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.over[strand] = true; t.at < len(t.over) && t.over[t.at]; {
		if t.at++; t.at == len(t.over) {
			return
		}
		for _, e := range t.waiting[t.at] {
			t.to.Observe(e)
		}
		t.waiting[t.at] = nil
	}
}
