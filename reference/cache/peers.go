package cache

import (
	"context"
	"time"
)

// Peers are the caches of other nodes, which invalidate too.
type Peers interface {
	// Within is how long after an invalidation was told an entry that it was about may
	// be served somewhere.
	Within() time.Duration
	// Join has a cache hear what the others tell. It is called once.
	Join(Local)
	// Tell tells the others that the tags were invalidated, nil for everything. Without
	// an error no node serves what that was about once Within has passed.
	Tell(ctx context.Context, tags []string) error
}

// Local is the cache of this node, as its peers know it.
type Local interface {
	Invalidate(tags ...string)
	InvalidateAll()
	Heard(at time.Time)
}
