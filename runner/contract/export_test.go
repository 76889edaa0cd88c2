package contract

import (
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Compiled counts the schemas that were compiled so far, each with all that it
// refers to.
func (c *Checker) Compiled() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.compiled)
}

// Prepare compiles every schema of an operation now, and tells what of it cannot
// be judged. Without it each is compiled when it is first needed.
func (c *Checker) Prepare(op *openapi.Operation) source.Diagnostics {
	var notes source.Diagnostics
	prepare := func(s *openapi.Schema, m mode, parameter bool) {
		if !s.Raw().Exists() {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, note := range c.compile(s.Raw(), m, parameter).notes {
			if !slices.Contains(notes, note) {
				notes = append(notes, note)
			}
		}
	}
	for _, p := range op.Parameters {
		prepare(p.Schema, request, p.Schema.Raw().Version() == "2.0")
	}
	if op.RequestBody != nil {
		for _, m := range op.RequestBody.Content {
			prepare(m.Schema, request, false)
		}
		for _, f := range op.RequestBody.Fields {
			prepare(f.Schema, request, true)
		}
	}
	for _, r := range op.Responses {
		for _, h := range r.Headers {
			prepare(h.Schema, response, false)
		}
		for _, m := range r.Content {
			prepare(m.Schema, response, false)
			prepare(m.ItemSchema, response, false)
		}
	}
	return notes
}
