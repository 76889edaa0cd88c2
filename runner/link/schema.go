package link

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// schemas are the input schemas of one document: those of its workflows, and
// those among its components.
type schemas struct {
	root    *source.Value
	anchors map[string]anchored
	// judge compiles them; nil before the first is.
	judge *judge
	// left is what may still be listed, see maxListed.
	left int
}

// maxListed bounds the schemas visited, and the inputs listed, for all workflows
// of a document together: many workflows may refer to one large schema.
const maxListed = 1_000_000

// anchored is a schema with an $anchor, and where it stands. One of two with the
// same name is none.
type anchored struct {
	schema  *source.Value
	pointer expression.Pointer
}

func newSchemas(root *source.Value) *schemas {
	s := &schemas{root: root, anchors: map[string]anchored{}, left: maxListed}
	s.addAnchors(root.Get("components").Get("inputs"), expression.Pointer{"components", "inputs"})
	if workflows := root.Get("workflows"); workflows != nil {
		for i, w := range workflows.Items {
			s.addAnchors(w.Get("inputs"), expression.Pointer{"workflows", strconv.Itoa(i), "inputs"})
		}
	}
	return s
}

// addAnchors finds the schemas with an $anchor. Those under an $id belong to a
// resource of their own.
func (s *schemas) addAnchors(v *source.Value, at expression.Pointer) {
	if v == nil || v.Get("$id") != nil {
		return
	}
	if name, ok := v.Get("$anchor").Text(); ok {
		if _, taken := s.anchors[name]; taken {
			s.anchors[name] = anchored{}
		} else {
			s.anchors[name] = anchored{v, slices.Clone(at)}
		}
	}
	for i, item := range v.Items {
		s.addAnchors(item, append(at, strconv.Itoa(i)))
	}
	for _, m := range v.Members {
		s.addAnchors(m.Value, append(at, m.Key))
	}
}

// follow finds the schema that a reference names: #/components/inputs/page, or
// #page for the one with that $anchor (S-026). The base is the schema with an $id
// that the reference stands under, or nil. It is nil for what is not in the
// document: inputs are judged without reading files or the network.
func (s *schemas) follow(base, reference *source.Value) *source.Value {
	text, _ := reference.Text()
	fragment, ok := strings.CutPrefix(text, "#")
	if plain, err := url.PathUnescape(fragment); err == nil {
		fragment = plain
	}
	switch {
	case !ok || fragment == "":
		return nil
	case fragment[0] != '/' && base == nil:
		return s.anchors[fragment].schema
	case fragment[0] != '/':
		return anchorIn(base, fragment)
	case base == nil:
		base = s.root
	}
	pointer, err := expression.ParsePointer(fragment)
	if err != nil {
		return nil
	}
	return valueAt(base, pointer)
}

// anchorIn finds the schema with that $anchor in a schema with an $id.
func anchorIn(base *source.Value, name string) *source.Value {
	own := &schemas{anchors: map[string]anchored{}}
	for _, m := range base.Members {
		own.addAnchors(m.Value, nil)
	}
	return own.anchors[name].schema
}

// valueAt is the value at a JSON Pointer, or nil.
func valueAt(v *source.Value, pointer expression.Pointer) *source.Value {
	for _, token := range pointer {
		if v == nil || v.Kind != source.Array {
			v = v.Get(token)
			continue
		}
		i, err := strconv.Atoi(token)
		if err != nil || i < 0 || i >= len(v.Items) {
			return nil
		}
		v = v.Items[i]
	}
	return v
}

// The keywords by which a schema takes in others: those that always hold, and
// those of which some may hold.
var (
	demanding   = []string{"allOf"}
	alternative = []string{"allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas"}
)

// visit walks a schema, through $ref within the document and the keywords given.
// A schema is seen behind those that it takes in, and once: it may lead back to
// itself. Each is one of those that are left.
func (s *schemas) visit(schema *source.Value, through []string, left *int, see func(*source.Value)) {
	seen := map[*source.Value]bool{nil: true}
	var walk func(v, base *source.Value)
	walk = func(v, base *source.Value) {
		if seen[v] || *left <= 0 {
			return
		}
		*left--
		seen[v] = true
		if v.Get("$id") != nil {
			base = v
		}
		walk(s.follow(base, v.Get("$ref")), base)
		for _, keyword := range through {
			taken := v.Get(keyword)
			switch {
			case taken == nil:
			case taken.Kind == source.Array:
				for _, part := range taken.Items {
					walk(part, base)
				}
			case keyword == "dependentSchemas":
				for _, m := range taken.Members {
					walk(m.Value, base)
				}
			default:
				walk(taken, base)
			}
		}
		see(v)
	}
	walk(schema, nil)
}

func (l *Linker) schemasOf(d *description.Document) *schemas {
	s := l.schemas[d]
	if s == nil {
		s = newSchemas(d.Root)
		l.schemas[d] = s
	}
	return s
}
