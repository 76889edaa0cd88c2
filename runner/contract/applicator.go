package contract

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// put translates the schema that a keyword has, where it has one.
func (k *keywords) put(name string, p place) {
	if field := k.child(name); field.Exists() {
		k.out[name] = k.schema(field, p)
	}
}

// under is the place of what stands below the schema. Keywords of a schema that is
// wrapped for null stand one level deeper.
func (k *keywords) under(tokens ...string) place { return k.place.under(tokens...) }

// hardly is a place where a schema that allows more makes another allow less.
func (p place) hardly() place {
	p.hard = true
	return p
}

func (k *keywords) combinations() {
	for _, name := range []string{"allOf", "anyOf", "oneOf"} {
		field := k.child(name)
		if !field.Exists() {
			continue
		}
		list, _ := k.out[name].([]any)
		for i, item := range field.Items() {
			p := k.under(name, fmt.Sprint(i))
			switch name {
			case "oneOf":
				p.hard = true
			case "allOf":
				p.outer = append(append(p.outer, k.place.outer...), k.raw)
			}
			list = append(list, k.schema(item, p))
		}
		if len(list) == 0 {
			k.wrong(name, "a list of schemas")
			continue
		}
		k.out[name] = list
	}
	k.put("not", k.under("not").hardly())
}

func (k *keywords) conditions() {
	if !k.child("if").Exists() {
		return
	}
	k.put("if", k.under("if").hardly())
	k.put("then", k.under("then"))
	k.put("else", k.under("else"))
}

func (k *keywords) object() {
	k.schemas("properties", "properties", k.raw.Child("properties").Members())
	k.patterns()
	k.put("additionalProperties", k.under("additionalProperties"))
	k.put("propertyNames", k.under("propertyNames"))
	k.put("unevaluatedProperties", k.under("unevaluatedProperties"))
	if field := k.child("dependentSchemas"); field.Exists() {
		k.schemas("dependentSchemas", "dependentSchemas", field.Members())
	}
	if field := k.child("dependentRequired"); field.Exists() {
		k.dependent(field.Members())
	}
	if field := k.child("dependencies"); field.Exists() && !k.dialect.isModern() {
		var schemas []openapi.RawMember
		var lists []openapi.RawMember
		for _, m := range field.Members() {
			if m.Value.IsList() {
				lists = append(lists, m)
			} else {
				schemas = append(schemas, m)
			}
		}
		k.dependent(lists)
		k.schemas("dependentSchemas", "dependencies", schemas)
	}
}

// schemas translates schemas by name.
func (k *keywords) schemas(name, written string, members []openapi.RawMember) {
	if field := k.raw.Child(written); field.Exists() && !field.IsObject() {
		k.lostKeyword(written, "an object of schemas")
		return
	}
	if len(members) == 0 {
		return
	}
	out := make(map[string]any, len(members))
	for _, m := range members {
		out[m.Name] = k.schema(m.Value, k.under(name, m.Name))
	}
	k.out[name] = out
}

// patterns translates schemas by patterns of names.
func (k *keywords) patterns() {
	field := k.child("patternProperties")
	for _, m := range field.Members() {
		if _, err := compilePattern(m.Name); err != nil {
			k.lost(m.Value.Position(), "the pattern %q is no regular expression of ECMAScript: %v", m.Name, err)
			return
		}
	}
	if field.Exists() {
		k.schemas("patternProperties", "patternProperties", field.Members())
	}
}

func (k *keywords) dependent(members []openapi.RawMember) {
	out := map[string]any{}
	for _, m := range members {
		names, ok := texts(m.Value)
		if !ok {
			k.fault(k.place, m.Value.Position(), "dependentRequired is not a list of names")
			continue
		}
		out[m.Name] = append([]any{}, names...)
	}
	if len(out) > 0 {
		k.out["dependentRequired"] = out
	}
}

// array translates the schemas of items. A list of schemas in items is what
// prefixItems is since 2020-12, and additionalItems what items is.
func (k *keywords) array() {
	k.put("contains", k.under("contains").hardly())
	k.put("unevaluatedItems", k.under("unevaluatedItems"))
	items, first := k.raw.Child("items"), k.child("prefixItems")
	rest := "items"
	if items.IsList() {
		if k.dialect == draft2020 || k.dialect.isOpenAPI() {
			k.wrong("items", "a schema")
			return
		}
		first, items, rest = items, k.raw.Child("additionalItems"), "additionalItems"
	}
	if first.Exists() {
		var list []any
		for i, item := range first.Items() {
			list = append(list, k.schema(item, k.under("prefixItems", fmt.Sprint(i))))
		}
		if list == nil {
			k.lostKeyword("prefixItems", "a list of schemas")
			return
		}
		k.out["prefixItems"] = list
	}
	if items.Exists() && k.raw.Child(rest).Exists() {
		k.out["items"] = k.schema(items, k.under("items"))
	}
}
