package capture

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// inProgress is what a connection has streamed of transactions in progress. The
// changes themselves are in the spool.
type inProgress struct {
	// piece is the transaction of which a piece is being received, 0 between pieces.
	piece uint32
	// tables are for each transaction the last description of each table in it, by
	// when it arrived.
	tables map[uint32]map[uint32]uint64
}

func newInProgress() inProgress {
	return inProgress{tables: map[uint32]map[uint32]uint64{}}
}

// receivePiece takes a message of a piece. It is not looked into beyond the
// transaction that it is of: what it means is known when that has committed.
func (r *receiver) receivePiece(t *translator, data []byte) error {
	// The kind, and the sub-transaction.
	const header = 1 + 4
	if len(data) == 0 {
		return errors.New("replication stream: an empty message")
	}
	switch kind := replication.MessageType(data[0]); kind {
	case replication.MessageTypeStreamStop:
		r.piece = 0
		return nil
	case replication.MessageTypeRelation:
		return r.describePiece(t, data)
	case replication.MessageTypeInsert, replication.MessageTypeUpdate, replication.MessageTypeDelete, replication.MessageTypeTruncate:
		if len(data) < header {
			return fmt.Errorf("pgoutput message %q: ends early", rune(kind))
		}
		return r.spool.Write(r.piece, binary.BigEndian.Uint32(data[1:]), data)
	default:
		// Types and origins make no events; what is unknown is an error.
		_, err := replication.ParseV2(data, true)
		return err
	}
}

// describePiece keeps a table's description, as of the sub-transaction in which it
// came: where that is rolled back, the server describes the table again.
func (r *receiver) describePiece(t *translator, data []byte) error {
	msg, err := replication.ParseV2(data, true)
	if err != nil {
		return err
	}
	if r.tables[r.piece] == nil {
		r.tables[r.piece] = map[uint32]uint64{}
	}
	relation := msg.(*replication.RelationMessageV2)
	r.tables[r.piece][relation.RelationID] = t.arrive()
	return r.spool.Write(r.piece, relation.Xid, data)
}

// abort forgets what was rolled back: a whole transaction, or what a
// sub-transaction of it did.
func (r *receiver) abort(m *replication.StreamAbortMessageV2) error {
	if m.Xid == m.SubXid {
		delete(r.tables, m.Xid)
	}
	return r.spool.Abort(m.Xid, m.SubXid)
}

// replay makes the events of a transaction that was streamed while it was in
// progress and is now committed. Its changes are those, in that order, that the
// server sends of a transaction that it did not stream, so their positions are
// the same, too. The server is told meanwhile that we live.
func (r *receiver) replay(ctx context.Context, conn *pgconn.PgConn, t *translator, m *replication.StreamCommitMessageV2) error {
	t.beginStreamed(m, r.tables[m.Xid])
	err := r.spool.Replay(m.Xid, func(data []byte) error {
		msg, err := r.decoder.ParseV2(data, true)
		if err != nil {
			return err
		}
		if err := r.change(ctx, t, msg); err != nil {
			return err
		}
		if err := r.report(ctx, conn, time.Now()); err != nil {
			return err
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	t.endStreamed()
	delete(r.tables, m.Xid)
	r.appender.advance(m.TransactionEndLSN)
	return r.spool.Drop(m.Xid)
}
