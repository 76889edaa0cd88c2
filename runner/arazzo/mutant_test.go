package arazzo_test

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// mutant is a document with one thing altered.
type mutant struct {
	// name is the place, with * for every entry of a list, and what was done.
	name string
	root *source.Value
}

// mutants alters everything in a document, one thing at a time.
func mutants(root *source.Value) []mutant {
	var m mutator
	m.value(root, "", func(v *source.Value) *source.Value { return v })
	return m.all
}

type mutator struct{ all []mutant }

// value alters v and everything in it; rebuild makes a document of another value
// in the place of v. What stands in an extension or a JSON Schema is left alone:
// it is not of Arazzo.
func (m *mutator) value(v *source.Value, path string, rebuild func(*source.Value) *source.Value) {
	add := func(what string, kind source.Kind, scalar any, items []*source.Value, members []source.Member) {
		altered := &source.Value{Kind: kind, Position: v.Position, Scalar: scalar, Items: items, Members: members}
		m.all = append(m.all, mutant{path + " " + what, rebuild(altered)})
	}
	add("= null", source.Null, nil, nil, nil)
	add("= 1", source.Number, json.Number("1"), nil, nil)
	add("= text", source.String, "some text", nil, nil)
	number := &source.Value{Kind: source.Number, Scalar: json.Number("1"), Position: v.Position}
	switch v.Kind {
	case source.Number:
		add("= -1.5", source.Number, json.Number("-1.5"), nil, nil)
	case source.String:
		add("= ''", source.String, "", nil, nil)
		add("= $", source.String, "$steps.a", nil, nil)
	case source.Array:
		add("= []", source.Array, nil, nil, nil)
		add("= [1]", source.Array, nil, []*source.Value{number}, nil)
		m.items(v, path, rebuild)
	case source.Object:
		add("= {}", source.Object, nil, nil, nil)
		add("= [1]", source.Array, nil, []*source.Value{number}, nil)
		for _, key := range []string{"unknown", "x-unknown", "$ref"} {
			added := source.Member{Key: key, Position: v.Position, Value: &source.Value{Kind: source.String, Scalar: "a", Position: v.Position}}
			add("with "+key, source.Object, nil, nil, append(slices.Clone(v.Members), added))
		}
		m.members(v, path, rebuild)
	}
}

func (m *mutator) items(v *source.Value, path string, rebuild func(*source.Value) *source.Value) {
	for i, item := range v.Items {
		with := func(items ...*source.Value) *source.Value {
			return rebuild(&source.Value{Kind: source.Array, Position: v.Position, Items: slices.Concat(v.Items[:i], items, v.Items[i+1:])})
		}
		m.all = append(m.all, mutant{path + " without an entry", with()}, mutant{path + " an entry twice", with(item, item)})
		m.value(item, path+"/*", func(altered *source.Value) *source.Value { return with(altered) })
	}
}

func (m *mutator) members(v *source.Value, path string, rebuild func(*source.Value) *source.Value) {
	for i, member := range v.Members {
		with := func(members ...source.Member) *source.Value {
			return rebuild(&source.Value{Kind: source.Object, Position: v.Position, Members: slices.Concat(v.Members[:i], members, v.Members[i+1:])})
		}
		renamed := member
		renamed.Key += "X"
		m.all = append(m.all, mutant{path + " without " + member.Key, with()}, mutant{path + " renamed " + member.Key, with(renamed)})
		if strings.HasPrefix(member.Key, "x-") || strings.Contains(path, "/inputs") {
			continue
		}
		m.value(member.Value, path+"/"+member.Key, func(altered *source.Value) *source.Value {
			replaced := member
			replaced.Value = altered
			return with(replaced)
		})
	}
}
