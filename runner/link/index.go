package link

import (
	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/description"
)

// index finds by name what a document has. Of several with one name, which the
// reader reported, it is the first.
type index struct {
	workflows   map[string]*arazzo.Workflow
	workflowIDs []string
	sources     map[string]*description.Source
	sourceNames []string
	// apis are the sources that describe operations, or may do so: one that could
	// not be loaded is among them.
	apis []*description.Source
	// operations are the sources that have an operation of that id,
	// each once.
	operations map[string][]*description.Source
}

func (l *Linker) index(d *description.Document) *index {
	x := l.indexes[d]
	if x == nil {
		x = newIndex(d)
		l.indexes[d] = x
	}
	return x
}

func newIndex(d *description.Document) *index {
	x := &index{
		workflows: map[string]*arazzo.Workflow{}, sources: map[string]*description.Source{}, operations: map[string][]*description.Source{},
	}
	for _, w := range d.Workflows {
		if x.workflows[w.WorkflowID] == nil {
			x.workflows[w.WorkflowID] = w
			x.workflowIDs = append(x.workflowIDs, w.WorkflowID)
		}
	}
	for _, s := range d.Sources {
		if x.sources[s.Name] == nil {
			x.sources[s.Name] = s
			x.sourceNames = append(x.sourceNames, s.Name)
		}
		if s.Arazzo == nil {
			x.apis = append(x.apis, s)
			x.addOperations(s)
		}
	}
	return x
}

func (x *index) addOperations(s *description.Source) {
	for _, id := range operationIDs(s) {
		having := x.operations[id]
		if len(having) == 0 || having[len(having)-1] != s {
			x.operations[id] = append(having, s)
		}
	}
}

func operationIDs(in *description.Source) []string {
	switch {
	case in.OpenAPI != nil:
		return in.OpenAPI.OperationIDs()
	case in.AsyncAPI != nil:
		return in.AsyncAPI.OperationIDs()
	default:
		return nil
	}
}
