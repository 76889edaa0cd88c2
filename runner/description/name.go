package description

// Named is a source by the names that a user calls it, as flags do.
type Named struct {
	// Names are its own, NAME in the entry document and OUTER.NAME in that of the
	// Arazzo source OUTER; then those of the other sources that mean the same
	// description, in their order: what is said of one is said of its API.
	Names  []string
	Source *Source
}

// Name is the source's own name.
func (n Named) Name() string { return n.Names[0] }

// Named lists the sources of all documents, each document's once, the entry's first
// and those of an Arazzo source behind it.
func (d *Description) Named() []Named {
	var list []Named
	seen := map[*Document]bool{}
	var name func(d *Document, prefix string)
	name = func(d *Document, prefix string) {
		seen[d] = true
		for _, in := range d.Sources {
			list = append(list, Named{[]string{prefix + in.Name}, in})
			if in.Arazzo != nil && !seen[in.Arazzo] {
				name(in.Arazzo, prefix+in.Name+".")
			}
		}
	}
	name(d.Entry, "")
	for i := range list {
		for j := range list {
			if at := list[i].Source.Location; i != j && at != "" && at == list[j].Source.Location {
				list[i].Names = append(list[i].Names, list[j].Name())
			}
		}
	}
	return list
}
