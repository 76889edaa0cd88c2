package queryschema

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// groups checks what the types of a groupBy do not say: a field that is not aggregated
// has one value in a group only if the groups are by it.
func (c *checker) groups(o *Operation) error {
	by, _ := o.Arguments["by"].([]any)
	if len(by) == 0 {
		return cannotBeMeant("by has to name one field or more")
	}
	var selected []any
	for _, s := range o.Selection {
		if s.Field != nil {
			selected = append(selected, prisma.Symbol(s.Name))
		}
	}
	if err := within("selected", names(selected), by, "in by"); err != nil {
		return err
	}
	var ordered []string
	order, _ := o.Arguments["orderBy"].([]any)
	for _, criterion := range order {
		for name := range criterion.(map[string]any) {
			if _, ok := o.Model.Field(name); ok {
				ordered = append(ordered, name)
			}
		}
	}
	if err := within("ordered by", ordered, by, "in by"); err != nil {
		return err
	}
	if err := within("part of the key, in whose order a page without orderBy is,", orderOfPage(o), by, "in by"); err != nil {
		return err
	}
	having, _ := o.Arguments["having"].(map[string]any)
	return within("compared by having, and not aggregated,", compared(o.Model, having), selected, "selected too")
}

// orderOfPage are the fields that order groups of which a page is asked for, in no
// order: those of the key.
func orderOfPage(o *Operation) []string {
	order, _ := o.Arguments["orderBy"].([]any)
	skip, _ := o.Arguments["skip"].(json.Number)
	if len(order) > 0 || o.Arguments["take"] == nil && (skip == "" || skip == "0") {
		return nil
	}
	switch {
	case o.Model.ID != nil:
		return fieldNames(o.Model.ID.Fields)
	case len(o.Model.Unique) > 0:
		return fieldNames(o.Model.Unique[0].Fields)
	}
	return nil
}

func names(symbols []any) []string {
	names := make([]string, len(symbols))
	for i, s := range symbols {
		names[i] = string(s.(prisma.Symbol))
	}
	return names
}

// within is the error where not all names are among those that are allowed.
func within(what string, found []string, allowed []any, place string) error {
	var missing []string
	for _, name := range found {
		if !slices.Contains(allowed, any(prisma.Symbol(name))) && !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return cannotBeMeant("a field that is " + what + " has to be " + place + "; missing: " + strings.Join(missing, ", "))
}

// compared are the fields whose values a filter of groups compares as they are.
func compared(model *prisma.Model, having map[string]any) []string {
	var found []string
	for _, f := range model.Fields {
		operations, ok := having[f.Name].(map[string]any)
		if !ok {
			continue
		}
		for name := range operations {
			if !strings.HasPrefix(name, "_") {
				found = append(found, f.Name)
				break
			}
		}
	}
	for _, combination := range []string{"AND", "OR", "NOT"} {
		filters, _ := having[combination].([]any)
		for _, filter := range filters {
			found = append(found, compared(model, filter.(map[string]any))...)
		}
	}
	return found
}

// cannotBeMeant is P2019.
func cannotBeMeant(details string) error {
	return prisma.NewError("P2019", "Input error: "+details, map[string]any{"details": details})
}
