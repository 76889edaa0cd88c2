// Package eventlog is all events of a database in commit order, in one JetStream
// stream.
//
// One message is a chunk, a run of consecutive events. One goroutine appends, and
// names the chunk it appends after, so that two can never interleave; any number
// read. The log's end is kept in memory ([Log] says how much), where all readers
// that keep up share it. What is appended is on disk when Append returns, where
// the broker is a durable one: that is what lets the slot be confirmed, and
// [Confirmation] is how far it was.
package eventlog
