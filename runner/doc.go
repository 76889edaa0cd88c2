// Package runner executes Arazzo documents against live APIs.
//
//	plan, err := runner.Load(ctx, "workflow.yml", runner.Options{
//		Inputs: map[string]any{"streamName": "all-user-events"},
//	})
//	if err != nil {
//		return err // source.Diagnostics: nothing was sent
//	}
//	result := plan.Run(ctx)
//
// # Two phases
//
// [Load] reads the document and its sources, resolves every reference, and
// judges everything that can be judged without sending a request: operations,
// steps, expressions, conditions, inputs, parameters and credentials. What is
// wrong is an error with a position, and nothing is sent. [Plan.Run] then sends.
// [Plan.Workflows] shows what that would be, as far as it can be known; an [Observer]
// is told what happens while it happens.
//
// # The life of a step
//
// A step is built, sent, judged, and followed by an action (step.go):
//
//  1. credential.go fetches the access tokens that it needs (package credential),
//     request.go evaluates the parameters, body.go the payload, which package payload
//     writes, with the files of files.go: the request.
//  2. exchange.go sends it (package exchange) and reads the response; redirect.go
//     says which redirects are answers; media.go and events.go read one that
//     streams, for as long as x-sse says; ended.go tells how it ended, nostream.go
//     what came in its place.
//     Before and after it contract.go compares the request and the response with
//     their OpenAPI operation (package contract).
//  3. criterion.go asks the success criteria; without any, 2xx and 3xx are success.
//  4. action.go picks the first success or failure action whose criteria hold;
//     retry.go waits before a retry, and call.go runs what it names.
//  5. The step's outputs are evaluated from the response, and failure.go tells
//     what nothing handled.
//
// A step that calls a workflow runs it in place of an exchange (call.go). One in the
// background is in flight until a step needs it, or the workflow ends (background.go).
//
// # The life of a run
//
// A run is made of strands (strand.go): each begins with one workflow, behind those
// that it depends on, and has all that follows from it, one thing after the other
// (workflow.go). Strands follow one another, or run side by side where none needs
// what another one did. Results and events come in the order of the strands in any
// case (observer.go).
//
// # No false greens
//
// A value that is absent when a request is built fails the step before it is
// sent, with the code unresolved-value; only an optional input that nobody gave
// leaves its member or parameter out, unless the operation requires it. In
// outputs and conditions an absent value is null. An output that became null this
// way carries a warning, and for a later request it is as absent as its value
// was. A condition that cannot be evaluated is false, with its reason in the
// result. What the specification has and this package does not execute is
// refused with the code unsupported before anything is sent.
//
// # What a result shows
//
// [Result] is a tree of what happened, ready to be written as JSON (package
// report, docs/report.md). Secrets are masked when it is made, not when it is printed, so that
// no report can leak one.
package runner
