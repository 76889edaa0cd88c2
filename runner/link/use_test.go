package link_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/arazzo-conformance/arazzo/runner/link"
)

// TestMayUse tells which sources a workflow may lead into; none of them has to be
// there.
func TestMayUse(t *testing.T) {
	t.Parallel()
	const sources = `ARAZZO 1.1
sourceDescriptions:
- {name: a, url: a.yml, type: openapi}
- {name: b, url: b.yml, type: openapi}
- {name: c, url: c.yml, type: asyncapi}
- {name: d, url: d.yml, type: arazzo}
workflows:
- workflowId: w
`
	tests := []struct {
		name, workflow string
		want           []string
	}{
		{"a bare operationId", "steps: [{stepId: s, operationId: o}]", []string{"a", "b", "c", "d"}},
		{"a qualified one", "steps: [{stepId: s, operationId: $sourceDescriptions.b.o}]", []string{"b"}},
		{"an operationPath", "steps: [{stepId: s, operationPath: '{$sourceDescriptions.a.url}#/paths/~1x/get'}]", []string{"a"}},
		{"an operationPath by its url", "steps: [{stepId: s, operationPath: 'b.yml#/paths/~1x/get'}]", []string{"b"}},
		{"a channelPath", "steps: [{stepId: s, action: send, channelPath: '{$sourceDescriptions.c.url}#/channels/x'}]", []string{"c"}},
		{"a called workflow", "steps: [{stepId: s, workflowId: $sourceDescriptions.d.w}]", []string{"d"}},
		{"what it depends on", "dependsOn: [$sourceDescriptions.d.w]\n  steps: [{stepId: s, workflowId: w}]", []string{"d"}},
		{"what a step depends on", "steps: [{stepId: s, workflowId: w, dependsOn: [$sourceDescriptions.d.w.steps.s]}]", []string{"d"}},
		{"where an action goes", "steps: [{stepId: s, workflowId: w, onSuccess: [{name: n, type: goto, workflowId: $sourceDescriptions.d.w}]}]", []string{"d"}},
		{"itself alone", "steps: [{stepId: s, workflowId: w}]", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := unpack(t, []txtar.File{{Name: "w.yml", Data: []byte(sources + "  " + test.workflow + "\n")}})
			d, _ := load(t, filepath.Join(dir, "w.yml"))
			l := link.New(d)
			l.Entry()
			var got []string
			for _, s := range d.Entry.Sources {
				if l.MayUse(s) {
					got = append(got, s.Name)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
