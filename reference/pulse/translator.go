package pulse

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// translator turns one session's replication messages into events. A change that
// the log already has, known by its position, is passed over.
type translator struct {
	catalog *catalog
	log     *slog.Logger
	// last and lastID are of the last event made, at first the log's end.
	last   position
	lastID ulid.ULID

	tables map[uint32]*table
	begin  *replication.BeginMessage
	// index counts the row changes of the transaction so far.
	index uint64
}

func newTranslator(c *catalog, end event, log *slog.Logger) *translator {
	return &translator{catalog: c, log: log, last: end.position, lastID: end.ID, tables: map[uint32]*table{}}
}

// inTransaction reports whether a transaction has begun and not ended.
func (t *translator) inTransaction() bool { return t.begin != nil }

// apply takes the next message and gives the event it makes, nil for none.
func (t *translator) apply(ctx context.Context, msg replication.Message) (*event, error) {
	switch m := msg.(type) {
	case *replication.BeginMessage:
		t.begin, t.index = m, 0
	case *replication.CommitMessage:
		t.begin = nil
	case *replication.RelationMessage:
		return nil, t.describe(ctx, m)
	case *replication.InsertMessage:
		return t.change(m.RelationID, actionCreate, func(tab *table) ([]image, error) {
			return images(tab.row(imageCreated, m.Tuple, nil))
		})
	case *replication.UpdateMessage:
		return t.change(m.RelationID, actionUpdate, func(tab *table) ([]image, error) {
			return updateImages(tab, m)
		})
	case *replication.DeleteMessage:
		return t.change(m.RelationID, actionDelete, func(tab *table) ([]image, error) {
			if m.OldTupleType == replication.DeleteMessageTupleTypeKey {
				return images(tab.key(imageDeleted, m.OldTuple))
			}
			return images(tab.row(imageDeleted, m.OldTuple, nil))
		})
	case *replication.TruncateMessage:
		t.truncated(m)
	}
	return nil, nil
}

// describe learns a table before its first change.
func (t *translator) describe(ctx context.Context, r *replication.RelationMessage) error {
	tab, err := t.catalog.table(ctx, r)
	if err != nil {
		return err
	}
	t.tables[r.RelationID] = tab
	switch unknown := tab.unknown(); {
	case tab.model == nil:
		t.log.Info("pulse: a table that is no model changed; its changes are passed over", "table", tab.String())
	case len(unknown) > 0:
		t.log.Warn("pulse: columns that the schema does not have are left out of events", "table", tab.String(), "columns", unknown)
	}
	return nil
}

// change numbers a row change and makes its event.
func (t *translator) change(relation uint32, act action, show func(*table) ([]image, error)) (*event, error) {
	tab := t.tables[relation]
	if tab == nil || t.begin == nil {
		return nil, fmt.Errorf("a row change of relation %d came before its table's description or outside a transaction", relation)
	}
	pos := position{LSN: t.begin.FinalLSN, Index: t.index}
	t.index++
	if tab.model == nil || pos.compare(t.last) <= 0 {
		return nil, nil
	}
	shown, err := show(tab)
	if err != nil {
		return nil, err
	}
	id := nextID(t.lastID, pos, t.begin.CommitTime)
	body, err := formatEvent(id, act, tab.model.Name, shown)
	if err != nil {
		return nil, fmt.Errorf("format a change of %s: %w", tab, err)
	}
	if len(body) > maxEventBytes {
		t.log.Error("pulse: a change is larger than an event may be and was dropped",
			"table", tab.String(), "bytes", len(body), "limit", maxEventBytes, "lsn", pos.LSN.String(), "index", pos.Index)
		return nil, nil
	}
	t.last, t.lastID = pos, id
	return &event{position: pos, ID: id, Action: act, Model: tab.model.Name, Body: body}, nil
}

// updateImages shows the row before the update only where it was sent whole,
// under REPLICA IDENTITY FULL. An old key alone is not the row.
func updateImages(tab *table, m *replication.UpdateMessage) ([]image, error) {
	if m.OldTupleType != replication.UpdateMessageTupleTypeOld {
		return images(tab.row(imageAfter, m.NewTuple, nil))
	}
	before, err := tab.row(imageBefore, m.OldTuple, nil)
	if err != nil {
		return nil, err
	}
	after, err := tab.row(imageAfter, m.NewTuple, m.OldTuple)
	return []image{before, after}, err
}

func images(one image, err error) ([]image, error) { return []image{one}, err }

// truncated says in the log what no event can say: rows are gone that nobody
// named.
func (t *translator) truncated(m *replication.TruncateMessage) {
	for _, id := range m.RelationIDs {
		if tab := t.tables[id]; tab != nil {
			t.log.Warn("pulse: a table was truncated; there is no event for that", "table", tab.String())
		}
	}
}
