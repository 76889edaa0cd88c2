package capture

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/replication"
	"github.com/arazzo-conformance/arazzo/reference/spool"
)

const (
	// statusInterval is how often the slot is confirmed and the server asked for
	// a sign of life; Postgres' own default is 10 s. It is also how much may come
	// again after a crash.
	statusInterval = 5 * time.Second
	// silenceLimit is when a connection without any word counts as broken: every
	// status asks for an answer, so several went missing.
	silenceLimit = 4 * statusInterval
	// Reconnecting starts fast, for a restarting Postgres is back within a
	// second, and slows down to what does no harm for hours.
	firstBackoff = 100 * time.Millisecond
	lastBackoff  = 5 * time.Second
	// goodbyeWait bounds the last confirmation.
	goodbyeWait = 2 * time.Second
)

// past is a deadline that has passed: setting it frees a blocked read.
var past = time.Unix(1, 0)

// Link is the state of the replication connection, the contract's replicationStatus.
type Link string

// The states of a [Link].
const (
	LinkConnected    Link = "connected"
	LinkReconnecting Link = "reconnecting"
	LinkDisconnected Link = "disconnected"
)

// receiver carries changes from the slot into the log: one goroutine, one
// connection at a time.
type receiver struct {
	slot    *slot
	log     *eventlog.Log
	catalog *catalog
	// ensure looks at the server and makes publication and slot where they are
	// missing.
	ensure func(ctx context.Context, conn *pgconn.PgConn) error
	// broken is told that the connection broke, where nothing keeps what is committed
	// until there is another; else it is nil.
	broken func(ctx context.Context)
	// confirmation is stored before the slot is told.
	confirmation *eventlog.Confirmation
	logger       *slog.Logger
	gauge        *gauge
	// spool keeps what is streamed of transactions in progress.
	spool *spool.Spool
	inProgress
	// decoder is for what is done with before the next message.
	decoder replication.Decoder

	// verbatim says that the server could not turn a text into UTF-8: it is asked for
	// texts as they are from then on, which transcriber turns. That is nil otherwise.
	verbatim    bool
	transcriber *transcriber

	// due is when the next status update is.
	due time.Time
	// suspect is why whoever watches the database wants all of it looked at again;
	// undecodable says that the server found no publication for what it has to decode.
	suspect     atomic.Pointer[error]
	undecodable atomic.Bool
	// appender has the events that are not yet in the log, of this connection.
	appender *appender
}

// connect opens a connection and begins the stream.
func (r *receiver) connect(ctx context.Context) (*pgconn.PgConn, error) {
	conn, err := r.slot.db.replicate(ctx)
	if err != nil {
		return nil, err
	}
	if err = r.ensure(ctx, conn); err == nil && r.verbatim {
		err = r.takeVerbatim(ctx, conn)
	}
	if err == nil {
		err = r.slot.patiently(ctx, func() error { return r.slot.start(ctx, conn) })
	}
	if err != nil {
		// The reason to give up is the error worth telling.
		_ = conn.Close(ctx)
		return nil, err
	}
	r.gauge.link(LinkConnected, nil)
	return conn, nil
}

// takeVerbatim has the server send texts as they are in the database.
func (r *receiver) takeVerbatim(ctx context.Context, conn *pgconn.PgConn) error {
	if _, err := conn.Exec(ctx, "SET client_encoding = 'SQL_ASCII'").ReadAll(); err != nil {
		return fmt.Errorf("replication connection: %w", err)
	}
	if r.transcriber == nil {
		r.transcriber = newTranscriber(r.slot.db, conn.ParameterStatus("server_encoding"), r.logger)
	}
	return nil
}

// run receives until ctx ends, over as many connections as it takes. A
// connection that breaks as soon as it is there, because what it carries cannot
// be stored, is no reason to be fast about the next.
func (r *receiver) run(ctx context.Context, conn *pgconn.PgConn) {
	defer r.gauge.link(LinkDisconnected, nil)
	backoff := firstBackoff
	for {
		began := time.Now()
		err := r.receive(ctx, conn)
		if ctx.Err() != nil {
			r.finish()
		}
		r.hangUp(conn)
		if ctx.Err() != nil {
			return
		}
		r.undecodable.Store(hasCode(err, sqlUndefinedObject))
		r.verbatim = r.verbatim || isUntranslatable(err)
		r.gauge.link(LinkReconnecting, err)
		if r.broken == nil {
			r.logger.Warn("pulse: the replication connection broke; the slot keeps what is to come", "error", err)
		} else {
			r.logger.Warn("pulse: the replication connection broke; nothing keeps what is to come", "error", err)
			r.broken(ctx)
		}
		if time.Since(began) > lastBackoff {
			backoff = firstBackoff
		}
		if !sleep(ctx, backoff) {
			return
		}
		backoff = min(2*backoff, lastBackoff)
		if conn = r.reconnect(ctx); conn == nil {
			return
		}
		r.gauge.reconnected()
		r.logger.Info("pulse: the replication connection is back")
	}
}

// reconnect tries until it has a connection; nil when ctx ended first.
func (r *receiver) reconnect(ctx context.Context) *pgconn.PgConn {
	for backoff := firstBackoff; ; backoff = min(2*backoff, lastBackoff) {
		// Where the log is the trouble, Postgres is still within reach.
		err, link := r.log.Recover(ctx), LinkReconnecting
		if err == nil {
			link = LinkDisconnected
			var conn *pgconn.PgConn
			if conn, err = r.connect(ctx); err == nil {
				return conn
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		r.gauge.link(link, err)
		r.logger.Warn("pulse: no replication connection", "error", err, "next", backoff)
		if !sleep(ctx, backoff) {
			return nil
		}
	}
}

// outlast is a context that ends so long after ctx, or when it is canceled: a write
// that is under way when the service ends is let end, too.
func outlast(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	forget := context.AfterFunc(ctx, func() { time.AfterFunc(by, cancel) })
	return longer, func() { forget(); cancel() }
}

// sleep waits; false when ctx ended first.
func sleep(ctx context.Context, wait time.Duration) bool {
	select {
	case <-time.After(wait):
		return true
	case <-ctx.Done():
		return false
	}
}

// receive reads one connection until it breaks or ctx ends.
func (r *receiver) receive(ctx context.Context, conn *pgconn.PgConn) (err error) {
	// A deadline on the connection wakes the read below; a context would cost a
	// goroutine's hand-over for each message.
	stop := context.AfterFunc(ctx, func() {
		// The connection is given up in any case.
		_ = conn.Conn().SetDeadline(past)
	})
	defer stop()
	// What an earlier connection knew does not count: what it did not confirm comes
	// again, and the slot may be another.
	storing, stopStoring := outlast(ctx, goodbyeWait)
	defer stopStoring()
	r.appender = newAppender(storing, r.store, func() {
		// The read below is to end, for there is no use in receiving more.
		_ = conn.Conn().SetDeadline(past)
	})
	defer r.appender.close()
	r.inProgress, r.due = newInProgress(), time.Time{}
	// Nor do transactions of which the end did not come.
	defer func() { err = errors.Join(err, r.spool.Reset()) }()
	translator := newTranslator(r.catalog, r.log.End(), r.logger)
	translator.counts = &r.gauge.counts
	now := time.Now()
	heard := now
	for {
		if !translator.inTransaction() && conn.Frontend().ReadBufferLen() == 0 {
			// Nothing more has come: whoever waits for these events waits for us.
			// While the log syncs, further transactions gather and share a chunk.
			if err := r.appender.flush(); err != nil {
				return err
			}
		}
		if err := r.report(ctx, conn, now); err != nil {
			return err
		}
		// After the deadline is set: the one that ctx's end sets must not be undone.
		if ctx.Err() != nil {
			return ctx.Err()
		}
		msg, err := conn.ReceiveMessage(context.Background())
		if err == nil {
			if err := r.handle(ctx, conn, translator, msg); err != nil {
				return err
			}
			// Not before: what the message asked for may have taken long.
			now = time.Now()
			heard = now
			continue
		}
		if !pgconn.Timeout(err) {
			return err
		}
		if now = time.Now(); now.Sub(heard) > silenceLimit {
			return fmt.Errorf("no word from Postgres for %s", silenceLimit)
		}
		// Perhaps it was the log that ended the read.
		if _, err := r.appender.position(); err != nil {
			return err
		}
	}
}

// handle takes one message.
func (r *receiver) handle(ctx context.Context, conn *pgconn.PgConn, t *translator, msg pgproto3.BackendMessage) error {
	switch msg := msg.(type) {
	case *pgproto3.CopyData:
		if len(msg.Data) == 0 {
			return errors.New("replication stream: an empty message")
		}
		switch msg.Data[0] {
		case replication.PrimaryKeepaliveMessageByteID:
			return r.keepalive(t, msg.Data[1:])
		case replication.XLogDataByteID:
			x, err := replication.ParseXLogData(msg.Data[1:])
			if err != nil {
				return err
			}
			return r.data(ctx, conn, t, x.WALData)
		}
		return fmt.Errorf("replication stream: unknown message %q", rune(msg.Data[0]))
	case *pgproto3.ErrorResponse:
		return pgconn.ErrorResponseToPgError(msg)
	case *pgproto3.CopyDone:
		return errors.New("replication stream: the server ended it")
	}
	return nil
}

// keepalive learns how far the server has read without finding anything for us:
// that much needs no confirming event. Transactions in progress do not count,
// their commits are yet to come.
func (r *receiver) keepalive(t *translator, data []byte) error {
	m, err := replication.ParsePrimaryKeepaliveMessage(data)
	if err == nil && !t.inTransaction() && r.piece == 0 {
		r.appender.advance(m.ServerWALEnd)
	}
	if m.ReplyRequested {
		r.due = time.Time{}
	}
	return err
}

// data takes one message of the plugin.
func (r *receiver) data(ctx context.Context, conn *pgconn.PgConn, t *translator, data []byte) error {
	if r.piece != 0 {
		return r.receivePiece(t, data)
	}
	msg, err := r.decoder.ParseV2(data, false)
	if err != nil {
		return err
	}
	switch m := msg.(type) {
	case *replication.StreamStartMessageV2:
		r.piece = m.Xid
		return nil
	case *replication.StreamAbortMessageV2:
		return r.abort(m)
	case *replication.StreamCommitMessageV2:
		return r.replay(ctx, conn, t, m)
	}
	if err := r.change(ctx, t, msg); err != nil {
		return err
	}
	if commit, ok := msg.(*replication.CommitMessage); ok {
		r.appender.advance(commit.TransactionEndLSN)
	}
	return nil
}

// change makes a message's event, if it makes one, pending.
func (r *receiver) change(ctx context.Context, t *translator, msg replication.Message) error {
	if r.transcriber != nil {
		if err := r.transcriber.message(ctx, msg); err != nil {
			return err
		}
	}
	e, err := t.apply(ctx, msg)
	if err != nil || e == nil {
		return err
	}
	return r.appender.add(*e)
}

// store puts events into the log.
func (r *receiver) store(ctx context.Context, events []event.Event) error {
	if err := r.log.Append(ctx, events); err != nil {
		return err
	}
	r.gauge.stored(len(events))
	return nil
}

// report confirms where that is due.
func (r *receiver) report(ctx context.Context, conn *pgconn.PgConn, now time.Time) error {
	if now.Before(r.due) {
		return nil
	}
	if why := r.suspect.Swap(nil); why != nil {
		return *why
	}
	r.due = now.Add(statusInterval)
	return r.confirm(ctx, conn, r.due)
}

// confirm tells the server what the log has, and sets the connection's deadline
// to when that is due again.
func (r *receiver) confirm(ctx context.Context, conn *pgconn.PgConn, next time.Time) error {
	stored, err := r.appender.position()
	if err != nil {
		return err
	}
	if err := r.confirmation.Store(ctx, stored); err != nil {
		return err
	}
	if err := conn.Conn().SetDeadline(next); err != nil {
		return fmt.Errorf("replication connection: %w", err)
	}
	// After the deadline is set: the one that a failed write sets must not be undone.
	if _, err := r.appender.position(); err != nil {
		return err
	}
	return replication.SendStandbyStatusUpdate(ctx, conn, replication.StandbyStatusUpdate{
		WALWritePosition: stored,
		ReplyRequested:   true,
	})
}

// finish stores what was received, so that who reads the log to its end has it.
// What cannot be stored now comes again.
func (r *receiver) finish() {
	ctx, cancel := context.WithTimeout(context.Background(), goodbyeWait)
	defer cancel()
	if err := r.appender.finish(ctx); err != nil {
		r.logger.Warn("pulse: the last changes that came were not stored", "error", err)
	}
}

// hangUp confirms once more and closes; a broken connection takes neither.
func (r *receiver) hangUp(conn *pgconn.PgConn) {
	ctx, cancel := context.WithTimeout(context.Background(), goodbyeWait)
	defer cancel()
	if !conn.IsClosed() {
		_ = r.confirm(ctx, conn, time.Now().Add(goodbyeWait))
	}
	_ = conn.Close(ctx)
}
