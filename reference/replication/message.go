package replication

import "time"

// MessageType is the byte that opens a pgoutput message.
type MessageType uint8

// The messages of protocol version 1.
const (
	MessageTypeBegin    MessageType = 'B'
	MessageTypeMessage  MessageType = 'M'
	MessageTypeCommit   MessageType = 'C'
	MessageTypeOrigin   MessageType = 'O'
	MessageTypeRelation MessageType = 'R'
	MessageTypeType     MessageType = 'Y'
	MessageTypeInsert   MessageType = 'I'
	MessageTypeUpdate   MessageType = 'U'
	MessageTypeDelete   MessageType = 'D'
	MessageTypeTruncate MessageType = 'T'
)

// Message is one message of pgoutput: a pointer to one of the types of this
// package.
type Message interface {
	Type() MessageType
}

// BeginMessage opens a transaction. Only committed transactions are sent.
type BeginMessage struct {
	// FinalLSN is the position of the commit record.
	FinalLSN   LSN
	CommitTime time.Time
	Xid        uint32
}

// CommitMessage ends a transaction.
type CommitMessage struct {
	Flags uint8
	// CommitLSN is the position of the commit record, TransactionEndLSN of the
	// byte after it: what a reader confirms once the transaction is safe.
	CommitLSN         LSN
	TransactionEndLSN LSN
	CommitTime        time.Time
}

// OriginMessage names the server a transaction was replicated from.
type OriginMessage struct {
	CommitLSN LSN
	Name      string
}

// The kinds of replica identity a [RelationMessage] carries.
const (
	ReplicaIdentityDefault uint8 = 'd'
	ReplicaIdentityNothing uint8 = 'n'
	ReplicaIdentityFull    uint8 = 'f'
	ReplicaIdentityIndex   uint8 = 'i'
)

// RelationMessage describes a table. It comes before the first change of that
// table in a session, and again after the table was altered.
type RelationMessage struct {
	RelationID uint32
	Namespace  string
	// RelationName is the table's name.
	RelationName string
	// ReplicaIdentity is the table's setting, one of the constants above.
	ReplicaIdentity uint8
	ColumnNum       uint16
	Columns         []*RelationMessageColumn
}

// RelationMessageColumn is one column of a table.
type RelationMessageColumn struct {
	// Flags is 1 for a column of the replica identity: of the key, or every
	// column under FULL.
	Flags uint8
	Name  string
	// DataType is the OID of the column's type, TypeModifier its atttypmod.
	DataType     uint32
	TypeModifier int32
}

// TypeMessage names a type that is not built in.
type TypeMessage struct {
	DataType  uint32
	Namespace string
	Name      string
}

// The kinds of value in a [TupleDataColumn].
const (
	TupleDataTypeNull   = uint8('n')
	TupleDataTypeToast  = uint8('u')
	TupleDataTypeText   = uint8('t')
	TupleDataTypeBinary = uint8('b')
)

// TupleData is a row, or under a key-only identity the key of one, with NULL
// markers in place of all other columns.
type TupleData struct {
	ColumnNum uint16
	Columns   []*TupleDataColumn
}

// TupleDataColumn is one value.
type TupleDataColumn struct {
	// DataType is a TupleDataType constant. TupleDataTypeToast stands for a value
	// stored out of line that the change left alone: it is not sent.
	DataType uint8
	Length   uint32
	// Data is the value in the type's text (or binary) output format. It shares
	// memory with the message: copy what must outlive it.
	Data []byte
}

// InsertMessage is a new row.
type InsertMessage struct {
	RelationID uint32
	Tuple      *TupleData
}

// The kinds of old row in an [UpdateMessage] and a [DeleteMessage].
const (
	UpdateMessageTupleTypeNone = uint8(0)
	UpdateMessageTupleTypeKey  = uint8('K')
	UpdateMessageTupleTypeOld  = uint8('O')
	UpdateMessageTupleTypeNew  = uint8('N')

	DeleteMessageTupleTypeKey = uint8('K')
	DeleteMessageTupleTypeOld = uint8('O')
)

// UpdateMessage is a changed row.
type UpdateMessage struct {
	RelationID uint32
	// OldTupleType says what OldTuple is: nothing (it is nil), the old key, sent
	// only when the change touched it, or under FULL the whole old row.
	OldTupleType uint8
	OldTuple     *TupleData
	NewTuple     *TupleData
}

// DeleteMessage is a row that is gone.
type DeleteMessage struct {
	RelationID   uint32
	OldTupleType uint8
	OldTuple     *TupleData
}

// The bits of [TruncateMessage]'s Option.
const (
	TruncateOptionCascade uint8 = 1 << iota
	TruncateOptionRestartIdentity
)

// TruncateMessage says that tables were emptied; the rows are not named.
type TruncateMessage struct {
	RelationNum uint32
	Option      uint8
	RelationIDs []uint32
}

// LogicalDecodingMessage is what pg_logical_emit_message wrote.
type LogicalDecodingMessage struct {
	Transactional bool
	LSN           LSN
	Prefix        string
	Content       []byte
}

// Type is MessageTypeBegin.
func (*BeginMessage) Type() MessageType { return MessageTypeBegin }

// Type is MessageTypeCommit.
func (*CommitMessage) Type() MessageType { return MessageTypeCommit }

// Type is MessageTypeOrigin.
func (*OriginMessage) Type() MessageType { return MessageTypeOrigin }

// Type is MessageTypeRelation.
func (*RelationMessage) Type() MessageType { return MessageTypeRelation }

// Type is MessageTypeType.
func (*TypeMessage) Type() MessageType { return MessageTypeType }

// Type is MessageTypeInsert.
func (*InsertMessage) Type() MessageType { return MessageTypeInsert }

// Type is MessageTypeUpdate.
func (*UpdateMessage) Type() MessageType { return MessageTypeUpdate }

// Type is MessageTypeDelete.
func (*DeleteMessage) Type() MessageType { return MessageTypeDelete }

// Type is MessageTypeTruncate.
func (*TruncateMessage) Type() MessageType { return MessageTypeTruncate }

// Type is MessageTypeMessage.
func (*LogicalDecodingMessage) Type() MessageType { return MessageTypeMessage }
