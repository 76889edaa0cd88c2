package contract

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// names are the identities that schemas of one file, or below one $id, give
// themselves.
type names struct {
	// ids are the schemas by their absolute $id.
	ids map[string]openapi.Raw
	// anchors are those of the schema itself, without those below another $id.
	anchors, dynamic map[string]openapi.Raw
}

// maxNamed bounds the nodes that are searched for names.
const maxNamed = 200_000

// reference translates a $ref, nil when it does not hold, which it says.
func (w *writer) reference(ref openapi.Raw, p place) map[string]any {
	found, base, problem := w.follow(ref)
	if problem != "" {
		w.fault(p, ref.Position(), "the reference %q %s", ref.Text(), problem)
		return nil
	}
	return w.refer(w.resourceOf(found, base), p)
}

// follow finds the schema that a reference names, and the one with the $id that
// references in it begin at.
func (w *writer) follow(ref openapi.Raw) (found, base openapi.Raw, problem string) {
	text := ref.Text()
	address, fragment, _ := strings.Cut(text, "#")
	isPointer := fragment == "" || strings.HasPrefix(fragment, "/")
	inFile := w.base.Key() == w.base.Root().Key()
	switch {
	case text == "":
		return found, base, "is not a text"
	case address != "" && w.dialect.isModern():
		if target, known := w.namesOf(w.base.Root()).ids[resolve(baseOf(w.base), address)]; known {
			return w.within(target, fragment)
		}
		if !inFile {
			return found, base, "names no schema of this file, and a $id says that it would be " + resolve(baseOf(w.base), address)
		}
	case address == "" && (!isPointer || !inFile):
		return w.within(w.base, fragment)
	}
	if !isPointer && address != "" {
		return w.anchored(ref)
	}
	if found, problem = ref.Follow(); problem != "" {
		return found, base, problem
	}
	return found, w.baseAt(found), ""
}

// anchored finds a schema of another file by its anchor.
func (w *writer) anchored(ref openapi.Raw) (found, base openapi.Raw, problem string) {
	file, problem := ref.FollowFile()
	if problem != "" {
		return found, base, problem
	}
	_, fragment, _ := strings.Cut(ref.Text(), "#")
	return w.within(file, fragment)
}

// baseAt is the schema with a $id that a schema, found by its pointer, belongs
// to: itself, or the file.
func (w *writer) baseAt(found openapi.Raw) openapi.Raw {
	if d, _ := dialectOf(found); d.isModern() && found.Child("$id").Text() != "" {
		return found
	}
	return found.Root()
}

// within finds a fragment below a schema with an identity.
func (w *writer) within(base openapi.Raw, fragment string) (found, newBase openapi.Raw, problem string) {
	if fragment == "" {
		return base, base, ""
	}
	if plain, err := url.PathUnescape(fragment); err == nil {
		fragment = plain
	}
	if !strings.HasPrefix(fragment, "/") {
		n := w.namesOf(base)
		if found, ok := n.anchors[fragment]; ok {
			return found, base, ""
		}
		if found, ok := n.dynamic[fragment]; ok {
			return found, base, ""
		}
		return found, base, "names no $anchor"
	}
	found = base
	for _, token := range strings.Split(fragment[1:], "/") {
		if found = found.Step(unescape(token)); !found.Exists() {
			return found, base, fmt.Sprintf("leads nowhere: there is no %q", token)
		}
	}
	return found, base, ""
}

// dynamicRef translates a $dynamicRef (JSON Schema 2020-12, section 8.2.3.2). What
// names no $dynamicAnchor is an ordinary reference.
func (w *writer) dynamicRef(ref openapi.Raw, p place) map[string]any {
	found, base, problem := w.follow(ref)
	if problem != "" {
		w.fault(p, ref.Position(), "the reference %q %s", ref.Text(), problem)
		return nil
	}
	_, name, _ := strings.Cut(ref.Text(), "#")
	target := w.resourceOf(found, base)
	if found.Child("$dynamicAnchor").Text() != name || name == "" {
		return w.refer(target, p)
	}
	w.uses = append(w.uses, use{target, p.hard})
	w.anchors[name] = target
	return map[string]any{"$dynamicRef": "#" + name}
}

// dynamicAnchors gives the resource what its dynamic references name: it stands
// elsewhere in the file, and the library looks for it here. Those that the schema
// itself has among its definitions are there for references from other schemas.
func (w *writer) dynamicAnchors() {
	doc, isObject := w.doc.(map[string]any)
	if !isObject {
		return
	}
	definitions := map[string]any{}
	own := w.resource.raw.Child("$dynamicAnchor").Text()
	for _, m := range w.resource.raw.Child("$defs").Members() {
		if name := m.Value.Child("$dynamicAnchor").Text(); name != "" && name != own && w.dialect == draft2020 {
			w.anchors[name] = w.resourceOf(m.Value, w.base)
		}
	}
	for name, target := range w.anchors {
		if target != w.resource {
			definitions[name] = map[string]any{"$dynamicAnchor": name, "$ref": target.url}
		}
	}
	if own != "" && w.dialect == draft2020 {
		doc["$dynamicAnchor"] = own
	}
	if len(definitions) > 0 {
		doc["$defs"] = definitions
	}
}

// namesOf searches a schema, or a file, for names, once.
func (w *writer) namesOf(base openapi.Raw) *names {
	if known := w.names[base.Key()]; known != nil {
		return known
	}
	n := &names{ids: map[string]openapi.Raw{}, anchors: map[string]openapi.Raw{}, dynamic: map[string]openapi.Raw{}}
	w.names[base.Key()] = n
	start, left := base, maxNamed
	if base.Child("openapi").Exists() {
		start = base.Child("components")
	}
	n.search(start, baseOf(base), true, 0, &left)
	return n
}

// search visits all below a schema. Below another $id only identities count.
func (n *names) search(raw openapi.Raw, base string, own bool, depth int, left *int) {
	if *left--; *left < 0 || depth > maxDepth {
		return
	}
	for _, item := range raw.Items() {
		n.search(item, base, own, depth+1, left)
	}
	if id := raw.Child("$id").Text(); id != "" && depth > 0 {
		base, own = resolve(base, id), false
		n.put(n.ids, base, raw)
	}
	if own {
		n.put(n.anchors, raw.Child("$anchor").Text(), raw)
		n.put(n.dynamic, raw.Child("$dynamicAnchor").Text(), raw)
	}
	for _, m := range raw.Members() {
		n.search(m.Value, base, own, depth+1, left)
	}
}

// put keeps the first that has a name.
func (n *names) put(in map[string]openapi.Raw, name string, raw openapi.Raw) {
	if _, taken := in[name]; !taken && name != "" {
		in[name] = raw
	}
}

// baseOf is the URI that references below a schema with an identity begin at.
func baseOf(raw openapi.Raw) string {
	if raw.Key() == raw.Root().Key() {
		return raw.Base()
	}
	return resolve(raw.Base(), raw.Child("$id").Text())
}

// resolve resolves a reference, also against a base that is not absolute, and
// leaves out its fragment.
func resolve(base, reference string) string {
	r, err := url.Parse(reference)
	if err != nil {
		return ""
	}
	if b, err := url.Parse(base); err == nil {
		r = b.ResolveReference(r)
	}
	r.Fragment, r.RawFragment = "", ""
	return r.String()
}

// escape and unescape write and read one token of a JSON Pointer.
func escape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
}

func unescape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

// fragmentText is a URL's fragment without its percent escapes.
func fragmentText(fragment string) string {
	if plain, err := url.PathUnescape(fragment); err == nil {
		return plain
	}
	return fragment
}
