package queryschema

import (
	"sync"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// types is the query schema of one prisma.Schema. Objects are made when they are
// first asked for, and once: they lead to each other without end, and of a large
// schema few are ever used.
type types struct {
	schema *prisma.Schema
	// roots are the root fields by their names, ordered in the order of the schema.
	roots   map[rootName]*rootField
	ordered []*rootField

	lock    sync.Mutex
	inputs  map[objectName]*inputObject
	outputs map[string]*outputObject
	enums   map[string]*enum
}

// rootName is what a root field is found by.
type rootName struct {
	operation ast.Operation
	name      string
}

// objectName is what an input object is found by: its name and, where Prisma gives
// one name to several, the relation it is for.
type objectName struct {
	name     string
	relation *prisma.Relation
}

// rootField is something that can be asked for.
type rootField struct {
	name      string
	operation ast.Operation
	action    Action
	orThrow   bool
	model     *prisma.Model
	arguments *inputObject
	output    outputType
	// isRequired is set where the answer is never null.
	isRequired bool
}

// inputObject is a type of objects that are given.
type inputObject struct {
	name string
	// least and most are how many members there may be, most is 0 for any number.
	least, most int
	shape       shape
	// model is what it is about, nil where that does not matter.
	model *prisma.Model
	// build makes what it may have, fields keeps that from the first time it is asked for.
	build  func() []*inputField
	fields func() *inputFields
}

// shape is what a checked object becomes, without one a map[string]any.
type shape int

const (
	// recorded is a *Record.
	recorded shape = iota + 1
	// nested is a []Nested.
	nested
)

// inputFields are the fields of an input object.
type inputFields struct {
	ordered []*inputField
	byName  map[string]*inputField
	// required are those that there must be.
	required []*inputField
}

// fieldsOf are fields of an object. Of two of one name, as AND and a column that is
// called so, the first is meant.
func fieldsOf(all []*inputField) *inputFields {
	fields := &inputFields{byName: make(map[string]*inputField, len(all))}
	for _, f := range all {
		if _, ok := fields.byName[f.name]; ok {
			continue
		}
		fields.byName[f.name] = f
		fields.ordered = append(fields.ordered, f)
		if f.isRequired {
			fields.required = append(fields.required, f)
		}
	}
	return fields
}

// inputField is a member that an object may have, or an argument.
type inputField struct {
	name       string
	isRequired bool
	// types are what its value may be, any of them; they are tried in order.
	types []inputType
	// relation is what the field of a record leads to, nil for a scalar.
	relation *prisma.Relation
	// isDisjunction is set for OR and NOT.
	isDisjunction bool
	weight        weight
}

// inputType is one of the types that a value may be of: null, or a scalar, an enum or
// an object, or a list of one of these.
type inputType struct {
	isNull, isList bool
	// scalar is a field of the type, without a name.
	scalar *prisma.Field
	enum   *enum
	object *inputObject
	form   form
}

// form is how a value of a type is written in the normal form, where its place has
// another for the same.
type form struct {
	// member makes the value the only member of an object, of this name.
	member string
	// unwrapped makes an object its only member's value.
	unwrapped bool
	// listed makes the value the only element of a list.
	listed bool
}

// as is the type of a value that is short for an object with it as a member.
func (t inputType) as(member string) inputType {
	t.form.member = member
	return t
}

// listed is the type of a value that is short for a list of it alone.
func (t inputType) listed() inputType {
	t.form.listed = true
	return t
}

// list is the type of lists of t.
func (t inputType) list() inputType {
	t.isList = true
	return t
}

// enum is a type of names.
type enum struct {
	name   string
	values []string
	// isModels is set for one of the schema's own.
	isModels bool
}

// outputType is what a field's answer is made of.
type outputType struct {
	isList bool
	// scalar is the name of a scalar or an enum, of which enum is set; it is "" where
	// object is set.
	scalar string
	enum   *enum
	object *outputObject
}

// outputObject is a type of objects that are answered.
type outputObject struct {
	name   string
	fields func() *outputFields
}

type outputFields struct {
	ordered []*outputField
	byName  map[string]*outputField
}

// outputField is a member that can be selected.
type outputField struct {
	name string
	// arguments is nil where there are none.
	arguments *inputObject
	output    outputType
	// isRequired is set where the answer is never null.
	isRequired bool
	// field and relation are what it is of the model; both are nil for a count.
	field    *prisma.Field
	relation *prisma.Relation
}

// input is the input object that kind describes, with fields that build makes. It is
// the same for the same name; relation tells objects of one name apart.
func (t *types) input(kind inputObject, relation *prisma.Relation, build func() []*inputField) *inputObject {
	t.lock.Lock()
	defer t.lock.Unlock()
	key := objectName{kind.name, relation}
	object, ok := t.inputs[key]
	if !ok {
		object = &kind
		object.takes(build)
		t.inputs[key] = object
	}
	return object
}

// takes says what makes the fields.
func (o *inputObject) takes(build func() []*inputField) {
	o.build = build
	o.fields = sync.OnceValue(func() *inputFields { return fieldsOf(build()) })
}

// output is the output object of a name, made by build on the first call.
func (t *types) output(name string, build func() []*outputField) *outputObject {
	t.lock.Lock()
	defer t.lock.Unlock()
	object, ok := t.outputs[name]
	if !ok {
		object = &outputObject{name: name, fields: sync.OnceValue(func() *outputFields {
			fields := &outputFields{byName: map[string]*outputField{}}
			for _, f := range build() {
				if _, ok := fields.byName[f.name]; !ok {
					fields.byName[f.name] = f
					fields.ordered = append(fields.ordered, f)
				}
			}
			return fields
		})}
		t.outputs[name] = object
	}
	return object
}

// enumOf is the enum of a name.
func (t *types) enumOf(name string, isModels bool, values ...string) *enum {
	t.lock.Lock()
	defer t.lock.Unlock()
	e, ok := t.enums[name]
	if !ok {
		e = &enum{name, values, isModels}
		t.enums[name] = e
	}
	return e
}

// String is the type as errors and Prisma's own notation name it.
func (t inputType) String() string {
	name := "Null"
	switch {
	case t.scalar != nil:
		name = string(t.scalar.Type)
	case t.enum != nil:
		name = t.enum.name
	case t.object != nil:
		name = t.object.name
	}
	if t.isList {
		return "[" + name + "]"
	}
	return name
}
