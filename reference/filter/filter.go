package filter

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// Limits of a filter. They bound what one connection can cost for each event.
const (
	// MaxBytes is the longest filter, in bytes of JSON.
	MaxBytes = 64 << 10
	// MaxDepth is how deep AND, OR, NOT and not may nest.
	MaxDepth = 32
	// MaxConditions is how many operators a filter may have in all; the values of
	// one in or hasSome count as one.
	MaxConditions = 256
)

// Filter lets some of the events of a model through. It is never changed after
// Parse returned it, so any number of goroutines may use it.
type Filter struct {
	model string
	// selections has an entry for each selected action.
	selections map[string]*selection
}

// selection is what is asked of the events of one action.
type selection struct {
	// image is the member of the event that the conditions look at.
	image field
	// fields are what the conditions look at in it.
	fields []field
	// where is nil when nothing is asked.
	where *condition
}

// images are the members of an event that an action's conditions look at, by
// action.
var images = map[string]string{"create": "created", "update": "after", "delete": "deleted"}

// Parse reads a filter for the events of a model; raw is empty when none was
// given. What it cannot judge is an error, for a condition passed over would
// deliver what nobody asked for; the error begins with the path of what is wrong,
// as in "filter.update.after.age.gt: expected ...". A filter that was parsed may no
// longer fit once its model's fields have changed.
func Parse(raw json.RawMessage, model *prisma.Model) (*Filter, error) {
	f := &Filter{model: model.Name, selections: map[string]*selection{}}
	if len(raw) == 0 {
		raw = json.RawMessage("{}")
	}
	if len(raw) > MaxBytes {
		return nil, fmt.Errorf("filter: expected at most %d bytes, found %d", MaxBytes, len(raw))
	}
	members, err := jsonhttp.Object(raw)
	if err != nil {
		return nil, fmt.Errorf("filter: %w", err)
	}
	p := &parser{model: model}
	for _, action := range slices.Sorted(maps.Keys(members)) {
		if images[action] == "" {
			return nil, fmt.Errorf("filter: unknown member %s; there are create, update and delete", quoted(action))
		}
		if f.selections[action], err = p.selection(action, members[action]); err != nil {
			return nil, err
		}
	}
	if len(members) == 0 {
		for action := range images {
			f.selections[action] = &selection{}
		}
	}
	return f, nil
}

// Wants reports whether the filter lets an event through: action is create, update
// or delete, model the Prisma model's name, body the event as it is delivered.
func (f *Filter) Wants(action, model string, body []byte) bool {
	s := f.selections[action]
	if s == nil || model != f.model {
		return false
	}
	if s.where == nil {
		return true
	}
	// More fields than this are rare, and cost an allocation.
	var few [8][]byte
	row := few[:]
	if len(s.fields) > len(few) {
		row = make([][]byte, len(s.fields))
	}
	image := [1][]byte{}
	pick(body, []field{s.image}, image[:])
	pick(image[0], s.fields, row)
	return s.where.holds(row) == yes
}
