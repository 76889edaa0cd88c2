package graphql

import (
	"cmp"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// merged is a field as it is answered: all those of a level that are to be called the
// same, which have to be one field with the same arguments (October 2021, sections 5.3.2
// and 6.3.2). It happens once, where the first of them stands.
type merged struct {
	*ast.Field
	// more is what the others select, beside the first.
	more []ast.SelectionSet
}

// merge puts together the selections of one level. Each is looked at once, however many
// there are of one name.
func merge(set ast.SelectionSet, more []ast.SelectionSet) ([]merged, error) {
	fields := make([]merged, 0, len(set))
	var keys keySet
	for i := range 1 + len(more) {
		if i > 0 {
			set = more[i-1]
		}
		for _, selection := range set {
			field, err := plainField(selection)
			if err != nil {
				return nil, err
			}
			at, isNew := keys.place(field.Alias)
			if isNew {
				fields = append(fields, merged{Field: field})
				continue
			}
			first := &fields[at]
			if err := first.conflict(field); err != nil {
				return nil, err
			}
			if len(field.SelectionSet) > 0 {
				first.more = append(first.more, field.SelectionSet)
			}
		}
	}
	return fields, nil
}

// conflict is why a field cannot be answered as the first of its key.
func (f *merged) conflict(other *ast.Field) error {
	key := prisma.Excerpt(other.Alias)
	line, column := place(f.Position)
	switch {
	case f.Name != other.Name:
		return unreadable(other.Position, "%q is asked for twice: as %s at line %d, column %d, and as %s here; give one of them another alias",
			key, prisma.Excerpt(f.Name), line, column, prisma.Excerpt(other.Name))
	case !same(arguments(f.Arguments), arguments(other.Arguments)):
		return unreadable(other.Position, "%q is asked for twice, with other arguments at line %d, column %d than here; give one of them an alias, or both the same",
			key, line, column)
	case (len(f.SelectionSet) > 0) != (len(other.SelectionSet) > 0):
		return unreadable(other.Position, "%q is asked for twice, at line %d, column %d and here, and only one of the two has a selection",
			key, line, column)
	}
	return nil
}

// named is an argument, or a member of an object, or, without a name, an element of a
// list.
type named struct {
	name  string
	value *ast.Value
}

func arguments(list ast.ArgumentList) []named {
	all := make([]named, len(list))
	for i, a := range list {
		all[i] = named{a.Name, a.Value}
	}
	return all
}

// same tells whether arguments are the same, in any order. They are compared as they are
// written: a variable is no other variable, whatever the two stand for, and no literal.
// As no more is looked at of the one than there is of the other, that many fields are
// the same as one large field costs no more than reading them did.
func same(a, b []named) bool {
	if len(a) != len(b) {
		return false
	}
	byName := func(a, b named) int { return cmp.Compare(a.name, b.name) }
	slices.SortStableFunc(a, byName)
	slices.SortStableFunc(b, byName)
	return slices.EqualFunc(a, b, func(a, b named) bool { return a.name == b.name && sameValue(a.value, b.value) })
}

func sameValue(a, b *ast.Value) bool {
	if isText(a) && isText(b) {
		return a.Raw == b.Raw
	}
	return a.Kind == b.Kind && a.Raw == b.Raw && same(children(a), children(b))
}

func isText(v *ast.Value) bool { return v.Kind == ast.StringValue || v.Kind == ast.BlockValue }

func children(v *ast.Value) []named {
	all := make([]named, len(v.Children))
	for i, c := range v.Children {
		all[i] = named{c.Name, c.Value}
	}
	return all
}
