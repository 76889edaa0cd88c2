package filter

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// parser reads one filter.
type parser struct {
	model *prisma.Model
	// conditions counts those of the whole filter.
	conditions int
	// fields are what the selection being read looks at.
	fields []field
}

// selection reads what stands under an action.
func (p *parser) selection(action string, raw json.RawMessage) (*selection, error) {
	path := "filter." + action
	if action == "update" {
		members, err := jsonhttp.Object(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		for _, name := range slices.Sorted(maps.Keys(members)) {
			if name != images[action] {
				return nil, fmt.Errorf("%s: unknown member %s; there is only after", path, quoted(name))
			}
		}
		path += "." + images[action]
		if raw = members[images[action]]; raw == nil {
			return &selection{}, nil
		}
	}
	input, err := decode(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	p.fields = nil
	where, err := p.fieldSet(path, input, 0)
	return &selection{image: newField(images[action]), fields: p.fields, where: where}, err
}

// decode reads JSON that was found to be valid, numbers as they are written.
func decode(raw json.RawMessage) (any, error) {
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber()
	var input any
	err := decoder.Decode(&input)
	return input, err
}

// fieldSet reads conditions on fields, all of which must hold; nil for none.
func (p *parser) fieldSet(path string, input any, depth int) (*condition, error) {
	members, ok := input.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: expected an object of conditions, found %s", path, prisma.Describe(input))
	}
	if depth > MaxDepth {
		return nil, tooDeep(path)
	}
	var all []*condition
	for _, name := range slices.Sorted(maps.Keys(members)) {
		c, err := p.member(join(path, name), name, members[name], depth)
		if err != nil {
			return nil, err
		}
		if c != nil {
			all = append(all, c)
		}
	}
	return conjunction(all), nil
}

func tooDeep(path string) error {
	const shown = 200
	return fmt.Errorf("%s: expected conditions nested at most %d deep, found deeper ones", shortened(path, shown), MaxDepth)
}

// member reads one member of a field set.
func (p *parser) member(path, name string, input any, depth int) (*condition, error) {
	switch name {
	case "AND", "OR", "NOT":
		return p.combination(path, name, input, depth)
	}
	return p.field(path, name, input, depth)
}

// combination reads AND (all hold), OR (one holds) or NOT (none holds) of field
// sets. As in Prisma, field sets without a condition are passed over, and an OR of
// nothing finds nothing.
func (p *parser) combination(path, name string, input any, depth int) (*condition, error) {
	list, ok := input.([]any)
	if !ok {
		if name == "OR" {
			return nil, fmt.Errorf("%s: expected a list of objects of conditions, found %s", path, prisma.Describe(input))
		}
		list = []any{input}
	}
	var parts []*condition
	for i, element := range list {
		at := path
		if ok {
			at = fmt.Sprintf("%s.%d", path, i)
		}
		part, err := p.fieldSet(at, element, depth+1)
		if err != nil {
			return nil, err
		}
		if part == nil {
			continue
		}
		if name == "NOT" {
			part = negation(part)
		}
		parts = append(parts, part)
	}
	if name == "OR" {
		return &condition{operator: or, parts: parts}, nil
	}
	return conjunction(parts), nil
}

// field reads the condition on a field: a value that it equals, or operators that
// all hold.
func (p *parser) field(path, name string, input any, depth int) (*condition, error) {
	f, known := p.model.Field(name)
	if !known {
		return nil, fmt.Errorf("%s: %s is no scalar field of model %s; those are %s", path, quoted(name), p.model.Name, fieldNames(p.model))
	}
	if len(operators(f)) == 0 {
		return nil, fmt.Errorf("%s: fields of type %s cannot be filtered on", path, f.TypeName())
	}
	t := &target{parser: p, field: f, slot: p.slot(name)}
	members, isObject := input.(map[string]any)
	if _, tagged := members["$type"]; !isObject || tagged {
		parts, err := t.operator(path, "equals", input, depth)
		return conjunction(parts), err
	}
	if err := t.mode(path, members); err != nil {
		return nil, err
	}
	parts, err := t.operators(path, members, depth)
	return conjunction(parts), err
}

// slot is the place of a field's value among those that are picked.
func (p *parser) slot(name string) int {
	for i := range p.fields {
		if p.fields[i].name == name {
			return i
		}
	}
	p.fields = append(p.fields, newField(name))
	return len(p.fields) - 1
}

// fieldNames are the names of a model's fields, for an error.
func fieldNames(m *prisma.Model) string {
	const shown = 400
	names := make([]string, len(m.Fields))
	for i, f := range m.Fields {
		names[i] = f.Name
	}
	return shortened(strings.Join(names, ", "), shown)
}

// join appends a client's name to a path.
func join(path, name string) string {
	const shown = 60
	return path + "." + shortened(name, shown)
}

// quoted is a client's name in an error.
func quoted(name string) string { return prisma.Describe(name) }

// shortened is at most so many bytes of text, and says so where there are more.
func shortened(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "..."
}
