// Package asyncapi is an index over AsyncAPI descriptions, 2.x and 3.x: the
// channels and operations that a step can name, and nothing else. Messages,
// servers and bindings are not read.
//
// An operation's [Action] is the one of the described application, as AsyncAPI 3
// has it. A step of a workflow is the other side: it sends what the application
// receives. The examples of Arazzo 1.1.0 (Step Object Examples) do just that with
// an operation whose own action is receive. AsyncAPI 2 says it from the other side
// in the first place: its publish is what a client may send, so the application
// receives; its subscribe is what a client may receive, so the application sends.
package asyncapi
