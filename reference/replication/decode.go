package replication

import (
	"errors"
	"fmt"
)

// ParseV2 decodes one pgoutput message of protocol version 2, or of version 1, which has
// no streams. A message that ends early, goes on too long or is of an unknown kind is an
// error; no input makes it allocate more than a small multiple of its own length.
//
// Inside a stream, after a [StreamStartMessageV2] and before the
// [StreamStopMessageV2], most messages carry a transaction; outside they do not,
// and nothing in their bytes tells the two apart: inStream does.
//
// Messages that may be in a stream are of their V2 type also outside.
func ParseV2(data []byte, inStream bool) (Message, error) {
	return (&reader{}).message(data, inStream)
}

// Decoder decodes as [ParseV2] does, with the rows of all its messages in the same
// memory: for whoever is done with one message before it takes the next. Its zero
// value is ready to use, by one goroutine at a time.
type Decoder struct{ reader reader }

// ParseV2 is [ParseV2], but for the rows ([TupleData]) of the message, which are those
// of the next one after the next call.
func (d *Decoder) ParseV2(data []byte, inStream bool) (Message, error) {
	d.reader.keep = true
	return d.reader.message(data, inStream)
}

// message decodes a message. In a stream most kinds begin with their transaction.
func (r *reader) message(data []byte, inStream bool) (Message, error) {
	if len(data) == 0 {
		return nil, errors.New("pgoutput message: expected a type byte, got an empty message")
	}
	r.rest, r.err, r.kept.used = data[1:], nil, 0
	kind := MessageType(data[0])
	of := InStreamMessageV2WithXid{}
	if inStream && isOfTransaction(kind) {
		of.Xid = r.uint32()
	}
	msg := decode(kind, of, r)
	if msg == nil {
		return nil, fmt.Errorf("pgoutput message: unknown type %q (of protocol version 2: A B C D E I M O R S T U Y c)", rune(kind))
	}
	if r.err == nil && len(r.rest) > 0 {
		r.err = fmt.Errorf("%d bytes left over at its end", len(r.rest))
	}
	if r.err != nil {
		return nil, fmt.Errorf("pgoutput message %q: %w", rune(kind), r.err)
	}
	return msg, nil
}

// isOfTransaction reports whether a message of that kind names its transaction, where
// it is in a stream.
func isOfTransaction(kind MessageType) bool {
	switch kind {
	case MessageTypeRelation, MessageTypeType, MessageTypeInsert, MessageTypeUpdate,
		MessageTypeDelete, MessageTypeTruncate, MessageTypeMessage:
		return true
	}
	return false
}

// decode decodes what follows the transaction, where there is one; nil where the kind
// is unknown.
func decode(kind MessageType, of InStreamMessageV2WithXid, r *reader) Message {
	switch kind {
	case MessageTypeBegin:
		return &BeginMessage{FinalLSN: r.lsn(), CommitTime: r.time(), Xid: r.uint32()}
	case MessageTypeCommit:
		return &CommitMessage{Flags: r.byte(), CommitLSN: r.lsn(), TransactionEndLSN: r.lsn(), CommitTime: r.time()}
	case MessageTypeOrigin:
		return &OriginMessage{CommitLSN: r.lsn(), Name: r.text()}
	case MessageTypeStreamStart:
		return &StreamStartMessageV2{Xid: r.uint32(), FirstSegment: r.byte()}
	case MessageTypeStreamStop:
		return &StreamStopMessageV2{}
	case MessageTypeStreamCommit:
		return &StreamCommitMessageV2{
			Xid: r.uint32(), Flags: r.byte(), CommitLSN: r.lsn(), TransactionEndLSN: r.lsn(), CommitTime: r.time(),
		}
	case MessageTypeStreamAbort:
		return &StreamAbortMessageV2{Xid: r.uint32(), SubXid: r.uint32()}
	case MessageTypeRelation:
		return &RelationMessageV2{decodeRelation(r), of}
	case MessageTypeType:
		return &TypeMessageV2{decodeType(r), of}
	case MessageTypeInsert:
		return &InsertMessageV2{decodeInsert(r), of}
	case MessageTypeUpdate:
		return &UpdateMessageV2{decodeUpdate(r), of}
	case MessageTypeDelete:
		return &DeleteMessageV2{decodeDelete(r), of}
	case MessageTypeTruncate:
		return &TruncateMessageV2{decodeTruncate(r), of}
	case MessageTypeMessage:
		return &LogicalDecodingMessageV2{decodeMessage(r), of}
	}
	return nil
}

func decodeType(r *reader) TypeMessage {
	return TypeMessage{DataType: r.uint32(), Namespace: r.text(), Name: r.text()}
}

func decodeInsert(r *reader) InsertMessage {
	return InsertMessage{RelationID: r.uint32(), Tuple: r.newTuple()}
}

func decodeMessage(r *reader) LogicalDecodingMessage {
	return LogicalDecodingMessage{Transactional: r.byte() == 1, LSN: r.lsn(), Prefix: r.text(), Content: r.bytes(r.uint32())}
}

func decodeRelation(r *reader) RelationMessage {
	m := RelationMessage{
		RelationID:      r.uint32(),
		Namespace:       r.text(),
		RelationName:    r.text(),
		ReplicaIdentity: r.byte(),
		ColumnNum:       r.uint16(),
	}
	// Flags, an empty name's end, type and modifier: no column is shorter.
	const shortest = 1 + 1 + 4 + 4
	if !r.holds(uint64(m.ColumnNum), shortest) {
		return m
	}
	columns := make([]RelationMessageColumn, m.ColumnNum)
	m.Columns = make([]*RelationMessageColumn, m.ColumnNum)
	for i := range columns {
		columns[i] = RelationMessageColumn{Flags: r.byte(), Name: r.text(), DataType: r.uint32(), TypeModifier: int32(r.uint32())}
		m.Columns[i] = &columns[i]
	}
	return m
}

func decodeUpdate(r *reader) UpdateMessage {
	m := UpdateMessage{RelationID: r.uint32()}
	kind := r.byte()
	if kind == UpdateMessageTupleTypeKey || kind == UpdateMessageTupleTypeOld {
		m.OldTupleType, m.OldTuple = kind, r.tuple()
		kind = r.byte()
	}
	r.expect(kind, UpdateMessageTupleTypeNew)
	m.NewTuple = r.tuple()
	return m
}

func decodeDelete(r *reader) DeleteMessage {
	m := DeleteMessage{RelationID: r.uint32(), OldTupleType: r.byte()}
	if m.OldTupleType != DeleteMessageTupleTypeKey {
		r.expect(m.OldTupleType, DeleteMessageTupleTypeOld)
	}
	m.OldTuple = r.tuple()
	return m
}

func decodeTruncate(r *reader) TruncateMessage {
	m := TruncateMessage{RelationNum: r.uint32(), Option: r.byte()}
	if !r.holds(uint64(m.RelationNum), 4) {
		return m
	}
	m.RelationIDs = make([]uint32, m.RelationNum)
	for i := range m.RelationIDs {
		m.RelationIDs[i] = r.uint32()
	}
	return m
}
