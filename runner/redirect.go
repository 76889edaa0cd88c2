package runner

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
)

// wants tells whether a redirect with that status is the answer that the step is
// about, which is then not followed: the operation declares it, the step looks at
// where it leads, or a criterion of it or of its actions is about such a status.
func (s *step) wants(status int) bool {
	return s.declares(status) || slices.ContainsFunc(s.References, isLocation) || slices.ContainsFunc(s.allCriteria(), func(c link.Criterion) bool { return isAbout(c, status) })
}

// declares tells whether the operation has a response of the status or its range.
// What stands under default is an error of any kind.
func (s *step) declares(status int) bool {
	for _, r := range s.Operation.Responses {
		if r.Status == strconv.Itoa(status) || strings.EqualFold(r.Status, "3XX") {
			return true
		}
	}
	return false
}

func isLocation(r link.Reference) bool {
	return r.Root == expression.Response && r.Part == "header" && strings.EqualFold(r.Name, "Location")
}

func (s *step) allCriteria() []link.Criterion {
	all := slices.Clone(s.Criteria)
	for _, a := range slices.Concat(s.OnSuccess, s.OnFailure) {
		all = append(all, a.Criteria...)
	}
	return all
}

// aStatusOf3XX is a number in the text of a condition.
var aStatusOf3XX = regexp.MustCompile(`\b3[0-9][0-9]\b`)

// isAbout tells whether a criterion names a status of 3xx beside $statusCode, or is
// a pattern that $statusCode would match. "$statusCode < 400" is about errors.
func isAbout(c link.Criterion, status int) bool {
	if c.Context != nil {
		return c.Context.Root == expression.StatusCode && c.Judge(statusAlone(status)).Passed
	}
	asks := func(r expression.Reference) bool { return r.Root == expression.StatusCode }
	return slices.ContainsFunc(c.Condition.References(), asks) && aStatusOf3XX.MatchString(c.Criterion.Condition)
}

// statusAlone is a scope in which there is a status and nothing else.
type statusAlone int

func (s statusAlone) Object(e *expression.Expression) (any, bool) {
	return json.Number(strconv.Itoa(int(s))), e.Root == expression.StatusCode
}
