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
// # Judge another implementation
//
//	go test ./conformance -count=1 -args \
//		-pulse http://127.0.0.1:4466 -accelerate http://127.0.0.1:4467 -api-key KEY
//
// Nothing is booted then. The three belong together, and they are flags, never
// environment variables: go test keeps the results of a command it has seen and
// does not ask whether the server it spoke to is still there. -count=1 makes it
// run in any case. Give it always.
//
// The implementation's database needs the model User, and may hold other rows
// of it:
//
//	model User {
//	  id    Int     @id @default(autoincrement())
//	  email String  @unique
//	  name  String?
//	}
//
// Streams and rows that a run makes have names of their own, so a server can be
// judged any number of times. Each run leaves behind one named stream, which
// begins with "conformance-".
//
// # What a case is
//
// A case is one Arazzo document of package workflows: any Arazzo runner can
// execute it, this package does it with ours. It passes when each workflow in it
// succeeds. One that fails shows the runner's report, requests and responses
// included, secrets masked. A target that cannot be reached fails, nothing is
// ever skipped for it, and a run without a case is a failure.
//
// # Where things are
//
//   - target.go: what is judged, and the flags that say so.
//   - suite.go: the cases, and what one came to.
//   - fixture.go: what a case needs of the database, said when it is missing.
//
// The tests add what a library should not compile: the flags for Postgres
// (postgres_test.go), the container (container_test.go), and targets that are
// broken on purpose, to see the cases fail (mutant_test.go). Folder image builds
// an image where none can be pulled.
package conformance
