// Package conformance judges implementations of the Prisma Pulse API and the
// Prisma Accelerate API, in whatever language they are written: it needs nothing
// of them but HTTP.
//
// # Judge the bundled reference
//
//	go test ./conformance
//
// boots a private Postgres and the reference in front of it; nothing has to be
// set up. The Postgres comes from where -postgres says: container
// (testcontainers, the image of -postgres-image), launcher (installed
// binaries), download, or auto, the first of them that is to be had. The log
// (go test -v) says which it was, and why not the ones before it.
// -database-url takes a database that is already there. What is asked for by
// name and not to be had is a failure, never replaced by something else.
//
// Flags stand behind -args, with one hyphen or two. -run and -skip name cases by id, by
// group or with * and ?; so the quick way to try one is
//
//	go test ./conformance -count=1 -args -run pulse-create/twice
//
// and the log shows all that was sent and answered where it fails.
//
// # Judge another implementation
//
//	go test ./conformance -count=1 -args \
//		-pulse http://127.0.0.1:4466 -accelerate http://127.0.0.1:4467 -api-key KEY
//
// Nothing is booted then. They are flags, never environment variables: go test
// keeps the results of a command it has seen and does not ask whether the server
// it spoke to is still there. -count=1 makes it run in any case. Give it always.
//
// The implementation's database needs the tables of fixture.sql, which -database-url
// makes, and the implementation the models of fixture.prisma. There may be other rows in
// them, and a server can be judged any number of times: what a run makes has names of
// its own, and is deleted at the end.
//
// Smoke checks come first. When one fails no case is run, and the report says what was
// found and what to do. docs/conformance.md tells of all flags, of features, known
// failures and reports; arazzo conformance does the same without Go.
//
// # What a case is
//
// A case is a workflow of an Arazzo document in the folder cases; any Arazzo runner
// can execute it, this package does it with ours. Its block x-conformance says which
// requirement of specs/requirements.yaml it proves and what it needs:
//
//	x-conformance:
//	  id: pulse-create/twice         FILE/WORKFLOW
//	  requirement: [PULSE-CREATE-05]
//	  level: extended                core, or extended; what is extended has features
//	  features: [filters]            what a target has to declare
//	  condition: rate-limited        how the target has to be started, see [Condition]
//	  alone: true                    nothing else may be asked of the target meanwhile
//
// Workflows without that block are steps that the cases of the document share. A
// case is given the inputs apiKey, run, a name that no other execution has, and
// otherApiKey, the key of another environment; it passes when its workflow succeeds
// and each response is as the OpenAPI document says: status, media type, headers and
// body, an event by its action.
//
// Requests that the documents forbid go through cases/*-hostile-openapi.yml, which
// have the same operations and responses, and take any request.
//
// # Where things are
//
//   - requirement.go: what is required of an implementation.
//   - case.go: the cases, and what is known of them before they are run.
//   - run.go: one case, run against a target; timescale.go: its bounds on time.
//   - target.go: what is judged.
//   - selection.go: which cases are asked for.
//   - flags.go: all that a person can say of a run.
//   - profile.go, declaration.go, known.go: whose requirements are judged, what a target
//     says of itself, what it is known to fail; feature.go: what it may have.
//   - smoke.go, smoke_rows.go: what is asked before the cases; clean.go: what is deleted
//     after them; client.go: how both ask.
//   - identity.go, repeat.go: who judges whom, and the commands that do it again.
//   - list.go: what there is, without judging.
//   - suite.go: many cases, side by side, and the report of them.
//   - description.go: the OpenAPI documents as the cases are judged by them.
//   - package report: what a run came to, and its forms.
package conformance
