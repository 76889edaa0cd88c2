package description

import (
	"errors"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/retrieve"
)

// Cache lets several calls of [Load] share the documents that sources name: each
// is retrieved and parsed once. The zero value is ready, and any number of
// goroutines may use it. It belongs to one [retrieve.Client], and never looks at a
// document again: take a new one when files may have changed.
type Cache struct {
	mutex sync.Mutex
	slots map[key]*slot
	// order and bytes are for the bound on what is held.
	order []key
	bytes int

	identified sync.Once
	// identities says which of [Options].Provided calls itself by a URI.
	identities map[string]string
}

// key is what a document is shared by. Its name is part of it, because the
// diagnostics show it.
type key struct{ uri, name string }

type slot struct {
	once sync.Once
	text *text
	err  error
}

// maxCachedBytes bounds the text of the documents held; parsed, they take some
// ten times that. The oldest are dropped, and read again if they are named again:
// documents that share sources mostly come one after the other.
const maxCachedBytes = 32 << 20

// get returns the document of that key, reading it if nobody did. A failure is
// shared too, so that a dead server is waited for once; not so one which would
// not be the same for everybody.
func (c *Cache) get(k key, read func() (*text, error)) (*text, error) {
	for {
		s := c.slot(k)
		first := false
		s.once.Do(func() {
			first = true
			s.text, s.err = read()
			c.settle(k, s)
		})
		if first || !personal(s.err) {
			return s.text, s.err
		}
	}
}

func (c *Cache) slot(k key) *slot {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.slots == nil {
		c.slots = map[key]*slot{}
	}
	if c.slots[k] == nil {
		c.slots[k] = &slot{}
	}
	return c.slots[k]
}

// settle keeps or drops what was read, and drops what is then too much.
func (c *Cache) settle(k key, s *slot) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	switch {
	case personal(s.err):
		delete(c.slots, k)
		return
	case s.err != nil:
		return
	}
	c.order = append(c.order, k)
	c.bytes += len(s.text.file.Text)
	for c.bytes > maxCachedBytes && len(c.order) > 1 {
		c.bytes -= len(c.slots[c.order[0]].text.file.Text)
		delete(c.slots, c.order[0])
		c.order = c.order[1:]
	}
}

// personal tells a failure that has to do with who asked.
func personal(err error) bool {
	var failure *retrieve.Error
	return errors.As(err, &failure) && (failure.Reason == retrieve.Forbidden || failure.Reason == retrieve.Interrupted)
}
