package rule

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// response is what is known of the body of a step's response. A step that failed
// may have had any, also one that its operation does not declare.
func (t *typer) response(at site) schema {
	s := at.step
	if s == nil || s.Operation == nil || at.failed {
		return unknown
	}
	if known := t.bodies[s]; known != nil {
		return known
	}
	var bodies []schema
	for _, r := range passing(s) {
		bodies = append(bodies, bodyOf(r)...)
	}
	t.bodies[s] = oneOf(bodies)
	return t.bodies[s]
}

// withoutBody are the statuses that have no body (RFC 9110, section 6.4.1).
var withoutBody = []string{"204", "205", "304"}

// bodyOf are the bodies that a response may have. One without content is not
// taken at its word: many descriptions leave content out. It is nil for a status
// that the operation does not declare.
func bodyOf(r *openapi.Response) []schema {
	switch {
	case r == nil || len(r.Content) == 0 && !slices.Contains(withoutBody, r.Status):
		return []schema{unknown}
	case len(r.Content) == 0:
		return []schema{fixed(isNull)}
	}
	var bodies []schema
	for _, m := range r.Content {
		switch {
		case m.Streams():
			bodies = append(bodies, events{fixed(isArray)})
		case link.IsJSON(m.Name) && m.Schema != nil:
			bodies = append(bodies, described{m.Schema})
		default:
			bodies = append(bodies, unknown)
		}
	}
	return bodies
}

// passing are the declared responses with which a step can succeed; nil stands
// for one that its operation does not declare.
func passing(s *link.Step) []*openapi.Response {
	codes, known := statuses(s.Criteria)
	switch {
	case known:
		var list []*openapi.Response
		for _, code := range codes {
			list = append(list, responseTo(s.Operation, code))
		}
		return list
	case len(s.SuccessCriteria) > 0 && !slices.ContainsFunc(s.Criteria, successOnly):
		return s.Operation.Responses
	}
	declared := slices.DeleteFunc(slices.Clone(s.Operation.Responses), func(r *openapi.Response) bool { return !strings.HasPrefix(r.Status, "2") })
	if len(declared) == 0 {
		return []*openapi.Response{responseTo(s.Operation, "2XX")}
	}
	return declared
}

// responseTo is what an operation declares for a status: its own response, that of
// its range, or the default; nil when it declares none.
func responseTo(o *openapi.Operation, status string) *openapi.Response {
	for _, declared := range []string{status, status[:1] + "XX", "default"} {
		i := slices.IndexFunc(o.Responses, func(r *openapi.Response) bool { return strings.EqualFold(r.Status, declared) })
		if i >= 0 {
			return o.Responses[i]
		}
	}
	return nil
}

var (
	// Strings are passed over.
	statusPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\$statusCode\s*==\s*['"]?([0-9]+)\b['"]?|'[^']*'|"[^"]*"`)
	})
	statusesPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\s*\$statusCode\s*==\s*['"]?[1-5][0-9]{2}['"]?(?:\s*\|\|\s*\$statusCode\s*==\s*['"]?[1-5][0-9]{2}['"]?)*\s*$`)
	})
	successPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\s*\$statusCode\s*>=\s*200\s*&&\s*\$statusCode\s*(?:<\s*300|<=\s*299)\s*$`)
	})
)

// successOnly recognises a criterion that holds of 2xx and of nothing else.
func successOnly(c link.Criterion) bool {
	return c.Type == arazzo.Simple && strings.Contains(c.Criterion.Condition, ">=") && successPattern().MatchString(c.Criterion.Condition)
}

// statuses are those that the first criterion of a list allows that names some
// and nothing else. Where several do, a step that can succeed at all is in each.
func statuses(criteria []link.Criterion) (codes []string, known bool) {
	for _, c := range criteria {
		if c.Type != arazzo.Simple {
			continue
		}
		compared, _ := comparisons(c.Criterion)
		for _, x := range compared {
			if code := unquote(x.literal); x.operand == "$statusCode" && x.operator == "==" && isStatus(code) {
				return []string{code}, true
			}
		}
		if strings.Contains(c.Criterion.Condition, "||") && statusesPattern().MatchString(c.Criterion.Condition) {
			for _, m := range statusPattern().FindAllStringSubmatch(c.Criterion.Condition, -1) {
				codes = append(codes, m[1])
			}
			return codes, true
		}
	}
	return nil, false
}

func isStatus(code string) bool {
	return len(code) == 3 && code[0] >= '1' && code[0] <= '5' && isDigits(code)
}
