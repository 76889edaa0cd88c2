package conformance

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Patterns name cases: each is the id of a case, or that of a group, which is what
// stands before the slash; or the id of a requirement, or of a group of them, which is
// what stands before the number, for all cases that prove one of them. Ids of cases have
// small letters alone, those of requirements capitals, so that a pattern is never of
// both. It may have * and ? in it as [path.Match] has them. As a flag they are separated
// by commas, or given one by one.
type Patterns []string

// String is how they are written as a flag.
func (p *Patterns) String() string { return strings.Join(*p, ",") }

// Set adds what a flag names.
func (p *Patterns) Set(text string) error {
	for pattern := range strings.SplitSeq(text, ",") {
		pattern = strings.TrimSpace(pattern)
		if pattern == "" {
			return errors.New("a pattern is empty: give the id of a case, such as pulse-create/twice, a group, such as pulse-create, or a requirement, such as PULSE-CREATE-05")
		}
		*p = append(*p, pattern)
	}
	return nil
}

// name tells whether one of the patterns names the case.
func (p Patterns) name(c Case) bool {
	return slices.ContainsFunc(p, func(pattern string) bool { return named(pattern, c.ID, c.Requirements) })
}

// named tells whether the pattern names a case: by its id or group, or by a requirement
// that it proves.
func named(pattern, id string, requirements []string) bool {
	if ofRequirements(pattern) {
		return slices.ContainsFunc(requirements, func(r string) bool { return matches(pattern, r, numbered(r)) })
	}
	return matches(pattern, id, grouped(id))
}

// ofRequirements tells a pattern of requirements from one of cases.
func ofRequirements(pattern string) bool { return strings.ContainsFunc(pattern, unicode.IsUpper) }

func matches(pattern string, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		ok, _ := path.Match(pattern, name)
		return ok
	})
}

// grouped is the group of a case, numbered that of a requirement.
func grouped(id string) string {
	group, _, _ := strings.Cut(id, "/")
	return group
}

func numbered(id string) string { return id[:max(strings.LastIndexByte(id, '-'), 0)] }

// check refuses a pattern that names no case at all, which would leave out silently
// what it was meant for.
func (p Patterns) check(flag string, cases []Case) error {
	for _, pattern := range p {
		if _, err := path.Match(pattern, ""); err != nil {
			return fmt.Errorf("--%s %s is no pattern: a bracket is not closed; * stands for any letters up to a slash, ? for one", flag, pattern)
		}
		if why := namesNone(pattern, cases); why != "" {
			return fmt.Errorf("--%s %s names no case%s", flag, pattern, why)
		}
	}
	return nil
}

// namesNone says why a pattern names no case, or what may have been meant by it; empty
// where it names one.
func namesNone(pattern string, cases []Case) string {
	if slices.ContainsFunc(cases, func(c Case) bool { return named(pattern, c.ID, c.Requirements) }) {
		return ""
	}
	if begun := pattern + "-*"; slices.ContainsFunc(cases, func(c Case) bool { return named(begun, c.ID, c.Requirements) }) {
		return ": is " + begun + " meant? arazzo conformance --list shows them all"
	}
	requirements, err := Requirements()
	if err != nil {
		return "; " + err.Error()
	}
	var known []string
	for _, r := range requirements {
		if ofRequirements(pattern) && matches(pattern, r.ID) { // and it has no case
			return fmt.Sprintf(": the requirement %s is never seen: %s", r.ID, strings.TrimSuffix(r.Reason, "."))
		}
		known = append(known, r.ID, numbered(r.ID))
	}
	for _, c := range cases {
		known = append(known, c.ID, grouped(c.ID))
	}
	slices.Sort(known)
	near := source.Nearest(pattern, slices.Compact(known))
	if len(near) == 0 {
		return "; arazzo conformance --list shows them all"
	}
	return ": is " + nearest(pattern, near) + " meant? arazzo conformance --list shows them all"
}

// nearest is the best of the names that are near: as the pattern is written, if one is.
func nearest(pattern string, near []string) string {
	i := slices.IndexFunc(near, func(name string) bool { return ofRequirements(name) == ofRequirements(pattern) })
	return near[max(i, 0)]
}

// leftOut says why a case is not run; empty where it is.
func (o *Options) leftOut(c Case) string {
	switch {
	case len(o.Run) > 0 && !o.Run.name(c):
		return "not asked for: --run names others"
	case o.Skip.name(c):
		return "left out: --skip names it"
	default:
		return ""
	}
}
