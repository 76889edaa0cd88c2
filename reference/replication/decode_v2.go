package replication

// ParseV2 decodes one pgoutput message of protocol version 2, under the bounds of
// [Parse]. Inside a stream, after a [StreamStartMessageV2] and before the
// [StreamStopMessageV2], most messages carry a transaction; outside they do not,
// and nothing in their bytes tells the two apart: inStream does.
//
// Messages that may be in a stream are of their V2 type also outside; the others
// are of version 1's.
func ParseV2(data []byte, inStream bool) (Message, error) {
	return (&reader{}).messageV2(data, inStream)
}

// Decoder decodes as [ParseV2] does, with the rows of all its messages in the same
// memory: for whoever is done with one message before it takes the next. Its zero
// value is ready to use, by one goroutine at a time.
type Decoder struct{ reader reader }

// ParseV2 is [ParseV2], but for the rows ([TupleData]) of the message, which are those
// of the next one after the next call.
func (d *Decoder) ParseV2(data []byte, inStream bool) (Message, error) {
	d.reader.keep = true
	return d.reader.messageV2(data, inStream)
}

func (r *reader) messageV2(data []byte, inStream bool) (Message, error) {
	decode := decodeV2
	if inStream {
		decode = decodeInStream
	}
	return r.message(data, decode, "version 2: A B C D E I M O R S T U Y c")
}

func decodeV2(kind MessageType, r *reader) Message {
	return decodeOf(0, kind, r)
}

func decodeInStream(kind MessageType, r *reader) Message {
	switch kind {
	case MessageTypeRelation, MessageTypeType, MessageTypeInsert, MessageTypeUpdate,
		MessageTypeDelete, MessageTypeTruncate, MessageTypeMessage:
		return decodeOf(r.uint32(), kind, r)
	}
	return decodeV2(kind, r)
}

// decodeOf decodes what follows the transaction, where there is one.
func decodeOf(xid uint32, kind MessageType, r *reader) Message {
	of := InStreamMessageV2WithXid{Xid: xid}
	switch kind {
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
	return decode(kind, r)
}
