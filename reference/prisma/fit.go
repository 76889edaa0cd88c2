package prisma

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

// Fit gives what a Prisma schema says of the database: its models, fields, enums and
// their values under their Prisma names. Tables and columns that the schema does not
// name, or that @@ignore and @ignore leave out, are not in it; nor are views, which
// have no changes.
//
// What the schema names and the database does not have is left out too, and is a
// problem. Where a field is of another type than its column, the column's holds: its
// values could not be told otherwise; that is a problem as well. Without @@schema a
// table or enum is the one that has the plain name, see the package comment.
func (s *Schema) Fit(file *psl.Schema) (*Schema, psl.Problems) {
	f := &fitting{database: s, file: file, enums: map[string]*Enum{}, declared: map[string]*psl.Model{}, models: map[string]*Model{}}
	fitted := &Schema{}
	for _, e := range file.Enums {
		if enum := f.enum(e); enum != nil {
			fitted.Enums = append(fitted.Enums, enum)
			f.enums[e.Name] = enum
		}
	}
	for _, m := range file.Models {
		f.declared[m.Name] = m
		if m.IsView || m.IsIgnored {
			continue
		}
		if model := f.model(m); model != nil {
			fitted.Models = append(fitted.Models, model)
			f.models[m.Name] = model
		}
	}
	f.relations()
	slices.SortFunc(fitted.Models, func(a, b *Model) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(fitted.Enums, func(a, b *Enum) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortStableFunc(f.problems, func(a, b psl.Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return fitted, f.problems
}

// fitting is a schema on its way into a database.
type fitting struct {
	database *Schema
	file     *psl.Schema
	// enums and models are those that the database has, by their Prisma names, and
	// declared the models that the file has.
	enums    map[string]*Enum
	models   map[string]*Model
	declared map[string]*psl.Model
	// joins are the tables between models, by the fields that lead there.
	joins    map[*psl.Field]*psl.Join
	problems psl.Problems
}

func (f *fitting) problem(at psl.Position, format string, args ...any) {
	f.problems = append(f.problems, psl.Problem{Position: at, Message: fmt.Sprintf(format, args...)})
}

// migrate is the next move where the database lacks something.
const migrate = "apply the migrations (npx prisma migrate deploy), or correct"

func (f *fitting) model(m *psl.Model) *Model {
	table, ok := f.table(m)
	if !ok {
		f.problem(m.Position, "model %s: expected the table %s, which the database does not have%s: %s @@map or @@schema",
			m.Name, qualified(m.Namespace, m.Table), f.similar(m.Table), migrate)
		return nil
	}
	model := &Model{Name: m.Name, Namespace: table.Namespace, Table: table.Table}
	for _, field := range m.Fields {
		if field.Kind == psl.RelationKind || field.IsIgnored {
			continue
		}
		column, ok := table.Column(field.Column)
		if !ok {
			f.problem(field.Position, "field %s.%s: expected the column %q, which the table %s does not have: %s @map",
				m.Name, field.Name, field.Column, qualified(table.Namespace, table.Table), migrate)
			continue
		}
		model.Fields = append(model.Fields, f.field(m, field, column))
	}
	for _, column := range table.Fields {
		if _, ok := model.Column(column.Column); !ok {
			model.LeftOut = append(model.LeftOut, column.Column)
		}
	}
	f.keys(m, model, table)
	return model
}

func (f *fitting) table(m *psl.Model) (*Model, bool) {
	return find(f.database.Models, func(t *Model) bool {
		return t.Table == m.Table && isNamed(m.Namespace, t.Namespace, m.Table, t.Name)
	})
}

// isNamed tells whether something that the database has under a name is meant by a
// schema that names the namespace, or does not.
func isNamed(namespace, actual, plain, name string) bool {
	if namespace != "" {
		return actual == namespace
	}
	return name == plain
}

// similar tells of tables that may be meant.
func (f *fitting) similar(table string) string {
	var names []string
	for _, t := range f.database.Models {
		if strings.EqualFold(t.Table, table) {
			names = append(names, qualified(t.Namespace, t.Table))
		}
	}
	if names == nil {
		return ""
	}
	return " (it has " + strings.Join(names, ", ") + ")"
}

func qualified(namespace, name string) string {
	if namespace == "" {
		return fmt.Sprintf("%q", name)
	}
	return fmt.Sprintf("%q.%q", namespace, name)
}

// field gives a column the name and the default, and where it fits the type, of the
// schema.
func (f *fitting) field(m *psl.Model, field *psl.Field, column *Field) *Field {
	fitted := *column
	fitted.Name, fitted.UpdatedAt = field.Name, field.IsUpdatedAt
	if field.Kind == psl.Unsupported {
		fitted.Type, fitted.Enum = Unsupported, nil
	} else {
		f.fieldType(m, field, &fitted)
	}
	f.optional(m, field, &fitted)
	fitted.Default = f.defaultOf(m, field, &fitted)
	return &fitted
}

// fieldType judges the type of a field, which still is its column's.
func (f *fitting) fieldType(m *psl.Model, field *psl.Field, column *Field) {
	enum := f.enums[field.Type]
	switch {
	case enum != nil && column.Enum != nil && enum.Namespace == column.Enum.Namespace && enum.Type == column.Enum.Type:
		column.Enum = enum
	case field.Kind == psl.EnumKind, string(column.Type) != field.Type:
		f.problem(field.TypePosition, "field %s.%s: the column %q is of type %s, which is %s, not %s: its values are shown as %[5]s; write that, or run npx prisma db pull",
			m.Name, field.Name, column.Column, column.NativeType, typeName(column), field.Type)
		return
	}
	if field.IsList != column.List {
		f.problem(field.TypePosition, "field %s.%s: the column %q is of type %s, which is %s: its values are shown so; write that, or run npx prisma db pull",
			m.Name, field.Name, column.Column, column.NativeType, listName(column))
	}
}

// optional takes the schema's word for whether a value may be missing. A list may not,
// whatever its column says: one that is null is empty.
func (f *fitting) optional(m *psl.Model, field *psl.Field, column *Field) {
	switch {
	case field.IsList || field.IsOptional != column.Required:
		return
	case field.IsOptional:
		f.problem(field.TypePosition, "field %s.%s: the column %q is NOT NULL: write the type without a question mark, or run npx prisma db pull", m.Name, field.Name, column.Column)
	default:
		f.problem(field.TypePosition, "field %s.%s: the column %q may be null: write the type with a question mark, or run npx prisma db pull", m.Name, field.Name, column.Column)
	}
	column.Required = !field.IsOptional
}

// typeName is the type that a field of the column has.
func typeName(column *Field) string {
	switch column.Type {
	case EnumType:
		return "the enum " + column.Enum.Type
	case Unsupported:
		return fmt.Sprintf("Unsupported(%q)", column.NativeType)
	}
	return string(column.Type)
}

func listName(column *Field) string {
	if column.List {
		return "a list"
	}
	return "no list"
}

// enum gives an enum and its values their Prisma names.
func (f *fitting) enum(e *psl.Enum) *Enum {
	found, ok := find(f.database.Enums, func(t *Enum) bool {
		return t.Type == e.Type && isNamed(e.Namespace, t.Namespace, e.Type, t.Name)
	})
	if !ok {
		f.problem(e.Position, "enum %s: expected the enum type %s, which the database does not have: %s @@map or @@schema", e.Name, qualified(e.Namespace, e.Type), migrate)
		return nil
	}
	names := map[string]string{}
	for _, v := range e.Values {
		if !slices.Contains(found.Values, v.Label) {
			f.problem(v.Position, "value %s of enum %s: expected the label %q, which the type %s does not have: %s @map",
				v.Name, e.Name, v.Label, qualified(found.Namespace, found.Type), migrate)
		}
		names[v.Label] = v.Name
	}
	enum := &Enum{Name: e.Name, Namespace: found.Namespace, Type: found.Type}
	for _, label := range found.Values {
		if names[label] == "" {
			f.problem(e.Position, "enum %s: the database's type has the label %q too, which no value stands for: it is shown as it is; add a value, with @map where its name differs", e.Name, label)
			names[label] = label
		}
		enum.Values = append(enum.Values, names[label])
	}
	if !slices.Equal(enum.Values, found.Values) {
		enum.Labels = found.Values
	}
	return enum
}
