package queryschema

import (
	"slices"

	"github.com/arazzo-conformance/arazzo/reference/graphql"
)

// union checks an object by the types of its place that are objects: by the one whose
// names fit.
func (c *checker) union(types []inputType, given graphql.Object, isElement bool) (any, error) {
	best, least := -1, 0
	for i, t := range types {
		if t.object == nil || t.isList != isElement {
			continue
		}
		if n := t.object.misfits(given); best < 0 || n < least {
			best, least = i, n
		}
	}
	if best < 0 {
		return nil, c.mismatch(types, given, isElement)
	}
	if least > 0 {
		if err := c.mixed(types, given, isElement); err != nil {
			return nil, err
		}
	}
	value, err := c.object(types[best].object, given)
	if err != nil || isElement {
		return value, err
	}
	return types[best].form.of(value), nil
}

// unknownWeight is more than any number of members that are missing.
const unknownWeight = 1 << 16

// misfits is 0 where the names of members fit the object, and greater the less they do.
func (o *inputObject) misfits(given graphql.Object) int {
	fields := o.fields()
	n := 0
	for i := range given {
		if _, ok := fields.byName[given[i].Name]; !ok {
			n += unknownWeight
		}
	}
	for _, f := range fields.required {
		if _, ok := given.Get(f.name); !ok {
			n++
		}
	}
	if len(given) < o.least || o.most > 0 && len(given) > o.most {
		n++
	}
	return n
}

// mixed is the error of an object whose members are all known, but not to one of the
// types: most often a foreign key beside a relation.
func (c *checker) mixed(types []inputType, given graphql.Object, isElement bool) error {
	var objects []*inputObject
	for _, t := range types {
		if t.object != nil && t.isList == isElement {
			objects = append(objects, t.object)
		}
	}
	if len(objects) < 2 {
		return nil
	}
	var strangers []string
	for _, o := range objects {
		stranger := slices.IndexFunc(given, func(m graphql.Member) bool { return o.fields().byName[m.Name] == nil })
		if stranger < 0 {
			return nil
		}
		name := given[stranger].Name
		if !slices.ContainsFunc(objects, func(o *inputObject) bool { return o.fields().byName[name] != nil }) {
			return nil
		}
		strangers = append(strangers, name)
	}
	return c.invalid("%s and %s cannot stand together: %s has no %s, and %s no %s",
		strangers[0], strangers[1], objects[0].name, strangers[0], objects[1].name, strangers[1])
}

// object checks the members of an object. Of a record, and of arguments, the names are
// looked at first: one that is wrong is most often the one that is missing.
func (c *checker) object(o *inputObject, given graphql.Object) (any, error) {
	fields := o.fields()
	checks := [...]func(*inputObject, graphql.Object) error{c.haveAll, c.areKnown}
	if o.shape == recorded || o.name == "" {
		checks[0], checks[1] = checks[1], checks[0]
	}
	for _, check := range checks {
		if err := check(o, given); err != nil {
			return nil, err
		}
	}
	if len(given) < o.least || o.most > 0 && len(given) > o.most {
		return nil, c.wrongNumber(o, given)
	}
	to := newTarget(o.shape, len(given))
	for i := range given {
		m := &given[i]
		f := fields.byName[m.Name]
		c.push(step{name: m.Name, line: m.Line, column: m.Column, isUnion: len(f.types) > 1})
		value, err := c.member(f, m.Value)
		if err != nil {
			return nil, err
		}
		c.pop()
		to.put(f, value)
	}
	return to.value(), nil
}

// member checks the value of a member.
func (c *checker) member(f *inputField, value any) (any, error) {
	if f.weight != 0 {
		if err := c.weigh(f); err != nil {
			return nil, err
		}
	}
	if f.isDisjunction {
		c.disjunctions++
		defer func() { c.disjunctions-- }()
	}
	return c.value(f.types, value, false)
}

// haveAll checks that the members are there that have to be.
func (c *checker) haveAll(o *inputObject, given graphql.Object) error {
	for _, f := range o.fields().required {
		if _, ok := given.Get(f.name); !ok {
			c.push(step{name: f.name})
			return c.missing(f.types, false, false)
		}
	}
	return nil
}

// areKnown checks that there are no others than the object has.
func (c *checker) areKnown(o *inputObject, given graphql.Object) error {
	fields := o.fields()
	for i := range given {
		if m := &given[i]; fields.byName[m.Name] == nil {
			c.push(step{name: m.Name, line: m.Line, column: m.Column})
			return c.unknown(o.name, o.model, m.Name, o.names())
		}
	}
	return nil
}

// target is what the members of a checked object are put into.
type target struct {
	shape  shape
	values map[string]any
	writes []RelationWrite
	nested []Nested
}

func newTarget(s shape, n int) target {
	if s == nested {
		return target{shape: s, nested: make([]Nested, 0, n)}
	}
	return target{shape: s, values: make(map[string]any, n)}
}

func (t *target) put(f *inputField, value any) {
	switch {
	case t.shape == nested:
		// What is not to be left is left out.
		if value != false {
			t.nested = append(t.nested, Nested{f.name, value})
		}
	case f.relation != nil:
		t.writes = append(t.writes, RelationWrite{f.relation, value.([]Nested)})
	default:
		t.values[f.name] = value
	}
}

func (t *target) value() any {
	switch t.shape {
	case nested:
		return t.nested
	case recorded:
		return &Record{Values: t.values, Writes: t.writes}
	}
	return t.values
}
