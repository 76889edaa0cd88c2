package link

import (
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Linker links the workflows of one description. It is not safe for concurrent
// use.
type Linker struct {
	description *description.Description
	workflows   map[key]*Workflow
	found       source.Diagnostics
	reported    map[source.Diagnostic]bool
}

// key names a workflow: ids are unique in their document alone.
type key struct {
	document *description.Document
	id       string
}

// New prepares the linking of a description.
func New(d *description.Description) *Linker {
	return &Linker{description: d, workflows: map[key]*Workflow{}, reported: map[source.Diagnostic]bool{}}
}

// Diagnostics are what was found in the workflows linked so far.
func (l *Linker) Diagnostics() source.Diagnostics { return l.found }

// Workflow links the workflow of that id, and all that it leads to. False means
// that the document has none.
func (l *Linker) Workflow(d *description.Document, id string) (*Workflow, bool) {
	if w, ok := l.workflows[key{d, id}]; ok {
		return w, true
	}
	described, ok := d.Workflow(id)
	if !ok {
		return nil, false
	}
	w := &Workflow{Workflow: described, Document: d}
	l.workflows[key{d, id}] = w // before it is linked: it may call itself
	l.link(w)
	return w, true
}

// Entry links every workflow of the entry document, in its order.
func (l *Linker) Entry() []*Workflow {
	var all []*Workflow
	for _, described := range l.description.Entry.Workflows {
		if w, ok := l.Workflow(l.description.Entry, described.WorkflowID); ok {
			all = append(all, w)
		}
	}
	return all
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

func list(names []string) string { return strings.Join(names, ", ") }

// oneOf is what was expected where one of these names was: at most the first
// twenty are told.
func oneOf(names []string) string {
	const most = 20
	if len(names) > most {
		return fmt.Sprintf("one of %s and %d more", list(names[:most]), len(names)-most)
	}
	return "one of " + list(names)
}

func didYouMean(name string, names []string) string {
	if near := source.Nearest(name, names); len(near) > 0 {
		return fmt.Sprintf("did you mean %s?", strings.Join(near, " or "))
	}
	return ""
}
