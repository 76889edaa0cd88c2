// Package pulse is the Prisma Pulse API on a real Postgres: change data capture
// over server-sent events, as specs/prisma-pulse-openapi.yml describes it.
//
// # The way of a change
//
//	WAL -> capture -> eventlog -> delivery -> server-sent events
//
// Package capture brings the committed changes of the database into the event
// log, package eventlog keeps them in commit order. Every connection has its own
// delivery, which reads the log from its own position and is woken when it
// grows. Live ones share the chunks that are still in memory.
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
// Last-Event-ID, or says so itself. Beside the cursor stands how far the log was
// passed, which is further where the filter wants little. The newest consumer of a
// name wins.
//
// A connection's filter follows the schema while it lasts. A stream whose filter does
// not fit is stopped, and goes on once it fits again; one that lost events is stopped
// for good.
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
// were there are stopped, for they have a gap, and subscriptions end. With
// Storage.NoPersistence there is neither folder nor lasting slot, nor a named stream:
// see unkept.go.
//
// # What an operator sees
//
// [Service.Health] says how it fares and why, [Service.Stats] what was counted:
// where it happens, by package meter, and once for each write to a connection, not
// for each event. [Service.Drain] ends the service so that what is in flight
// arrives.
//
// # What the documents leave open
//
// Members of a request that the contract does not name are ignored, except in a
// filter: there everything that is not understood is refused. A change larger than
// [eventlog.MaxEventBytes] is dropped with an error in the log, as Pulse dropped what
// was over its plan's limit. A stopped stream answers its consumers 500, StreamStopped. Errors
// Prisma has no code for have a word.
package pulse
