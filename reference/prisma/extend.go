package prisma

import (
	"cmp"
	"slices"

	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

// Extend gives what a Prisma schema names the names of it, as Fit does, and keeps the
// rest of the database, tables and columns, under its own, as prisma db pull does where
// there is a schema. The schema must not give away names that other tables, types or
// columns have.
func (s *Schema) Extend(file *psl.Schema) (*Schema, psl.Problems) {
	fitted, problems := s.Fit(file)
	x := extension{Schema: fitted, models: map[*Model]*Model{}, kept: map[*Model]bool{}, relations: map[*Relation]*Relation{}}
	for _, e := range s.Enums {
		if !slices.ContainsFunc(x.Enums, func(named *Enum) bool { return named.Namespace == e.Namespace && named.Type == e.Type }) {
			x.Enums = append(x.Enums, e)
		}
	}
	for _, m := range s.Models {
		x.model(m)
	}
	for _, m := range s.Models {
		for _, r := range m.Relations {
			if x.kept[m] || x.kept[r.Model] {
				x.relation(m, r)
			}
		}
	}
	for was, is := range x.relations {
		is.Inverse = x.relations[was.Inverse]
	}
	slices.SortFunc(x.Models, func(a, b *Model) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(x.Enums, func(a, b *Enum) int { return cmp.Compare(a.Name, b.Name) })
	return x.Schema, problems
}

// extension is a schema that gets what a Prisma schema does not name.
type extension struct {
	*Schema
	// models are those of the extension, and relations those that were added, by what
	// they are in the database; kept are the models that the Prisma schema does not
	// name.
	models    map[*Model]*Model
	kept      map[*Model]bool
	relations map[*Relation]*Relation
}

func (x *extension) model(m *Model) {
	named, ok := x.Table(m.Namespace, m.Table)
	if !ok {
		bare := *m
		bare.Relations = nil
		named = &bare
		x.Models = append(x.Models, named)
	}
	named.addLeftOut(m)
	x.models[m], x.kept[m] = named, !ok
}

// addLeftOut gives a model the columns that its Prisma schema left out, but for those
// that are called as another field.
func (m *Model) addLeftOut(table *Model) {
	leftOut := m.LeftOut
	m.LeftOut = nil
	for _, f := range table.Fields {
		switch {
		case !slices.Contains(leftOut, f.Column):
		case m.has(f.Name):
			m.LeftOut = append(m.LeftOut, f.Column)
		default:
			m.Fields = append(m.Fields, f)
		}
	}
}

// relation adds one of which a model is kept. One is left out of which a column is.
func (x *extension) relation(m *Model, r *Relation) {
	added := *r
	added.Model = x.models[r.Model]
	added.Fields, added.References = x.models[m].sameColumns(r.Fields), added.Model.sameColumns(r.References)
	if added.Fields == nil || added.References == nil {
		return
	}
	x.models[m].add(&added, r.Name)
	x.relations[r] = &added
}

// sameColumns finds the fields of the columns that those of another model have, nil
// where one is missing.
func (m *Model) sameColumns(fields []*Field) []*Field {
	same := make([]*Field, len(fields))
	for i, f := range fields {
		var ok bool
		if same[i], ok = m.Column(f.Column); !ok {
			return nil
		}
	}
	return same
}
