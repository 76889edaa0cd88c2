package replication

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// wire builds messages: numbers become big-endian bytes, strings end with a zero
// byte, byte slices stand as they are.
func wire(parts ...any) []byte {
	var b []byte
	for _, part := range parts {
		switch p := part.(type) {
		case rune:
			b = append(b, byte(p))
		case uint8:
			b = append(b, p)
		case uint16:
			b = binary.BigEndian.AppendUint16(b, p)
		case uint32:
			b = binary.BigEndian.AppendUint32(b, p)
		case uint64:
			b = binary.BigEndian.AppendUint64(b, p)
		case string:
			b = append(append(b, p...), 0)
		case []byte:
			b = append(b, p...)
		}
	}
	return b
}

// second is one second after the epoch of Postgres, on the wire and as a time.
const second = uint64(1_000_000)

var secondTime = time.Date(2000, 1, 1, 0, 0, 1, 0, time.UTC)

func column(kind uint8, data string) *TupleDataColumn {
	c := &TupleDataColumn{DataType: kind}
	if kind == TupleDataTypeText || kind == TupleDataTypeBinary {
		c.Length, c.Data = uint32(len(data)), []byte(data)
	}
	return c
}

func tuple(columns ...*TupleDataColumn) *TupleData {
	return &TupleData{ColumnNum: uint16(len(columns)), Columns: append([]*TupleDataColumn{}, columns...)}
}

// messages are one of each kind outside a stream, on the wire and decoded.
var messages = map[string]struct {
	data []byte
	want Message
}{
	"begin": {
		wire('B', uint64(0x100000002), second, uint32(7)),
		&BeginMessage{FinalLSN: 0x100000002, CommitTime: secondTime, Xid: 7},
	},
	"commit": {
		wire('C', uint8(0), uint64(1), uint64(2), second),
		&CommitMessage{CommitLSN: 1, TransactionEndLSN: 2, CommitTime: secondTime},
	},
	"origin": {
		wire('O', uint64(1), "elsewhere"),
		&OriginMessage{CommitLSN: 1, Name: "elsewhere"},
	},
	"relation": {
		wire('R', uint32(9), "public", "User", 'd', uint16(2), uint8(1), "id", uint32(23), uint32(0xffffffff), uint8(0), "", uint32(25), uint32(4)),
		&RelationMessage{
			RelationID: 9, Namespace: "public", RelationName: "User", ReplicaIdentity: ReplicaIdentityDefault, ColumnNum: 2,
			Columns: []*RelationMessageColumn{{Flags: 1, Name: "id", DataType: 23, TypeModifier: -1}, {DataType: 25, TypeModifier: 4}},
		},
	},
	"type": {
		wire('Y', uint32(9), "public", "mood"),
		&TypeMessage{DataType: 9, Namespace: "public", Name: "mood"},
	},
	"insert": {
		wire('I', uint32(9), 'N', uint16(4), 't', uint32(2), []byte("ab"), 'n', 'u', 'b', uint32(0)),
		&InsertMessage{RelationID: 9, Tuple: tuple(column('t', "ab"), column('n', ""), column('u', ""), column('b', ""))},
	},
	"update without an old row": {
		wire('U', uint32(9), 'N', uint16(1), 'n'),
		&UpdateMessage{RelationID: 9, NewTuple: tuple(column('n', ""))},
	},
	"update with the old key": {
		wire('U', uint32(9), 'K', uint16(1), 't', uint32(1), []byte("1"), 'N', uint16(1), 'n'),
		&UpdateMessage{RelationID: 9, OldTupleType: 'K', OldTuple: tuple(column('t', "1")), NewTuple: tuple(column('n', ""))},
	},
	"update with the old row": {
		wire('U', uint32(9), 'O', uint16(0), 'N', uint16(0)),
		&UpdateMessage{RelationID: 9, OldTupleType: 'O', OldTuple: tuple(), NewTuple: tuple()},
	},
	"delete by key": {
		wire('D', uint32(9), 'K', uint16(1), 't', uint32(1), []byte("1")),
		&DeleteMessage{RelationID: 9, OldTupleType: 'K', OldTuple: tuple(column('t', "1"))},
	},
	"delete with the old row": {
		wire('D', uint32(9), 'O', uint16(1), 'n'),
		&DeleteMessage{RelationID: 9, OldTupleType: 'O', OldTuple: tuple(column('n', ""))},
	},
	"truncate": {
		wire('T', uint32(2), uint8(1), uint32(9), uint32(10)),
		&TruncateMessage{RelationNum: 2, Option: TruncateOptionCascade, RelationIDs: []uint32{9, 10}},
	},
	"message": {
		wire('M', uint8(1), uint64(5), "prefix", uint32(2), []byte("hi")),
		&LogicalDecodingMessage{Transactional: true, LSN: 5, Prefix: "prefix", Content: []byte("hi")},
	},
}

var sameBytes = cmp.Transformer("text", func(b []byte) string { return string(b) })

// TestParseShort cuts each message at every byte, and adds one.
func TestParseShort(t *testing.T) {
	t.Parallel()
	for name, tt := range messages {
		for n := range len(tt.data) {
			if got, err := ParseV2(tt.data[:n], false); err == nil {
				t.Errorf("%s cut to %d bytes: %v", name, n, got)
			}
		}
		if got, err := ParseV2(append(tt.data[:len(tt.data):len(tt.data)], 0), false); err == nil {
			t.Errorf("%s with a byte more: %v", name, got)
		}
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"empty":                    {nil, "pgoutput message: expected a type byte, got an empty message"},
		"unknown type":             {wire('Z'), "pgoutput message: unknown type 'Z' (of protocol version 2: A B C D E I M O R S T U Y c)"},
		"early end":                {wire('B', uint32(1)), "pgoutput message 'B': ends early: 8 more bytes expected, 4 left"},
		"text without an end":      {wire('O', uint64(1), []byte("abc")), "pgoutput message 'O': ends early: a text without its closing zero byte"},
		"more than there should":   {wire('Y', uint32(1), "a", "b", uint16(0)), "pgoutput message 'Y': 2 bytes left over at its end"},
		"unknown kind of value":    {wire('I', uint32(1), 'N', uint16(1), 'x'), "pgoutput message 'I': unknown kind of value 'x'"},
		"insert of an old row":     {wire('I', uint32(1), 'O', uint16(0)), "pgoutput message 'I': expected a row of kind 'N', got 'O'"},
		"delete of a new row":      {wire('D', uint32(1), 'N', uint16(0)), "pgoutput message 'D': expected a row of kind 'O', got 'N'"},
		"columns that are not":     {wire('I', uint32(1), 'N', uint16(65535), 'n'), "pgoutput message 'I': ends early: announces 65535 entries, 1 bytes left"},
		"relations that are not":   {wire('T', uint32(0xffffffff), uint8(0)), "pgoutput message 'T': ends early: announces 4294967295 entries, 0 bytes left"},
		"a value that is not":      {wire('I', uint32(1), 'N', uint16(1), 't', uint32(0xffffffff)), "pgoutput message 'I': ends early: 4294967295 more bytes expected, 0 left"},
		"described, not sent":      {wire('R', uint32(1), "", "", 'd', uint16(65535)), "pgoutput message 'R': ends early: announces 65535 entries, 0 bytes left"},
		"content larger than sent": {wire('M', uint8(0), uint64(1), "", uint32(9)), "pgoutput message 'M': ends early: 9 more bytes expected, 0 left"},
	} {
		_, err := ParseV2(tt.data, false)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: error %v, want %s", name, err, tt.want)
		}
	}
}

func TestParseStreamMessages(t *testing.T) {
	t.Parallel()
	alive, err := ParsePrimaryKeepaliveMessage(wire(uint64(3), second, uint8(1)))
	if diff := cmp.Diff(PrimaryKeepaliveMessage{ServerWALEnd: 3, ServerTime: secondTime, ReplyRequested: true}, alive); err != nil || diff != "" {
		t.Errorf("keepalive: %v\n%s", err, diff)
	}
	data, err := ParseXLogData(wire(uint64(1), uint64(2), second, []byte("rest")))
	if diff := cmp.Diff(XLogData{WALStart: 1, ServerWALEnd: 2, ServerTime: secondTime, WALData: []byte("rest")}, data); err != nil || diff != "" {
		t.Errorf("data: %v\n%s", err, diff)
	}
	if _, err := ParsePrimaryKeepaliveMessage(make([]byte, 16)); err == nil || err.Error() != "keepalive message: expected 17 bytes, got 16" {
		t.Errorf("short keepalive: %v", err)
	}
	if _, err := ParseXLogData(make([]byte, 23)); err == nil || err.Error() != "XLogData message: expected at least 24 bytes, got 23" {
		t.Errorf("short data: %v", err)
	}
}

func TestStandbyStatusUpdate(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		update StandbyStatusUpdate
		want   []byte
	}{
		"one position stands for all": {
			StandbyStatusUpdate{WALWritePosition: 3, ClientTime: secondTime},
			wire('r', uint64(3), uint64(3), uint64(3), second, uint8(0)),
		},
		"all positions": {
			StandbyStatusUpdate{WALWritePosition: 3, WALFlushPosition: 2, WALApplyPosition: 1, ClientTime: secondTime, ReplyRequested: true},
			wire('r', uint64(3), uint64(2), uint64(1), second, uint8(1)),
		},
	} {
		if diff := cmp.Diff(tt.want, tt.update.encode()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestLSN(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]LSN{"0/0": 0, "16/B374D848": 0x16B374D848, "FFFFFFFF/FFFFFFFF": 1<<64 - 1, "1/F": 0x10000000F} {
		got, err := ParseLSN(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"":            `log sequence number "": expected two hexadecimal numbers with a slash between, such as 16/B374D848`,
		"12":          `log sequence number "12": expected two hexadecimal numbers with a slash between, such as 16/B374D848`,
		"/1":          `log sequence number "/1": the half before the slash: strconv.ParseUint: parsing "": invalid syntax`,
		"1/G":         `log sequence number "1/G": the half after the slash: strconv.ParseUint: parsing "G": invalid syntax`,
		"1/2/3":       `log sequence number "1/2/3": the half after the slash: strconv.ParseUint: parsing "2/3": invalid syntax`,
		"1/100000000": `log sequence number "1/100000000": the half after the slash: strconv.ParseUint: parsing "100000000": value out of range`,
	} {
		if _, err := ParseLSN(text); err == nil || err.Error() != want {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}

func FuzzParseLSN(f *testing.F) {
	f.Add("16/B374D848")
	f.Fuzz(func(t *testing.T, text string) {
		lsn, err := ParseLSN(text)
		if err != nil {
			return
		}
		if again, err := ParseLSN(lsn.String()); err != nil || again != lsn {
			t.Errorf("%q is %s, which is %s: %v", text, lsn, again, err)
		}
	})
}
