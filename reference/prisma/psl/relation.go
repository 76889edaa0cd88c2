package psl

// relation reads @relation; which fields it names is judged when all models are
// known.
func (r *resolver) relation(m *Model, f *Field, a *attribute) {
	if f.Kind != RelationKind {
		r.wrong(a.Position, "expected @relation on a field whose type is a model, found "+shown(f.Type))
		return
	}
	for name, into := range map[string]*string{"onDelete": &f.Relation.OnDelete, "onUpdate": &f.Relation.OnUpdate} {
		if v := a.named(name, false); v != nil {
			*into = v.Text
		}
	}
	if a.named("name", true) != nil {
		r.setText(a, "name", &f.Relation.Name)
	}
	if a.named("fields", false) != nil || a.named("references", false) != nil {
		r.pending = append(r.pending, &pendingRelation{m, f, a})
	}
}

// pendingRelation is a relation that names fields, of its own model and the other.
type pendingRelation struct {
	model     *Model
	field     *Field
	attribute *attribute
}

func (r *resolver) relationKeys(p *pendingRelation) {
	relation := p.field.Relation
	if p.attribute.named("fields", false) == nil {
		r.wrong(p.attribute.Position, "expected fields beside the references in @relation, found none: the field leads by its own fields to those of the other model, and a relation from many to many has neither")
		return
	}
	relation.Fields = r.fieldNames(p.model, p.attribute, p.attribute.named("fields", false))
	relation.References = r.fieldNames(r.modelsByName[p.field.Type], p.attribute, p.attribute.named("references", false))
	if len(relation.Fields) != len(relation.References) {
		r.wrong(p.attribute.Position, "expected as many references as fields in @relation")
	}
}

// checkDatabaseNames wants two things to have two names in the database.
func (r *resolver) checkDatabaseNames() {
	type place struct{ namespace, name string }
	tables, enums := map[place]Position{}, map[place]Position{}
	once := func(seen map[place]Position, p place, at Position, what, do string) {
		if first, ok := seen[p]; ok {
			r.wrong(at, "expected "+what+" of its own, found "+shown(p.name)+", which is that of "+first.String()+" too: "+do)
			return
		}
		seen[p] = at
	}
	for _, e := range r.schema.Enums {
		once(enums, place{e.Namespace, e.Type}, e.Position, "a type", "see @map and @@map")
	}
	for _, m := range r.schema.Models {
		once(tables, place{m.Namespace, m.Table}, m.Position, "a table", "see @map and @@map")
		columns := map[place]Position{}
		for _, f := range m.Fields {
			if f.Column != "" {
				once(columns, place{"", f.Column}, f.Position, "a column", "see @map and @@map")
			}
		}
	}
	for _, j := range r.schema.Joins() {
		once(tables, place{j.Namespace, j.Table}, j.Field.Position, "a table", "give the relations different names")
	}
}
