package link

import (
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/description"
)

// MayUse tells whether something in the workflows linked so far may lead into a
// source, as far as that can be told without having read it: a bare operationId
// may be in any of them. What is wrong with a source that nothing uses is no
// reason not to run.
func (l *Linker) MayUse(in *description.Source) bool {
	for _, w := range l.workflows {
		if !w.led || !slices.Contains(w.Document.Sources, in) {
			continue
		}
		qualified := func(text string) bool { return strings.HasPrefix(text, sourcePrefix+in.Name+".") }
		if slices.ContainsFunc(w.targets(), qualified) || slices.ContainsFunc(w.Steps, func(s *Step) bool { return s.mayUse(in) }) {
			return true
		}
	}
	return false
}

// mayUse tells whether a step may call what is in the source by a bare operationId,
// or by a path.
func (s *Step) mayUse(in *description.Source) bool {
	bare := s.OperationID != "" && !strings.HasPrefix(s.OperationID, sourcePrefix)
	path, _, _ := strings.Cut(s.OperationPath+s.ChannelPath, "#")
	name, named := sourceIn(path)
	return bare || named && name == in.Name || path != "" && path == in.URL
}

// targets are all texts of a workflow that may name something in a source.
func (w *Workflow) targets() []string {
	var texts []string
	for _, v := range w.Workflow.DependsOn {
		text, _ := v.Text()
		texts = append(texts, text)
	}
	for _, s := range w.Steps {
		texts = append(texts, s.OperationID, s.WorkflowID)
		for _, v := range s.Step.DependsOn {
			text, _ := v.Text()
			texts = append(texts, text)
		}
		for _, a := range slices.Concat(s.OnSuccess, s.OnFailure) {
			texts = append(texts, a.WorkflowID)
		}
	}
	return texts
}
