package prismatest

import (
	"cmp"
	"slices"
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

// public is the Postgres schema of what has no @@schema.
const public = "public"

// Schema is the schema of a Prisma Schema Language text, which has to be right, as
// from a database that is exactly as the text says.
//
// The OID of a type that is not built in is any that is told apart from the others.
func Schema(t testing.TB, text string) *prisma.Schema {
	t.Helper()
	file := parse(t, text)
	schema, problems := database(file).Fit(file)
	if problems != nil {
		t.Fatal(problems)
	}
	return schema
}

func parse(t testing.TB, text string) *psl.Schema {
	t.Helper()
	file, warnings, err := psl.Parse(psl.Source{Name: "schema.prisma", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	if warnings != nil {
		t.Fatal(warnings)
	}
	return file
}

// firstOID is the first that Postgres gives to types of users.
const firstOID = 16384

// database is what the database holds that is exactly as a file says: models are
// called as their tables, fields as their columns.
func database(file *psl.Schema) *prisma.Schema {
	s := &prisma.Schema{}
	enums := map[string]*prisma.Enum{}
	for _, e := range file.Enums {
		enum := &prisma.Enum{Name: e.Type, Namespace: cmp.Or(e.Namespace, public), Type: e.Type}
		for _, v := range e.Values {
			enum.Values = append(enum.Values, v.Label)
		}
		s.Enums = append(s.Enums, enum)
		enums[e.Name] = enum
	}
	next := uint32(firstOID)
	for _, m := range file.Models {
		if m.IsView {
			continue
		}
		model := &prisma.Model{Name: m.Table, Namespace: cmp.Or(m.Namespace, public), Table: m.Table}
		for _, f := range m.Fields {
			if f.Kind == psl.RelationKind {
				continue
			}
			field := column(file, m, f)
			if field.Enum = enums[f.Type]; field.OID == 0 {
				field.OID = next
				next++
			}
			model.Fields = append(model.Fields, field)
		}
		model.ID = key(m, model, m.ID)
		for _, k := range m.Unique {
			model.Unique = append(model.Unique, key(m, model, k))
		}
		s.Models = append(s.Models, model)
	}
	for _, j := range file.Joins() {
		s.Joins = append(s.Joins, &prisma.Model{Name: j.Table, Namespace: cmp.Or(j.Namespace, public), Table: j.Table, Fields: []*prisma.Field{
			{Name: "A", Column: "A", Required: true}, {Name: "B", Column: "B", Required: true},
		}})
	}
	return s
}

// column is a field as its column tells of it.
func column(file *psl.Schema, m *psl.Model, f *psl.Field) *prisma.Field {
	field := &prisma.Field{
		Name: f.Column, Column: f.Column, Type: prisma.Type(f.Type), NativeType: columnType(file, f), List: f.IsList, Required: !f.IsOptional && !f.IsList,
	}
	field.OID = oid(field.NativeType)
	switch f.Kind {
	case psl.EnumKind:
		field.Type = prisma.EnumType
	case psl.Unsupported:
		field.Type = prisma.Unsupported
	}
	if f.Default != nil && f.Default.Kind == psl.Call && slices.Contains([]string{"autoincrement", "dbgenerated"}, f.Default.Text) {
		field.Default.Kind = prisma.DatabaseDefault
	}
	field.ID = m.ID != nil && slices.Contains(m.ID.Fields, f.Name)
	return field
}

// key is a key of the columns.
func key(m *psl.Model, model *prisma.Model, k *psl.Key) *prisma.Key {
	if k == nil {
		return nil
	}
	key := &prisma.Key{}
	for _, name := range k.Fields {
		field, _ := model.Column(m.Field(name).Column)
		key.Fields = append(key.Fields, field)
	}
	return key
}
