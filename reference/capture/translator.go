package capture

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/oklog/ulid/v2"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// translator turns one session's replication messages into events. A change that
// the log already has, known by its position, is passed over.
type translator struct {
	catalog *catalog
	log     *slog.Logger
	// last and lastID are of the last event made, at first the log's end.
	last   event.Position
	lastID ulid.ULID

	// tables are as the last description that arrived has them.
	tables map[uint32]*table
	// streamed are the tables as the transaction describes them that was streamed
	// and is now replayed; nil for every other.
	streamed map[uint32]*table
	// partitions are those of each table that is a root, by its OID; described is the
	// table whose description was the message before.
	partitions map[uint32]*partitions
	described  *table
	// arrivals counts the descriptions that came, arrived is which number each of
	// those in streamed had when it came last.
	arrivals uint64
	arrived  map[uint32]uint64
	begin    *replication.BeginMessage
	// index counts the row changes of the transaction so far.
	index uint64
	// made is the last event made, scratch the memory of its body.
	made    event.Event
	scratch []byte
	// counts are the receiver's, of all its sessions.
	counts *counts
}

// keptScratch is how much memory stays with the translator between two events.
const keptScratch = 1 << 20

func newTranslator(c *catalog, end event.Event, log *slog.Logger) *translator {
	return &translator{catalog: c, log: log, last: end.Position, lastID: end.ID, tables: map[uint32]*table{}, partitions: map[uint32]*partitions{}, counts: &counts{}}
}

// inTransaction reports whether a transaction has begun and not ended.
func (t *translator) inTransaction() bool { return t.begin != nil }

// apply takes the next message and gives the event it makes, nil for none. The event
// and its body hold until the next one.
func (t *translator) apply(ctx context.Context, msg replication.Message) (*event.Event, error) {
	switch m := msg.(type) {
	case *replication.RelationMessageV2:
		return nil, t.describe(ctx, &m.RelationMessage)
	case *replication.TypeMessageV2:
		// These come before the description of the table that has such columns.
		return nil, nil
	}
	t.described = nil
	switch m := msg.(type) {
	case *replication.BeginMessage:
		t.begin, t.index = m, 0
	case *replication.CommitMessage:
		t.begin = nil
		t.counts.transactions.Add(1)
	case *replication.InsertMessageV2:
		return t.change(m.RelationID, event.Create, func(tab *table, body []byte) ([]byte, error) {
			return tab.appendRow(body, event.Created, m.Tuple, nil, nil)
		})
	case *replication.UpdateMessageV2:
		return t.change(m.RelationID, event.Update, func(tab *table, body []byte) ([]byte, error) {
			return appendUpdate(tab, body, &m.UpdateMessage)
		})
	case *replication.DeleteMessageV2:
		return t.change(m.RelationID, event.Delete, func(tab *table, body []byte) ([]byte, error) {
			if key := tab.keyOf(m.OldTupleType, m.OldTuple); key != nil {
				return tab.appendKey(body, event.Deleted, m.OldTuple, key)
			}
			return tab.appendRow(body, event.Deleted, m.OldTuple, nil, nil)
		})
	case *replication.TruncateMessageV2:
		t.truncated(&m.TruncateMessage)
	}
	return nil, nil
}

// beginStreamed begins the replay of a transaction that was streamed; arrived says
// when each of its tables was described last.
func (t *translator) beginStreamed(m *replication.StreamCommitMessageV2, arrived map[uint32]uint64) {
	t.begin = &replication.BeginMessage{FinalLSN: m.CommitLSN, CommitTime: m.CommitTime, Xid: m.Xid}
	t.index = 0
	t.streamed, t.arrived = map[uint32]*table{}, arrived
}

// endStreamed ends it. The server counts what it told in the transaction as told,
// now that it is committed, unless it has told otherwise since.
func (t *translator) endStreamed() {
	for id, tab := range t.streamed {
		if known := t.tables[id]; known == nil || known.arrived < tab.arrived {
			t.tables[id] = tab
		}
	}
	t.begin, t.streamed, t.arrived = nil, nil, nil
	t.counts.transactions.Add(1)
}

// arrive counts a description that came.
func (t *translator) arrive() uint64 {
	t.arrivals++
	return t.arrivals
}

// table is the table of a relation as it is described where the stream is, nil
// where it was not.
func (t *translator) table(relation uint32) *table {
	if tab := t.streamed[relation]; tab != nil {
		return tab
	}
	return t.tables[relation]
}

// describe learns a table before its first change.
func (t *translator) describe(ctx context.Context, r *replication.RelationMessage) error {
	if t.begin == nil {
		return fmt.Errorf("the description of relation %d came outside a transaction", r.RelationID)
	}
	tab, err := t.catalog.table(ctx, t.begin.Xid, r)
	if err != nil {
		return err
	}
	if t.streamed != nil {
		tab.arrived = t.arrived[r.RelationID]
		t.streamed[r.RelationID] = tab
	} else {
		tab.arrived = t.arrive()
		t.tables[r.RelationID] = tab
	}
	t.learnPartition(tab)
	switch unknown := tab.unknown(); {
	case tab.model == nil && tab.gone:
		t.log.Warn("pulse: a table was dropped before it was ever read; its changes have no events", "table", tab.String())
	case tab.model == nil:
		t.log.Info("pulse: a table that is no model changed; its changes are passed over", "table", tab.String())
	case len(unknown) > 0:
		t.log.Warn("pulse: columns that the schema does not have are left out of events", "table", tab.String(), "columns", unknown)
	}
	return nil
}

// learnPartition keeps what partitions a table has: a table that is described right
// behind another may be one.
func (t *translator) learnPartition(tab *table) {
	root := t.described
	t.described = tab
	if root != nil && isPartition(root.relation, tab.relation) {
		if root.partitions == nil {
			root.partitions = &partitions{}
			t.partitions[root.relation.RelationID] = root.partitions
		}
		root.partitions.learn(tab.relation)
	}
	tab.partitions = t.partitions[tab.relation.RelationID]
}

// change numbers a row change and makes its event, whose images show appends.
func (t *translator) change(relation uint32, act event.Action, show func(*table, []byte) ([]byte, error)) (*event.Event, error) {
	tab := t.table(relation)
	if tab == nil || t.begin == nil {
		return nil, fmt.Errorf("a row change of relation %d came before its table's description or outside a transaction", relation)
	}
	pos := event.Position{LSN: t.begin.FinalLSN, Index: t.index}
	t.index++
	t.counts.changes.Add(1)
	if tab.model == nil || pos.Compare(t.last) <= 0 {
		return nil, nil
	}
	id := event.NextID(t.lastID, pos, t.begin.CommitTime)
	body, err := show(tab, event.AppendHead(t.scratch[:0], id, act, tab.modelName))
	if err != nil {
		return nil, err
	}
	body = append(body, '}')
	if t.scratch = body; cap(body) > keptScratch {
		t.scratch = nil
	}
	if len(body) > eventlog.MaxEventBytes {
		t.counts.dropped.Add(1)
		t.log.Error("pulse: a change is larger than an event may be and was dropped",
			"table", tab.String(), "bytes", len(body), "limit", eventlog.MaxEventBytes, "lsn", pos.LSN.String(), "index", pos.Index)
		return nil, nil
	}
	t.last, t.lastID = pos, id
	t.made = event.Event{Position: pos, ID: id, Action: act, Model: tab.model.Name, Body: body}
	return &t.made, nil
}

// appendUpdate shows the row before the update only where it was sent whole, under
// REPLICA IDENTITY FULL. An old key alone is not the row.
func appendUpdate(tab *table, body []byte, m *replication.UpdateMessage) ([]byte, error) {
	if m.OldTuple == nil {
		return tab.appendRow(body, event.After, m.NewTuple, nil, nil)
	}
	if key := tab.keyOf(m.OldTupleType, m.OldTuple); key != nil {
		return tab.appendRow(body, event.After, m.NewTuple, m.OldTuple, key)
	}
	body, err := tab.appendRow(body, event.Before, m.OldTuple, nil, nil)
	if err != nil {
		return nil, err
	}
	return tab.appendRow(body, event.After, m.NewTuple, m.OldTuple, nil)
}

// truncated says in the log what no event can say: rows are gone that nobody
// named.
func (t *translator) truncated(m *replication.TruncateMessage) {
	for _, id := range m.RelationIDs {
		if tab := t.table(id); tab != nil {
			t.log.Warn("pulse: a table was truncated; there is no event for that", "table", tab.String())
		}
	}
}
