package queryschema

// What bounds the work that one document makes, here and for who runs it.
const (
	// maxDepth is how deep values nest below a root field, in names: Postgres itself
	// gives up on conditions that are nested too deep.
	maxDepth = 64
	// maxValues is how many values there are in all, elements of lists included.
	maxValues = 100_000
	// maxSelected is how many fields are selected in all, and maxRelations how many of
	// them lead to other records.
	maxSelected  = 2_000
	maxRelations = 200
	// maxConjoined is how many filters by a relation have to hold together for one list
	// of records: each is a join, and fifty take Postgres seconds to plan, where one of
	// several, in OR, is a subquery for itself. Package statement bounds them all.
	maxConjoined = 25
	// maxOrders is how many criteria an order has.
	maxOrders = 100
)

// counts are of a document what is bounded.
type counts struct {
	values, selected, relations int
	ofOne
}

// ofOne are counts of the arguments of one field.
type ofOne struct{ conjoined, orders int }

// weight is what a member of an object counts as.
type weight int

const (
	// aFilter is by a relation, anOrder by a field or by a number of records.
	aFilter weight = iota + 1
	anOrder
)

// weigh counts a member.
func (c *checker) weigh(f *inputField) error {
	n := &c.counts
	switch f.weight {
	case aFilter:
		if c.disjunctions == 0 {
			n.conjoined++
		}
	case anOrder:
		n.orders++
	}
	switch {
	case n.conjoined > maxConjoined:
		return c.invalid("more than %d filters by a relation have to hold together: leave some out, or ask more than once", maxConjoined)
	case n.orders > maxOrders:
		return c.invalid("an order has more than %d criteria", maxOrders)
	}
	return nil
}
