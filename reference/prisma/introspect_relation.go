package prisma

import (
	"cmp"
	"slices"
	"strings"
)

// foreignKey is one row of selectForeignKeys: the numbers of its columns and of those
// that they refer to.
type foreignKey struct {
	TableOID, ReferencedOID uint32
	Columns, References     []int16
	OnDelete                string
}

// Those of partitions belong to the table's own. Rows come by name, so that of two that
// are the same it is always the same one that counts.
const selectForeignKeys = `
SELECT c.conrelid, c.confrelid, c.conkey, c.confkey, c.confdeltype::text
FROM pg_catalog.pg_constraint c
WHERE c.contype = 'f' AND c.conparentid = 0
ORDER BY c.conrelid, c.conname`

func (k foreignKey) equal(other foreignKey) bool {
	return k.TableOID == other.TableOID && k.OnDelete == other.OnDelete && k.same(other)
}

// actions are the referential actions as Prisma names them.
var actions = map[string]string{"a": "NoAction", "r": "Restrict", "c": "Cascade", "n": "SetNull", "d": "SetDefault"}

// foreignKeys are those of each table. Of two that are the same the first one counts.
type foreignKeys map[uint32][]foreignKey

func groupKeys(rows []foreignKey) foreignKeys {
	keys := foreignKeys{}
	for _, k := range rows {
		if !slices.ContainsFunc(keys[k.TableOID], k.same) {
			keys[k.TableOID] = append(keys[k.TableOID], k)
		}
	}
	return keys
}

func (k foreignKey) same(other foreignKey) bool {
	return k.ReferencedOID == other.ReferencedOID && slices.Equal(k.Columns, other.Columns) && slices.Equal(k.References, other.References)
}

// split takes the tables of implicit many-to-many relations out: called with an
// underscore before, of two columns A and B, that are a key together and each refer to
// the id of a model.
func (all tables) split(keys foreignKeys) (models, joins tables) {
	byOID := all.byOID()
	for _, t := range all {
		if a, b := t.joins(keys, byOID); a != nil && b != nil {
			joins = append(joins, t)
		} else {
			models = append(models, t)
		}
	}
	return models, joins
}

// joins are the models whose records a table has pairs of, nil where it is no such
// table. Prisma has that model in column A whose table comes first in the alphabet.
func (t *table) joins(keys foreignKeys, byOID map[uint32]*table) (first, second *table) {
	a, hasA := t.Column("A")
	b, hasB := t.Column("B")
	if !strings.HasPrefix(t.Table, "_") || len(t.Fields) != 2 || !hasA || !hasB || !t.hasKey(a, b) || len(keys[t.oid]) != 2 {
		return nil, nil
	}
	for _, k := range keys[t.oid] {
		leads := byOID[k.ReferencedOID]
		if leads == nil || leads == t || len(k.Columns) != 1 || leads.ID == nil || !slices.Equal(leads.ID.Fields, leads.fields(k.References)) {
			return nil, nil
		}
		switch t.columns[k.Columns[0]] {
		case a:
			first = leads
		case b:
			second = leads
		}
	}
	if first == nil || second == nil || first.Table > second.Table {
		return nil, nil
	}
	return first, second
}

// hasKey tells whether fields, in that order, are a key.
func (m *Model) hasKey(fields ...*Field) bool {
	is := func(k *Key) bool { return slices.Equal(k.Fields, fields) }
	return m.ID != nil && is(m.ID) || slices.ContainsFunc(m.Unique, is)
}

// link is a relation that has no names yet.
type link struct {
	// from holds the key and to is what it refers to; of a join table from is the
	// model of its column A, and to that of B.
	from, to *table
	// forward is the field of from, back that of to.
	forward, back *Relation
	// long tells it apart from others between the two models.
	long string
}

// relate gives models their relations.
func relate(models, joins tables, keys foreignKeys) {
	byOID := models.byOID()
	var links []*link
	for _, m := range models {
		for _, k := range keys[m.oid] {
			if to := byOID[k.ReferencedOID]; to != nil {
				links = append(links, linkByKey(m, to, k)...)
			}
		}
	}
	for _, j := range joins {
		from, to := j.joins(keys, byOID)
		links = append(links, linkByJoin(j, from, to))
	}
	slices.SortStableFunc(links, func(a, b *link) int {
		return cmp.Or(cmp.Compare(a.from.Name, b.from.Name), cmp.Compare(a.to.Name, b.to.Name), cmp.Compare(a.long, b.long))
	})
	between := map[[2]*table]int{}
	for _, l := range links {
		between[l.ends()]++
	}
	for _, l := range links {
		l.name(between[l.ends()] > 1)
	}
	for _, m := range models {
		slices.SortFunc(m.Relations, func(a, b *Relation) int { return cmp.Compare(a.Name, b.Name) })
	}
}

// linkByKey makes a relation of a foreign key; none where a column came or went while
// the catalogs were read.
func linkByKey(from, to *table, k foreignKey) []*link {
	fields, references := from.fields(k.Columns), to.fields(k.References)
	if fields == nil || references == nil {
		return nil
	}
	isOptional := slices.ContainsFunc(fields, func(f *Field) bool { return !f.Required })
	return []*link{{
		from: from, to: to, long: from.Name + "_" + joinedNames(fields) + "To" + to.Name,
		forward: &Relation{Model: to.Model, Required: !isOptional, Fields: fields, References: references, Holds: true, OnDelete: actions[k.OnDelete]},
		back:    &Relation{Model: from.Model, List: !from.isUnique(fields), Fields: references, References: fields, OnDelete: actions[k.OnDelete]},
	}}
}

// isUnique tells whether fields, or some of them, tell the records apart.
func (m *Model) isUnique(fields []*Field) bool {
	within := func(k *Key) bool {
		return !slices.ContainsFunc(k.Fields, func(f *Field) bool { return !slices.Contains(fields, f) })
	}
	return m.ID != nil && within(m.ID) || slices.ContainsFunc(m.Unique, within)
}

// linkByJoin makes a relation of the table between two models.
func linkByJoin(join, from, to *table) *link {
	side := func(own, other *table, ownColumn, otherColumn string) *Relation {
		return &Relation{
			Model: other.Model, List: true, Fields: own.ID.Fields, References: other.ID.Fields, OnDelete: "Cascade",
			Join: &JoinTable{Namespace: join.Namespace, Table: join.Table, Own: ownColumn, Other: otherColumn},
		}
	}
	return &link{from: from, to: to, long: join.Table, forward: side(from, to, "A", "B"), back: side(to, from, "B", "A")}
}

// ends are the models that are related, in one order for both directions.
func (l *link) ends() [2]*table {
	if l.from.Name > l.to.Name {
		return [2]*table{l.to, l.from}
	}
	return [2]*table{l.from, l.to}
}

// name names the two fields of a relation as prisma db pull does: as the model that
// they lead to, and by more where there are several between the two, or where another
// field has that name.
func (l *link) name(several bool) {
	forward, back := l.names("")
	title := min(l.from.Name, l.to.Name) + "To" + max(l.from.Name, l.to.Name)
	if l.forward.Join != nil {
		title = l.long[1:]
	}
	if several || l.from.has(forward) || l.to.has(back) {
		long := l.long
		if l.forward.Join == nil {
			title, long = long, "_"+long
		}
		forward, back = l.names(long)
	}
	l.forward.Title, l.back.Title = title, title
	l.forward.Inverse, l.back.Inverse = l.back, l.forward
	l.from.add(l.forward, forward)
	l.to.add(l.back, back)
}

// names are those of the two fields, followed by what makes them longer.
func (l *link) names(longer string) (forward, back string) {
	forward, back = l.to.Name+longer, l.from.Name+longer
	switch {
	case l.from != l.to:
	case l.forward.Join != nil:
		forward, back = forward+"_A", back+"_B"
	default:
		back = "other_" + back
	}
	return forward, back
}

func (m *Model) has(name string) bool {
	_, isField := m.Field(name)
	_, isRelation := m.Relation(name)
	return isField || isRelation
}

// add gives a model a relation. Names that Prisma lets clash get underscores.
func (m *Model) add(r *Relation, name string) {
	for m.has(name) {
		name += "_"
	}
	r.Name = name
	m.Relations = append(m.Relations, r)
}
