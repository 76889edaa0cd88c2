// Package capture carries the changes of a Postgres database into its event log.
//
//	WAL -> receiver -> translator -> event log
//
// The receiver reads a logical replication slot (pgoutput, protocol version 1)
// and hands each message to the translator, which knows the tables, gives them
// their Prisma names and makes events: formatted once, with identifiers that
// grow in log order.
//
// # Nothing twice, nothing lost
//
// A crash makes the slot send transactions again; what the log has already is
// known by position, never by identifier. The slot is confirmed only up to what
// the log has on disk, so nothing is lost either.
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
// # What is kept in the database
//
// A publication and a replication slot, no tables. When the slot was lost, or
// somebody else read it, Options.Lost is told: what was to be delivered has a
// gap. A temporary service has a slot of its own and so takes nothing away from a
// lasting one.
package capture
