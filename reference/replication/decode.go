package replication

import (
	"errors"
	"fmt"
)

// Parse decodes one pgoutput message of protocol version 1. A message that ends
// early, goes on too long or is of an unknown kind is an error; no input makes
// it allocate more than a small multiple of its own length.
func Parse(data []byte) (Message, error) {
	if len(data) == 0 {
		return nil, errors.New("pgoutput message: expected a type byte, got an empty message")
	}
	r := &reader{rest: data[1:]}
	kind := MessageType(data[0])
	msg := decode(kind, r)
	if msg == nil {
		return nil, fmt.Errorf("pgoutput message: unknown type %q (of protocol version 1: B C D I M O R T U Y)", rune(kind))
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
		return decodeRelation(r)
	case MessageTypeType:
		return &TypeMessage{DataType: r.uint32(), Namespace: r.text(), Name: r.text()}
	case MessageTypeInsert:
		return &InsertMessage{RelationID: r.uint32(), Tuple: r.newTuple()}
	case MessageTypeUpdate:
		return decodeUpdate(r)
	case MessageTypeDelete:
		return decodeDelete(r)
	case MessageTypeTruncate:
		return decodeTruncate(r)
	case MessageTypeMessage:
		return &LogicalDecodingMessage{Transactional: r.byte() == 1, LSN: r.lsn(), Prefix: r.text(), Content: r.bytes(r.uint32())}
	}
	return nil
}

func decodeRelation(r *reader) *RelationMessage {
	m := &RelationMessage{
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

func decodeUpdate(r *reader) *UpdateMessage {
	m := &UpdateMessage{RelationID: r.uint32()}
	kind := r.byte()
	if kind == UpdateMessageTupleTypeKey || kind == UpdateMessageTupleTypeOld {
		m.OldTupleType, m.OldTuple = kind, r.tuple()
		kind = r.byte()
	}
	r.expect(kind, UpdateMessageTupleTypeNew)
	m.NewTuple = r.tuple()
	return m
}

func decodeDelete(r *reader) *DeleteMessage {
	m := &DeleteMessage{RelationID: r.uint32(), OldTupleType: r.byte()}
	if m.OldTupleType != DeleteMessageTupleTypeKey {
		r.expect(m.OldTupleType, DeleteMessageTupleTypeOld)
	}
	m.OldTuple = r.tuple()
	return m
}

func decodeTruncate(r *reader) *TruncateMessage {
	m := &TruncateMessage{RelationNum: r.uint32(), Option: r.byte()}
	if !r.holds(uint64(m.RelationNum), 4) {
		return m
	}
	m.RelationIDs = make([]uint32, m.RelationNum)
	for i := range m.RelationIDs {
		m.RelationIDs[i] = r.uint32()
	}
	return m
}
