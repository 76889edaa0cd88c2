package published_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tally is what the runs came to. The lists say of everything that was left out why.
type tally struct {
	documents, ran, possible, untried, taken, lean, runs, requests int
	// undeclared are the branches by a failure where the operation declares none.
	undeclared int
	// counts are of what the facts about the corpus have counted too.
	counts                                                     map[string]int
	unrunnable, impossible, against, unresolved, absent, unfit []string
}

const polling = "goes to itself"

func (n *tally) count(what string) {
	if n.counts == nil {
		n.counts = map[string]int{}
	}
	n.counts[what]++
}

// facts are what was counted, by other means and before this test, of the providers
// that have any.
var facts = map[string]map[string]int{
	unknown: {"stripe": 47, "zoom": 26, "github": 20, "asana": 3, "hubspot": 2},
	polling: {"databricks": 15, "openai": 7, "docusign": 3},
}

func compareFacts(t *testing.T, providers []*provider) {
	t.Helper()
	documents := 0
	for _, p := range providers {
		documents += p.published.documents
		for what, counted := range facts {
			want, ok := counted[p.name]
			if got := p.published.counts[what]; got != want && (ok || what == unknown) {
				t.Errorf("%s: %d times: %s, want %d", p.name, got, what, want)
			}
		}
	}
	if documents != 293 {
		t.Errorf("there are %d documents, want 293", documents)
	}
}

var update = flag.Bool("update", false, "write the golden file")

func golden(t *testing.T, providers []*provider) {
	t.Helper()
	var b strings.Builder
	all := tally{}
	fmt.Fprintf(&b, "%-11s%10s%6s%10s%9s%12s%7s%12s%7s%10s\n",
		"provider", "documents", "run", "branches", "untried", "impossible", "taken", "undeclared", "runs", "requests")
	for _, p := range providers {
		p.published.line(&b, p.name)
		all.add(p.published)
	}
	all.line(&b, "together")
	repaired := tally{}
	fmt.Fprintf(&b, "\nwith the parameters added that they miss:\n")
	for _, p := range providers {
		if p.repaired.documents > 0 {
			p.repaired.line(&b, p.name)
		}
		repaired.add(p.repaired)
	}
	repaired.line(&b, "together")
	all.add(repaired)
	for _, part := range []struct {
		title string
		lines []string
	}{
		{"documents that cannot be run", all.unrunnable},
		{"branches that cannot be taken", all.impossible},
		{"branches taken by answers that the description does not allow", all.against},
		{"branches after which a request cannot be made for want of a value", all.unresolved},
		{"outputs that are null in a step that succeeded", all.absent},
		{"requests as the document says that their operation does not allow", all.unfit},
	} {
		fmt.Fprintf(&b, "\n%d %s:\n", len(part.lines), part.title)
		for _, line := range part.lines {
			fmt.Fprintf(&b, "  %s\n", line)
		}
	}
	table, _, _ := strings.Cut(b.String(), "\n\n")
	t.Log("\n" + table)
	path := filepath.Join("testdata", "branches.txt")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func (n tally) line(b *strings.Builder, name string) {
	fmt.Fprintf(b, "%-11s%10d%6d%10d%9d%12d%7d%12d%7d%10d\n",
		name, n.documents, n.ran, n.possible, n.untried, len(n.impossible), n.taken, n.undeclared, n.runs, n.requests)
}

func (n *tally) add(o tally) {
	n.documents, n.ran, n.possible, n.untried = n.documents+o.documents, n.ran+o.ran, n.possible+o.possible, n.untried+o.untried
	n.undeclared += o.undeclared
	n.taken, n.lean, n.runs, n.requests = n.taken+o.taken, n.lean+o.lean, n.runs+o.runs, n.requests+o.requests
	n.unrunnable, n.impossible = append(n.unrunnable, o.unrunnable...), append(n.impossible, o.impossible...)
	n.against, n.unresolved = append(n.against, o.against...), append(n.unresolved, o.unresolved...)
	n.absent, n.unfit = append(n.absent, o.absent...), append(n.unfit, o.unfit...)
}
