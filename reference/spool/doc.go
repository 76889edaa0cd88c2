// Package spool keeps the changes of database transactions that are still in
// progress, in files, until what became of each is known.
//
// Postgres streams a large transaction while it runs and says at its end whether
// it counts. What was streamed until then fits in no memory, and may come to
// nothing: whole, or in the parts that were rolled back to a savepoint. [Spool]
// takes the messages as they come, forgets what was rolled back, and gives the
// others back in their order ([Spool.Replay]) when the commit has come.
//
// Memory is flat whatever a transaction's size: one buffer for writing, one for
// reading, one open file. What grows is a set of the sub-transactions that were
// rolled back, an eighth of a byte each where they are consecutive.
//
// Nothing in the files is needed after the process or the connection ended, for
// the server sends all of an unconfirmed transaction again: they are not synced,
// and [Open] removes what a killed process left.
package spool
