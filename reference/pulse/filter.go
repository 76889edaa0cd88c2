package pulse

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// filter is schema EventFilter of the contract, fitted to a model. The presence
// of a key selects its action, several are a union, none means all; the
// conditions under a key must all hold.
type filter struct {
	model string
	// conditions has an entry for each selected action.
	conditions map[event.Action][]condition
}

// conditionImages are the images that an action's conditions look at: an update
// is judged by what it made of the row.
var conditionImages = map[event.Action]string{
	event.Create: event.Created,
	event.Update: event.After,
	event.Delete: event.Deleted,
}

// parseFilter reads a filter for events of a model; raw is empty when none was
// given. What it cannot judge is an error, for a condition passed over would
// deliver what nobody asked for.
func parseFilter(raw json.RawMessage, model *prisma.Model) (*filter, error) {
	f := &filter{model: model.Name, conditions: map[event.Action][]condition{}}
	if len(raw) == 0 {
		raw = json.RawMessage("{}")
	}
	members, err := jsonhttp.Object(raw)
	if err != nil {
		return nil, fmt.Errorf("filter: %w", err)
	}
	for _, name := range sortedKeys(members) {
		act := event.Action(name)
		if conditionImages[act] == "" {
			return nil, fmt.Errorf("filter: unknown member %q; there are create, update and delete", name)
		}
		if f.conditions[act], err = parseAction(act, members[name], model); err != nil {
			return nil, err
		}
	}
	if len(members) == 0 {
		f.conditions = map[event.Action][]condition{event.Create: nil, event.Update: nil, event.Delete: nil}
	}
	return f, nil
}

func parseAction(act event.Action, raw json.RawMessage, model *prisma.Model) ([]condition, error) {
	where := "filter." + string(act)
	if act != event.Update {
		return parseConditions(where, raw, model)
	}
	members, err := jsonhttp.Object(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", where, err)
	}
	for _, name := range sortedKeys(members) {
		if name != event.After {
			return nil, fmt.Errorf("%s: unknown member %q; there is only after", where, name)
		}
	}
	if members[event.After] == nil {
		return nil, nil
	}
	return parseConditions(where+"."+event.After, members[event.After], model)
}

func parseConditions(where string, raw json.RawMessage, model *prisma.Model) ([]condition, error) {
	fields, err := jsonhttp.Object(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", where, err)
	}
	var all []condition
	for _, name := range sortedKeys(fields) {
		c, err := parseCondition(where+"."+name, name, fields[name], model)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// wants reports whether the filter lets an event through. An event whose image
// lacks a field that a condition needs, such as a delete under the default
// replica identity, does not match.
func (f *filter) wants(e event.Event) bool {
	conditions, selected := f.conditions[e.Action]
	if e.Model != f.model || !selected {
		return false
	}
	if len(conditions) == 0 {
		return true
	}
	var images map[string]json.RawMessage
	var row map[string]any
	if json.Unmarshal(e.Body, &images) != nil {
		return false
	}
	decoder := json.NewDecoder(bytes.NewReader(images[conditionImages[e.Action]]))
	decoder.UseNumber()
	if decoder.Decode(&row) != nil {
		return false
	}
	for _, c := range conditions {
		if !c.holds(row) {
			return false
		}
	}
	return true
}
