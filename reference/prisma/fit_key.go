package prisma

import (
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

// keys gives a model the keys of the schema. One of which a field is missing, or that
// has one of no type of Prisma's, is left out. One that the database does not keep is a
// problem, and a key all the same, as Prisma has it.
func (f *fitting) keys(m *psl.Model, model, table *Model) {
	for _, field := range model.Fields {
		field.ID, field.Unique = false, false
	}
	if m.ID != nil {
		model.ID = f.key(m.ID, model, table)
	}
	for _, k := range m.Unique {
		if key := f.key(k, model, table); key != nil {
			model.Unique = append(model.Unique, key)
		}
	}
	model.mark()
}

func (f *fitting) key(k *psl.Key, model, table *Model) *Key {
	key := model.key(k)
	if key == nil {
		return nil
	}
	columns := make([]string, len(key.Fields))
	for i, field := range key.Fields {
		columns[i] = field.Column
	}
	if !table.hasColumnKey(columns) {
		f.problem(k.Position, "model %s: expected a unique index on the columns %q of the table %s, which the database does not have: %s the key",
			model.Name, columns, qualified(table.Namespace, table.Table), migrate)
	}
	return key
}

// hasColumnKey tells whether the columns, in whatever order, are a key.
func (m *Model) hasColumnKey(columns []string) bool {
	is := func(k *Key) bool {
		return k != nil && len(k.Fields) == len(columns) && !slices.ContainsFunc(k.Fields, func(f *Field) bool { return !slices.Contains(columns, f.Column) })
	}
	return is(m.ID) || slices.ContainsFunc(m.Unique, is)
}

// key finds the fields of a key, nil where not all are there.
func (m *Model) key(k *psl.Key) *Key {
	key := &Key{Name: k.Name}
	for _, name := range k.Fields {
		field, ok := m.Field(name)
		if !ok || field.Type == Unsupported {
			return nil
		}
		key.Fields = append(key.Fields, field)
	}
	if len(key.Fields) == 0 {
		return nil
	}
	if key.Name == "" || len(key.Fields) == 1 {
		key.Name = strings.Join(k.Fields, "_")
	}
	return key
}
