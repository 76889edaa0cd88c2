package link

import "github.com/arazzo-conformance/arazzo/runner/source"

// declared lists the inputs that a schema declares, each once: in what always
// holds, then in alternatives of which some may hold, then what it requires and
// says nothing else of.
func (s *schemas) declared(schema *source.Value) []Input {
	d := &declarations{schemas: s, at: map[string]int{}}
	s.visit(schema, demanding, &s.left, func(v *source.Value) {
		d.properties(v, func(known *Input, m source.Member) { known.Schema, known.Position = m.Value, m.Position })
	})
	certain := len(d.inputs)
	s.visit(schema, alternative, &s.left, func(v *source.Value) {
		d.properties(v, func(known *Input, m source.Member) {
			if d.at[m.Key] >= certain && known.Schema != m.Value {
				known.Schema = nil // it differs between the alternatives
			}
		})
	})
	s.visit(schema, demanding, &s.left, d.required)
	return d.inputs
}

// declarations are the inputs found so far, and where each of them stands.
type declarations struct {
	*schemas
	inputs []Input
	at     map[string]int
}

// properties adds what a schema declares; again is what becomes of an input that
// is known.
func (d *declarations) properties(v *source.Value, again func(known *Input, m source.Member)) {
	properties := v.Get("properties")
	if properties == nil {
		return
	}
	for _, m := range properties.Members {
		if i, known := d.at[m.Key]; known {
			again(&d.inputs[i], m)
		} else {
			d.add(Input{Name: m.Key, Position: m.Position, Schema: m.Value, in: d.schemas})
		}
	}
}

func (d *declarations) required(v *source.Value) {
	required := v.Get("required")
	if required == nil {
		return
	}
	for _, item := range required.Items {
		name, ok := item.Text()
		if !ok {
			continue
		}
		if _, known := d.at[name]; !known {
			d.add(Input{Name: name, Position: item.Position, in: d.schemas})
		}
		if i, known := d.at[name]; known {
			d.inputs[i].Required = true
		}
	}
}

func (d *declarations) add(i Input) {
	if d.left <= 0 {
		return
	}
	d.left--
	d.at[i.Name] = len(d.inputs)
	d.inputs = append(d.inputs, i)
}
