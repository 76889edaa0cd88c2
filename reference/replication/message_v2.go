package replication

import "time"

// The messages that protocol version 2 adds: they frame the pieces of
// transactions that are sent while they are in progress.
const (
	MessageTypeStreamStart  MessageType = 'S'
	MessageTypeStreamStop   MessageType = 'E'
	MessageTypeStreamCommit MessageType = 'c'
	MessageTypeStreamAbort  MessageType = 'A'
)

// StreamStartMessageV2 opens a piece of a transaction in progress. Until the
// [StreamStopMessageV2] every message is in the stream: it carries the
// transaction that it is of.
type StreamStartMessageV2 struct {
	// Xid is the top-level transaction.
	Xid uint32
	// FirstSegment is 1 when this is the transaction's first piece.
	FirstSegment uint8
}

// StreamStopMessageV2 ends a piece.
type StreamStopMessageV2 struct{}

// StreamCommitMessageV2 says that a transaction sent in pieces was committed. It
// stands where the commit does in the order of all commits.
type StreamCommitMessageV2 struct {
	Xid   uint32
	Flags uint8
	// CommitLSN is the position of the commit record, TransactionEndLSN of the
	// byte after it.
	CommitLSN         LSN
	TransactionEndLSN LSN
	CommitTime        time.Time
}

// StreamAbortMessageV2 says that a transaction sent in pieces was rolled back, or
// one of its sub-transactions.
type StreamAbortMessageV2 struct {
	// Xid is the top-level transaction, SubXid the one that was rolled back; they
	// are the same when the whole was.
	Xid    uint32
	SubXid uint32
}

// InStreamMessageV2WithXid is the part that a message has in the stream alone.
type InStreamMessageV2WithXid struct {
	// Xid is the transaction or sub-transaction that did it; 0 outside a stream.
	Xid uint32
}

// RelationMessageV2 is a [RelationMessage] that may be in a stream. There it comes
// before the first change of the table in the transaction, whatever was sent
// before, and again when a sub-transaction was rolled back; for what follows the
// transaction it counts once that is committed.
type RelationMessageV2 struct {
	RelationMessage
	InStreamMessageV2WithXid
}

// TypeMessageV2 is a [TypeMessage] that may be in a stream.
type TypeMessageV2 struct {
	TypeMessage
	InStreamMessageV2WithXid
}

// InsertMessageV2 is an [InsertMessage] that may be in a stream.
type InsertMessageV2 struct {
	InsertMessage
	InStreamMessageV2WithXid
}

// UpdateMessageV2 is an [UpdateMessage] that may be in a stream.
type UpdateMessageV2 struct {
	UpdateMessage
	InStreamMessageV2WithXid
}

// DeleteMessageV2 is a [DeleteMessage] that may be in a stream.
type DeleteMessageV2 struct {
	DeleteMessage
	InStreamMessageV2WithXid
}

// TruncateMessageV2 is a [TruncateMessage] that may be in a stream.
type TruncateMessageV2 struct {
	TruncateMessage
	InStreamMessageV2WithXid
}

// LogicalDecodingMessageV2 is a [LogicalDecodingMessage] that may be in a stream.
type LogicalDecodingMessageV2 struct {
	LogicalDecodingMessage
	InStreamMessageV2WithXid
}

// Type is MessageTypeStreamStart.
func (*StreamStartMessageV2) Type() MessageType { return MessageTypeStreamStart }

// Type is MessageTypeStreamStop.
func (*StreamStopMessageV2) Type() MessageType { return MessageTypeStreamStop }

// Type is MessageTypeStreamCommit.
func (*StreamCommitMessageV2) Type() MessageType { return MessageTypeStreamCommit }

// Type is MessageTypeStreamAbort.
func (*StreamAbortMessageV2) Type() MessageType { return MessageTypeStreamAbort }
