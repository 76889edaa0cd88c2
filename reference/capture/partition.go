package capture

import (
	"maps"
	"slices"

	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// partitions are those of a table under whose name their changes come. Each has a
// replica identity of its own, ALTER TABLE of the root does not reach it, but the
// server calls an old row whole or a key by the identity of the root: a row that is
// called whole may have NULL markers where the partition's key alone was kept.
type partitions struct {
	// keys are the columns of each partition's identity, by its OID, where that is not
	// every column; distinct are the same, each once.
	keys     map[uint32][]string
	distinct [][]string
}

// learn takes the description of a partition. It comes right behind the root's.
func (p *partitions) learn(partition *replication.RelationMessage) {
	var key []string
	for _, c := range partition.Columns {
		if c.Flags&keyFlag != 0 {
			key = append(key, c.Name)
		}
	}
	delete(p.keys, partition.RelationID)
	if len(key) < len(partition.Columns) && partition.ReplicaIdentity != replication.ReplicaIdentityFull {
		if p.keys == nil {
			p.keys = map[uint32][]string{}
		}
		slices.Sort(key)
		p.keys[partition.RelationID] = key
	}
	p.distinct = slices.SortedFunc(maps.Values(p.keys), slices.Compare)
	p.distinct = slices.CompactFunc(p.distinct, slices.Equal)
}

// key is the identity of which an old row has all columns and no other, nil where
// there is none. The columns of an identity are never null, so it is but one. A row
// that was kept whole and is null everywhere else cannot be told from its key.
func (p *partitions) key(r *replication.RelationMessage, old *replication.TupleData) []string {
	for _, key := range p.distinct {
		if len(key) > 0 && hasOnly(r, old, key) {
			return key
		}
	}
	return nil
}

func hasOnly(r *replication.RelationMessage, old *replication.TupleData, key []string) bool {
	for i, c := range r.Columns {
		isNull := i >= len(old.Columns) || old.Columns[i].DataType == replication.TupleDataTypeNull
		if isNull == slices.Contains(key, c.Name) {
			return false
		}
	}
	return true
}

// isPartition reports whether the table described right behind another may be a
// partition of that: then they have the same columns, in whatever order.
func isPartition(root, next *replication.RelationMessage) bool {
	if root.RelationID == next.RelationID || len(root.Columns) != len(next.Columns) {
		return false
	}
	for _, c := range next.Columns {
		if !slices.ContainsFunc(root.Columns, func(o *replication.RelationMessageColumn) bool { return o.Name == c.Name }) {
			return false
		}
	}
	return true
}
