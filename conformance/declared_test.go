package conformance_test

import (
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/specs"
)

// TestWhatIsDeclaredIsRequired holds that nothing of the two documents was forgotten:
// each operation, its security, its parameters, its responses with their headers, and the
// members of what it is sent and answers has a requirement at its place or below it, or
// one above it that names it.
func TestWhatIsDeclaredIsRequired(t *testing.T) {
	t.Parallel()
	all, err := conformance.Requirements()
	if err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string]string{specs.PulseFile: specs.Pulse, specs.AccelerateFile: specs.Accelerate} {
		found := declarations{document: parsed(text)}
		found.operations()
		if len(found.list) < 40 {
			t.Errorf("%s: of all that it declares %d things were found, which cannot be all", file, len(found.list))
		}
		for _, d := range found.list {
			if !slices.ContainsFunc(all, func(r conformance.Requirement) bool { return d.requiredBy(file, r) }) {
				t.Errorf("no requirement stands at %s#%s or below it, nor above it and names %s", file, strings.Join(d.pointers, " or "), d.name)
			}
		}
	}
}

// declared is one thing that a document declares: what it is called, and where it stands.
type declared struct {
	name     string
	pointers []string
}

// requiredBy tells whether a requirement is about it.
func (d declared) requiredBy(file string, r conformance.Requirement) bool {
	at, inFile := strings.CutPrefix(r.Place, file+"#")
	if !inFile {
		return false
	}
	named := regexp.MustCompile(`\b` + regexp.QuoteMeta(d.name) + `\b`).MatchString(r.Statement + " " + r.Position)
	return slices.ContainsFunc(d.pointers, func(pointer string) bool {
		return at == pointer || strings.HasPrefix(at, pointer+"/") || named && strings.HasPrefix(pointer, at+"/")
	})
}

// place is where something stands in a document, token by token.
type place []string

// below is a place within it.
func (p place) below(tokens ...string) place { return slices.Concat(p, tokens) }

// pointer is the place as a JSON Pointer.
func (p place) pointer() string {
	text := ""
	for _, token := range p {
		text += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
	}
	return text
}

// declarations are those of a document.
type declarations struct {
	document *yaml.Node
	list     []declared
	// seen are the schemas that were looked into, by their pointers.
	seen []string
}

func (d *declarations) add(name string, places ...place) {
	is := declared{name: name}
	for _, p := range places {
		is.pointers = append(is.pointers, p.pointer())
	}
	d.list = append(d.list, is)
}

// operations notes those of all paths, and what belongs to each.
func (d *declarations) operations() {
	for path, item := range pairs(member(d.document, "paths")) {
		for method, operation := range pairs(item) {
			at := place{"paths", path, method}
			d.add(member(operation, "operationId").Value, at)
			d.operation(operation, at)
		}
	}
}

func (d *declarations) operation(operation *yaml.Node, at place) {
	if member(operation, "security") != nil {
		d.add("key", at.below("security"))
	} else {
		d.add("key", at.below("responses", "401")) // the security of the document, which needs a key
	}
	for i, parameter := range elements(member(operation, "parameters")) {
		d.add(member(parameter, "name").Value, at.below("parameters", strconv.Itoa(i)))
	}
	if body := member(operation, "requestBody"); body != nil {
		d.add("body", at.below("requestBody"))
		d.content(body, at.below("requestBody"), true)
	}
	for status, response := range pairs(member(operation, "responses")) {
		here := at.below("responses", status)
		d.add(status, here)
		response, here = d.resolved(response, here)
		for name := range pairs(member(response, "headers")) {
			d.add(name, here.below("headers", name))
		}
		d.content(response, here, false)
	}
}

// content notes the members of what is sent or answered, of each media type.
func (d *declarations) content(of *yaml.Node, at place, sent bool) {
	for media, typed := range pairs(member(of, "content")) {
		d.schema(member(typed, "schema"), at.below("content", media, "schema"), sent)
	}
}

// schema notes the members of a schema: every one of what is sent, and of what is answered
// those that have to be there, or to look in some way.
func (d *declarations) schema(of *yaml.Node, at place, sent bool) {
	of, at = d.resolved(of, at)
	if of == nil || slices.Contains(d.seen, at.pointer()) {
		return
	}
	d.seen = append(d.seen, at.pointer())
	for i, part := range elements(member(of, "allOf")) {
		d.schema(part, at.below("allOf", strconv.Itoa(i)), sent)
	}
	for _, kind := range pairs(member(member(of, "discriminator"), "mapping")) {
		d.schema(referred(d.document, kind.Value), referredPlace(kind.Value), sent)
	}
	d.schema(member(of, "items"), at.below("items"), sent)
	required := elements(member(of, "required"))
	for name, property := range pairs(member(of, "properties")) {
		here := at.below("properties", name)
		i := slices.IndexFunc(required, func(n *yaml.Node) bool { return n.Value == name })
		looks := member(property, "enum") != nil || member(property, "pattern") != nil || member(property, "format") != nil
		switch {
		case i >= 0:
			d.add(name, here, at.below("required", strconv.Itoa(i)))
		case sent || looks:
			d.add(name, here)
		}
		d.schema(property, here, sent)
	}
}

// resolved follows references, and tells where they lead.
func (d *declarations) resolved(node *yaml.Node, at place) (*yaml.Node, place) {
	for {
		reference := member(node, "$ref")
		if reference == nil {
			return node, at
		}
		node, at = referred(d.document, reference.Value), referredPlace(reference.Value)
	}
}

func referred(document *yaml.Node, reference string) *yaml.Node {
	for _, token := range referredPlace(reference) {
		document = member(document, token)
	}
	return document
}

// referredPlace is where a reference within a document leads. No name of a component has
// a character that is escaped.
func referredPlace(reference string) place {
	return strings.Split(strings.TrimPrefix(reference, "#/"), "/")
}

// pairs are the names and values of a mapping, in their order.
func pairs(node *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		for i := 0; node != nil && i+1 < len(node.Content); i += 2 {
			if !yield(node.Content[i].Value, node.Content[i+1]) {
				return
			}
		}
	}
}

// elements are those of a sequence.
func elements(node *yaml.Node) []*yaml.Node {
	if node == nil {
		return nil
	}
	return node.Content
}
