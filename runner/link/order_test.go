package link

import (
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// TestOrder brings steps into the order of their dependencies (S-066). "b<c" says
// that b depends on c, "b~c" that it refers to an output of c, "b^c" that an action
// of the workflow does so for b.
func TestOrder(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, edges, want string }{
		{"the document's order", "", "a b c d"},
		{"outputs alone order nothing", "a~d", "a b c d"},
		{"what is depended on comes before", "a<c", "c a b d"},
		{"and what that depends on", "a<c c<d", "d c a b"},
		{"several, in the order in which they are named", "b<d b<c", "a d c b"},
		{"outputs too, where anything depends", "b<a c~d", "a b d c"},
		{"an action of the workflow orders nothing", "b<a a^d", "a b c d"},
		{"a circle is left where it is, and the rest ordered", "a<b b<a c<d", "b a d c"},
		{"an output gives way to what depends", "a~b b<a", "a b c d"},
		{"an output of a step further on in the circle gives way too", "a~c b<a c<b", "a b c d"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := &Workflow{Workflow: &arazzo.Workflow{}, steps: map[string]*Step{}}
			for _, id := range strings.Fields("a b c d") {
				w.steps[id] = &Step{Step: &arazzo.Step{StepID: id}, Workflow: w}
				w.Steps = append(w.Steps, w.steps[id])
			}
			for _, edge := range strings.Fields(test.edges) {
				from, to := w.Step(edge[:1]), w.Step(edge[2:])
				if edge[1] == '<' {
					from.DependsOn = append(from.DependsOn, to)
					continue
				}
				from.References = append(from.References, Reference{
					Expression: &expression.Expression{Root: expression.Steps, ID: to.StepID}, Inherited: edge[1] == '^',
				})
			}
			w.order()
			var got []string
			for _, s := range w.Steps {
				got = append(got, s.StepID)
			}
			if list := strings.Join(got, " "); list != test.want {
				t.Errorf("got %s, want %s", list, test.want)
			}
		})
	}
}
