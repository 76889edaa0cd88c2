package link

import (
	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Linker links the workflows of one description. It is not safe for concurrent
// use.
type Linker struct {
	description *description.Description
	workflows   map[*arazzo.Workflow]*Workflow
	// waiting are the workflows that something leads to and that are not linked yet.
	waiting  []*Workflow
	indexes  map[*description.Document]*index
	schemas  map[*description.Document]*schemas
	siblings map[string]map[string][]string
	found    source.Diagnostics
	reported map[source.Diagnostic]bool
}

// New prepares the linking of a description.
func New(d *description.Description) *Linker {
	return &Linker{
		description: d, workflows: map[*arazzo.Workflow]*Workflow{}, indexes: map[*description.Document]*index{},
		schemas: map[*description.Document]*schemas{}, siblings: map[string]map[string][]string{},
		reported: map[source.Diagnostic]bool{},
	}
}

// Diagnostics are what was found in the workflows linked so far.
func (l *Linker) Diagnostics() source.Diagnostics { return l.found }

// Workflow links the workflow of that id, and all that it leads to. False means
// that the document has none. Of several with one id, which is an error of the
// document, it is the first.
func (l *Linker) Workflow(d *description.Document, id string) (*Workflow, bool) {
	described, ok := l.index(d).workflows[id]
	if !ok {
		return nil, false
	}
	w := l.lead(d, described)
	l.linkWaiting()
	return w, true
}

// Entry links every workflow of the entry document, in its order.
func (l *Linker) Entry() []*Workflow {
	var all []*Workflow
	for _, described := range l.description.Entry.Workflows {
		all = append(all, l.lead(l.description.Entry, described))
	}
	l.linkWaiting()
	return all
}

// described is a workflow with its inputs and steps, and nothing linked.
func (l *Linker) described(d *description.Document, w *arazzo.Workflow) *Workflow {
	known := l.workflows[w]
	if known == nil {
		s := l.schemasOf(d)
		known = newWorkflow(d, w, s.declared(w.Inputs))
		known.schemas = s
		known.unresolved = s.unresolved(w.Inputs)
		l.workflows[w] = known
	}
	return known
}

// lead is what something leads to: it will be linked. It is not linked at once,
// since it may lead back, and a chain of workflows may be long.
func (l *Linker) lead(d *description.Document, described *arazzo.Workflow) *Workflow {
	w := l.described(d, described)
	if !w.led {
		w.led = true
		l.waiting = append(l.waiting, w)
	}
	return w
}

func (l *Linker) linkWaiting() {
	for len(l.waiting) > 0 {
		w := l.waiting[0]
		l.waiting = l.waiting[1:]
		l.link(w)
	}
}

// report keeps each diagnostic once: several steps may come by one place.
func (l *Linker) report(found ...*source.Diagnostic) {
	for _, d := range found {
		if d.Severity == "" {
			d.Severity = source.Error
		}
		if !l.reported[*d] {
			l.reported[*d] = true
			l.found = append(l.found, d)
		}
	}
}
