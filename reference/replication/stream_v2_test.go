package replication

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// smallestMemory makes the server stream each transaction of more than 64 KiB of
// changes: some hundred rows.
const smallestMemory = "logical_decoding_work_mem=64kB"

// TestConversationOfTransactionsInProgress has a real server stream transactions
// in pieces, with all that can become of them.
func TestConversationOfTransactionsInProgress(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	address := postgrestest.Database(t)
	sql := dial(ctx, t, address, "false")
	if version := value(ctx, t, sql, "SELECT current_setting('server_version_num')"); version < "140000" {
		t.Skipf("Postgres streams transactions in progress from version 14 on, this one is %s", version)
	}
	run(ctx, t, sql, `CREATE TYPE mood AS ENUM ('fine');
		CREATE TABLE "User" (id int PRIMARY KEY, name text, mood mood);
		CREATE PUBLICATION pub FOR ALL TABLES`)

	conn := dial(ctx, t, address, "database", smallestMemory)
	slot := "streaming_" + value(ctx, t, sql, "SELECT current_database()")
	if _, err := CreateReplicationSlot(ctx, conn, slot, "pgoutput", CreateReplicationSlotOptions{Temporary: true}); err != nil {
		t.Fatal(err)
	}
	options := StartReplicationOptions{PluginArgs: []string{"proto_version '2'", "publication_names 'pub'", "streaming 'on'"}}
	if err := StartReplication(ctx, conn, slot, 0, options); err != nil {
		t.Fatal(err)
	}

	other := dial(ctx, t, address, "false")
	got := newConversation(conn)
	committed := transaction(ctx, t, sql)
	run(ctx, t, sql, `INSERT INTO "User" SELECT i, repeat('x', 20), 'fine' FROM generate_series(1, 2000) i`)
	run(ctx, t, other, `INSERT INTO "User" VALUES (-1, 'beside it')`)
	run(ctx, t, sql, `SAVEPOINT a; DELETE FROM "User" WHERE id > 1000`)
	// A server that comes so far only after the end of what is rolled back knows it
	// and sends nothing of it.
	got.listen(ctx, t, committed+" sent D")
	run(ctx, t, sql, `ROLLBACK TO a; SAVEPOINT b; UPDATE "User" SET name = 'y' WHERE id BETWEEN 1 AND 1000; RELEASE b;
		INSERT INTO "User" VALUES (2001, 'last'); COMMIT`)
	rolledBack := transaction(ctx, t, sql)
	run(ctx, t, sql, `INSERT INTO "User" SELECT i, repeat('x', 20), 'fine' FROM generate_series(3001, 5000) i`)
	got.listen(ctx, t, rolledBack+" sent I")
	run(ctx, t, sql, `ROLLBACK; SELECT pg_replication_origin_create(current_database()), pg_replication_origin_session_setup(current_database())`)
	foreign := transaction(ctx, t, sql)
	run(ctx, t, sql, `INSERT INTO "User" SELECT i, repeat('x', 20), 'fine' FROM generate_series(5001, 7000) i; COMMIT`)
	run(ctx, t, other, `INSERT INTO "User" VALUES (-2, 'the end')`)
	got.listen(ctx, t, "-2 alone")

	want := conversation{
		changes: map[string]int{committed + " I": 2001, committed + " U": 1000, foreign + " I": 2000},
		told: []string{
			committed + " sent I", "-1 alone", committed + " sent D", "sub of " + committed + " aborted",
			committed + " sent U", committed + " committed",
			rolledBack + " sent I", rolledBack + " aborted",
			foreign + " sent I", foreign + " committed",
			"-2 alone",
		},
		described: map[string]string{committed: "YR", rolledBack: "YR", foreign: "YR"},
		origins:   map[string]string{foreign: value(ctx, t, other, "SELECT current_database()")},
	}
	if diff := cmp.Diff(want, got.conversation, cmp.AllowUnexported(conversation{})); diff != "" {
		t.Errorf("what the server told (-want +got):\n%s", diff)
	}
}

// conversation is what a server told of transactions in progress and of others.
type conversation struct {
	// told is which kinds of changes came of whom, and what became of whom.
	told []string
	// changes counts what was committed of transactions in progress, by transaction
	// and kind.
	changes map[string]int
	// described are the kinds of the messages before the first change, by
	// transaction; origins the names in them.
	described, origins map[string]string
}

type listener struct {
	conversation
	conn *pgconn.PgConn
	// in is the transaction whose stream it is, row the first column of the last row
	// outside; else empty.
	in, row string
	// open counts what may yet be rolled back, by transaction or sub-transaction and
	// kind. How much of what is rolled back was sent is a matter of chance.
	open map[uint32]map[string]int
}

func newConversation(conn *pgconn.PgConn) *listener {
	return &listener{
		conversation: conversation{changes: map[string]int{}, described: map[string]string{}, origins: map[string]string{}},
		conn:         conn,
		open:         map[uint32]map[string]int{},
	}
}

// listen goes on until something was told.
func (l *listener) listen(ctx context.Context, t *testing.T, until string) {
	t.Helper()
	for !slices.Contains(l.told, until) {
		msg, err := ParseV2(receiveData(ctx, t, l.conn), l.in != "")
		if err != nil {
			t.Fatal(err)
		}
		l.hear(t, msg)
	}
}

func (l *listener) hear(t *testing.T, msg Message) {
	switch m := msg.(type) {
	case *StreamStartMessageV2:
		l.in = xid(m.Xid)
	case *StreamStopMessageV2:
		l.in = ""
	case *StreamCommitMessageV2:
		if m.CommitLSN == 0 || m.TransactionEndLSN <= m.CommitLSN || m.CommitTime.Before(secondTime) {
			t.Errorf("commit %+v", m)
		}
		l.told = append(l.told, xid(m.Xid)+" committed")
		l.commit(xid(m.Xid))
	case *StreamAbortMessageV2:
		l.told = append(l.told, aborted(m))
		delete(l.open, m.SubXid)
	case *InsertMessageV2:
		l.change(t, "I", m.Xid, m.Tuple)
	case *UpdateMessageV2:
		l.change(t, "U", m.Xid, m.NewTuple)
	case *DeleteMessageV2:
		l.change(t, "D", m.Xid, m.OldTuple)
	case *OriginMessage:
		l.origins[l.in] = m.Name
	case *RelationMessageV2:
		l.describe("R")
	case *TypeMessageV2:
		l.describe("Y")
	case *CommitMessage:
		// Before Postgres 15 transactions without changes are sent too.
		if l.row != "" {
			l.told = append(l.told, l.row+" alone")
		}
		l.row = ""
	}
}

func (l *listener) change(t *testing.T, kind string, of uint32, row *TupleData) {
	t.Helper()
	if (l.in == "") != (of == 0) {
		t.Errorf("in the stream %q a change is of transaction %d", l.in, of)
	}
	if l.in == "" {
		l.row = string(row.Columns[0].Data)
		return
	}
	if sent := l.in + " sent " + kind; !slices.Contains(l.told, sent) {
		l.told = append(l.told, sent)
	}
	if l.open[of] == nil {
		l.open[of] = map[string]int{}
	}
	l.open[of][kind]++
}

// commit counts what is left: transactions in progress end one after the other
// in this conversation.
func (l *listener) commit(in string) {
	for of, kinds := range l.open {
		for kind, n := range kinds {
			l.changes[in+" "+kind] += n
		}
		delete(l.open, of)
	}
}

func (l *listener) describe(kind string) {
	if l.in != "" && !strings.Contains(l.described[l.in], kind) {
		l.described[l.in] += kind
	}
}

func xid(of uint32) string { return strconv.FormatUint(uint64(of), 10) }

func aborted(m *StreamAbortMessageV2) string {
	if m.SubXid != m.Xid {
		return "sub of " + xid(m.Xid) + " aborted"
	}
	return xid(m.Xid) + " aborted"
}

// transaction begins one and gives its number as it is on the wire.
func transaction(ctx context.Context, t *testing.T, conn *pgconn.PgConn) string {
	t.Helper()
	run(ctx, t, conn, "BEGIN")
	return value(ctx, t, conn, "SELECT txid_current() % (1::bigint << 32)")
}

// value is the one value that a query gives, as text.
func value(ctx context.Context, t *testing.T, conn *pgconn.PgConn, query string) string {
	t.Helper()
	result := conn.ExecParams(ctx, query, nil, nil, nil, nil).Read()
	if result.Err != nil || len(result.Rows) != 1 {
		t.Fatalf("%s: %v", query, result.Err)
	}
	return string(result.Rows[0][0])
}
