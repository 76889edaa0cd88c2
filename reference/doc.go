// Package reference is the bundled implementation of the Prisma Pulse and Prisma
// Accelerate APIs on a real Postgres. Its rooms:
//
//	boot         starts all of it and stops it again; what programs import
//	postgres     a private Postgres: installed binaries, else downloaded ones
//	demo         the tables and rows of the demonstration database
//	prisma       models, fields and values, read from a database
//	replication  Postgres' logical replication protocol, decoded
//	jsonhttp     API keys, a JSON object in, a JSON document out
//	pulse        the Pulse API: change events over server-sent events
//	metrics      what was counted, as Prometheus reads it
//	meter        counts and durations, counted where they happen
//	doctor       checks a database for change capture, and says what to fix
//	accelerate   the Accelerate API: a GraphQL query proxy
//	cache        answers that are kept, and how the nodes tell each other what is not
//	soak         tests that kill the parts and see that nothing is lost
//
// Imports go downward only: boot knows all of them, pulse and accelerate know
// prisma and jsonhttp, pulse knows replication. Nothing here imports the runner.
package reference
