package engine

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
	"github.com/arazzo-conformance/arazzo/reference/statement"
)

// nested does an operation on the records that a relation leads to from one that is in
// the database.
func (w *writer) nested(self *record, r *prisma.Relation, operation queryschema.Nested) error {
	value := operation.Value
	switch operation.Name {
	case "create":
		return each(value, func(data *queryschema.Record) error { return w.createRelated(self, r, data) })
	case "createMany":
		many, _ := value.(map[string]any)
		_, err := w.createMany(r.Model, many, self.key(r))
		return err
	case "connect":
		return w.connect(self, r, list(value))
	case "connectOrCreate":
		return each(value, func(element map[string]any) error { return w.connectOrCreate(self, r, element) })
	case "set":
		return w.set(self, r, list(value))
	case "disconnect":
		return w.disconnect(self, r, value)
	case "update":
		return each(value, func(element any) error { return w.updateRelated(self, r, element) })
	case "updateMany":
		return each(value, func(element map[string]any) error { return w.updateManyRelated(self, r, element) })
	case "upsert":
		return each(value, func(element map[string]any) error { return w.upsertRelated(self, r, element) })
	case "delete":
		return w.deleteRelated(self, r, value)
	case "deleteMany":
		return each(value, func(where map[string]any) error { return w.deleteManyRelated(self, r, where) })
	}
	return prisma.Invalid(r.Name+"."+operation.Name, "this operation is not supported")
}

// list is the value of an operation as one of many elements.
func list(value any) []any {
	elements, ok := value.([]any)
	if !ok {
		elements = []any{value}
	}
	return elements
}

// each does something for every element of an operation's value.
func each[T any](value any, do func(T) error) error {
	for _, element := range list(value) {
		typed, ok := element.(T)
		if !ok {
			return fmt.Errorf("an element of a nested write is %T", element)
		}
		if err := do(typed); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) createRelated(self *record, r *prisma.Relation, data *queryschema.Record) error {
	if r.Join == nil && !r.Holds {
		if err := w.releaseOne(r, r.Inverse, self); err != nil {
			return err
		}
		_, err := w.create(r.Model, data, self.key(r))
		return err
	}
	created, err := w.create(r.Model, data, nil)
	if err != nil {
		return err
	}
	return w.relate(self, r, created)
}

// updateRelated changes a related record: by {where, data} in a list, else by data. An
// update of nothing needs no record.
func (w *writer) updateRelated(self *record, r *prisma.Relation, element any) error {
	data, _ := element.(*queryschema.Record)
	s := self.related(r)
	if in, ok := element.(map[string]any); ok {
		data, _ = in["data"].(*queryschema.Record)
		s = self.relatedBy(r, in["where"])
	}
	if len(data.Values)+len(data.Writes) == 0 {
		return nil
	}
	updated, err := w.update(r.Model, s, data)
	if err == nil && updated == nil {
		return notRelated(r, "update")
	}
	return err
}

func (w *writer) updateManyRelated(self *record, r *prisma.Relation, element map[string]any) error {
	data, _ := element["data"].(*queryschema.Record)
	s := self.related(r)
	s.Where, _ = element["where"].(map[string]any)
	_, err := w.updateMany(r.Model, s, data)
	return err
}

func (w *writer) upsertRelated(self *record, r *prisma.Relation, element map[string]any) error {
	found, err := w.find(r.Model, self.relatedBy(r, element["where"]))
	if err != nil {
		return err
	}
	if found == nil {
		create, _ := element["create"].(*queryschema.Record)
		return w.createRelated(self, r, create)
	}
	update, _ := element["update"].(*queryschema.Record)
	_, err = w.update(r.Model, found.itself(), update)
	return err
}

func (w *writer) deleteRelated(self *record, r *prisma.Relation, value any) error {
	s := self.relatedBy(r, value)
	count, err := w.count(statement.Delete(r.Model, s, nil))
	switch {
	case err != nil:
		return err
	case !r.List && count == 0:
		return notRelated(r, "delete")
	case r.List && count != int64(len(s.Unique)):
		return notConnected(r)
	}
	return nil
}

func (w *writer) deleteManyRelated(self *record, r *prisma.Relation, where map[string]any) error {
	s := self.related(r)
	s.Where = where
	_, err := w.count(statement.Delete(r.Model, s, nil))
	return err
}
