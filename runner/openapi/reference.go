package openapi

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// maxReferences bounds a chain of references. Real chains have one or two
// links; a longer one goes in a circle.
const maxReferences = 32

// maxWork bounds the nodes passed while one document is indexed or one operation
// built. References and aliases let a small text repeat a large part without
// end. The 400 operations of a description of 2 MB pass ten thousand, 3,000 path
// items that are all references would pass this many.
const maxWork = 20_000_000

// reader reads parts of a document and collects what it finds wrong.
type reader struct {
	document *Document
	found    source.Diagnostics
	work     int
}

// spend counts nodes passed. It is false, and has reported it once, when they
// are too many: the caller stops there.
func (r *reader) spend(n *yaml.Node) bool {
	before := r.work
	r.work += weight(n)
	if before <= maxWork && r.work > maxWork {
		r.report(source.Error, n, "references and aliases repeat too much of the document", "a description without such repetition")
	}
	return r.work <= maxWork
}

// report notes damage at a node.
func (r *reader) report(severity source.Severity, n *yaml.Node, message, expected string) {
	r.found = append(r.found, &source.Diagnostic{
		Code: "arazzo/invalid-openapi", Severity: severity, Position: r.document.at(n),
		Message: message, Expected: expected, Fix: "correct the OpenAPI description",
	})
}

// resolve follows a Reference Object to the object it means. It is nil, and has
// reported why, when there is none.
func (r *reader) resolve(n *yaml.Node, severity source.Severity) *yaml.Node {
	chain := r.chain(n, severity)
	if chain == nil {
		return nil
	}
	return chain[len(chain)-1]
}

// chain lists a node and all that its $ref leads to, the last without one. It
// is nil, and has reported why, when a link does not hold.
func (r *reader) chain(n *yaml.Node, severity source.Severity) []*yaml.Node {
	list := []*yaml.Node{n}
	for {
		ref := child(n, "$ref")
		if ref == nil {
			return list
		}
		problem := ""
		if n, problem = r.follow(text(ref)); problem == "" && len(list) == maxReferences {
			problem = "goes in a circle"
		}
		if problem != "" {
			r.unresolved(ref, severity, problem)
			return nil
		}
		list = append(list, n)
	}
}

// follow finds what a reference names, or says what is wrong with it.
func (r *reader) follow(reference string) (found *yaml.Node, problem string) {
	fragment, local := strings.CutPrefix(reference, "#")
	if !local {
		return nil, "leads to another file, and only this one is read"
	}
	tokens, ok := pointerTokens(fragment)
	if !ok {
		return nil, "is not a JSON Pointer"
	}
	n := r.document.root
	for i, token := range tokens {
		if !r.spend(n) {
			return nil, "was not followed, because the document repeats too much of itself"
		}
		if n = step(n, token); n == nil {
			return nil, fmt.Sprintf("leads nowhere: there is no %q", "/"+strings.Join(tokens[:i+1], "/"))
		}
	}
	return n, ""
}

// step goes from a mapping or a sequence to one of its entries.
func step(n *yaml.Node, token string) *yaml.Node {
	if n.Kind != yaml.SequenceNode {
		return child(n, token)
	}
	if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(n.Content) {
		return target(n.Content[i])
	}
	return nil
}

// list is the list under a key, and reports anything else that stands there.
func (r *reader) list(n *yaml.Node, key string, severity source.Severity) []*yaml.Node {
	value := child(n, key)
	if value != nil && value.Kind != yaml.SequenceNode {
		r.report(severity, value, key+" is not a list", "a list")
	}
	return items(value)
}

func (r *reader) unresolved(ref *yaml.Node, severity source.Severity, problem string) {
	r.found = append(r.found, &source.Diagnostic{
		Code: "arazzo/unresolved-reference", Severity: severity, Position: r.document.at(ref),
		Message:  fmt.Sprintf("the reference %q %s", text(ref), problem),
		Expected: `a reference within the document, such as "#/components/parameters/page"`,
		Fix:      "correct the reference; what stands in other files can be brought into this one with an OpenAPI bundler",
	})
}
