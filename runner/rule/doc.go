// Package rule is what arazzo validate knows: a table of every rule, by its stable
// code, and the static analysis that goes beyond resolving references.
//
// Most rules are found where a document is read or linked (packages source,
// arazzo, openapi, description, link); they stand in the table alone. Those found
// by [Check] look at linked workflows as a whole.
//
// # Control flow
//
// A workflow is a graph (flow). From each step lead the ways of its success
// actions, of its failure actions, and of what happens when none is taken: the
// next step, or a failed workflow. Behind an action that always matches no way
// leads on. A retry comes back to its step as often as its limit says, so it is no
// way; a step that it runs first is reached, and what follows that one is not.
//
// The steps stand in the order of execution, into which package link brings them
// where one says what it depends on. What stands too late then waits in a circle,
// or is jumped over.
//
// On the graph rest the steps that no run can come to, the loops that none leaves,
// the outputs and prerequisites that cannot be there in time, and the workflows
// that lead back to themselves.
//
// # Certainty
//
// An error or a warning is only given for what holds in every run. Criteria may
// hold or not, unless two of them exclude each other by their text; a step may
// fail or not. Where an action could not be resolved nothing is said of what
// cannot happen. What may be meant is an info, or nothing.
package rule
