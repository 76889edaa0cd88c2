package cache

// maxRemembered bounds the tags that generations remembers apart.
const maxRemembered = 4096

// generations tells which tags were invalidated since a moment, as far as loads that
// are under way need to know it.
type generations struct {
	// now grows with each invalidation.
	now uint64
	// all is the last generation that was about every tag.
	all uint64
	// last is the last generation of each tag; what it does not have is older than
	// any load under way.
	last map[string]uint64
}

// advance begins the generation after an invalidation of tags.
func (g *generations) advance(tags []string) {
	if len(g.last)+len(tags) > maxRemembered {
		// Too many to tell apart: some loads are not kept that could have been.
		g.advanceAll()
		return
	}
	g.now++
	for _, tag := range tags {
		g.last[tag] = g.now
	}
}

// advanceAll begins the generation after an invalidation of everything.
func (g *generations) advanceAll() {
	g.now++
	g.all = g.now
	clear(g.last)
}

// passed reports whether one of the tags was invalidated after the generation since.
func (g *generations) passed(since uint64, tags []string) bool {
	if g.all > since {
		return true
	}
	for _, tag := range tags {
		if g.last[tag] > since {
			return true
		}
	}
	return false
}

// forget is for when no load is under way.
func (g *generations) forget() { clear(g.last) }
