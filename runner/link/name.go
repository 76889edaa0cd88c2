package link

import (
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// names are those that exist where an expression looks.
type names struct {
	list []string
	set  map[string]bool
}

func newNames(list []string) *names {
	n := &names{list: list, set: make(map[string]bool, len(list))}
	for _, name := range list {
		n.set[name] = true
	}
	return n
}

// meant are those of the names that an expression can mean: its own, and the
// beginnings of it that a member of the value may follow (S-189). There are few,
// however many names there are.
func (n *names) meant(e *expression.Expression) []string {
	if n == nil {
		return nil
	}
	var found []string
	for end := len(e.Name); end > 0; end = strings.LastIndexAny(e.Name[:end], ".[") {
		if n.set[e.Name[:end]] {
			found = append(found, e.Name[:end])
		}
	}
	return found
}

func outputNames(outputs []arazzo.Output) []string {
	var list []string
	for _, o := range outputs {
		list = append(list, o.Name)
	}
	return list
}

func list(names []string) string { return strings.Join(names, ", ") }

// oneOf is what was expected where one of these names was: at most the first
// twenty are told.
func oneOf(names []string) string {
	const most = 20
	if len(names) > most {
		return fmt.Sprintf("one of %s and %d more", list(names[:most]), len(names)-most)
	}
	return "one of " + list(names)
}

// oneOfIts is oneOf for what an owner may have none of.
func oneOfIts(owner, what string, names []string) string {
	if len(names) == 0 {
		return fmt.Sprintf("%s has no %ss", owner, what)
	}
	return oneOf(names)
}

// The search for a misspelt name is bounded: a hostile document may have millions
// of wrong names to be compared with millions of right ones.
const (
	// mostHints counts the diagnostics after which nobody looks for a hint.
	mostHints = 200
	// mostCandidates is above the operations of the largest known descriptions.
	mostCandidates = 2000
	longestName    = 100
)

// nearest are the candidates that a writer may have meant by a name.
func (l *Linker) nearest(name string, candidates []string) []string {
	if len(l.found) > mostHints || len(name) > longestName {
		return nil
	}
	var short []string
	for _, c := range candidates[:min(len(candidates), mostCandidates)] {
		if len(c) <= longestName {
			short = append(short, c)
		}
	}
	slices.Sort(short)
	return source.Nearest(name, slices.Compact(short))
}

func (l *Linker) didYouMean(name string, candidates []string) string {
	if near := l.nearest(name, candidates); len(near) > 0 {
		return fmt.Sprintf("did you mean %s?", strings.Join(near, " or "))
	}
	return ""
}
