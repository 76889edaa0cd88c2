package rule

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// spelling looks at the values of a step for expressions that are written in a way
// of other languages, and so would be sent as they stand.
func (c *checker) spelling(s *link.Step) {
	for _, v := range values(s) {
		c.spelt(v.Source(), s.Workflow)
	}
	for _, o := range s.Step.Outputs {
		c.unquoted(o.Value)
	}
}

// values are all that a step gives to what it calls, and its actions to workflows.
func values(s *link.Step) []*link.Value {
	list := []*link.Value{s.CorrelationID}
	parameters := slices.Clone(s.Parameters)
	for _, a := range slices.Concat(s.OnSuccess, s.OnFailure) {
		parameters = append(parameters, a.Parameters...)
	}
	for _, p := range parameters {
		list = append(list, p.Value)
	}
	if s.Body != nil {
		list = append(list, s.Body.Payload)
		for _, r := range s.Body.Replacements {
			list = append(list, r.Value)
		}
	}
	return slices.DeleteFunc(list, func(v *link.Value) bool { return v == nil })
}

func (c *checker) spelt(v *source.Value, w *link.Workflow) {
	c.unquoted(v)
	if text, ok := v.Text(); ok {
		c.foreign(text, v, w)
	}
	for _, item := range v.Items {
		c.spelt(item, w)
	}
	for _, m := range v.Members {
		c.spelt(m.Value, w)
	}
}

// unquoted reports an expression in braces without quotes, which YAML reads as an
// object.
func (c *checker) unquoted(v *source.Value) {
	if isUnquoted(v) {
		key := v.Members[0].Key
		c.report(&source.Diagnostic{
			Code: "arazzo/unquoted-braces", Severity: source.Error, Position: v.Position,
			Message:  fmt.Sprintf("this is an object with the member %q, and no expression", key),
			Expected: "a string", Fix: fmt.Sprintf("put it in quotes: '{%s}'", key),
		})
	}
}

// isUnquoted tells an object that YAML made of an expression in braces.
func isUnquoted(v *source.Value) bool {
	return v.Kind == source.Object && len(v.Members) == 1 && v.Members[0].Value.Kind == source.Null &&
		expression.IsRoot(v.Members[0].Key) && strings.Contains(v.Members[0].Key, ".")
}

// foreignPattern is an expression in the manner of shells, of templates and of
// paths, or one without its dollar sign. In $5, written ${$inputs.price}, the dollar
// is a text, so that one is none of them.
var foreignPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^()((?:inputs|steps|outputs|workflows)\.\S+)()$` +
		`|([#$]?\{\{\s*\$?|\$\{|#\{\$?|\{)((?:inputs|steps|outputs|workflows)\.[^\s{}]+)(\s*\}\}?)`)
})

// foreign warns of text that would be an expression if it was written as one. What
// it names has to exist: else it may be a text of another language.
func (c *checker) foreign(text string, v *source.Value, w *link.Workflow) {
	if strings.HasPrefix(text, "$") && !strings.Contains(text, "{") { // as nearly all are
		return
	}
	for _, m := range foreignPattern().FindAllStringSubmatchIndex(text, -1) {
		name := m[4:6]
		if name[0] < 0 {
			name = m[10:12]
		}
		e, err := expression.Parse("$" + text[name[0]:name[1]])
		if err != nil || !exists(e, w) {
			continue
		}
		c.report(&source.Diagnostic{
			Code: "arazzo/no-expression", Severity: source.Warning, Position: v.Offset(m[0]),
			Message:  fmt.Sprintf("%s is no runtime expression: %s", text[m[0]:m[1]], stays(text[m[0]:name[0]])),
			Expected: "an expression such as $inputs.name, in a text {$inputs.name}", Fix: fmt.Sprintf("did you mean {%s}?", e.Text),
		})
	}
}

// stays says what becomes of such a text, by what stands before the name.
func stays(before string) string {
	if strings.HasSuffix(before, "{$") {
		return "what is around {$…} stays as it is"
	}
	return "the text stays as it is"
}

// exists tells whether there is what an expression asks for.
func exists(e *expression.Expression, w *link.Workflow) bool {
	var known []string
	switch e.Root {
	case expression.Steps:
		return w.Step(e.ID) != nil
	case expression.Workflows:
		return slices.ContainsFunc(w.Document.Workflows, func(other *arazzo.Workflow) bool { return other.WorkflowID == e.ID })
	case expression.Inputs:
		for _, i := range w.Inputs {
			known = append(known, i.Name)
		}
	case expression.Outputs:
		known = outputNames(w.Outputs)
	}
	name, _, ok := e.Split(known)
	return ok && name != ""
}
