package prisma

import (
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

// keys gives a model the keys of the schema. One of which a field is missing, or that
// has one of no type of Prisma's, is left out.
func (f *fitting) keys(m *psl.Model, model *Model) {
	for _, field := range model.Fields {
		field.ID, field.Unique = false, false
	}
	if m.ID != nil {
		model.ID = model.key(m.ID)
	}
	for _, k := range m.Unique {
		if key := model.key(k); key != nil {
			model.Unique = append(model.Unique, key)
		}
	}
	model.mark()
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
