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
package eventlog
