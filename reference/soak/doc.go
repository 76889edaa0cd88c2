// Package soak proves that the reference loses nothing and repeats nothing when
// its parts are killed. It has tests only, and works from outside: the program as
// it is built, a Postgres of its own with durable settings, a network between the
// two that can be cut, a disk that can be filled, and consumers that speak HTTP. In
// a quarter of the rounds the program runs twice, as two nodes that share a NATS,
// and consumers go from one to the other.
//
// # A round
//
// Writers write transactions of every kind: of one row and of thousands,
// interleaved, rolled back in whole and to savepoints, in two phases, with keys
// that change and values that are stored outside of their rows. Consumers read
// named streams over connections that end in every way, and come back with and
// without a Last-Event-ID. Meanwhile something breaks, at a moment chosen at
// random, or several things one after the other. Then all of it is there again, the
// writers stop, and the round is judged. What breaks:
//
//   - killed with SIGKILL: the reference, also while it starts; all of Postgres, or
//     one of its processes; both;
//   - restarted as an administrator does: the reference, Postgres;
//   - cut, or silent for a while: the connections between the two, one side of them
//     alone; the consumers' own;
//   - full: the disk of the event log, until some seconds later, and the reference
//     killed meanwhile;
//   - of several nodes the one that has the slot: killed, stopped, suspended for
//     longer than its lease lasts and then resumed, cut off from NATS, or heard there
//     too late; all at once;
//   - NATS: killed, suspended, silent for a node, its disk full and then restarted.
//
// In two of three rounds what struck the node that has the slot lasts until another
// has taken over. A disk is filled where a file system may be mounted, which takes
// root; elsewhere a line says that none is.
//
// # What is true
//
// The tables say what was committed, not our log: a trigger notes each change of a
// row in the transaction that makes it (tables_test.go), so that a crash keeps
// both or neither. The order of commits is that of Postgres' own log, decoded
// through a second slot from a journal that has one row for each transaction.
//
// # What is proven
//
// Of the log: every committed change of a row is in it once, in commit order, as
// the event that it must be; identifiers grow in that order over all models; an
// event is found by its identifier. The log is read through streams that begin
// with the world and are consumed when nothing breaks.
//
// Of a named stream (judge_test.go has the exact rules):
//
//   - A connection brings consecutive events of the stream: none left out, double
//     or out of order.
//   - It begins right after the event that its Last-Event-ID names. Without one it
//     begins after the cursor, and not after an event that nobody had: what comes
//     again is a suffix of what was delivered.
//   - The cursor never moves back, and never to an event that has not arrived at
//     the consumer's machine. To know what has arrived, also on a connection that
//     the consumer resets, it looks into the kernel's buffer (wire_test.go).
//   - In the end every event was delivered, and the cursor comes to the last one.
//
// That the check sees what is wrong is a test of its own (mutant_test.go): a proxy
// leaves out, doubles, exchanges, changes and invents events and moves cursors.
//
// # How to run it
//
// go test runs ten rounds, make soak two hundred or as many as half an hour takes;
// those of one node and those of several run side by side.
// The seed that is printed repeats the choices of a run; what the machine makes of
// them differs. When a round fails, what was wrong, what happened when, every
// connection of the stream and the ends of the logs are shown.
package soak
