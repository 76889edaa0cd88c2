package prisma

import (
	"cmp"
	"slices"
	"strings"
)

// uniqueIndex is one row of selectUniqueIndexes: the numbers of its columns, 0 for an
// expression.
type uniqueIndex struct {
	TableOID uint32
	Primary  bool
	Columns  []int16
}

// An index tells rows apart that is about every row and is whole. The columns that it
// merely includes come behind those that count.
const selectUniqueIndexes = `
SELECT i.indrelid, i.indisprimary, (i.indkey::int2[])[0:i.indnkeyatts - 1]
FROM pg_catalog.pg_index i
WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL
ORDER BY i.indexrelid`

func (u uniqueIndex) equal(other uniqueIndex) bool {
	return u.TableOID == other.TableOID && u.Primary == other.Primary && slices.Equal(u.Columns, other.Columns)
}

// addKeys gives tables their keys.
func (all tables) addKeys(indexes []uniqueIndex) {
	byOID := all.byOID()
	for _, index := range indexes {
		if t := byOID[index.TableOID]; t != nil {
			t.addKey(index)
		}
	}
	for _, t := range all {
		t.sortKeys()
		t.mark()
	}
}

func (all tables) byOID() map[uint32]*table {
	byOID := make(map[uint32]*table, len(all))
	for _, t := range all {
		byOID[t.oid] = t
	}
	return byOID
}

// addKey leaves out a key that no query can name a value of.
func (t *table) addKey(index uniqueIndex) {
	fields := t.fields(index.Columns)
	if fields == nil || slices.ContainsFunc(fields, func(f *Field) bool { return f.Type == Unsupported }) {
		return
	}
	key := &Key{Name: joinedNames(fields), Fields: fields}
	if index.Primary {
		t.ID = key
	} else {
		t.Unique = append(t.Unique, key)
	}
}

func joinedNames(fields []*Field) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return strings.Join(names, "_")
}

// sortKeys puts keys in the order of their columns, whatever that of their indexes,
// and drops those that are there already.
func (t *table) sortKeys() {
	place := make(map[*Field]int, len(t.Fields))
	for i, f := range t.Fields {
		place[f] = i
	}
	compare := func(a, b *Key) int {
		return slices.CompareFunc(a.Fields, b.Fields, func(f, g *Field) int { return cmp.Compare(place[f], place[g]) })
	}
	slices.SortFunc(t.Unique, compare)
	t.Unique = slices.CompactFunc(t.Unique, func(a, b *Key) bool { return compare(a, b) == 0 })
	if t.ID != nil {
		t.Unique = slices.DeleteFunc(t.Unique, func(k *Key) bool { return compare(k, t.ID) == 0 })
	}
}

// mark tells the fields which keys they are in.
func (m *Model) mark() {
	if m.ID != nil {
		for _, field := range m.ID.Fields {
			field.ID = true
			field.Unique = len(m.ID.Fields) == 1
		}
	}
	for _, key := range m.Unique {
		if len(key.Fields) == 1 {
			key.Fields[0].Unique = true
		}
	}
}
