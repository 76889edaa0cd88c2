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
//
// # The life of a step
//
// A step is built, sent, judged, and followed by an action (step.go):
//
//  1. request.go evaluates the parameters and the payload and builds the request.
//  2. exchange.go sends it and reads the response, stream.go one that streams.
//  3. judge.go asks the success criteria; without any, 2xx and 3xx are success.
//  4. action.go picks the first success or failure action whose criteria hold.
//  5. The step's outputs are evaluated from the response.
//
// # No false greens
//
// A value that is absent when a request is built fails the step before it is
// sent, with the code unresolved-value; only an optional input that nobody gave
// leaves its member or parameter out. In outputs and conditions an absent value
// is null, and an output that became null this way carries a warning. A
// condition that cannot be evaluated is false, with its reason in the result.
//
// # What a result shows
//
// [Result] is a tree of what happened, ready to be written as JSON (package
// report). Secrets are masked when it is made, not when it is printed, so that
// no report can leak one.
package runner
