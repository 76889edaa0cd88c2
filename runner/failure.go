package runner

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/exchange"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// failure tells why a step failed, at the place in the document that says what
// should have been.
func (r *run) failure(s *step, result *StepResult) source.Diagnostics {
	last := result.Attempts[len(result.Attempts)-1]
	switch problem := cmp.Or(result.Error, last.Error); {
	case problem == nil:
	case problem.Code == contractRequest:
		return last.broken(s)
	default:
		return source.Diagnostics{r.problem(s, problem)}
	}
	var found source.Diagnostics
	for i, c := range last.Criteria {
		if !c.Passed {
			found = append(found, &source.Diagnostic{
				Code: "criterion-not-met", Severity: source.Error, Position: s.Criteria[i].At("condition"),
				Message:  fmt.Sprintf("the step %q failed: %s", s.StepID, seenBy(c)),
				Expected: c.Condition,
			})
		}
	}
	if found = append(found, last.broken(s)...); found == nil {
		found = append(found, &source.Diagnostic{
			Code: "status-not-successful", Severity: source.Error, Position: s.Position(),
			Message:  fmt.Sprintf("the step %q failed: $statusCode is %d", s.StepID, last.Response.Status),
			Expected: "a status of 2xx or 3xx, because the step has no successCriteria",
		})
	}
	return found
}

// seenBy says what a condition that does not hold looked at.
func seenBy(c CriterionResult) string {
	if c.Error != nil {
		return *c.Error
	}
	if _, ok := c.Actual["context"]; ok {
		return strings.TrimSuffix("nothing in the context matches: "+c.Hint, ": ")
	}
	var seen []string
	for operand, value := range c.Actual {
		shown := excerpt(value)
		if slices.Contains(c.Absent, operand) {
			shown = "absent"
		}
		seen = append(seen, operand+" is "+shown)
	}
	sort.Strings(seen)
	return strings.Join(seen, ", ")
}

// excerptLength bounds how much of a value a message shows, in characters.
const excerptLength = 80

func excerpt(value any) string {
	if value == secret.Masked {
		return secret.Masked
	}
	return expression.Excerpt(value, excerptLength)
}

// problem is the diagnostic of what kept a step from being judged.
func (r *run) problem(s *step, p *Problem) *source.Diagnostic {
	d := &source.Diagnostic{
		Code: p.Code, Severity: source.Error, Position: cmp.Or(p.at, s.Position()),
		Message: fmt.Sprintf("the step %q failed: %s", s.StepID, p.Message),
	}
	switch p.Code {
	case exchange.NoResponse, exchange.Untrusted:
		d.Expected = fmt.Sprintf("the API of %q at %s", r.nameOf(s.Source), r.secrets.text(s.server))
		d.Fix = fmt.Sprintf("start it, or say where it is: --server %s=URL", r.nameOf(s.Source))
		if p.target != "" {
			d.Expected = "an answer of " + p.target
			d.Fix = "start it, or see why " + r.secrets.text(s.server) + " redirects there"
		}
	case "timeout":
		d.Fix = "allow more time with --step-timeout or --timeout, or see what keeps the server"
	case "not-a-stream":
		d.Expected = "an answer of 2xx with text/event-stream, or with newline-delimited JSON such as application/x-ndjson"
		d.Fix = "see whether the step's path and its header Accept are those of a stream; where the operation answers none, leave x-sse out"
	case "no-token":
		d.Expected = "an access token"
		d.Fix = "see why it is refused; or give a token, --credential SCHEME=TOKEN, or say where they are fetched, --credential SCHEME.tokenUrl=URL"
	case "unresolved-value":
		d.Expected, d.Fix = "a value for everything that the request is made of", "give another value"
	}
	if p.Fix != "" {
		d.Fix = p.Fix
	}
	return d
}
