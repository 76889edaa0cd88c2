package cache

// Invalidate drops every entry that carries one of the tags. When it returns, nobody
// who asks gets what it dropped, nor what was being loaded under one of the tags.
func (c *Cache[V]) Invalidate(tags ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.flying > 0 {
		c.generations.advance(tags)
	}
	for _, tag := range tags {
		for e := range c.kept.tagged[tag] {
			c.remove(e)
			c.kept.invalidated++
		}
	}
}

// InvalidateAll drops every entry, those without tags too. When it returns, nobody who
// asks gets what it dropped, nor what was being loaded.
func (c *Cache[V]) InvalidateAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generations.advanceAll()
	c.entries.Clear()
	c.kept.invalidated += uint64(c.kept.count)
	c.kept.clear()
}
