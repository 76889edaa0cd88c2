package expression

import (
	"slices"
	"strings"
)

// Kind tells in what an expression departs from the grammar. The code of its
// diagnostic is "arazzo/" and the kind.
type Kind string

// The kinds. Each is understood, and means what its comment says.
const (
	// BareExpression stands in a text without braces and is substituted (D5,
	// D6).
	BareExpression Kind = "bare-expression"
	// WholeObject names all inputs or outputs at once: $inputs (D7).
	WholeObject Kind = "whole-object"
	// DottedAccess reaches into a value with dots or indexes (D8).
	DottedAccess Kind = "dotted-access"
	// PointerBraces has { or } in a pointer, which 1.0 allows and 1.1 does not:
	// they are characters of the token (S-187).
	PointerBraces Kind = "pointer-braces"
)

// Departure is one thing that an expression has beyond the grammar of Arazzo
// 1.1.0, section 5.7.
type Departure struct {
	Kind Kind
	// Offset counts bytes from the start of the expression's Text to Found.
	Offset int
	// Found is what departs: the whole expression, or the part of it that
	// reaches into the value.
	Found string
	// Instead is how the grammar writes the same, with braces for a bare
	// expression; empty where it has no way to.
	Instead string
}

// Departures lists what the expression has beyond the grammar. The names are
// those that exist where it looks, see [Expression.Split]; without them only an
// index tells what reaches into a value, since a name may have dots.
func (e *Expression) Departures(names []string) []Departure {
	var found []Departure
	if e.isWhole() {
		found = append(found, Departure{Kind: WholeObject, Found: e.Text, Instead: e.named()})
	}
	if access := e.reach(names); access != "" {
		found = append(found, e.dotted(access))
	}
	if at := strings.IndexAny(e.Text, "{}"); at >= 0 {
		found = append(found, Departure{Kind: PointerBraces, Offset: at, Found: e.Text[at : at+1]})
	}
	return found
}

// Departures lists what the expression has beyond the grammar where it stands:
// that it is bare, and what [Expression.Departures] finds, without what a simple
// condition allows.
func (r Reference) Departures(names []string) []Departure {
	found := r.Expression.Departures(names)
	if r.Operand {
		found = slices.DeleteFunc(found, func(d Departure) bool { return d.Kind == DottedAccess })
	}
	if r.Bare {
		bare := Departure{Kind: BareExpression, Found: r.Text, Instead: "{" + r.Text + "}"}
		found = slices.Insert(found, 0, bare)
	}
	return found
}

// dotted is the departure of what reaches into a value without a pointer.
func (e *Expression) dotted(access Access) Departure {
	if !e.isStructured() { // a parameter, which no pointer may follow
		return Departure{Kind: DottedAccess, Offset: max(strings.LastIndex(e.Text, string(access)), 0), Found: string(access)}
	}
	before, _, _ := strings.Cut(e.Text, "#")
	name := strings.TrimSuffix(before, string(access))
	return Departure{
		Kind: DottedAccess, Offset: len(name), Found: string(access),
		Instead: name + "#" + access.Pointer().String() + e.Pointer.String(),
	}
}

// isWhole tells an expression without the name that the grammar asks for.
func (e *Expression) isWhole() bool { return e.Name == "" && e.isStructured() && !e.isContent() }

// named writes the name that follows a whole object in its pointer where the
// grammar has it: $inputs#/a/b is $inputs.a#/b.
func (e *Expression) named() string {
	if len(e.Pointer) == 0 {
		return ""
	}
	s := scanner{text: e.Pointer[0]}
	if name := s.run(isIdentifier); name == "" || name != e.Pointer[0] || strings.HasSuffix(name, ".") {
		return ""
	}
	before, _, _ := strings.Cut(e.Text, "#")
	named := before + "." + e.Pointer[0]
	if len(e.Pointer) > 1 {
		named += "#" + e.Pointer[1:].String()
	}
	return named
}

// reach is what reaches into a value without a pointer. Where the names are not
// known, or Name is none of them, it begins with the first index.
func (e *Expression) reach(names []string) Access {
	switch {
	case e.isContent():
		return e.access
	case e.Root == SourceDescriptions, e.Part == "header":
		return ""
	}
	if _, access, ok := e.Split(names); ok {
		return access
	}
	if at := strings.IndexByte(e.Name, '['); at >= 0 && e.isStructured() {
		return Access(e.Name[at:])
	}
	return ""
}
