package cost

import (
	"fmt"
	"slices"
)

// Spread is the least, the middle and the most of some figures.
type Spread struct{ Least, Middle, Most float64 }

// SpreadOf sorts the figures of the items; there has to be one at least. figure is
// given each item's place among them too, so that it can look beside it.
func SpreadOf[T any](items []T, figure func(int, T) float64) Spread {
	list := make([]float64, len(items))
	for i, item := range items {
		list[i] = figure(i, item)
	}
	slices.Sort(list)
	return Spread{list[0], list[len(list)/2], list[len(list)-1]}
}

// Text prints the three figures, each by the same verb of fmt.
func (s Spread) Text(verb string) string {
	return fmt.Sprintf(verb+" / "+verb+" / "+verb, s.Least, s.Middle, s.Most)
}
