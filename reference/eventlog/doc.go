// Package eventlog is all events of a database in commit order, in one JetStream
// stream.
//
// One message is a chunk, a run of consecutive events. One goroutine appends, and
// names the chunk it appends after, so that two can never interleave; any number
// read. The log's end is kept in memory ([Log] says how much), where all readers
// that keep up share it. What is appended is on disk when Append returns, where
// the broker is a durable one: that is what lets the slot be confirmed, and
// [Confirmation] is how far it was.
//
// An event is formatted once, when it is appended, and as it will be delivered: a
// chunk holds the events' frames (server-sent events with id and data) one behind the
// other. A [Reader] copies as many as fit into a piece, from one chunk or several,
// which its caller writes as it is; while that lasts, with a peer that does not read
// perhaps for hours, it holds none of the log's memory.
//
// # What goes
//
// The log loses its beginning to [Log.Purge], by age, or to the store's own limit,
// [Options.MaxBytes]. The last chunk always stays: by it the next one is known.
// Each chunk names the event that it follows, so that what was removed is known
// exactly ([Log.Cut]) though it is gone, and a reader that was to read some of it
// gets [ErrCut], never the next best. A chunk that a damaged file has lost in the
// middle counts as removed, with all before it.
//
// # Several nodes
//
// On a shared broker several processes have the log open. One of them appends: the
// one that has the [Lease], a record in the slot's bucket that is renewed by
// compare-and-set, and taken over by compare-and-set when it has not changed for
// its length by the waiting node's own clock. The others follow ([Log.Follow]), and
// their readers are woken as if they had appended. A holder that is late in
// noticing that it lost the lease does no harm: each chunk names the one that it
// comes after and begins beyond its end, Postgres has one reader of a slot at a time, and what a Confirmation
// says stays true whoever stores it, so that it only ever grows.
//
// [Confirmation] also knows where the slot began, for a stream that begins before
// that has a gap, and the last chunk at the time, for a log that ends before it has
// lost what does not come again.
package eventlog
