package replication

import (
	"errors"
	"fmt"
)

// Parse decodes one pgoutput message of protocol version 1. A message that ends
// early, goes on too long or is of an unknown kind is an error; no input makes
// it allocate more than a small multiple of its own length.
func Parse(data []byte) (Message, error) {
	return (&reader{}).message(data, decode, "version 1: B C D I M O R T U Y")
}

// message decodes a message with the types of one protocol version, which known
// lists.
func (r *reader) message(data []byte, decode func(MessageType, *reader) Message, known string) (Message, error) {
	if len(data) == 0 {
		return nil, errors.New("pgoutput message: expected a type byte, got an empty message")
	}
	r.rest, r.err, r.kept.used = data[1:], nil, 0
	kind := MessageType(data[0])
	msg := decode(kind, r)
	if msg == nil {
		return nil, fmt.Errorf("pgoutput message: unknown type %q (of protocol %s)", rune(kind), known)
	}
	if r.err == nil && len(r.rest) > 0 {
		r.err = fmt.Errorf("%d bytes left over at its end", len(r.rest))
	}
	if r.err != nil {
		return nil, fmt.Errorf("pgoutput message %q: %w", rune(kind), r.err)
	}
	return msg, nil
}

func decode(kind MessageType, r *reader) Message {
	switch kind {
	case MessageTypeBegin:
		return &BeginMessage{FinalLSN: r.lsn(), CommitTime: r.time(), Xid: r.uint32()}
	case MessageTypeCommit:
		return &CommitMessage{Flags: r.byte(), CommitLSN: r.lsn(), TransactionEndLSN: r.lsn(), CommitTime: r.time()}
	case MessageTypeOrigin:
		return &OriginMessage{CommitLSN: r.lsn(), Name: r.text()}
	case MessageTypeRelation:
		m := decodeRelation(r)
		return &m
	case MessageTypeType:
		m := decodeType(r)
		return &m
	case MessageTypeInsert:
		m := decodeInsert(r)
		return &m
	case MessageTypeUpdate:
		m := decodeUpdate(r)
		return &m
	case MessageTypeDelete:
		m := decodeDelete(r)
		return &m
	case MessageTypeTruncate:
		m := decodeTruncate(r)
		return &m
	case MessageTypeMessage:
		m := decodeMessage(r)
		return &m
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
