package prismatest

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

// Database is a new database that is as the text says, empty, with the schema of it.
// It is the one that [prisma.Schema.Fit] gives, with the OIDs of that database.
func Database(t testing.TB, text string) (schema *prisma.Schema, databaseURL string) {
	t.Helper()
	databaseURL = postgrestest.Database(t)
	conn := postgrestest.Connect(t, databaseURL)
	postgrestest.Exec(t, conn, Statements(t, text))
	found, err := prisma.Introspect(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	schema, problems := found.Fit(parse(t, text))
	if problems != nil {
		t.Fatal(problems)
	}
	return schema, databaseURL
}

// Statements are the SQL that makes a database as the text says, with the names that
// Prisma's migrations give.
func Statements(t testing.TB, text string) string {
	t.Helper()
	return statements(parse(t, text))
}

func statements(file *psl.Schema) string {
	s := &script{file: file, namespaces: map[string]bool{public: true}}
	for _, e := range s.file.Enums {
		s.enum(e)
	}
	for _, m := range s.file.Models {
		if !m.IsView {
			s.table(m)
		}
	}
	for _, j := range s.file.Joins() {
		s.join(j)
	}
	return s.begin.String() + s.tables.String() + s.foreignKeys.String()
}

// script is a script that is being written.
type script struct {
	file *psl.Schema
	// namespaces are those that are there.
	namespaces                 map[string]bool
	begin, tables, foreignKeys strings.Builder
}

// name is the full name of something, whose Postgres schema is made.
func (s *script) name(namespace, name string) string {
	namespace = cmp.Or(namespace, public)
	if !s.namespaces[namespace] {
		fmt.Fprintf(&s.begin, "CREATE SCHEMA %s;\n", quoted(namespace))
		s.namespaces[namespace] = true
	}
	return quoted(namespace) + "." + quoted(name)
}

func (s *script) enum(e *psl.Enum) {
	name := s.name(e.Namespace, e.Type)
	labels := make([]string, len(e.Values))
	for i, v := range e.Values {
		labels[i] = text(v.Label)
	}
	fmt.Fprintf(&s.begin, "CREATE TYPE %s AS ENUM (%s);\n", name, strings.Join(labels, ", "))
}

func (s *script) table(m *psl.Model) {
	name := s.name(m.Namespace, m.Table)
	var lines []string
	for _, f := range m.Fields {
		if f.Kind == psl.RelationKind {
			s.foreignKey(m, f)
			continue
		}
		if f.Native == "Citext" && !s.namespaces["citext"] {
			s.namespaces["citext"] = true
			s.begin.WriteString("CREATE EXTENSION IF NOT EXISTS citext;\n")
		}
		lines = append(lines, s.column(f))
	}
	if m.ID != nil {
		lines = append(lines, fmt.Sprintf("CONSTRAINT %s PRIMARY KEY (%s)", quoted(m.Table+"_pkey"), columns(m, m.ID.Fields)))
	}
	fmt.Fprintf(&s.tables, "CREATE TABLE %s (\n    %s\n);\n", name, strings.Join(lines, ",\n    "))
	for _, k := range m.Unique {
		fmt.Fprintf(&s.tables, "CREATE UNIQUE INDEX %s ON %s (%s);\n", quoted(m.Table+"_"+joined(m, k.Fields)+"_key"), name, columns(m, k.Fields))
	}
}

// serials are the types of a column that counts by itself.
var serials = map[string]string{"smallint": "SMALLSERIAL", "integer": "SERIAL", "bigint": "BIGSERIAL"}

func (s *script) column(f *psl.Field) string {
	kind := columnType(s.file, f)
	line := quoted(f.Column) + " " + kind
	if f.Default != nil && f.Default.Kind == psl.Call && f.Default.Text == "autoincrement" {
		line = quoted(f.Column) + " " + serials[kind]
	}
	if !f.IsOptional && !f.IsList {
		line += " NOT NULL"
	}
	if value := s.defaultOf(f, kind); value != "" {
		line += " DEFAULT " + value
	}
	return line
}

// defaultOf is the default of a column, empty where it has none: ids are made by
// Prisma.
func (s *script) defaultOf(f *psl.Field, kind string) string {
	v := f.Default
	switch {
	case v == nil:
		return ""
	case v.Kind == psl.Call && v.Text == "now":
		return "CURRENT_TIMESTAMP"
	case v.Kind == psl.Call && v.Text == "dbgenerated" && len(v.Arguments) > 0:
		return v.Arguments[0].Value.Text
	case v.Kind == psl.Call:
		return ""
	case v.Kind == psl.List:
		elements := make([]string, len(v.Elements))
		for i, element := range v.Elements {
			elements[i] = s.constant(f, element)
		}
		return "ARRAY[" + strings.Join(elements, ", ") + "]::" + kind
	}
	return s.constant(f, v)
}

func (s *script) constant(f *psl.Field, v *psl.Value) string {
	switch {
	case f.Kind == psl.EnumKind:
		for _, one := range s.file.Enum(f.Type).Values {
			if one.Name == v.Text {
				return text(one.Label)
			}
		}
	case f.Type == "Bytes":
		return "decode(" + text(v.Text) + ", 'base64')"
	case v.Kind == psl.Text:
		return text(v.Text)
	}
	return v.Text
}

// foreignKey adds that of the side of a relation that holds it.
func (s *script) foreignKey(m *psl.Model, f *psl.Field) {
	r, other := f.Relation, s.file.Model(f.Type)
	if len(r.Fields) == 0 || other.IsView {
		return
	}
	onDelete := r.OnDelete
	if onDelete == "" {
		onDelete = "SetNull"
		for _, name := range r.Fields {
			if !m.Field(name).IsOptional {
				onDelete = "Restrict"
			}
		}
	}
	fmt.Fprintf(&s.foreignKeys, "ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s) ON DELETE %s ON UPDATE %s;\n",
		s.name(m.Namespace, m.Table), quoted(m.Table+"_"+joined(m, r.Fields)+"_fkey"), columns(m, r.Fields),
		s.name(other.Namespace, other.Table), columns(other, r.References), action(onDelete), action(cmp.Or(r.OnUpdate, "Cascade")))
}

// action is a referential action as SQL has it.
func action(name string) string {
	return map[string]string{
		"Cascade": "CASCADE", "Restrict": "RESTRICT", "NoAction": "NO ACTION", "SetNull": "SET NULL", "SetDefault": "SET DEFAULT",
	}[name]
}

func (s *script) join(j *psl.Join) {
	name := s.name(j.Namespace, j.Table)
	fmt.Fprintf(&s.tables, "CREATE TABLE %s (%s, %s);\n", name, s.joinColumn("A", j.First), s.joinColumn("B", j.Second))
	fmt.Fprintf(&s.tables, "CREATE UNIQUE INDEX %s ON %s (\"A\", \"B\");\n", quoted(j.Table+"_AB_unique"), name)
	fmt.Fprintf(&s.tables, "CREATE INDEX %s ON %s (\"B\");\n", quoted(j.Table+"_B_index"), name)
	for _, side := range []struct {
		column string
		model  *psl.Model
	}{{"A", j.First}, {"B", j.Second}} {
		fmt.Fprintf(&s.foreignKeys, "ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s) ON DELETE CASCADE ON UPDATE CASCADE;\n",
			name, quoted(j.Table+"_"+side.column+"_fkey"), quoted(side.column), s.name(side.model.Namespace, side.model.Table), columns(side.model, side.model.ID.Fields))
	}
}

func (s *script) joinColumn(name string, m *psl.Model) string {
	return quoted(name) + " " + columnType(s.file, m.Field(m.ID.Fields[0])) + " NOT NULL"
}

// columns are those of fields, quoted.
func columns(m *psl.Model, fields []string) string {
	all := make([]string, len(fields))
	for i, name := range fields {
		all[i] = quoted(m.Field(name).Column)
	}
	return strings.Join(all, ", ")
}

// joined are the columns of fields as they stand in the name of a constraint.
func joined(m *psl.Model, fields []string) string {
	all := make([]string, len(fields))
	for i, name := range fields {
		all[i] = m.Field(name).Column
	}
	return strings.Join(all, "_")
}

func text(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
