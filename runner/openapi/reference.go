package openapi

import (
	"fmt"
	"strconv"
	"strings"

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
func (r *reader) spend(p part) bool {
	before := r.work
	if p.exists() {
		r.work += p.in.weight(p.node)
	} else {
		r.work++
	}
	if before <= maxWork && r.work > maxWork {
		r.report(source.Error, p, "references and aliases repeat too much of the document", "a description without such repetition")
	}
	return r.work <= maxWork
}

// report notes damage at a part.
func (r *reader) report(severity source.Severity, p part, message, expected string) {
	r.found = append(r.found, &source.Diagnostic{
		Code: "arazzo/invalid-openapi", Severity: severity, Position: p.at(),
		Message: message, Expected: expected, Fix: "correct the OpenAPI description",
	})
}

// resolve follows a Reference Object to the object it means. It is not there,
// and the reader has reported why, when there is none.
func (r *reader) resolve(p part, severity source.Severity) part {
	chain := r.chain(p, severity)
	if chain == nil {
		return part{}
	}
	return chain[len(chain)-1]
}

// chain lists a part and all that its $ref leads to, the last without one. It
// is nil, and has reported why, when a link does not hold.
func (r *reader) chain(p part, severity source.Severity) []part {
	list := []part{p}
	for {
		ref := p.child("$ref")
		if !ref.exists() {
			return list
		}
		problem := ""
		if p, problem = r.follow(ref); problem == "" && len(list) == maxReferences {
			problem = "goes in a circle"
		}
		if problem != "" {
			r.unresolved(ref, severity, problem)
			return nil
		}
		list = append(list, p)
	}
}

// follow finds what a reference names, or says what is wrong with it.
func (r *reader) follow(ref part) (found part, problem string) {
	place, fragment, _ := strings.Cut(ref.text(), "#")
	in := ref.in
	switch {
	case ref.text() == "":
		return part{}, "is not a text"
	case place != "":
		o := r.document.library.open(in, place)
		if o.problem != "" {
			return part{}, o.problem
		}
		if o.beside {
			r.beside(ref, o.file)
		}
		in = o.file
	}
	problem = "is not a JSON Pointer"
	for i, tokens := range spellings(fragment) {
		found, missing := r.walk(in.root, tokens)
		if found.exists() {
			return found, ""
		}
		if i == 0 {
			problem = missing
		}
	}
	return part{}, problem
}

// walk follows a pointer's tokens, or says where they leave the document.
func (r *reader) walk(p part, tokens []string) (found part, problem string) {
	for i, token := range tokens {
		if !r.spend(p) {
			return part{}, "was not followed, because the document repeats too much of itself"
		}
		in := p.in
		p.rebased = p.rebased || p.rebases()
		if p = p.step(token); !p.exists() {
			return part{}, fmt.Sprintf("leads nowhere: there is no %q in %s", "/"+strings.Join(tokens[:i+1], "/"), in.source.Name)
		}
	}
	return p, ""
}

// step goes from a mapping or a list to one of its entries.
func (p part) step(token string) part {
	if !p.isList() {
		return p.child(token)
	}
	if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(p.entries()) {
		return p.of(p.entries()[i])
	}
	return part{}
}

// list is the list under a key, and reports anything else that stands there.
func (r *reader) list(p part, key string, severity source.Severity) []part {
	value := p.child(key)
	if value.exists() && !value.isList() {
		r.report(severity, value, key+" is not a list", "a list")
	}
	return value.items()
}

func (r *reader) unresolved(ref part, severity source.Severity, problem string) {
	r.found = append(r.found, &source.Diagnostic{
		Code: "arazzo/unresolved-reference", Severity: severity, Position: ref.at(),
		Message:  fmt.Sprintf("the reference %q %s", ref.text(), problem),
		Expected: `a reference to a part of the description, such as "#/components/parameters/page"`,
		Fix:      "correct the reference; what stands in other files can be brought into this one with an OpenAPI bundler",
	})
}

// beside tells that the own URI of a file was not followed to the letter (S-024).
func (r *reader) beside(ref part, found *file) {
	r.found = append(r.found, &source.Diagnostic{
		Code: "arazzo/local-copy", Severity: source.Info, Position: ref.at(),
		Message: fmt.Sprintf("the reference %q was read from %s, beside this file; by its own URI it means %s",
			ref.text(), found.source.Name, resolveURI(ref.in.base, ref.text())),
	})
}
