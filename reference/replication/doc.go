// Package replication speaks Postgres' logical replication protocol over a
// [pgconn.PgConn] opened with the runtime parameter replication=database.
//
// It has two halves. The commands ([IdentifySystem], [CreateReplicationSlot],
// [StartReplication], [SendStandbyStatusUpdate], [DropReplicationSlot]) follow
// the chapter "Streaming Replication Protocol" of the Postgres manual. The
// decoding ([ParseXLogData], [ParsePrimaryKeepaliveMessage], [ParseV2]) is pure:
// bytes in, values out, testable without a server; it follows "Logical Replication
// Message Formats". In pgoutput's protocol version 1 the server sends
// whole committed transactions in commit order. In version 2, of Postgres 14 and
// with the option streaming 'on', it sends large transactions in pieces while
// they are in progress, and later what became of each.
//
// The package starts no goroutine, retries nothing and holds no policy: when to
// confirm, reconnect or give up is its caller's business. Names and shapes are
// those of jackc/pglogrepl, where that has them.
package replication
