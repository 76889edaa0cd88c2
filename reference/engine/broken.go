package engine

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// missing is a record that is not there and has to be, P2025.
func missing(format string, args ...any) error { return notFound(fmt.Sprintf(format, args...)) }

// notConnectable is that records to connect are missing, P2018; of a relation over a
// join table it is P2025.
func notConnectable(r *prisma.Relation, expected int, found string) error {
	if r.Join != nil {
		return missing("Expected %d records to be connected, found only %s.", expected, found)
	}
	details := fmt.Sprintf("Expected %d records to be connected after connect operation on %s '%s', found %s.", expected, kind(r), r.Title, found)
	return prisma.NewError("P2018", "The required connected records were not found. "+details, map[string]any{"details": details})
}

// notRelated is that there is no record for a nested update or delete, P2025.
func notRelated(r *prisma.Relation, operation string) error {
	return missing("No '%s' record was found for a nested %s on %s '%s'.", r.Model.Name, operation, kind(r), r.Title)
}

// What a record to connect is needed for.
const (
	neededByNew   = "create or connect inlined relation for"
	neededToRefer = "inline the relation on"
)

// notReferred is that there is no record to connect for one that is created, or whose
// foreign key is to lead to it, P2025.
func notReferred(r *prisma.Relation, needed string) error {
	return missing("No '%s' record (needed to %s '%s' record(s)) was found for a nested connect on %s '%s'.",
		r.Model.Name, needed, r.Inverse.Model.Name, kind(r), r.Title)
}

// notConnected is that records are not related which are to be deleted as such, P2017.
func notConnected(r *prisma.Relation) error {
	own, other := r.Inverse.Model.Name, r.Model.Name
	return prisma.NewError("P2017",
		fmt.Sprintf("The records for relation `%s` between the `%s` and `%s` models are not connected.", r.Title, own, other),
		map[string]any{"relation_name": r.Title, "parent_name": own, "child_name": other})
}

// violated is that a record would be left without one that it has to be related to,
// P2014.
func violated(r *prisma.Relation) error {
	a, b := min(r.Model.Name, r.Inverse.Model.Name), max(r.Model.Name, r.Inverse.Model.Name)
	return prisma.NewError("P2014",
		fmt.Sprintf("The change you are trying to make would violate the required relation '%s' between the `%s` and `%s` models.", r.Title, a, b),
		map[string]any{"relation_name": r.Title, "model_a_name": a, "model_b_name": b})
}

// kind names a relation by how many records it has on its two sides.
func kind(r *prisma.Relation) string {
	switch {
	case r.Join != nil:
		return "many-to-many relation"
	case r.List || r.Inverse.List:
		return "one-to-many relation"
	}
	return "one-to-one relation"
}

// withoutKey is that a record cannot be told apart from others of its model, which is
// no model of Prisma's then.
func withoutKey(m *prisma.Model) error {
	return prisma.Invalid(m.Name, "no key of %s has only fields that are required: its records can be written one by one, "+
		"without nested writes that find them again, and answered by their scalar fields", m.Name)
}
