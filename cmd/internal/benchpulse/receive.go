package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// receive is the role of the hand-written receiver: it streams a slot, makes the
// JSON of each change and forgets it, without a log and without anybody to deliver
// to. It ends after -n row changes and prints how old they were when their JSON was
// ready, where they say when they were written.
//
// With -gather it waits that long before it reads again, when the last read was no
// longer ago: the server sends each message by itself, and who wakes for each spends
// the time of both sides on waking.
func receive(args []string) error {
	flags := flag.NewFlagSet("receive", flag.ContinueOnError)
	url := flags.String("url", "", "the database's `URL`")
	slot := flags.String("slot", "", "the `NAME` of the slot")
	publication := flags.String("publication", "", "the `NAME` of the publication")
	rows := flags.Int("n", 0, "end after this many row changes")
	gather := flags.Duration("gather", 0, "the time between two reads while messages come fast")
	if err := flags.Parse(args); err != nil {
		return err
	}
	conn, err := replicate(*url, *gather)
	if err != nil {
		return err
	}
	defer conn.Close(context.Background())
	if err := begin(conn, *slot, *publication); err != nil {
		return err
	}
	r := receiver{conn: conn, relations: map[uint32]*relation{}, out: bufio.NewWriterSize(io.Discard, 64<<10)}
	for r.rows < *rows {
		if err := r.next(); err != nil {
			return err
		}
	}
	if err := errors.Join(r.out.Flush(), r.confirm()); err != nil {
		return err
	}
	return r.ages.print(os.Stdout, r.rows)
}

func replicate(url string, gather time.Duration) (*pgconn.PgConn, error) {
	config, err := pgconn.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["replication"] = "database"
	config.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		if gather > 0 {
			r = &gathering{Reader: r, pause: gather}
		}
		return pgproto3.NewFrontend(bufio.NewReaderSize(r, 256<<10), w)
	}
	return pgconn.ConnectConfig(context.Background(), config)
}

// gathering lets the kernel gather what comes fast.
type gathering struct {
	io.Reader
	pause time.Duration
	last  time.Time
}

func (g *gathering) Read(into []byte) (int, error) {
	if time.Since(g.last) < g.pause {
		time.Sleep(g.pause)
	}
	n, err := g.Reader.Read(into)
	g.last = time.Now()
	return n, err
}

// begin starts the stream where the slot was confirmed.
func begin(conn *pgconn.PgConn, slot, publication string) error {
	conn.Frontend().SendQuery(&pgproto3.Query{String: fmt.Sprintf(
		`START_REPLICATION SLOT "%s" LOGICAL 0/0 (proto_version '1', publication_names '%s')`, slot, publication)})
	if err := conn.Frontend().Flush(); err != nil {
		return err
	}
	for {
		message, err := conn.ReceiveMessage(context.Background())
		if err != nil {
			return err
		}
		switch m := message.(type) {
		case *pgproto3.CopyBothResponse:
			return nil
		case *pgproto3.ErrorResponse:
			return pgconn.ErrorResponseToPgError(m)
		}
	}
}

// receiver is the state of one stream.
type receiver struct {
	conn      *pgconn.PgConn
	relations map[uint32]*relation
	out       *bufio.Writer
	event     []byte
	rows      int
	// end is the end of the last whole transaction.
	end       uint64
	confirmed time.Time
	ages      ages
}

func (r *receiver) next() error {
	message, err := r.conn.Frontend().Receive()
	if err != nil {
		return err
	}
	data, ok := message.(*pgproto3.CopyData)
	if !ok {
		return fmt.Errorf("expected stream data, got %T", message)
	}
	switch data.Data[0] {
	case 'k': // a keepalive; its last byte asks for an answer
		if data.Data[17] == 1 {
			return r.confirm()
		}
		return nil
	case 'w':
		return r.message(data.Data[1:])
	}
	return fmt.Errorf("unknown message %q in the stream", data.Data[0])
}

// message takes XLogData: 24 bytes of positions, then what the plugin says.
func (r *receiver) message(data []byte) error {
	m := message{rest: data[25:]}
	switch kind := data[24]; kind {
	case 'R':
		id, described := m.relation()
		r.relations[id] = described
	case 'I', 'U', 'D':
		r.rows++
		r.event = m.change(r.event[:0], kind, r.relations, binary.BigEndian.Uint64(data))
		r.ages.note(r.event)
		_, err := r.out.Write(r.event)
		return err
	case 'C':
		m.take(9)
		r.end = m.uint64()
		if time.Since(r.confirmed) > time.Second {
			return r.confirm()
		}
	}
	return nil
}

// confirm sends a standby status update.
func (r *receiver) confirm() error {
	r.confirmed = time.Now()
	status := []byte{'r'}
	for range 3 {
		status = binary.BigEndian.AppendUint64(status, r.end)
	}
	sinceEpoch := r.confirmed.UnixMicro() - time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	status = append(binary.BigEndian.AppendUint64(status, uint64(sinceEpoch)), 0)
	r.conn.Frontend().Send(&pgproto3.CopyData{Data: status})
	return r.conn.Frontend().Flush()
}
