package replication

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// IdentifySystemResult is what a server says of itself.
type IdentifySystemResult struct {
	// SystemID names the cluster; it stays the same for its whole life.
	SystemID string
	Timeline int32
	// XLogPos is the flushed end of the write-ahead log.
	XLogPos LSN
	// DBName is the connected database.
	DBName string
}

// IdentifySystem runs IDENTIFY_SYSTEM.
func IdentifySystem(ctx context.Context, conn *pgconn.PgConn) (IdentifySystemResult, error) {
	row, err := commandRow(ctx, conn, "IDENTIFY_SYSTEM", 4)
	if err != nil {
		return IdentifySystemResult{}, err
	}
	timeline, err := strconv.ParseInt(string(row[1]), 10, 32)
	if err != nil {
		return IdentifySystemResult{}, fmt.Errorf("IDENTIFY_SYSTEM: timeline: %w", err)
	}
	pos, err := ParseLSN(string(row[2]))
	if err != nil {
		return IdentifySystemResult{}, fmt.Errorf("IDENTIFY_SYSTEM: %w", err)
	}
	return IdentifySystemResult{
		SystemID: string(row[0]),
		Timeline: int32(timeline),
		XLogPos:  pos,
		DBName:   string(row[3]),
	}, nil
}

// CreateReplicationSlotOptions refine a new logical slot.
type CreateReplicationSlotOptions struct {
	// Temporary slots go away with the connection that made them.
	Temporary bool
	// SnapshotAction is one of EXPORT_SNAPSHOT, NOEXPORT_SNAPSHOT and
	// USE_SNAPSHOT; empty leaves the choice to the server.
	SnapshotAction string
	// Failover has standbys that synchronize slots keep a copy, from which a reader
	// can go on when one of them is promoted. Only servers from version 17 on know it,
	// and not for temporary slots.
	Failover bool
}

// CreateReplicationSlotResult describes a slot just made.
type CreateReplicationSlotResult struct {
	SlotName string
	// ConsistentPoint is the position from which the slot delivers, as
	// [ParseLSN] reads it.
	ConsistentPoint string
	SnapshotName    string
	OutputPlugin    string
}

// snapshotOption is a SnapshotAction among options in parentheses.
var snapshotOption = map[string]string{
	"EXPORT_SNAPSHOT": ", SNAPSHOT 'export'", "NOEXPORT_SNAPSHOT": ", SNAPSHOT 'nothing'", "USE_SNAPSHOT": ", SNAPSHOT 'use'",
}

// CreateReplicationSlot makes a logical slot. A slot of that name that is there
// already is a [pgconn.PgError] with code 42710.
func CreateReplicationSlot(ctx context.Context, conn *pgconn.PgConn, slotName, outputPlugin string, options CreateReplicationSlotOptions) (CreateReplicationSlotResult, error) {
	sql := "CREATE_REPLICATION_SLOT " + quote(slotName)
	if options.Temporary {
		sql += " TEMPORARY"
	}
	sql += " LOGICAL " + quote(outputPlugin)
	switch {
	case options.Failover:
		// The options in parentheses, and their names, came with version 15.
		sql += " (FAILOVER" + snapshotOption[options.SnapshotAction] + ")"
	case options.SnapshotAction != "":
		sql += " " + options.SnapshotAction
	}
	row, err := commandRow(ctx, conn, sql, 4)
	if err != nil {
		return CreateReplicationSlotResult{}, err
	}
	return CreateReplicationSlotResult{
		SlotName:        string(row[0]),
		ConsistentPoint: string(row[1]),
		SnapshotName:    string(row[2]),
		OutputPlugin:    string(row[3]),
	}, nil
}

// DropReplicationSlotOptions refine the removal of a slot.
type DropReplicationSlotOptions struct {
	// Wait waits until a slot in use is free; without it that is an error.
	Wait bool
}

// DropReplicationSlot removes a slot, and with it the server's duty to keep the
// write-ahead log for it.
func DropReplicationSlot(ctx context.Context, conn *pgconn.PgConn, slotName string, options DropReplicationSlotOptions) error {
	sql := "DROP_REPLICATION_SLOT " + quote(slotName)
	if options.Wait {
		sql += " WAIT"
	}
	if _, err := conn.Exec(ctx, sql).ReadAll(); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}

// commandRow runs a replication command that answers one row of at least the
// given number of columns.
func commandRow(ctx context.Context, conn *pgconn.PgConn, sql string, columns int) ([][]byte, error) {
	results, err := conn.Exec(ctx, sql).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", sql, err)
	}
	if len(results) != 1 || len(results[0].Rows) != 1 {
		return nil, fmt.Errorf("%s: %w", sql, errors.New("expected one row"))
	}
	row := results[0].Rows[0]
	if len(row) < columns {
		return nil, fmt.Errorf("%s: expected %d columns, got %d", sql, columns, len(row))
	}
	return row, nil
}

// quote makes an identifier of any text.
func quote(name string) string {
	return pgx.Identifier{name}.Sanitize()
}
