// Package pulse is the Prisma Pulse API on a real Postgres: change data capture
// over server-sent events, as specs/prisma-pulse-openapi.yml describes it.
//
// # The way of a change
//
//	WAL -> receiver -> translator -> event log -> delivery -> server-sent events
//
// The receiver reads a logical replication slot (pgoutput, protocol version 1)
// and hands each message to the translator, which knows the tables, gives them
// their Prisma names and makes events: formatted once, with identifiers that
// grow in log order. The event log is a JetStream stream in this process; one
// message is a chunk, a run of consecutive events in commit order. Every
// connection has its own delivery, which reads the log from its own position and
// is woken when it grows. Live ones share the chunks that are still in memory.
//
// # Positions
//
// The place of a change is the LSN of its transaction's commit record and its
// number within (position). A crash makes the slot send transactions again; what
// the log has already is known by position, never by identifier. The slot is
// confirmed only up to what the log has on disk, so nothing is lost either.
//
// Chunks of a long transaction are stored, and seen, as they come, and short
// transactions that arrived together share one. Both are safe because the
// protocol's version 1 sends nothing that is not committed, and sends it in
// commit order; a transaction is never held in memory as a whole. A crash in the
// middle of one leaves its beginning in the log, and the rest follows.
//
// A row is read with the schema as it is when its change arrives; a table, a
// column or a type that the schema does not have makes it be read again, once.
//
// # Streams and subscriptions
//
// A named stream is a key in a JetStream key-value bucket, changed by
// compare-and-set: model, filter, start and cursor. It starts at the database's
// insert position at its creation: what was committed before the request is not
// its event, what is committed after the answer is. The cursor is the last
// acknowledged event. Server-sent events have no way back, so an event counts as
// acknowledged when it was flushed and the connection stayed healthy for
// Options.AckGrace, or when the consumer comes back with its identifier as
// Last-Event-ID. The newest consumer of a name wins.
//
// A subscription starts at the same kind of position, keeps no place, and is cut
// when it falls further behind than the log's tail in memory or does not take a
// chunk within ten seconds.
//
// # What is kept where
//
// In the watched database: a publication and a replication slot, no tables. In
// Options.DataDir: the event log and the named streams of that one database. A
// folder is refused when another process has it or when it belongs to another
// database. When the slot was lost, or somebody else read it, the streams that
// were there are stopped, for they have a gap. A temporary service has a slot of
// its own and so takes nothing away from a lasting one.
//
// # What the documents leave open
//
// Members of a request that the contract does not name are ignored, except in a
// filter: there everything that is not understood is refused, and conditions
// are equality of scalar fields so far. A change larger than maxEventBytes is
// dropped with an error in the log, as Pulse dropped what was over its plan's
// limit. A stopped stream answers its consumers 500, StreamStopped. Errors
// Prisma has no code for have a word.
package pulse
