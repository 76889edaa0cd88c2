package prismatest

import (
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// Describe tells of the models, keys and relations of a schema, a line each: what
// tests that are about those compare.
func Describe(s *prisma.Schema) string {
	var text strings.Builder
	for _, m := range s.Models {
		fmt.Fprintf(&text, "%s is %s.%s\n", m.Name, m.Namespace, m.Table)
		if m.ID != nil {
			fmt.Fprintf(&text, "  id %s\n", describeKey(m.ID))
		}
		for _, k := range m.Unique {
			fmt.Fprintf(&text, "  unique %s\n", describeKey(k))
		}
		for _, r := range m.Relations {
			fmt.Fprintf(&text, "  %s\n", describeRelation(r))
		}
	}
	return text.String()
}

func describeKey(k *prisma.Key) string { return k.Name + fieldNames(k.Fields) }

func describeRelation(r *prisma.Relation) string {
	text := fmt.Sprintf("%s %s%s %s = %s%s", r.Name, r.Model.Name, arity(r), fieldNames(r.Fields), r.Model.Name, fieldNames(r.References))
	if r.Holds {
		text += " holds"
	}
	if r.Join != nil {
		text += fmt.Sprintf(" by %s.%s(%s, %s)", r.Join.Namespace, r.Join.Table, r.Join.Own, r.Join.Other)
	}
	return text + " " + r.OnDelete + ", " + r.Title + ", back by " + r.Inverse.Name
}

func arity(r *prisma.Relation) string {
	switch {
	case r.List:
		return "[]"
	case r.Required:
		return ""
	}
	return "?"
}

func fieldNames(fields []*prisma.Field) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return "(" + strings.Join(names, ", ") + ")"
}
