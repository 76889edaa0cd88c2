package contract

import (
	"fmt"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// mode tells requests, in which members that are readOnly are not required, from
// responses, in which those that are writeOnly are not.
type mode int

const (
	response mode = iota
	request
)

// hiding is the keyword of members that the mode does not require.
func (m mode) hiding() string {
	if m == request {
		return "readOnly"
	}
	return "writeOnly"
}

// resourceKey tells schemas apart: by place and mode, and whether it is the
// object of a parameter of OpenAPI 2.0, which is its own schema.
type resourceKey struct {
	place     any
	mode      mode
	parameter bool
}

// resource is one Schema Object that something refers to, in the library's
// language, with all that stands in it.
type resource struct {
	url  string
	mode mode
	raw  openapi.Raw
	// base is the schema with the $id that references in it begin at; the whole
	// file where there is none.
	base openapi.Raw
	doc  any
	// places are the schemas by their JSON Pointer in doc.
	places map[string]openapi.Raw
	faults []fault
	uses   []use
	// anchors are the targets of dynamic references in it.
	anchors map[string]*resource
}

// fault is a keyword that could not be translated and was left out.
type fault struct {
	at      source.Position
	message string
	// hard is true where a schema that allows more makes another allow less, such
	// as under not: nothing that uses it can be judged.
	hard bool
}

// use is a reference to another resource.
type use struct {
	to   *resource
	hard bool
}

// Limits on one schema with all that it refers to. The largest of published
// descriptions have a few thousand Schema Objects.
const (
	maxSchemas = 10_000
	maxDepth   = 100
)

// translator makes the resources that one schema needs.
type translator struct {
	*Checker
	queue []*resource
	left  int
}

// resource is that of a place, new ones to be translated later.
func (t *translator) resource(raw, base openapi.Raw, key resourceKey) *resource {
	if known := t.resources[key]; known != nil {
		return known
	}
	r := &resource{
		url: fmt.Sprintf("arazzo:///schema/%d", len(t.resources)), mode: key.mode, raw: raw, base: base,
		places: map[string]openapi.Raw{}, anchors: map[string]*resource{},
	}
	t.resources[key], t.located[r.url] = r, r
	t.queue = append(t.queue, r)
	return r
}

// translate makes the library's form of all that waits.
func (t *translator) translate() []*resource {
	var done []*resource
	for len(t.queue) > 0 {
		r := t.queue[0]
		t.queue = t.queue[1:]
		d, name := dialectOf(r.raw)
		if d == unknownDialect {
			r.faults = append(r.faults, fault{r.raw.Position(), fmt.Sprintf("the dialect %q is not known", name), true})
			r.doc = true
		} else {
			w := &writer{translator: t, resource: r, dialect: d}
			r.doc = w.schema(r.raw, place{parameter: t.isParameter(r)})
			w.dynamicAnchors()
		}
		done = append(done, r)
	}
	return done
}

// isParameter tells whether the resource is a parameter or header of OpenAPI 2.0.
func (t *translator) isParameter(r *resource) bool {
	return t.resources[resourceKey{r.raw.Key(), r.mode, true}] == r
}

// writer translates one resource.
type writer struct {
	*translator
	*resource
	dialect dialect
}

// place is where in a resource a schema stands.
type place struct {
	pointer string
	depth   int
	// hard, see fault.
	hard      bool
	parameter bool
	// outer are the schemas that hold for the same value, through allOf.
	outer []openapi.Raw
}

func (p place) under(tokens ...string) place {
	next := place{pointer: p.pointer, depth: p.depth + 1, hard: p.hard}
	for _, token := range tokens {
		next.pointer += "/" + escape(token)
	}
	return next
}

func (w *writer) fault(p place, at source.Position, format string, args ...any) {
	w.faults = append(w.faults, fault{at, fmt.Sprintf(format, args...), p.hard})
}

// lost notes what leaves a schema that may allow less than is written.
func (w *writer) lost(at source.Position, format string, args ...any) {
	w.faults = append(w.faults, fault{at, fmt.Sprintf(format, args...), true})
}

// schema translates one Schema Object.
func (w *writer) schema(raw openapi.Raw, p place) any {
	if truth, ok := raw.Data(); ok && !raw.IsObject() {
		if is, isTruth := truth.(bool); isTruth {
			return is
		}
	}
	w.left--
	switch {
	case !raw.IsObject():
		w.fault(p, raw.Position(), "what stands here is no schema")
		return true
	case p.depth > maxDepth || w.left < 0:
		w.lost(raw.Position(), "the schema is too large")
		return true
	case raw.Child("type").Text() == "file" && w.dialect == swagger20:
		return true // the content of a file may be anything
	}
	w.places[p.pointer] = raw
	if reference := w.elsewhere(raw, p); reference != nil {
		return reference
	}
	k := &keywords{writer: w, raw: raw, place: p, out: map[string]any{"format": anyFormat}}
	return k.write()
}

// elsewhere is the reference that stands for a schema: its $ref in a dialect in
// which that stands alone, or one to a schema with an identity of its own.
func (w *writer) elsewhere(raw openapi.Raw, p place) any {
	switch {
	case w.dialect.isModern() && raw.Child("$id").Text() != "" && raw.Key() != w.base.Key() && raw.Key() != w.resource.raw.Root().Key():
		return w.refer(w.resourceOf(raw, raw), p)
	case p.pointer != "" && raw.Child("$schema").Text() != "" && !w.dialect.isOpenAPI():
		return w.refer(w.resourceOf(raw, w.base), p)
	case w.dialect.ignoresSiblings() && raw.Child("$ref").Exists() && !raw.Child("$ref").IsObject():
		reference := w.reference(raw.Child("$ref"), p)
		if reference == nil {
			return true
		}
		return reference
	}
	return nil
}

// refer writes a reference to a resource.
func (w *writer) refer(to *resource, p place) map[string]any {
	w.uses = append(w.uses, use{to, p.hard})
	return map[string]any{"$ref": to.url, "format": anyFormat}
}

// resourceOf is a schema as a resource in the mode of this one.
func (w *writer) resourceOf(raw, base openapi.Raw) *resource {
	return w.translator.resource(raw, base, resourceKey{place: raw.Key(), mode: w.mode})
}

// isHidden tells whether a schema has a member that the mode does not require,
// in any of the schemas that hold together with it.
func (w *writer) isHidden(name string, all []openapi.Raw) bool {
	left := maxHidden
	return slices.ContainsFunc(all, func(raw openapi.Raw) bool {
		return w.holds(raw, &left, func(part openapi.Raw) bool {
			return w.holds(part.Child("properties").Child(name), &left, func(member openapi.Raw) bool {
				is, _ := member.Child(w.mode.hiding()).Data()
				return is == true
			})
		})
	})
}

// maxHidden bounds the schemas that are asked whether a member is required.
const maxHidden = 500

// holds tells whether something is true of a schema, or of one that holds with
// it by $ref or allOf.
func (w *writer) holds(raw openapi.Raw, left *int, is func(openapi.Raw) bool) bool {
	if *left--; *left < 0 || !raw.IsObject() {
		return false
	}
	ref := raw.Child("$ref")
	if ref.Text() != "" {
		if found, problem := ref.Follow(); problem == "" && w.holds(found, left, is) {
			return true
		}
		if w.dialect.ignoresSiblings() {
			return false
		}
	}
	return is(raw) || slices.ContainsFunc(raw.Child("allOf").Items(), func(item openapi.Raw) bool { return w.holds(item, left, is) })
}
