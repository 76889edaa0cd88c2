package runner

import (
	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/link"
)

// choose takes the first action whose criteria all hold. A retry whose limit is
// spent gives way to the action after it (S-125). It also tells what the
// criteria of the actions it came by said.
func choose(actions []*link.Action, s *scope, retries map[string]int) (*link.Action, []Considered) {
	var considered []Considered
	for _, a := range actions {
		c := Considered{Name: a.Name, Type: string(a.Type), Taken: true, Criteria: []CriterionResult{}}
		for _, x := range a.Criteria {
			verdict := judged(x, s)
			c.Criteria = append(c.Criteria, verdict)
			c.Taken = c.Taken && verdict.Passed
		}
		if a.Type == arazzo.Retry && retries[a.Name] >= a.Limit {
			c.Taken, c.Spent = false, true
		}
		considered = append(considered, c)
		if c.Taken {
			return a, considered
		}
	}
	return nil, considered
}

func actionResult(a *link.Action) *ActionResult {
	if a == nil {
		return nil
	}
	return &ActionResult{Name: a.Name, Type: string(a.Type), Target: a.StepID}
}
