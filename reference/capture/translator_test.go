package capture

import (
	"context"
	"log/slog"
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// TestLastDescriptionCounts has a table described in a transaction in progress
// and outside of it, in both orders: after its commit the one holds that arrived
// last, whichever was looked at last.
func TestLastDescriptionCounts(t *testing.T) {
	t.Parallel()
	described := func(columns ...string) *replication.RelationMessageV2 {
		m := &replication.RelationMessageV2{}
		m.RelationID, m.Namespace, m.RelationName = 9, "public", "User"
		for _, name := range columns {
			m.Columns = append(m.Columns, &replication.RelationMessageColumn{Name: name})
		}
		return m
	}
	for name, tt := range map[string]struct {
		outsideFirst bool
		want         int
	}{
		"in the transaction last": {true, 1},
		"outside of it last":      {false, 2},
	} {
		none := func(context.Context) (*prisma.Schema, error) { return &prisma.Schema{}, nil }
		c := newCatalog(none, &database{})
		c.visible = func(context.Context, uint32) error { return nil }
		c.tables = func(context.Context) (map[uint32]tableName, error) { return nil, nil }
		if _, err := c.refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		translator := newTranslator(c, event.Event{}, slog.New(slog.DiscardHandler))
		apply := func(m replication.Message) {
			if _, err := translator.apply(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
		apply(&replication.BeginMessage{})
		var inside uint64
		if tt.outsideFirst {
			apply(described("id", "name"))
			inside = translator.arrive()
		} else {
			inside = translator.arrive()
			apply(described("id", "name"))
		}
		translator.beginStreamed(&replication.StreamCommitMessageV2{Xid: 7}, map[uint32]uint64{9: inside})
		apply(described("id"))
		if got := len(translator.table(9).relation.Columns); got != 1 {
			t.Errorf("%s: %d columns in the transaction itself", name, got)
		}
		translator.endStreamed()
		if got := len(translator.table(9).relation.Columns); got != tt.want {
			t.Errorf("%s: %d columns after it, want %d", name, got, tt.want)
		}
	}
}
