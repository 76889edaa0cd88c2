package replication

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var in7 = InStreamMessageV2WithXid{Xid: 7}

// streamed are the messages of version 2 as they are inside a stream.
var streamed = map[string]struct {
	data []byte
	want Message
}{
	"stream start": {
		wire('S', uint32(7), uint8(1)),
		&StreamStartMessageV2{Xid: 7, FirstSegment: 1},
	},
	"stream stop": {
		wire('E'),
		&StreamStopMessageV2{},
	},
	"stream commit": {
		wire('c', uint32(7), uint8(0), uint64(1), uint64(2), second),
		&StreamCommitMessageV2{Xid: 7, CommitLSN: 1, TransactionEndLSN: 2, CommitTime: secondTime},
	},
	"stream abort": {
		wire('A', uint32(7), uint32(8)),
		&StreamAbortMessageV2{Xid: 7, SubXid: 8},
	},
	"relation": {
		wire('R', uint32(7), uint32(9), "public", "User", 'f', uint16(1), uint8(1), "id", uint32(23), uint32(0xffffffff)),
		&RelationMessageV2{
			RelationMessage{
				RelationID: 9, Namespace: "public", RelationName: "User", ReplicaIdentity: ReplicaIdentityFull, ColumnNum: 1,
				Columns: []*RelationMessageColumn{{Flags: 1, Name: "id", DataType: 23, TypeModifier: -1}},
			},
			in7,
		},
	},
	"type": {
		wire('Y', uint32(7), uint32(9), "public", "mood"),
		&TypeMessageV2{TypeMessage{DataType: 9, Namespace: "public", Name: "mood"}, in7},
	},
	"insert": {
		wire('I', uint32(7), uint32(9), 'N', uint16(2), 't', uint32(2), []byte("ab"), 'n'),
		&InsertMessageV2{InsertMessage{RelationID: 9, Tuple: tuple(column('t', "ab"), column('n', ""))}, in7},
	},
	"update": {
		wire('U', uint32(7), uint32(9), 'K', uint16(1), 't', uint32(1), []byte("1"), 'N', uint16(1), 'u'),
		&UpdateMessageV2{UpdateMessage{RelationID: 9, OldTupleType: 'K', OldTuple: tuple(column('t', "1")), NewTuple: tuple(column('u', ""))}, in7},
	},
	"delete": {
		wire('D', uint32(7), uint32(9), 'O', uint16(1), 'n'),
		&DeleteMessageV2{DeleteMessage{RelationID: 9, OldTupleType: 'O', OldTuple: tuple(column('n', ""))}, in7},
	},
	"truncate": {
		wire('T', uint32(7), uint32(1), uint8(2), uint32(9)),
		&TruncateMessageV2{TruncateMessage{RelationNum: 1, Option: TruncateOptionRestartIdentity, RelationIDs: []uint32{9}}, in7},
	},
	"message": {
		wire('M', uint32(7), uint8(1), uint64(5), "prefix", uint32(2), []byte("hi")),
		&LogicalDecodingMessageV2{LogicalDecodingMessage{Transactional: true, LSN: 5, Prefix: "prefix", Content: []byte("hi")}, in7},
	},
	// What names the origin is sent for the transaction, not by one: no number.
	"origin": {
		wire('O', uint64(1), "elsewhere"),
		&OriginMessage{CommitLSN: 1, Name: "elsewhere"},
	},
}

func TestParseV2(t *testing.T) {
	t.Parallel()
	for name, tt := range streamed {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseV2(tt.data, true)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, sameBytes); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
			if got.Type() != MessageType(tt.data[0]) {
				t.Errorf("type %q", got.Type())
			}
		})
	}
}

// TestParseV2OutsideAStream reads version 1's messages: they have the same bytes
// and, where they may be in a stream, types of their own.
func TestParseV2OutsideAStream(t *testing.T) {
	t.Parallel()
	for name, tt := range messages {
		got, err := ParseV2(tt.data, false)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, version1(got), sameBytes); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if got.Type() != MessageType(tt.data[0]) {
			t.Errorf("%s: type %q", name, got.Type())
		}
	}
}

// version1 is the message without what a stream adds; nil when it has a
// transaction.
func version1(m Message) Message {
	none := InStreamMessageV2WithXid{}
	switch m := m.(type) {
	case *RelationMessageV2:
		return only(&m.RelationMessage, m.InStreamMessageV2WithXid == none)
	case *TypeMessageV2:
		return only(&m.TypeMessage, m.InStreamMessageV2WithXid == none)
	case *InsertMessageV2:
		return only(&m.InsertMessage, m.InStreamMessageV2WithXid == none)
	case *UpdateMessageV2:
		return only(&m.UpdateMessage, m.InStreamMessageV2WithXid == none)
	case *DeleteMessageV2:
		return only(&m.DeleteMessage, m.InStreamMessageV2WithXid == none)
	case *TruncateMessageV2:
		return only(&m.TruncateMessage, m.InStreamMessageV2WithXid == none)
	case *LogicalDecodingMessageV2:
		return only(&m.LogicalDecodingMessage, m.InStreamMessageV2WithXid == none)
	}
	return m
}

func only(m Message, outside bool) Message {
	if !outside {
		return nil
	}
	return m
}

// TestParseV2Short cuts each message at every byte, and adds one.
func TestParseV2Short(t *testing.T) {
	t.Parallel()
	for name, tt := range streamed {
		for n := range len(tt.data) {
			if got, err := ParseV2(tt.data[:n], true); err == nil {
				t.Errorf("%s cut to %d bytes: %v", name, n, got)
			}
		}
		if got, err := ParseV2(append(tt.data[:len(tt.data):len(tt.data)], 0), true); err == nil {
			t.Errorf("%s with a byte more: %v", name, got)
		}
	}
}

func TestParseV2Errors(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		data     []byte
		inStream bool
		want     string
	}{
		"empty":                    {nil, true, "pgoutput message: expected a type byte, got an empty message"},
		"unknown type":             {wire('Z'), true, "pgoutput message: unknown type 'Z' (of protocol version 2: A B C D E I M O R S T U Y c)"},
		"a prepared transaction":   {wire('b', uint64(1)), false, "pgoutput message: unknown type 'b' (of protocol version 2: A B C D E I M O R S T U Y c)"},
		"early end":                {wire('A', uint32(1), uint8(1)), false, "pgoutput message 'A': ends early: 4 more bytes expected, 1 left"},
		"only the transaction":     {wire('I', uint32(1)), true, "pgoutput message 'I': ends early: 4 more bytes expected, 0 left"},
		"more than there should":   {wire('E', uint8(1)), true, "pgoutput message 'E': 1 bytes left over at its end"},
		"columns that are not":     {wire('I', uint32(7), uint32(1), 'N', uint16(65535), 'n'), true, "pgoutput message 'I': ends early: announces 65535 entries, 1 bytes left"},
		"abort with its position":  {wire('A', uint32(1), uint32(1), uint64(1), second), false, "pgoutput message 'A': 16 bytes left over at its end"},
		"no number where one must": {wire('I', uint32(9), 'N', uint16(0)), true, "pgoutput message 'I': ends early: 4 more bytes expected, 3 left"},
	} {
		_, err := ParseV2(tt.data, tt.inStream)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: error %v, want %s", name, err, tt.want)
		}
	}
}

// TestDecoder decodes each message after each other one: nothing of it shows in the
// next.
func TestDecoder(t *testing.T) {
	t.Parallel()
	var d Decoder
	for before, first := range streamed {
		for name, tt := range streamed {
			if _, err := d.ParseV2(first.data, true); err != nil {
				t.Fatal(err)
			}
			got, err := d.ParseV2(tt.data, true)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, sameBytes); diff != "" {
				t.Errorf("%s after %s (-want +got):\n%s", name, before, diff)
			}
		}
	}
}

// TestDecoderAllocates nothing for a row but its message.
func TestDecoderAllocates(t *testing.T) {
	var d Decoder
	update := streamed["update"].data
	if got := testing.AllocsPerRun(100, func() { _, _ = d.ParseV2(update, true) }); got > 1 {
		t.Errorf("%v allocations for an update", got)
	}
}

func FuzzParseV2(f *testing.F) {
	for _, tt := range streamed {
		f.Add(tt.data, true)
	}
	for _, tt := range messages {
		f.Add(tt.data, false)
	}
	var kept Decoder
	f.Fuzz(func(t *testing.T, data []byte, inStream bool) {
		msg, err := ParseV2(data, inStream)
		if (msg == nil) == (err == nil) {
			t.Errorf("message %v, error %v", msg, err)
		}
		again, againErr := kept.ParseV2(data, inStream)
		if diff := cmp.Diff(msg, again, sameBytes); diff != "" || fmt.Sprint(err) != fmt.Sprint(againErr) {
			t.Errorf("a decoder that was used before: error %v, want %v, message:\n%s", againErr, err, diff)
		}
	})
}
