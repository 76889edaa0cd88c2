// Package capture carries the changes of a Postgres database into its event log.
//
//	WAL -> receiver -> translator -> event log
//
// The receiver reads a logical replication slot (pgoutput) and hands each message
// to the translator, which knows the tables, gives them their Prisma names and
// makes events: formatted once, with identifiers that grow in log order.
//
// From Postgres 14 on the server streams large transactions while they are in
// progress (protocol version 2). What it streams goes into a spool, and from
// there to the translator when the commit comes: others' events are not kept
// waiting, and neither the server nor this process holds the transaction.
//
// # Nothing twice, nothing lost
//
// A crash makes the slot send transactions again; what the log has already is
// known by position, never by identifier. The slot is confirmed only up to what
// the log has on disk, so nothing is lost either.
//
// Chunks of a long transaction are stored, and seen, as they come, and short
// transactions that arrived together share one. Both are safe because nothing gets
// there that is not committed, and all of it in commit order; a transaction is
// never held in memory as a whole. A crash in the middle of one leaves its
// beginning in the log, and the rest follows: a change has the same position
// whether its transaction was streamed or sent whole. What is spooled is not
// confirmed, and is sent again after a new beginning.
//
// A row is read with the schema as it is when its change arrives; a table, a
// column or a type that the schema does not have makes it be read again, once, and
// not before the transaction is seen by others. Names and fields that were known
// once are kept: changes may come from before something was renamed or dropped.
//
// # What is kept in the database
//
// A publication and a replication slot, no tables. A temporary service has a slot
// of its own and so takes nothing away from a lasting one. A volatile one makes a
// temporary slot with each connection, which Postgres removes with it: that
// connection's end is a gap, and nothing ever keeps the server's log for nobody.
// [Remove] removes what a service that does not run has left, on request.
//
// # What cannot be had any more
//
// Each connection is compared with where the log's events came from: the cluster,
// its timeline, the publication, the slot and its position. When the slot was lost,
// somebody else read it, or the publication was another meanwhile, Options.Lost is
// told, for what was to be delivered has a gap, and capture goes on behind it. A
// server whose past is not the log's is refused. A slot that a promoted standby
// has (Postgres 17) is gone on with. A slot that the log never read, or gave up, is
// another log's, as when a service is started with the wrong folder for once: it is
// refused, before anything of it is confirmed here that the other would never get.
package capture
