package engine

import (
	"fmt"
	"strconv"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
	"github.com/arazzo-conformance/arazzo/reference/statement"
)

// referred does an operation of a record that is to hold a foreign key, before it
// does, and is the foreign key. needed says what for, in errors.
func (w *writer) referred(r *prisma.Relation, operation queryschema.Nested, needed string) ([]statement.Value, error) {
	var key []statement.Value
	err := each(operation.Value, func(element any) error {
		other, err := w.referredTo(r, operation.Name, element)
		if err != nil {
			return err
		}
		if other == nil {
			if r.Inverse.List {
				needed = neededToRefer
			}
			return notReferred(r, needed)
		}
		key = other.as(r.References, r.Fields)
		return nil
	})
	return key, err
}

// referredTo creates or finds what a new foreign key is to refer to, nil if there is
// no such record. What it finds is released from another that refers to it alone.
func (w *writer) referredTo(r *prisma.Relation, name string, element any) (*record, error) {
	if name == "create" {
		data, _ := element.(*queryschema.Record)
		return w.create(r.Model, data, nil)
	}
	where, create := element, any(nil)
	if both, _ := element.(map[string]any); name == "connectOrCreate" {
		where, create = both["where"], both["create"]
	}
	found, err := w.find(r.Model, statement.Selector{Unique: []any{where}})
	if err != nil {
		return nil, err
	}
	if data, ok := create.(*queryschema.Record); ok && found == nil {
		return w.create(r.Model, data, nil)
	}
	if found == nil {
		return nil, nil
	}
	return found, w.releaseOne(r, r, found)
}

// connect relates self to the records that where uniques find.
func (w *writer) connect(self *record, r *prisma.Relation, uniques []any) error {
	s := statement.Selector{Unique: distinct(uniques)}
	switch {
	case len(uniques) == 0:
		return nil
	case r.Join != nil:
		return w.join(self, r, s)
	case r.List:
		count, err := w.changeAll(r.Model, self.key(r), s)
		if err == nil && count != int64(len(s.Unique)) {
			return notConnectable(r, len(s.Unique), strconv.FormatInt(count, 10))
		}
		return err
	}
	found, err := w.find(r.Model, s)
	if err != nil {
		return err
	}
	if found == nil && self.isNew {
		return notReferred(r, neededByNew)
	}
	if found == nil {
		return notRelated(r, "connect")
	}
	return w.connectOne(self, r, found)
}

// distinct are where uniques without those that were there before.
func distinct(uniques []any) []any {
	seen := map[string]bool{}
	var all []any
	for _, unique := range uniques {
		// Maps are printed in the order of their keys.
		if key := fmt.Sprintf("%#v", unique); !seen[key] {
			seen[key] = true
			all = append(all, unique)
		}
	}
	return all
}

// join puts self beside the records that are selected in the join table.
func (w *writer) join(self *record, r *prisma.Relation, s statement.Selector) error {
	join, err := statement.Join(r, self.id(r), s)
	if err != nil {
		return err
	}
	rows, _, err := w.run(join)
	if err != nil {
		return err
	}
	if found := *rows[0][0]; len(s.Unique) > 0 && found != strconv.Itoa(len(s.Unique)) {
		return notConnectable(r, len(s.Unique), found)
	}
	return nil
}

// connectOne relates self to a record that was there before. In a relation of one to
// one both leave the records that they were related to.
func (w *writer) connectOne(self *record, r *prisma.Relation, other *record) error {
	if r.Join != nil {
		return w.relate(self, r, other)
	}
	if self.isRelated(r, other) {
		return nil
	}
	holder, referred := r.Inverse, self
	if r.Holds {
		holder, referred = r, other
	}
	if err := w.releaseOne(r, holder, referred); err != nil {
		return err
	}
	return w.relate(self, r, other)
}

// relate relates self to another record.
func (w *writer) relate(self *record, r *prisma.Relation, other *record) error {
	switch {
	case r.Join != nil:
		return w.join(self, r, other.itself())
	case r.Holds:
		return w.refer(self, other.as(r.References, r.Fields))
	}
	return w.refer(other, self.key(r))
}

// refer sets the foreign key of a record.
func (w *writer) refer(self *record, key []statement.Value) error {
	changed, err := w.changed(self.model, key, self.itself())
	if err != nil {
		return err
	}
	if changed == nil {
		return withoutKey(self.model)
	}
	self.values = changed.values
	return nil
}

// releaseOne makes room in a relation of one to one: no record refers to this one by
// holder, the side with the foreign key, any more. r is the relation that the request
// names.
func (w *writer) releaseOne(r, holder *prisma.Relation, referred *record) error {
	if holder.Inverse.List {
		return nil
	}
	return w.release(r, holder, statement.Selector{Equal: referred.as(holder.References, holder.Fields)})
}

// release sets the foreign key of the records that are selected to NULL. That there is
// one is an error where it has to be related.
func (w *writer) release(r, holder *prisma.Relation, s statement.Selector) error {
	m := holder.Inverse.Model
	if !holder.Required {
		_, err := w.count(statement.Update(m, nulls(holder.Fields), s, nil))
		return err
	}
	found, err := w.find(m, s)
	if err == nil && found != nil {
		return violated(r)
	}
	return err
}

func (w *writer) connectOrCreate(self *record, r *prisma.Relation, element map[string]any) error {
	found, err := w.find(r.Model, statement.Selector{Unique: []any{element["where"]}})
	if err != nil {
		return err
	}
	if found != nil {
		return w.connectOne(self, r, found)
	}
	create, _ := element["create"].(*queryschema.Record)
	if r.Join == nil && !r.Holds {
		// In a relation of one to one the engine does not release the other here.
		_, err := w.create(r.Model, create, self.key(r))
		return err
	}
	return w.createRelated(self, r, create)
}

// set relates self to the records that where uniques find and to no others. Only over a
// join table is it an error that one of them is missing.
func (w *writer) set(self *record, r *prisma.Relation, uniques []any) error {
	uniques = distinct(uniques)
	if r.Join != nil {
		if _, err := w.count(statement.Part(r, self.id(r), statement.Selector{Except: uniques})); err != nil {
			return err
		}
		return w.connect(self, r, uniques)
	}
	rest := self.related(r)
	rest.Except = uniques
	if err := w.release(r, r.Inverse, rest); err != nil || len(uniques) == 0 {
		return err
	}
	_, err := w.changeAll(r.Model, self.key(r), statement.Selector{Unique: uniques})
	return err
}

// disconnect ends the relation to the records that where uniques find, or to the
// only one. That one is not related is no error.
func (w *writer) disconnect(self *record, r *prisma.Relation, value any) error {
	if r.Join != nil {
		_, err := w.count(statement.Part(r, self.id(r), statement.Selector{Unique: list(value)}))
		return err
	}
	m, s, fields, required := r.Model, self.relatedBy(r, value), r.References, r.Inverse.Required
	if r.Holds {
		m, s, fields, required = self.model, self.itself(), r.Fields, r.Required
	}
	if required {
		return violated(r)
	}
	_, err := w.count(statement.Update(m, nulls(fields), s, nil))
	if r.Holds && err == nil {
		for _, f := range fields {
			self.values[f] = nil
		}
	}
	return err
}
