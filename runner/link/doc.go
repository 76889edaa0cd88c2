// Package link resolves what the documents of a description say of each other,
// and judges everything that can be known without sending a request: the
// operation or workflow that a step calls, the steps and workflows that actions
// go to, the components, inputs, outputs and sources that expressions name, the
// languages that conditions and selectors are written in.
//
// A [Linker] works on a loaded description (package description). It links a
// workflow when it is asked for it, once, with the workflows that it calls, goes
// to or depends on; what is wrong is collected in [Linker.Diagnostics], all of
// it. What comes out is what the engine executes, what arazzo describe prints
// and what the rules of arazzo validate are asked of: one resolution, three
// readers, so that they cannot differ.
//
// # Where an expression stands
//
// What an expression can refer to depends on where it stands (section 4.7 of the
// specification). A site is that place: a workflow, a step of it, and the phase
// of the step's life. While a request is built there is no response yet; the
// outputs of a workflow are evaluated when no exchange is at hand; a step that
// calls a workflow has that workflow's outputs in place of a response, and one
// that receives a message has that.
//
// # Partial results
//
// What cannot be resolved is reported and left nil: a step whose operation is
// unknown has no Operation, but its criteria are still judged. A linked workflow
// may be executed only when no diagnostic is an error.
package link
