// Package bus tells the nodes of an environment of each other's invalidations, over
// NATS with JetStream.
//
// # What is promised
//
// Once [Bus.Tell] has returned without an error, no node serves what the invalidation
// was about beyond [Within], whatever becomes of the node, of NATS and of the network
// between them; usually it is a few milliseconds. A node that cannot know what was
// invalidated serves nothing from its cache.
//
// # How
//
// Invalidations go into a stream, in memory, that all nodes read: they are told when
// JetStream has acknowledged them, with --nats-replicas above 1 on a majority of the
// servers that keep it. So they have one order. Each node also says something into the
// stream once a second, and reads it there: when it hears what it said at some moment,
// it has heard, and done, all that was told before that moment. That is what it says to
// its cache ([cache.Cache.Heard]), which serves its entries for Within after that moment
// and no longer. Only the node's own clock is asked.
//
// A node must not miss a message without noticing. It reads through a consumer of its
// own, which counts what it sends. When a number is missing, of the consumer or of the
// stream, or the consumer is gone, as after a restart of the server, or nothing that
// the node says comes back, the node drops all its entries and begins anew with another
// consumer. A connection that was lost for less than a minute goes on where it was.
//
// Without NATS Tell is an error: the entries are gone here, and the other nodes may
// serve them for as long as they hear each other.
//
// Each environment has a stream of its own, named as those of Pulse are.
package bus
