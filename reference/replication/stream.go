package replication

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// The first byte of each message inside the copy stream says what follows.
const (
	XLogDataByteID                = 'w'
	PrimaryKeepaliveMessageByteID = 'k'
	StandbyStatusUpdateByteID     = 'r'
)

// Sizes of the fixed parts, without the byte that identifies the message.
const (
	xLogDataHeaderSize = 8 + 8 + 8
	keepaliveSize      = 8 + 8 + 1
)

// StartReplicationOptions refine a logical stream.
type StartReplicationOptions struct {
	// PluginArgs are the output plugin's options, each as it stands in the
	// command: proto_version '1', publication_names '"pub"'.
	PluginArgs []string
}

// StartReplication turns the connection into a copy stream that begins at
// startLSN, or where the slot was last confirmed if that is later. From then on
// the connection carries only this stream.
func StartReplication(ctx context.Context, conn *pgconn.PgConn, slotName string, startLSN LSN, options StartReplicationOptions) error {
	sql := fmt.Sprintf("START_REPLICATION SLOT %s LOGICAL %s", quote(slotName), startLSN)
	if len(options.PluginArgs) > 0 {
		sql += " (" + strings.Join(options.PluginArgs, ", ") + ")"
	}
	conn.Frontend().SendQuery(&pgproto3.Query{String: sql})
	if err := conn.Frontend().Flush(); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	var refused error
	for {
		msg, err := conn.ReceiveMessage(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", sql, errors.Join(refused, err))
		}
		switch msg := msg.(type) {
		case *pgproto3.CopyBothResponse:
			return nil
		case *pgproto3.ErrorResponse:
			refused = pgconn.ErrorResponseToPgError(msg)
		case *pgproto3.ReadyForQuery:
			// What follows a refusal: the connection can be used again.
			return fmt.Errorf("%s: %w", sql, refused)
		case *pgproto3.NoticeResponse, *pgproto3.ParameterStatus:
		default:
			return fmt.Errorf("%s: expected the copy stream to begin, got %T", sql, msg)
		}
	}
}

// PrimaryKeepaliveMessage is the server's sign of life.
type PrimaryKeepaliveMessage struct {
	// ServerWALEnd is how far the server has read its log for this stream.
	ServerWALEnd LSN
	ServerTime   time.Time
	// ReplyRequested asks for a status update now, else the server hangs up.
	ReplyRequested bool
}

// ParsePrimaryKeepaliveMessage reads what follows [PrimaryKeepaliveMessageByteID].
func ParsePrimaryKeepaliveMessage(buf []byte) (PrimaryKeepaliveMessage, error) {
	if len(buf) != keepaliveSize {
		return PrimaryKeepaliveMessage{}, fmt.Errorf("keepalive message: expected %d bytes, got %d", keepaliveSize, len(buf))
	}
	return PrimaryKeepaliveMessage{
		ServerWALEnd:   LSN(binary.BigEndian.Uint64(buf)),
		ServerTime:     pgTime(binary.BigEndian.Uint64(buf[8:])),
		ReplyRequested: buf[16] != 0,
	}, nil
}

// XLogData is a piece of the stream: one message of the output plugin.
type XLogData struct {
	WALStart     LSN
	ServerWALEnd LSN
	ServerTime   time.Time
	// WALData is what [ParseV2] reads. It shares memory with the message.
	WALData []byte
}

// ParseXLogData reads what follows [XLogDataByteID].
func ParseXLogData(buf []byte) (XLogData, error) {
	if len(buf) < xLogDataHeaderSize {
		return XLogData{}, fmt.Errorf("XLogData message: expected at least %d bytes, got %d", xLogDataHeaderSize, len(buf))
	}
	return XLogData{
		WALStart:     LSN(binary.BigEndian.Uint64(buf)),
		ServerWALEnd: LSN(binary.BigEndian.Uint64(buf[8:])),
		ServerTime:   pgTime(binary.BigEndian.Uint64(buf[16:])),
		WALData:      buf[xLogDataHeaderSize:],
	}, nil
}

// StandbyStatusUpdate tells the server how far its reader has come.
type StandbyStatusUpdate struct {
	// WALWritePosition is the last byte received plus one. The other two stand
	// for it when they are zero.
	WALWritePosition LSN
	// WALFlushPosition is how far the reader has it on disk: the slot lets go of
	// everything before it.
	WALFlushPosition LSN
	WALApplyPosition LSN
	// ClientTime is the time of sending; zero means now.
	ClientTime time.Time
	// ReplyRequested asks for a keepalive at once.
	ReplyRequested bool
}

// SendStandbyStatusUpdate writes one status update to the stream. It does not
// wait for an answer; ctx is there for the signature's sake and not consulted.
func SendStandbyStatusUpdate(_ context.Context, conn *pgconn.PgConn, update StandbyStatusUpdate) error {
	conn.Frontend().Send(&pgproto3.CopyData{Data: update.encode()})
	if err := conn.Frontend().Flush(); err != nil {
		return fmt.Errorf("standby status update: %w", err)
	}
	return nil
}

func (u StandbyStatusUpdate) encode() []byte {
	if u.WALFlushPosition == 0 {
		u.WALFlushPosition = u.WALWritePosition
	}
	if u.WALApplyPosition == 0 {
		u.WALApplyPosition = u.WALWritePosition
	}
	if u.ClientTime.IsZero() {
		u.ClientTime = time.Now()
	}
	buf := []byte{StandbyStatusUpdateByteID}
	buf = binary.BigEndian.AppendUint64(buf, uint64(u.WALWritePosition))
	buf = binary.BigEndian.AppendUint64(buf, uint64(u.WALFlushPosition))
	buf = binary.BigEndian.AppendUint64(buf, uint64(u.WALApplyPosition))
	buf = binary.BigEndian.AppendUint64(buf, uint64(u.ClientTime.UnixMicro()-pgEpoch.UnixMicro()))
	if u.ReplyRequested {
		return append(buf, 1)
	}
	return append(buf, 0)
}

// pgEpoch is where Postgres counts its microseconds from.
var pgEpoch = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

// pgTime adds in microseconds: a time.Duration would overflow after 292 years.
func pgTime(micros uint64) time.Time {
	return time.UnixMicro(pgEpoch.UnixMicro() + int64(micros)).UTC()
}
