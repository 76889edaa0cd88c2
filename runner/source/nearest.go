package source

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Nearest returns up to three of the candidates that a writer may have meant by
// name, best first. Letter case counts little; what differs in more than a
// third of its letters is not offered.
func Nearest(name string, candidates []string) []string {
	type scored struct {
		text     string
		distance int
	}
	var near []scored
	for _, c := range candidates {
		d := levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(c))
		if d <= (max(len(name), len(c))+2)/3 {
			near = append(near, scored{c, d})
		}
	}
	slices.SortStableFunc(near, func(a, b scored) int { return a.distance - b.distance })
	var names []string
	for _, s := range near[:min(len(near), 3)] {
		names = append(names, s.text)
	}
	return names
}
