package conformance

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Patterns name cases: each is the id of a case, or that of a group, which is what
// stands before the slash, and may have * and ? in it as [path.Match] has them. As a
// flag they are separated by commas, or given one by one.
type Patterns []string

// String is how they are written as a flag.
func (p *Patterns) String() string { return strings.Join(*p, ",") }

// Set adds what a flag names.
func (p *Patterns) Set(text string) error {
	for pattern := range strings.SplitSeq(text, ",") {
		pattern = strings.TrimSpace(pattern)
		if pattern == "" {
			return errors.New("a pattern is empty: give the id of a case, such as pulse-create/twice, or a group, such as pulse-create")
		}
		*p = append(*p, pattern)
	}
	return nil
}

// names tells whether one of the patterns names the case.
func (p Patterns) names(id string) bool {
	return slices.ContainsFunc(p, func(pattern string) bool { return named(pattern, id) })
}

// named tells whether the pattern names the case, by its id or by its group.
func named(pattern, id string) bool {
	group, _, _ := strings.Cut(id, "/")
	whole, _ := path.Match(pattern, id)
	grouped, _ := path.Match(pattern, group)
	return whole || grouped
}

// check refuses a pattern that names no case at all, which would leave out silently
// what it was meant for.
func (p Patterns) check(flag string, cases []Case) error {
	for _, pattern := range p {
		if _, err := path.Match(pattern, ""); err != nil {
			return fmt.Errorf("--%s %s is no pattern: a bracket is not closed; * stands for any letters up to a slash, ? for one", flag, pattern)
		}
		if !slices.ContainsFunc(cases, func(c Case) bool { return named(pattern, c.ID) }) {
			return fmt.Errorf("--%s %s names no case%s", flag, pattern, meant(pattern, cases))
		}
	}
	return nil
}

// meant is the case, or the group, that may have been meant by a pattern.
func meant(pattern string, cases []Case) string {
	var known []string
	for _, c := range cases {
		group, _, _ := strings.Cut(c.ID, "/")
		known = append(known, c.ID, group)
	}
	slices.Sort(known)
	near := source.Nearest(pattern, slices.Compact(known))
	if len(near) == 0 {
		return "; arazzo conformance --list shows them all"
	}
	return ": is " + near[0] + " meant? arazzo conformance --list shows them all"
}

// leftOut says why a case is not run; empty where it is.
func (o *Options) leftOut(c Case) string {
	switch {
	case len(o.Run) > 0 && !o.Run.names(c.ID):
		return "not asked for: --run names others"
	case o.Skip.names(c.ID):
		return "left out: --skip names it"
	default:
		return ""
	}
}
