package rule

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// criteria looks at what conditions ask for, and at what they compare it with.
func (t *typer) criteria(list []link.Criterion, at site) {
	for _, c := range list {
		text := c.Field("condition")
		for _, r := range c.Condition.References() {
			position := func() source.Position { return text.Offset(r.Offset) }
			t.pointer(r.Expression, position, at)
			t.unsent(r.Expression, position, at.step)
		}
		if c.Context != nil {
			t.pointer(c.Context, here(c.At("context")), at)
		}
		if c.Type == arazzo.JSONPath && c.Condition.Dialect {
			t.paths(c, at)
		}
		if c.Type == arazzo.Simple {
			t.statuses(c, at)
		}
		if e := bare(c); e != nil && !slices.Contains(textual, e.Root) {
			if k := t.of(e, at).kinds(); k&isBoolean == 0 {
				t.report(neverHolds(c, k, source.Warning))
			}
		}
		compared, _ := comparisons(c.Criterion)
		for _, x := range compared {
			t.comparison(c, x, at)
		}
	}
}

// pathPattern is a query of RFC 9535 that names one place by plain steps. The
// quotes are there to be passed over.
var pathPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`'[^']*'|"[^"]*"|\$(?:\.[A-Za-z_][A-Za-z0-9_]*|\[[0-9]+\])+`)
})

// paths follows the queries that a condition compares (D1) into the context. A
// .length at the end is not a member (D2).
func (t *typer) paths(c link.Criterion, at site) {
	from := t.of(c.Context, at)
	for _, where := range pathPattern().FindAllStringIndex(c.Criterion.Condition, -1) {
		path := c.Criterion.Condition[where[0]:where[1]]
		if !strings.HasPrefix(path, "$") || expression.IsRoot(path) || !ends(c.Criterion.Condition[where[1]:]) {
			continue
		}
		if _, missing := follow(from, tokensOf(path)); missing != nil {
			t.report(missing.diagnostic(path, c.Field("condition").Offset(where[0])))
		}
	}
}

// ends tells whether a plain path is whole: what follows belongs to no query.
func ends(rest string) bool {
	return rest == "" || strings.ContainsAny(rest[:1], " \t\r\n=!<>&|)")
}

func tokensOf(path string) []string {
	return expression.Access(strings.TrimSuffix(path[1:], ".length")).Pointer()
}

// operand is what is known of the left side of a comparison.
func (t *typer) operand(c link.Criterion, x comparison, at site) schema {
	if c.Type == arazzo.Simple {
		for _, r := range c.Condition.References() {
			if r.Text == x.operand {
				return t.of(r.Expression, at)
			}
		}
		e, err := expression.Parse(x.operand)
		if err != nil {
			return unknown
		}
		return t.of(e, at)
	}
	whole := pathPattern().FindString(x.operand) == x.operand
	if !whole || strings.HasSuffix(x.operand, ".length") || !c.Condition.Dialect {
		return unknown
	}
	found, _ := follow(t.of(c.Context, at), tokensOf(x.operand))
	return found
}

// comparison reports one that comes to the same for every value that the schema
// of its left side allows.
func (t *typer) comparison(c link.Criterion, x comparison, at site) {
	literal, ok := literalOf(x.literal)
	if !ok || literal == nil {
		return // an absent value is null, so any may be
	}
	s, simple := t.operand(c, x, at), c.Type == arazzo.Simple
	d := &source.Diagnostic{Code: "arazzo/never-equal", Severity: source.Warning, Position: c.At("condition")}
	so := "so this never holds"
	if x.operator == "!=" {
		so = "so this always holds"
	}
	switch k := s.kinds(); {
	case !mayEqual(k, literal, simple):
		d.Message = fmt.Sprintf("%s is %s, and never equals %s, %s", x.operand, k, x.literal, so)
		d.Expected = "a comparison with " + k.String()
		if text, isText := literal.(string); isText && textFits(text, k) {
			d.Fix = "write it without quotes: " + text
		}
	case s.enum() != nil && !slices.ContainsFunc(s.enum(), func(value any) bool { return equal(value, literal, simple) }):
		d.Message = fmt.Sprintf("%s is none of the values that the schema of %s lists, %s", x.literal, x.operand, so)
		d.Expected = "one of " + enumText(s.enum())
		d.Fix = near(expression.Text(literal), textsOf(s.enum()))
	default:
		return
	}
	t.report(d)
}

// literalOf reads the literal of a comparison.
func literalOf(text string) (any, bool) {
	if strings.HasPrefix(text, "'") || strings.HasPrefix(text, `"`) {
		return unquote(text), true
	}
	value, err := source.DecodeJSON(text)
	return value, err == nil
}

// mayEqual tells whether a value of these types can equal a literal. In simple
// conditions a text and a number compare as numbers where the text is one (S-159).
func mayEqual(k kinds, literal any, simple bool) bool {
	switch v := literal.(type) {
	case string:
		return k&isText != 0 || simple && k&isNumber != 0 && numberText().MatchString(strings.TrimSpace(v))
	case json.Number:
		return k&isNumber != 0 || simple && k&isText != 0
	default:
		return k&kindOf(v) != 0
	}
}

// equal is generous: strings are equal in any case, and as numbers (S-156).
func equal(value, literal any, simple bool) bool {
	if simple {
		return !different(expression.Text(value), expression.Text(literal))
	}
	return target{}.same(value, literal)
}

// statuses looks at the statuses that a condition names. Those of a failed step
// are what its author met in practice; that they are declared is seldom.
func (t *typer) statuses(c link.Criterion, at site) {
	o, text := at.step.Operation, c.Criterion.Condition
	if o == nil || !strings.Contains(text, "$statusCode") {
		return
	}
	for _, m := range statusPattern().FindAllStringSubmatchIndex(text, -1) {
		if m[2] < 0 {
			continue
		}
		code := text[m[2]:m[3]]
		position := func() source.Position { return c.Field("condition").Offset(m[2]) }
		switch {
		case !isStatus(code):
			t.report(&source.Diagnostic{
				Code: "arazzo/never-equal", Severity: source.Warning, Position: position(),
				Message: fmt.Sprintf("no response has the status %s", code), Expected: "a status from 100 to 599",
			})
		case !at.failed && len(o.Responses) > 0 && responseTo(o, code) == nil:
			t.report(&source.Diagnostic{
				Code: "arazzo/undeclared-status", Severity: source.Info, Position: position(),
				Message:  fmt.Sprintf("%s declares no response with the status %s", operation(at.step), code),
				Expected: oneOfNames(declaredStatuses(o), ""),
			})
		}
	}
}

func declaredStatuses(o *openapi.Operation) []string {
	var codes []string
	for _, r := range o.Responses {
		codes = append(codes, r.Status)
	}
	return codes
}
