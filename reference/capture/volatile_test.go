package capture

import (
	"context"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// The slot of a connection that was cut off without Postgres' noticing does not keep
// the next one waiting.
func TestVolatileSlotIsTakenFromOurOwnLastConnection(t *testing.T) {
	t.Parallel()
	w := newStillWorld(t, postgrestest.Database(t), userTable, func(o *Options) { o.Volatile, o.SpoolDir = true, "" })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	store, err := broker.OpenMemory(ctx, w.options.Log)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	log, err := eventlog.Open(ctx, store, eventlog.Options{Owner: "test"})
	if err != nil {
		t.Fatal(err)
	}
	confirmation, err := eventlog.OpenConfirmation(ctx, store, log)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Open(ctx, w.options)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Connect(ctx, log, confirmation); err != nil {
		t.Fatal(err)
	}
	defer c.conn.Close(context.WithoutCancel(ctx))
	before, err := confirmation.Since(ctx)
	if err != nil {
		t.Fatal(err)
	}
	w.execute(`INSERT INTO "User" VALUES (1, 'between')`)
	again, err := c.receiver.connect(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close(context.WithoutCancel(ctx))
	const one = `SELECT string_agg(slot_name || ' ' || temporary || ' ' || active, ',') FROM pg_replication_slots WHERE database = current_database()`
	if got := w.ask(one); got != c.slot.name+" true true" {
		t.Errorf("the slots: %s, want %s alone, in use", got, c.slot.name)
	}
	if now, err := confirmation.Since(ctx); err != nil || now <= before {
		t.Errorf("the log has everything since %s, %v; want it after %s", now, err, before)
	}
}

// A slot's name has room for what tells it apart, however long the given one is.
func TestVolatileSlotName(t *testing.T) {
	t.Parallel()
	for given, begin := range map[string]string{
		"":                      "arazzo_pulse_7_",
		"shop":                  "shop_",
		strings.Repeat("a", 63): strings.Repeat("a", 54) + "_",
	} {
		s := newSlot(&database{oid: 7}, Options{Slot: given, Volatile: true})
		if rest, ok := strings.CutPrefix(s.name, begin); !ok || len(rest) != randomEnd || s.publication != "arazzo_pulse_7" {
			t.Errorf("%q: slot %s, publication %s", given, s.name, s.publication)
		}
	}
}

// A server with another past is refused, and a new start is all that it takes.
func TestVolatileHistory(t *testing.T) {
	t.Parallel()
	kept, volatile := &otherHistory{what: "it was set back"}, &otherHistory{"it was set back", true}
	if got, want := kept.Error(), "it was set back: choose another folder for the log, or connect to the server that it is of"; got != want {
		t.Errorf("kept: %s", got)
	}
	if got, want := volatile.Error(), "it was set back: start the service again, for what it has in memory is of the other server"; got != want {
		t.Errorf("volatile: %s", got)
	}
}
