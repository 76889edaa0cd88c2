package openapi

import (
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Raw is a Schema Object, or anything below it, as the description writes it. It
// is for who translates schemas into another language; a [Schema] says what one
// means. The zero Raw stands for what is not there. Any number of goroutines may
// use it.
type Raw struct {
	document *Document
	part     part
}

// RawMember is one member of an object.
type RawMember struct {
	Name  string
	Value Raw
}

// Raw is the Schema Object as it is written, before its $ref is followed; the
// zero Raw where the schema is not one single object.
func (s *Schema) Raw() Raw {
	if s == nil || len(s.parts) != 1 || len(s.unions) > 0 {
		return Raw{}
	}
	return Raw{s.document, s.parts[0]}
}

// Exists is false for the zero Raw.
func (r Raw) Exists() bool { return r.part.exists() }

// Key is the same for two Raws that are one place of one file, and can be the key
// of a map.
func (r Raw) Key() any { return r.part.node }

// Position is where it starts.
func (r Raw) Position() source.Position { return r.part.at() }

// IsObject and IsList tell the two kinds that have entries.
func (r Raw) IsObject() bool { return r.part.isMapping() }

// IsList tells whether it is a list.
func (r Raw) IsList() bool { return r.part.isList() }

// Child is the member of an object, the zero Raw when there is none.
func (r Raw) Child(name string) Raw { return r.of(r.part.child(name)) }

// Members lists the members of an object in document order, every name once.
func (r Raw) Members() []RawMember {
	members := r.part.members()
	list := make([]RawMember, len(members))
	for i, m := range members {
		list[i] = RawMember{m.key.node.Value, r.of(m.value)}
	}
	return list
}

// Items lists the entries of a list.
func (r Raw) Items() []Raw {
	items := r.part.items()
	list := make([]Raw, len(items))
	for i, item := range items {
		list[i] = r.of(item)
	}
	return list
}

// Text is a scalar's text, empty for null and for anything but a scalar.
func (r Raw) Text() string { return r.part.text() }

// Data is the value, as [source.Value.Data] has it. It is false for what JSON does
// not have, and for a value of more than some thousand nodes.
func (r Raw) Data() (value any, ok bool) {
	if !r.Exists() {
		return nil, false
	}
	return data(r.part)
}

// Root is the whole file.
func (r Raw) Root() Raw {
	if !r.Exists() {
		return Raw{}
	}
	return r.of(r.part.in.root)
}

// Base is the URI, or else the place, that references of the file are resolved
// against.
func (r Raw) Base() string {
	if !r.Exists() {
		return ""
	}
	return r.part.in.base
}

// Version is that of the description that the schema belongs to: "2.0", "3.0",
// "3.1" or "3.2". A file that is no description itself is read by the version of
// the one that refers to it.
func (r Raw) Version() string {
	if !r.Exists() {
		return ""
	}
	e := r.part.in.edition
	if e == editionUnknown {
		e = r.document.edition
	}
	return editionNames[e]
}

var editionNames = map[edition]string{edition20: "2.0", edition30: "3.0", edition31: "3.1", edition32: "3.2"}

// Step follows one token of a JSON Pointer.
func (r Raw) Step(token string) Raw { return r.of(r.part.step(token)) }

// Follow finds what a $ref, which this is the value of, names by the rules of
// OpenAPI, also in another file; the problem says what is wrong with it.
func (r Raw) Follow() (found Raw, problem string) {
	reader := reader{document: r.document}
	p, problem := reader.follow(r.part)
	return r.of(p), problem
}

func (r Raw) of(p part) Raw {
	if !p.exists() {
		return Raw{}
	}
	return Raw{r.document, p}
}

// FollowFile finds the file that a $ref, which this is the value of, names.
func (r Raw) FollowFile() (root Raw, problem string) {
	address, _, _ := strings.Cut(r.Text(), "#")
	if address == "" {
		return r.Root(), ""
	}
	o := r.document.library.open(r.part.in, address)
	if o.problem != "" {
		return Raw{}, o.problem
	}
	return r.of(o.file.root), ""
}
