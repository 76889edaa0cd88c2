package soak

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// models are the tables whose changes are events. Account and Counter have the
// default replica identity, Entry has all of its columns.
var models = []string{"Account", "Entry", "Counter"}

// whole are the models whose old rows are known.
var whole = map[string]bool{"Entry": true}

// tables are the models, and beside them the truth: a trigger writes every change
// of a row down, in the transaction that makes it and in the order in which the
// rows change. What is rolled back takes its notes with it, and a crash keeps
// both or neither.
//
// The order of commits is Postgres' own: a second slot, which nothing but the
// check reads, decodes the one row that each transaction writes into the journal.
//
// The publication has the name that the reference would give its own, for the
// notes are not to be events.
const tables = `
CREATE TABLE "Account" (id int PRIMARY KEY, writer int NOT NULL, kind text NOT NULL, amount int NOT NULL, body text);
ALTER TABLE "Account" ALTER body SET STORAGE EXTERNAL;
CREATE TABLE "Entry" (id int PRIMARY KEY, writer int NOT NULL, kind text NOT NULL, amount int NOT NULL, body text);
ALTER TABLE "Entry" ALTER body SET STORAGE EXTERNAL;
ALTER TABLE "Entry" REPLICA IDENTITY FULL;
CREATE TABLE "Counter" (id int PRIMARY KEY, n int NOT NULL);
CREATE SCHEMA soak;
CREATE SEQUENCE soak.id;
CREATE TABLE soak.change (n bigserial PRIMARY KEY, xid bigint NOT NULL, model text NOT NULL, action text NOT NULL, old jsonb, new jsonb);
CREATE TABLE soak.journal (xid bigint PRIMARY KEY);
CREATE FUNCTION soak.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO soak.change (xid, model, action, old, new)
		VALUES (txid_current(), TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
	INSERT INTO soak.journal VALUES (txid_current()) ON CONFLICT DO NOTHING;
	RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON "Account" FOR EACH ROW EXECUTE FUNCTION soak.note();
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON "Entry" FOR EACH ROW EXECUTE FUNCTION soak.note();
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON "Counter" FOR EACH ROW EXECUTE FUNCTION soak.note();
INSERT INTO "Counter" VALUES (1, 0);
CREATE PUBLICATION soak_order FOR TABLE soak.journal WITH (publish = 'insert');
DO $$ BEGIN
	EXECUTE format('CREATE PUBLICATION arazzo_pulse_%s FOR TABLE "Account", "Entry", "Counter"',
		(SELECT oid FROM pg_database WHERE datname = current_database()));
END $$;
TRUNCATE soak.change, soak.journal;`

// orderSlot is made in a transaction of its own: it begins after all that is
// committed.
const orderSlot = `SELECT pg_create_logical_replication_slot('soak_order', 'pgoutput')`

// change is one committed change of a row, as the trigger noted it.
type change struct {
	n, xid        int64
	model, action string
	old, new      json.RawMessage
}

func (c change) String() string {
	return fmt.Sprintf("change %d of transaction %d: %s %s %s -> %s", c.n, c.xid, c.action, c.model, brief(c.old), brief(c.new))
}

// truth reads what was committed since the last forget, in commit order.
func truth(ctx context.Context, conn *pgx.Conn, ordered map[int64]bool) ([]change, error) {
	order, err := commitOrder(ctx, conn, ordered)
	if err != nil {
		return nil, err
	}
	rows, err := conn.Query(ctx, `SELECT n, xid, model, action, old, new FROM soak.change ORDER BY n`)
	if err != nil {
		return nil, err
	}
	noted, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c change, err error) {
		err = row.Scan(&c.n, &c.xid, &c.model, &c.action, &c.old, &c.new)
		return c, err
	})
	if err != nil {
		return nil, err
	}
	byTransaction := map[int64][]change{}
	for _, c := range noted {
		byTransaction[c.xid] = append(byTransaction[c.xid], c)
	}
	all := make([]change, 0, len(noted))
	for _, xid := range order {
		if len(byTransaction[xid]) == 0 {
			return nil, fmt.Errorf("the harness: transaction %d is in Postgres' log and has no notes", xid)
		}
		all = append(all, byTransaction[xid]...)
	}
	if len(all) != len(noted) {
		return nil, fmt.Errorf("the harness: %d changes are noted and %d are in Postgres' log", len(noted), len(all))
	}
	return all, nil
}

// commitOrder is the transactions in the order of their commit records. After a
// crash the slot may give again what was read before it: ordered has those.
func commitOrder(ctx context.Context, conn *pgx.Conn, ordered map[int64]bool) ([]int64, error) {
	const commits = `SELECT xid::text::bigint FROM pg_logical_slot_get_binary_changes('soak_order', NULL, NULL,
		'proto_version', '1', 'publication_names', 'soak_order') WITH ORDINALITY
		WHERE get_byte(data, 0) = ascii('C') ORDER BY ordinality`
	rows, err := conn.Query(ctx, commits)
	if err != nil {
		return nil, err
	}
	order, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, err
	}
	var fresh []int64
	for _, xid := range order {
		if !ordered[xid] {
			ordered[xid] = true
			fresh = append(fresh, xid)
		}
	}
	return fresh, nil
}

// forget begins a new account of the truth.
func forget(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `TRUNCATE soak.change, soak.journal`)
	return err
}

// toasted is the length from which a body is stored outside of its row, and left
// out of the log of an update that does not change it.
const toasted = 4000

// event is what a change must be as an event, but for its identifier.
func (c change) event() (map[string]any, error) {
	event := map[string]any{"modelName": c.model}
	old, err := row(c.old)
	if err != nil {
		return nil, err
	}
	updated, err := row(c.new)
	if err != nil {
		return nil, err
	}
	switch c.action {
	case "INSERT":
		event["action"], event["created"] = "create", updated
	case "UPDATE":
		event["action"], event["after"] = "update", updated
		body, _ := updated["body"].(string)
		switch {
		case whole[c.model]:
			event["before"] = old
		case len(body) >= toasted && body == old["body"]:
			delete(updated, "body")
		}
	case "DELETE":
		if !whole[c.model] {
			old = map[string]any{"id": old["id"]}
		}
		event["action"], event["deleted"] = "delete", old
	default:
		return nil, errors.New("the harness: unknown action " + c.action)
	}
	return event, nil
}

// differs says how a record is not the event of this change, "" when it is.
func (c change) differs(r record) string {
	want, err := c.event()
	if err != nil {
		return err.Error()
	}
	got, err := row(json.RawMessage(r.data))
	if err != nil {
		return err.Error()
	}
	if got["id"] != r.id {
		return fmt.Sprintf("it came as %s and says %v", r.id, got["id"])
	}
	delete(got, "id")
	if reflect.DeepEqual(want, got) {
		return ""
	}
	return "(-committed +logged):\n" + cmp.Diff(want, got)
}

// row decodes an object and keeps every digit.
func row(text json.RawMessage) (map[string]any, error) {
	if text == nil {
		return nil, nil
	}
	var decoded map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	err := decoder.Decode(&decoded)
	return decoded, err
}

// brief shortens what is long.
func brief(text json.RawMessage) string {
	if len(text) > 200 {
		return string(text[:200]) + "..."
	}
	return string(text)
}
