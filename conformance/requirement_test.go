package conformance_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/specs"
)

var requirementForm = regexp.MustCompile(`^(PULSE|ACCEL)-[A-Z]+-[0-9]{2}$`)

// TestRequirements holds that each requirement says what it has to, and stands where it
// says: its pointer leads somewhere in the document.
func TestRequirements(t *testing.T) {
	t.Parallel()
	all, err := conformance.Requirements()
	if err != nil {
		t.Fatal(err)
	}
	documents := map[string]*yaml.Node{specs.PulseFile: parsed(specs.Pulse), specs.AccelerateFile: parsed(specs.Accelerate)}
	groups := map[string]bool{}
	last := ""
	for _, r := range all {
		if err := wellFormed(r); err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
		if err := leads(documents, r.Place); err != nil {
			t.Errorf("%s: its place %s: %v", r.ID, r.Place, err)
		}
		group := r.ID[:max(0, strings.LastIndex(r.ID, "-"))]
		if group != last && groups[group] {
			t.Errorf("%s: its group is in two places of the file", r.ID)
		}
		groups[group], last = true, group
	}
}

// wellFormed tells what a requirement contradicts by itself.
func wellFormed(r conformance.Requirement) error {
	switch {
	case !requirementForm.MatchString(r.ID):
		return fmt.Errorf("an id is such as PULSE-CREATE-05")
	case r.Statement == "" || !strings.HasSuffix(r.Statement, "."):
		return fmt.Errorf("its statement is no sentence: %q", r.Statement)
	case r.Level != report.Core && r.Level != report.Extended:
		return fmt.Errorf("its level is %q, want core or extended", r.Level)
	case (r.Level == report.Extended) != (r.Feature != ""):
		return fmt.Errorf("an extended requirement has a feature, a core one none")
	case r.Feature != "" && conformance.Features[r.Feature] == "":
		return fmt.Errorf("there is no feature %s", r.Feature)
	case !slices.Contains([]conformance.Observation{conformance.BlackBox, conformance.Controlled, conformance.Never}, r.Observe):
		return fmt.Errorf("it is observed %q, want black-box, controlled or never", r.Observe)
	case (r.Observe == conformance.Never) != (r.Reason != ""):
		return fmt.Errorf("what is never observed has a reason, and nothing else has")
	}
	return nil
}

// leads tells whether a place, a file and a JSON Pointer, is in the documents.
func leads(documents map[string]*yaml.Node, place string) error {
	file, pointer, ok := strings.Cut(place, "#/")
	node := documents[file]
	if !ok || node == nil {
		return fmt.Errorf("it is no file of package specs with a JSON Pointer behind #")
	}
	for token := range strings.SplitSeq(pointer, "/") {
		name := strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		next := member(node, name)
		if node.Kind == yaml.SequenceNode {
			next = element(node, name)
		}
		if next == nil {
			return fmt.Errorf("nothing is at %q", token)
		}
		node = next
	}
	return nil
}

// element is that of a sequence with the index.
func element(node *yaml.Node, index string) *yaml.Node {
	for i, child := range node.Content {
		if fmt.Sprint(i) == index {
			return child
		}
	}
	return nil
}
