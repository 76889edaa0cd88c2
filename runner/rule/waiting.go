package rule

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// polling warns of an action that asks the same step again, for which the document
// says neither a pause nor an end (D12). What the pause of a run is, another runner
// need not have.
func (c *checker) polling(f *flow, s *link.Step) {
	for _, w := range f.ways[s] {
		if w.action == nil || w.to != s {
			continue
		}
		c.report(&source.Diagnostic{
			Code: "arazzo/polling-without-delay", Severity: source.Warning, Position: place(w.action),
			Message:  fmt.Sprintf("the action %q runs the step %q again as often as it matches, and says no pause: arazzo run makes one, --poll-interval, and others need not", w.action.Name, s.StepID),
			Expected: "a wait between two visits, and a limit",
			Fix:      "state what is waited for in successCriteria, and wait with onFailure: {type: retry, retryAfter: SECONDS, retryLimit: COUNT}",
		})
	}
}

// statePattern is an operand whose last name says that a state is asked for,
// settled are the states in which something has come to its end.
var (
	statePattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)[./](status|state|phase)$`)
	})
	settled = []string{"completed", "complete", "succeeded", "success", "successful", "done", "finished", "ready", "processed", "terminated"}
)

// stateAssertedOnce tells of a step that looks once whether something is done,
// and fails where it is not yet (D13).
func (c *checker) stateAssertedOnce(s *link.Step) {
	again := func(a *link.Action) bool { return a.Type == arazzo.Retry || a.Type == arazzo.Goto }
	if s.Operation == nil || s.Operation.Method != "GET" || s.Stream.Given || slices.ContainsFunc(s.OnFailure, again) {
		return
	}
	for _, x := range s.SuccessCriteria {
		found, _ := comparisons(x)
		for _, own := range found {
			if own.operator == "==" && statePattern().MatchString(own.operand) && slices.Contains(settled, strings.ToLower(unquote(own.literal))) {
				c.report(&source.Diagnostic{
					Code: "arazzo/state-asserted-once", Severity: source.Info, Position: x.At("condition"),
					Message:  fmt.Sprintf("the step %q looks once whether %s is %s, and fails where it is not yet", s.StepID, own.operand, own.literal),
					Expected: "where that takes time, an onFailure action of type retry with retryAfter and retryLimit",
				})
			}
		}
	}
}
