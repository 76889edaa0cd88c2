package rule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// comparison is a value compared with a literal, the one shape of condition of
// which something is known without a parser: $statusCode == 200.
type comparison struct {
	// context is the criterion's; operand an expression or a query.
	context, operand string
	operator         string
	// literal is as it was written.
	literal string
}

// white is what may stand around the parts of a condition.
const white = " \t\n\f\r"

// compared reads one comparison: an operand without quotes and parentheses, == or
// !=, and a literal.
func compared(text string) (c comparison, ok bool) {
	text = strings.Trim(text, white)
	end := strings.IndexAny(text, white+`=!<>&|()'"`)
	if end < 2 || text[0] != '$' {
		return c, false
	}
	c.operand, text = text[:end], strings.TrimLeft(text[end:], white)
	if !strings.HasPrefix(text, "==") && !strings.HasPrefix(text, "!=") {
		return c, false
	}
	c.operator, c.literal = text[:2], strings.TrimLeft(text[2:], white)
	return c, isLiteral(c.literal)
}

func isLiteral(text string) bool {
	switch {
	case text == "true", text == "false", text == "null":
		return true
	case len(text) > 1 && text[0] == '\'' && text[len(text)-1] == '\'':
		return !strings.Contains(strings.ReplaceAll(text[1:len(text)-1], "''", ""), "'")
	case len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"':
		return !strings.ContainsAny(text[1:len(text)-1], `"\`)
	}
	whole, fraction, broken := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	return isDigits(whole) && (!broken || isDigits(fraction))
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// comparisons are those that all have to hold for a condition to hold. They are
// the whole of it where nothing else has to.
func comparisons(x *arazzo.Criterion) (found []comparison, whole bool) {
	if x.Type != arazzo.Simple && x.Type != arazzo.JSONPath || strings.Contains(x.Condition, "||") {
		return nil, false
	}
	if x.Type == arazzo.JSONPath && strings.Contains(x.Condition, "[?") {
		return nil, false // a filter finds one value or another
	}
	whole = true
	for part := range strings.SplitSeq(x.Condition, "&&") {
		if strings.Count(part, "'")%2 != 0 || strings.Count(part, `"`)%2 != 0 {
			return nil, false // the operator stands in a string
		}
		c, ok := compared(part)
		if !ok {
			whole = false
			continue
		}
		c.context = x.Context
		found = append(found, c)
	}
	return found, whole
}

// negation holds where c does not (S-160).
func (c comparison) negation() comparison {
	if c.operator == "==" {
		c.operator = "!="
	} else {
		c.operator = "=="
	}
	return c
}

// contradicts tells whether two comparisons can surely not hold both.
func (c comparison) contradicts(other comparison) bool {
	if c.context != other.context || c.operand != other.operand {
		return false
	}
	return c == other.negation() || c.operator == "==" && other.operator == "==" && different(c.literal, other.literal)
}

// different tells whether two literals surely are. Strings compare without regard
// to case, and a number with a string as numbers where it is one (S-156, S-159):
// what may be equal that way is not different.
func different(a, b string) bool {
	if strings.EqualFold(unquote(a), unquote(b)) {
		return false
	}
	number, aIsNumber := asNumber(a)
	other, bIsNumber := asNumber(b)
	return !aIsNumber || !bIsNumber || number != other
}

func asNumber(literal string) (float64, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(unquote(literal)), 64)
	return n, err == nil
}

func unquote(literal string) string {
	if text, ok := strings.CutPrefix(literal, "'"); ok {
		return strings.ReplaceAll(strings.TrimSuffix(text, "'"), "''", "'")
	}
	return strings.Trim(literal, `"`)
}

// criteria looks at the criteria of a step and of its actions.
func (c *checker) criteria(f *flow, s *link.Step) {
	failure := f.ofFailure(s)
	c.contradicting(s.SuccessCriteria, nil, failure, "so the step always fails")
	c.constant(s.Criteria, failure)
	for _, a := range slices.Concat(s.OnSuccess, s.OnFailure) {
		c.constant(a.Criteria, source.Warning)
		var judged []*arazzo.Criterion
		if slices.Contains(s.OnSuccess, a) && !a.Inherited && a.Reusable == nil {
			judged = s.SuccessCriteria // they hold where the action is asked
		}
		c.contradicting(a.Action.Criteria, judged, source.Warning, fmt.Sprintf("so the action %q is never taken", a.Name))
	}
}

// ofFailure is how grave it is that a step always fails: the workflow does too,
// unless an action takes the failure over and goes on (S-121).
func (f *flow) ofFailure(s *link.Step) source.Severity {
	if !f.reached[s] || slices.ContainsFunc(s.OnFailure, func(a *link.Action) bool { return a.Type == arazzo.Goto }) {
		return source.Warning
	}
	return source.Error
}

// contradicting reports criteria of one list, all of which have to hold (S-174),
// that cannot. Those given as judged hold already.
func (c *checker) contradicting(list, judged []*arazzo.Criterion, severity source.Severity, so string) {
	var met []comparison
	for _, x := range judged {
		found, _ := comparisons(x)
		met = append(met, found...)
	}
	for _, x := range list {
		found, _ := comparisons(x)
		for _, own := range found {
			i := slices.IndexFunc(met, own.contradicts)
			if met = append(met, own); i < 0 {
				continue
			}
			d := &source.Diagnostic{
				Code: "arazzo/contradicting-criteria", Severity: severity, Position: x.At("condition"),
				Message: fmt.Sprintf("%s %s %s and %s %s cannot both hold, %s",
					own.operand, met[i].operator, met[i].literal, own.operator, own.literal, so),
				Expected: "criteria that can hold together",
			}
			if x.Type == arazzo.Simple && len(judged) == 0 && met[i].operator == own.operator {
				d.Fix = fmt.Sprintf("where either will do, write one condition: %s == %s || %s == %s", own.operand, met[i].literal, own.operand, own.literal)
			}
			c.report(d)
		}
	}
}
