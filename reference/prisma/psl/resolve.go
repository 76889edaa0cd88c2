package psl

import (
	"slices"
	"strings"
)

// resolver finds out what names mean, and gathers what is wrong.
type resolver struct {
	*declarations
	schema *Schema
	// What the schema has under a name.
	enumsByName  map[string]*Enum
	modelsByName map[string]*Model
	fieldsByName map[*Model]map[string]*Field
	errors       Problems
	warnings     Problems
	// source is the name of the datasource, which native types begin with.
	source string
	// pending are the relations that name fields, once all models are known.
	pending []*pendingRelation
}

// wrong tells of a mistake.
func (r *resolver) wrong(at Position, message string) {
	r.errors = append(r.errors, Problem{at, message})
}

// resolve makes a schema of declarations, with warnings. Mistakes are the error,
// which is a Problems.
func resolve(d *declarations) (*Schema, Problems, error) {
	r := &resolver{
		declarations: d, schema: &Schema{}, source: "db",
		enumsByName: map[string]*Enum{}, modelsByName: map[string]*Model{}, fieldsByName: map[*Model]map[string]*Field{},
	}
	r.checkDatasources()
	r.declare()
	for _, e := range d.enums {
		r.enum(e)
	}
	for _, m := range d.models {
		r.model(m)
	}
	for _, p := range r.pending {
		r.relationKeys(p)
	}
	r.pairRelations()
	r.checkDatabaseNames()
	if len(r.errors) == 0 {
		r.judgeRelations()
	}
	if len(r.errors) > 0 {
		return nil, r.warnings, r.errors
	}
	return r.schema, r.warnings, nil
}

// providers are what a datasource says that is a Postgres.
var providers = []string{"postgresql", "postgres"}

func (r *resolver) checkDatasources() {
	for i, d := range r.datasources {
		if i > 0 {
			r.wrong(d.Position, "expected one datasource, found another one at "+r.datasources[0].Position.String())
			continue
		}
		r.source = d.name
		for _, s := range d.settings {
			if s.Name == "provider" && (s.Value.Kind != Text || !slices.Contains(providers, s.Value.Text)) {
				r.wrong(s.Value.Position, `expected the provider "postgresql", found `+shown(s.Value.Text)+": only Postgres can be watched")
			}
			if s.Name == "relationMode" && s.Value.Text == "prisma" {
				r.warnings = append(r.warnings, Problem{s.Value.Position, "without foreign keys nothing is done with related records when one is deleted: what onDelete says is left to the database"})
			}
		}
	}
}

// scalars are the types of Prisma's own.
var scalars = []string{"String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes"}

// declare puts models and enums under their names.
func (r *resolver) declare() {
	seen := map[string]Position{}
	once := func(name string, at Position) {
		if slices.Contains(scalars, name) || name == "Unsupported" {
			r.wrong(at, "expected a name of its own, found "+shown(name)+", which is a type of Prisma's")
		}
		if first, ok := seen[name]; ok {
			r.wrong(at, "expected a name of its own, found "+shown(name)+", which is declared at "+first.String()+" too")
			return
		}
		seen[name] = at
	}
	for _, e := range r.enums {
		once(e.Name, e.Position)
		r.schema.Enums = append(r.schema.Enums, e.Enum)
		r.enumsByName[e.Name] = e.Enum
	}
	for _, m := range r.models {
		once(m.Name, m.Position)
		r.schema.Models = append(r.schema.Models, m.Model)
		r.modelsByName[m.Name] = m.Model
	}
}

func (r *resolver) enum(e *enumDeclaration) {
	r.blockAttributes(e.attributes, map[string]func(*attribute){
		"map":    func(a *attribute) { r.setText(a, "name", &e.Type) },
		"schema": func(a *attribute) { r.setText(a, "map", &e.Namespace) },
	})
	names, labels := map[string]bool{}, map[string]bool{}
	for _, v := range e.values {
		r.attributes("@", v.attributes, map[string]func(*attribute){
			"map": func(a *attribute) { r.setText(a, "name", &v.Label) },
		})
		if names[v.Name] || labels[v.Label] {
			r.wrong(v.Position, "expected a value of its own, found "+shown(v.Name)+", whose name or @map another value of the enum has")
		}
		names[v.Name], labels[v.Label] = true, true
		e.Values = append(e.Values, v.EnumValue)
	}
	if len(e.values) == 0 {
		r.wrong(e.Position, "expected at least one value in the enum "+e.Name)
	}
}

func (r *resolver) model(m *modelDeclaration) {
	names := map[string]*Field{}
	r.fieldsByName[m.Model] = names
	for _, f := range m.fields {
		if names[f.Name] != nil {
			r.wrong(f.Position, "expected a name of its own, found "+shown(f.Name)+", which "+m.Name+" has already")
		}
		names[f.Name] = f.Field
		r.field(m.Model, f)
		m.Fields = append(m.Fields, f.Field)
	}
	r.blockAttributes(m.attributes, map[string]func(*attribute){
		"map":      func(a *attribute) { r.setText(a, "name", &m.Table) },
		"schema":   func(a *attribute) { r.setText(a, "map", &m.Namespace) },
		"ignore":   func(*attribute) { m.IsIgnored = true },
		"id":       func(a *attribute) { r.id(m.Model, a, r.key(m.Model, a)) },
		"unique":   func(a *attribute) { r.unique(m.Model, a, r.key(m.Model, a)) },
		"index":    func(*attribute) {},
		"fulltext": func(*attribute) {},
	})
}

func (r *resolver) field(m *Model, f *fieldDeclaration) {
	r.fieldType(f.Field)
	own := map[string]func(*attribute){
		"id":        func(a *attribute) { r.id(m, a, r.fieldKey(f.Field, a)) },
		"unique":    func(a *attribute) { r.unique(m, a, r.fieldKey(f.Field, a)) },
		"default":   func(a *attribute) { f.Default = r.defaultValue(f.Field, a) },
		"map":       func(a *attribute) { r.setText(a, "name", &f.Column) },
		"relation":  func(a *attribute) { r.relation(m, f.Field, a) },
		"updatedAt": func(*attribute) { f.IsUpdatedAt = true },
		"ignore":    func(*attribute) { f.IsIgnored = true },
	}
	rest := slices.DeleteFunc(slices.Clone(f.attributes), func(a *attribute) bool { return r.native(f.Field, a) })
	r.attributes("@", rest, own)
}

// native takes the attribute that names the database's type, such as
// @db.VarChar(40).
func (r *resolver) native(f *Field, a *attribute) bool {
	name, ok := strings.CutPrefix(a.name, r.source+".")
	if !ok {
		return false
	}
	f.Native = name
	for _, argument := range a.arguments {
		f.NativeArguments = append(f.NativeArguments, argument.Value.Text)
	}
	return true
}

func (r *resolver) fieldType(f *Field) {
	switch {
	case f.Kind == Unsupported:
	case slices.Contains(scalars, f.Type):
		f.Kind = Scalar
	case r.enumsByName[f.Type] != nil:
		f.Kind = EnumKind
	case r.modelsByName[f.Type] != nil:
		f.Kind, f.Column, f.Relation = RelationKind, "", &Relation{}
	default:
		r.wrong(f.TypePosition, "expected a scalar type, or an enum or model of this schema, found "+shown(f.Type))
	}
}

// blockAttributes and attributes hand each attribute to what knows it. An attribute
// that nobody knows is a warning: a later Prisma may know it.
func (r *resolver) blockAttributes(all []*attribute, known map[string]func(*attribute)) {
	r.attributes("@@", all, known)
}

func (r *resolver) attributes(sign string, all []*attribute, known map[string]func(*attribute)) {
	for _, a := range all {
		if take, ok := known[a.name]; ok {
			take(a)
			continue
		}
		r.warnings = append(r.warnings, Problem{a.Position, "the attribute " + shown(sign+a.name) + " is not known here and has no effect"})
	}
}

// setText takes the one string that an attribute is about.
func (r *resolver) setText(a *attribute, name string, into *string) {
	switch v := a.named(name, true); {
	case v == nil:
		r.wrong(a.Position, `expected a name in parentheses, such as @`+a.name+`("name")`)
	case v.Kind != Text || v.Text == "":
		r.wrong(v.Position, `expected a name in quotes, such as @`+a.name+`("name"), found `+shown(v.Text))
	default:
		*into = v.Text
	}
}

// fieldNames reads a list of fields of a model; what stands in parentheses behind a
// field is about an index.
func (r *resolver) fieldNames(m *Model, a *attribute, list *Value) []string {
	if list == nil || list.Kind != List {
		r.wrong(a.Position, "expected a list of fields in @"+a.name+", such as [id]")
		return nil
	}
	var names []string
	for _, v := range list.Elements {
		switch f := r.fieldsByName[m][v.Text]; {
		case v.Kind != Name && v.Kind != Call || f == nil:
			r.wrong(v.Position, "expected a field of "+m.Name+", found "+shown(v.Text))
		case f.Kind == RelationKind:
			r.wrong(v.Position, "expected a field that is a column, found "+shown(v.Text)+", which is a relation")
		default:
			names = append(names, v.Text)
		}
	}
	return names
}
