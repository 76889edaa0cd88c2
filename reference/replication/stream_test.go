package replication

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// patience bounds the conversation below; on a busy machine a cluster has been
// seen to need some seconds to start.
const patience = time.Minute

// TestConversation holds a whole conversation with a real server.
func TestConversation(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	address := postgrestest.Database(t)
	sql := dial(ctx, t, address, "false")
	run(ctx, t, sql, `CREATE TABLE "User" (id int PRIMARY KEY, name text); CREATE PUBLICATION pub FOR ALL TABLES`)

	conn := dial(ctx, t, address, "database")
	system, err := IdentifySystem(ctx, conn)
	if err != nil || system.SystemID == "" || system.Timeline != 1 || system.XLogPos == 0 || system.DBName == "" {
		t.Fatalf("system %+v, %v", system, err)
	}
	options := StartReplicationOptions{PluginArgs: []string{"proto_version '1'", "publication_names 'pub'"}}
	refused := StartReplication(ctx, conn, "my slot", 0, options)
	if refused == nil || !strings.HasPrefix(refused.Error(), `START_REPLICATION SLOT "my slot" LOGICAL 0/0 (proto_version '1', publication_names 'pub'): ERROR: `) {
		t.Errorf("without a slot: %v", refused)
	}
	slot, err := CreateReplicationSlot(ctx, conn, "slot", "pgoutput", CreateReplicationSlotOptions{SnapshotAction: "NOEXPORT_SNAPSHOT"})
	if diff := cmp.Diff(CreateReplicationSlotResult{SlotName: "slot", ConsistentPoint: slot.ConsistentPoint, OutputPlugin: "pgoutput"}, slot); err != nil || diff != "" {
		t.Fatalf("slot: %v\n%s", err, diff)
	}
	_, err = CreateReplicationSlot(ctx, conn, "slot", "pgoutput", CreateReplicationSlotOptions{Temporary: true})
	var pgErr *pgconn.PgError
	if !errors.As(err, &pgErr) || pgErr.Code != "42710" {
		t.Errorf("the same slot again: %v", err)
	}
	from, err := ParseLSN(slot.ConsistentPoint)
	if err != nil {
		t.Fatal(err)
	}
	if err := StartReplication(ctx, conn, "slot", from, options); err != nil {
		t.Fatal(err)
	}

	run(ctx, t, sql, `INSERT INTO "User" VALUES (1, NULL)`)
	var kinds string
	var end LSN
	for end == 0 {
		msg := receive(ctx, t, conn)
		kinds += string(rune(msg.Type()))
		switch m := msg.(type) {
		case *InsertMessage:
			if diff := cmp.Diff(tuple(column('t', "1"), column('n', "")), m.Tuple, sameBytes); diff != "" {
				t.Errorf("row (-want +got):\n%s", diff)
			}
		case *CommitMessage:
			end = m.TransactionEndLSN
		}
	}
	if kinds != "BRIC" {
		t.Errorf("messages %s, want BRIC", kinds)
	}
	confirm(ctx, t, conn, sql, end)

	if err := DropReplicationSlot(ctx, dial(ctx, t, address, "database"), "slot", DropReplicationSlotOptions{}); err == nil {
		t.Error("a slot in use was dropped")
	}
	if err := conn.Close(ctx); err != nil {
		t.Error(err)
	}
	if err := DropReplicationSlot(ctx, dial(ctx, t, address, "database"), "slot", DropReplicationSlotOptions{Wait: true}); err != nil {
		t.Error(err)
	}
}

// confirm sends status updates until the slot shows the confirmed position. The
// server answers ReplyRequested before it acts on the position, and sends
// keepalives of its own besides, so one answer alone proves nothing.
func confirm(ctx context.Context, t *testing.T, conn, sql *pgconn.PgConn, end LSN) {
	t.Helper()
	for {
		if err := SendStandbyStatusUpdate(ctx, conn, StandbyStatusUpdate{WALWritePosition: end, ReplyRequested: true}); err != nil {
			t.Fatal(err)
		}
		data := copyData(ctx, t, conn)
		if data[0] != PrimaryKeepaliveMessageByteID {
			continue
		}
		if alive, err := ParsePrimaryKeepaliveMessage(data[1:]); err != nil || alive.ServerWALEnd < end {
			t.Fatalf("keepalive %+v, %v", alive, err)
		}
		rows := sql.ExecParams(ctx, "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = 'slot'", nil, nil, nil, nil).Read()
		if rows.Err != nil || len(rows.Rows) != 1 {
			t.Fatalf("slot %s, %v", rows.Rows, rows.Err)
		}
		if string(rows.Rows[0][0]) == end.String() {
			return
		}
	}
}

func dial(ctx context.Context, t *testing.T, url, mode string, settings ...string) *pgconn.PgConn {
	t.Helper()
	config, err := pgconn.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	config.RuntimeParams["replication"] = mode
	for _, setting := range settings {
		name, value, _ := strings.Cut(setting, "=")
		config.RuntimeParams[name] = value
	}
	conn, err := pgconn.ConnectConfig(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func run(ctx context.Context, t *testing.T, conn *pgconn.PgConn, sql string) {
	t.Helper()
	if _, err := conn.Exec(ctx, sql).ReadAll(); err != nil {
		t.Fatal(err)
	}
}

// receive is the next message of the plugin.
func receive(ctx context.Context, t *testing.T, conn *pgconn.PgConn) Message {
	t.Helper()
	msg, err := ParseV2(receiveData(ctx, t, conn), false)
	if err != nil {
		t.Fatal(err)
	}
	return version1(msg)
}

func receiveData(ctx context.Context, t *testing.T, conn *pgconn.PgConn) []byte {
	t.Helper()
	for {
		data := copyData(ctx, t, conn)
		if data[0] != XLogDataByteID {
			continue
		}
		x, err := ParseXLogData(data[1:])
		if err != nil {
			t.Fatal(err)
		}
		return x.WALData
	}
}

func copyData(ctx context.Context, t *testing.T, conn *pgconn.PgConn) []byte {
	t.Helper()
	msg, err := conn.ReceiveMessage(ctx)
	if err != nil {
		t.Fatal(err)
	}
	data, ok := msg.(*pgproto3.CopyData)
	if !ok || len(data.Data) == 0 {
		t.Fatalf("expected stream data, got %T", msg)
	}
	return data.Data
}
