package queryschema

import (
	"slices"
	"sync"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// kept is how many schemas have their types kept: a service has one, and another for
// some time after its database changed.
const kept = 8

// recent are the types of the schemas that were asked for last, newest last.
var (
	recent     []*types
	recentLock sync.RWMutex
)

// typesOf is the query schema of a schema, which is known by its address and derived
// once.
func typesOf(schema *prisma.Schema) *types {
	recentLock.RLock()
	found := find(schema)
	recentLock.RUnlock()
	if found != nil {
		return found
	}
	recentLock.Lock()
	defer recentLock.Unlock()
	if found := find(schema); found != nil {
		return found
	}
	if len(recent) == kept {
		recent = slices.Delete(recent, 0, 1)
	}
	derived := newTypes(schema)
	recent = append(recent, derived)
	return derived
}

func find(schema *prisma.Schema) *types {
	for i := len(recent) - 1; i >= 0; i-- {
		if recent[i].schema == schema {
			return recent[i]
		}
	}
	return nil
}
