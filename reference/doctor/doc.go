// Package doctor examines a Postgres database for the Pulse API, and says what to
// fix before, or why, it does not work.
//
// [Examine] asks the server once for facts, in transactions that cannot write, and
// tries one replication connection. Then each of a list of checks judges the facts
// and gives findings: a code that scripts can depend on, a severity, what was
// found, and the SQL to run. Nothing in the database is changed; docs/pulse.md
// lists the codes.
//
// What the service itself refuses at its start is here in the same words: the SQL
// comes from package capture.
package doctor
