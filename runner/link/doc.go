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
// What something leads to is put on a list, and linked when the workflow before
// it is: workflows may lead back to one another, and a chain of them may be long.
// Within a workflow all targets come first, so that an expression can be about the
// outputs of any step's called workflow. Whether steps and workflows wait for one
// another in a circle, or ask for what cannot be there yet, is judged by package
// rule, which sees the whole.
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
// An action of the workflow serves steps of every kind. Where it asks for what
// one of them does not have it does not match, and that is no fault of the
// document. What a component says is judged in each place that uses it; what is
// wrong is told where it stands, and what does not fit the place, at the place.
//
// # Inputs
//
// The inputs of a workflow are the properties of its schema, of what that refers
// to and takes in, and of its alternatives, and what it requires. A reference is a
// JSON Pointer into the document or the name of an $anchor, and nothing else:
// inputs are judged without reading files or the network. The same schemas are
// compiled by the library of JSON Schema, once for a document.
//
// # Partial results
//
// What cannot be resolved is reported and left nil: a step whose operation is
// unknown has no Operation, but its criteria are still judged. A linked workflow
// may be executed only when no diagnostic is an error.
//
// What the reader or the loader reported is not told again. In a source that could
// not be loaded anything may be; where a parameter's component does not exist, it
// may be the one that is missing; where a schema is damaged, any input may be
// declared.
//
// # Limits
//
// A document has a million values at the most, and a hostile one may multiply
// them: what the workflows of a document list of their schemas, what a workflow
// gives to each of its steps, and the search for a misspelt name are bounded.
//
// # Positions
//
// Taken where the specification is silent:
//   - A parameter of the workflow without a place in the path of a step is not
//     sent with that step, with a warning; one of the step itself is an error.
//   - A required query parameter may be part of a querystring, a required cookie
//     of the header Cookie, and what carries a credential is given to the run.
//   - The outputs of a called workflow are outputs of the step that calls it, also
//     without a map of its own (S-215).
//   - A step on an operation of AsyncAPI that has no action is the other side of
//     what the application does (S-071).
//   - The target of a replacement without a type is XPath in XML, else a JSON
//     Pointer, whatever is made of the payload then (S-098).
//   - $sourceDescriptions.NAME.ID is a value for url, name and type alone (S-193).
package link
