package graphql

import (
	"maps"
	"slices"
)

// Object is an input object, or the arguments of a field: its members in the order
// in which they stand in the document, no two of one name.
type Object []Member

// Member is one member of an Object.
type Member struct {
	Name  string
	Value any
	// Line and Column are where the member stands, from 1; 0 for one of a variable.
	Line, Column int
}

// Get is the value of a member.
func (o Object) Get(name string) (any, bool) {
	for i := range o {
		if o[i].Name == name {
			return o[i].Value, true
		}
	}
	return nil, false
}

// objectMaker makes an object of members.
type objectMaker struct {
	object Object
	names  keySet
}

func newObject(n int) *objectMaker { return &objectMaker{object: make(Object, 0, n)} }

// add puts a member at the end; it is false where there is one of that name.
func (m *objectMaker) add(member Member) bool {
	if _, isNew := m.names.place(member.Name); !isNew {
		return false
	}
	m.object = append(m.object, member)
	return true
}

// few is how many names are looked through rather than kept in a map.
const few = 16

// keySet is a set of names in the order in which they came, cheap while there are few.
type keySet struct {
	first [few]string
	n     int
	more  map[string]int
}

// place is where a name is in the order, and whether it was not there before.
func (k *keySet) place(name string) (at int, isNew bool) {
	if at := slices.Index(k.first[:min(k.n, few)], name); at >= 0 {
		return at, false
	}
	if at, ok := k.more[name]; ok {
		return at, false
	}
	if k.n < few {
		k.first[k.n] = name
	} else {
		if k.more == nil {
			k.more = map[string]int{}
		}
		k.more[name] = k.n
	}
	k.n++
	return k.n - 1, true
}

// plain is a variable's value as those in the document are: its objects, which JSON
// has no order for, are in the order of their names.
func plain(value any) any {
	switch v := value.(type) {
	case []any:
		list := make([]any, len(v))
		for i, element := range v {
			list[i] = plain(element)
		}
		return list
	case map[string]any:
		object := make(Object, 0, len(v))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			object = append(object, Member{Name: name, Value: plain(v[name])})
		}
		return object
	}
	return value
}
