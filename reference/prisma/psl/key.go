package psl

import "slices"

// id gives a model its primary key.
func (r *resolver) id(m *Model, a *attribute, k *Key) {
	if m.ID != nil {
		r.wrong(a.Position, "expected one @id in "+m.Name+", found another one")
		return
	}
	m.ID = k
	for _, name := range k.Fields {
		switch f := r.fieldsByName[m][name]; {
		case f.IsOptional:
			r.wrong(f.Position, "expected fields that are required in an @id, found "+m.Name+"."+name+", which is optional")
		case f.IsList:
			r.wrong(f.Position, "expected fields that are required in an @id, found "+m.Name+"."+name+", which is a list")
		}
	}
}

// unique gives a model another key, unless that is for some of the records alone.
func (r *resolver) unique(m *Model, a *attribute, k *Key) {
	if a.named("where", false) == nil {
		m.Unique = append(m.Unique, k)
	}
}

// fieldKey is the key of one field.
func (r *resolver) fieldKey(f *Field, a *attribute) *Key {
	if f.Kind == RelationKind {
		r.wrong(a.Position, "expected @"+a.name+" on a field that is a column, found "+shown(f.Name)+", which is a relation: mark the field that holds its key")
	}
	return &Key{Position: a.Position, Fields: []string{f.Name}}
}

// key reads @@id or @@unique. Its name is what queries call it, so it must be no
// other's.
func (r *resolver) key(m *Model, a *attribute) *Key {
	k := &Key{Position: a.Position, Fields: r.fieldNames(m, a, a.named("fields", true))}
	name := a.named("name", false)
	if name == nil {
		return k
	}
	k.Name = name.Text
	isTaken := func(other *Key) bool { return other != nil && other.Name == k.Name }
	if r.fieldsByName[m][k.Name] != nil || isTaken(m.ID) || slices.ContainsFunc(m.Unique, isTaken) {
		r.wrong(name.Position, "expected a name of its own, found "+shown(k.Name)+", which is that of a field or of another key of "+m.Name)
	}
	return k
}

// functions are those of @default.
var functions = []string{"autoincrement", "dbgenerated", "now", "uuid", "cuid", "nanoid"}

// defaultValue reads @default, nil where it says nothing that is known.
func (r *resolver) defaultValue(f *Field, a *attribute) *Value {
	v := a.named("value", true)
	switch {
	case v == nil:
		r.wrong(a.Position, "expected a value in parentheses, such as @default(0)")
	case v.Kind == Call && !slices.Contains(functions, v.Text):
		r.warnings = append(r.warnings, Problem{v.Position, "the function " + shown(v.Text+"()") + " is not known here: the field has no default"})
		return nil
	case f.Kind == EnumKind && v.Kind == List:
		for _, element := range v.Elements {
			r.enumValue(f, element)
		}
	case f.Kind == EnumKind && v.Kind != Call:
		r.enumValue(f, v)
	}
	return v
}

func (r *resolver) enumValue(f *Field, v *Value) {
	is := func(one *valueDeclaration) bool { return one.Name == v.Text }
	for _, e := range r.enums {
		if e.Name == f.Type && (v.Kind != Name || !slices.ContainsFunc(e.values, is)) {
			r.wrong(v.Position, "expected a value of the enum "+f.Type+", found "+shown(v.Text))
		}
	}
}
