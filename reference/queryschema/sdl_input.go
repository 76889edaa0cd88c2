package queryschema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// arguments are those of a field, in parentheses.
func (w *sdl) arguments(o *inputObject) string {
	if o == nil {
		return ""
	}
	members := w.members([]*inputObject{o})
	if len(members) == 0 {
		return ""
	}
	return "(" + strings.Join(members, ", ") + ")"
}

// members are those of an object, or of several that are one in GraphQL: required is
// what all of them require. The fields are made anew, for most are asked for once.
func (w *sdl) members(objects []*inputObject) []string {
	var all []*inputField
	// required counts the objects that require a member.
	required := map[string]int{}
	for _, o := range objects {
		for _, f := range o.build() {
			if f.isRequired {
				required[f.name]++
			}
			if !slices.ContainsFunc(all, func(other *inputField) bool { return other.name == f.name }) {
				all = append(all, f)
			}
		}
	}
	var members []string
	for _, f := range all {
		if !isName(f.name) {
			continue
		}
		if text, ok := w.member(f, required[f.name] == len(objects)); ok {
			members = append(members, text)
		}
	}
	return members
}

// member is a member of an object, or an argument.
func (w *sdl) member(f *inputField, isRequired bool) (string, bool) {
	types := slices.DeleteFunc(slices.Clone(f.types), func(t inputType) bool { return t.object != nil && !w.takes(t.object) })
	chosen := slices.MaxFunc(append(types, null), func(a, b inputType) int { return cmp.Compare(a.says(), b.says()) })
	if chosen.isNull {
		return "", false
	}
	var merged []*inputObject
	var others []string
	for _, t := range types {
		switch {
		case isOneOf(t, chosen):
			if t.object != nil && !slices.Contains(merged, t.object) {
				merged = append(merged, t.object)
			}
		case t.enum != nil && !t.enum.isModels:
			others = append(others, t.enum.values...)
		case t.isNull:
			others = append(others, "null")
		case t.form.unwrapped:
			others = append(others, "{set: "+t.object.build()[0].types[0].String()+"}")
		default:
			others = append(others, t.String())
		}
	}
	text := f.name + ": " + w.input(chosen, merged)
	if isRequired {
		text += "!"
	}
	if len(others) > 0 {
		text = fmt.Sprintf("%q %s", "or "+strings.Join(others, ", "), text)
	}
	return text, true
}

// says ranks the types of which one is chosen: what has members says most, and a list
// more than one value.
func (t inputType) says() int {
	rank := 0
	switch {
	case t.object != nil && t.form.unwrapped:
		// It has one member, a list that is another of the types.
		rank = 1
	case t.object != nil:
		rank = 6
	case t.scalar != nil:
		rank = 4
	case t.enum != nil:
		rank = 2
	}
	if t.isList && rank > 0 {
		rank++
	}
	return rank
}

// isOneOf tells whether a type is the chosen one, one value of the list that is
// chosen, or other data of the same records.
func isOneOf(t, chosen inputType) bool {
	if t.isNull || t.isList && !chosen.isList {
		return false
	}
	if t.object != nil && chosen.object != nil {
		return t.object == chosen.object || t.object.shape == recorded && chosen.object.shape == recorded
	}
	return t.object == chosen.object && t.scalar == chosen.scalar && t.enum == chosen.enum
}

// input is the type of what is given.
func (w *sdl) input(t inputType, merged []*inputObject) string {
	var name string
	switch {
	case t.object != nil:
		name = w.inputObject(merged)
	case t.enum != nil:
		name = w.enum(t.enum)
	default:
		name = string(t.scalar.Type)
	}
	if t.isList {
		return "[" + name + "!]"
	}
	return name
}

// inputObject is the name of an object, or of two that are one in GraphQL: checked and
// unchecked data, as a record has either relations or their foreign keys.
func (w *sdl) inputObject(merged []*inputObject) string {
	first := merged[0]
	last := merged[len(merged)-1]
	key, wanted := [2]*inputObject{first, last}, first.name
	if _, ok := w.names[key]; !ok && w.taken[wanted] {
		wanted = last.name
	}
	return w.name(key, wanted, func(name string) {
		var description string
		switch {
		case first.least == 1:
			description = "Exactly one member."
		case first.most == 1:
			description = "At most one member."
		case first != last:
			description = "Relations, or their foreign keys."
		}
		w.block("input "+name, description, w.members(merged))
	})
}

// takes tells whether an object has a member with a name. Objects that lead back to
// themselves have others too.
func (w *sdl) takes(o *inputObject) bool {
	has, ok := w.given[o]
	if !ok {
		w.given[o] = true
		has = isName(o.name) && slices.ContainsFunc(o.build(), func(f *inputField) bool {
			return isName(f.name) && slices.ContainsFunc(f.types, func(t inputType) bool { return t.object == nil && !t.isNull || t.object != nil && w.takes(t.object) })
		})
		w.given[o] = has
	}
	return has
}
