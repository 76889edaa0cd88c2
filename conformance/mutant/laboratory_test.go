package mutant_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"iter"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/conformance/bundled"
	"github.com/arazzo-conformance/arazzo/conformance/mutant"
	"github.com/arazzo-conformance/arazzo/conformance/report"
)

var only = flag.String("mutants", "", "try only the mutants whose names match the `PATTERN`")

const (
	// trialsAtATime are more than cases side by side: a case that fails mostly waits for
	// what does not come.
	trialsAtATime = 48
	// aloneAtATime is how many references there are at most for trials that have to be
	// alone, each of which is another's meanwhile.
	aloneAtATime = 4
	// cleanings are how often the streams of a trial are deleted before they are said to
	// stay: on a machine that is busy with all the others the list of all streams may be
	// late.
	cleanings = 3
	// oneOf is of how many mutants one is tried by go test -short.
	oneOf = 60
)

// control are quick cases of both APIs that each mutant has to leave alone, unless it
// names them.
var control = []string{
	"accelerate-auth/unknown", "accelerate-cache/ttl", "accelerate-query/read-back",
	"pulse-create/created", "pulse-health/without-key", "pulse-subscribe/live",
}

// intact is no mutant: behind a proxy that breaks nothing every case passes, so that it
// is never the proxy that a case fails for.
var intact = mutant.Mutant{Name: "(nothing is broken)"}

// TestEveryCaseKills holds that the table of mutants and the cases name each other.
func TestEveryCaseKills(t *testing.T) {
	t.Parallel()
	cases := casesByID(t)
	killer := map[string]bool{}
	for _, m := range mutant.All() {
		if len(m.Kills) == 0 {
			t.Errorf("the mutant %q names no case that must fail for it", m.Name)
		}
		for _, id := range m.Kills {
			killer[id] = true
			if _, there := cases[id]; !there {
				t.Errorf("the mutant %q names the case %s, which is not there", m.Name, id)
			}
		}
	}
	for _, id := range control {
		if _, there := cases[id]; !there {
			t.Errorf("the control group has the case %s, which is not there", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(cases)) {
		if !killer[id] {
			t.Errorf("no mutant names the case %s, so nothing shows that it can fail; give it one in package mutant", id)
		}
	}
}

// TestMutants holds that the suite can say no: behind a proxy that breaks it, the
// reference fails the cases that the mutant names, and passes the control group.
func TestMutants(t *testing.T) {
	match, err := regexp.Compile(*only)
	if err != nil {
		t.Fatalf("-mutants is no regular expression: %v", err)
	}
	mutants := slices.DeleteFunc(chosen(), func(m mutant.Mutant) bool { return !match.MatchString(m.Name) })
	if len(mutants) == 0 {
		t.Fatalf("nothing is tried: -mutants %q matches none of the names of %d mutants", *only, len(mutant.All()))
	}
	if *full != "" {
		tryEverything(t, mutants)
		return
	}
	mutants = append(mutants, intact)
	trials := trialsOf(mutants, casesByID(t))
	started := time.Now()
	newLaboratory(t).run(t.Context(), slices.Values(trials), func(*trial) {})
	for _, m := range mutants {
		t.Run(m.Name, func(t *testing.T) {
			for _, tried := range trials {
				if fault := tried.fault(); tried.mutant.Name == m.Name && fault != "" {
					t.Error(fault)
				}
			}
		})
	}
	t.Logf("%d mutants, %d trials in %s:\n%s", len(mutants), len(trials), time.Since(started).Round(time.Second), matrix(trials))
}

// chosen are the mutants to try: all, or a handful, by their names.
func chosen() []mutant.Mutant {
	all := mutant.All()
	slices.SortFunc(all, func(a, b mutant.Mutant) int { return cmp.Compare(a.Name, b.Name) })
	if !testing.Short() {
		return all
	}
	var some []mutant.Mutant
	for i := 0; i < len(all); i += oneOf {
		some = append(some, all[i])
	}
	return some
}

func casesByID(t *testing.T) map[string]conformance.Case {
	t.Helper()
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]conformance.Case{}
	for _, c := range cases {
		byID[c.ID] = c
	}
	return byID
}

// trial is one case, run against one mutant.
type trial struct {
	mutant mutant.Mutant
	c      conformance.Case
	// outcome is what it came to, left why something stays on the target.
	outcome conformance.Outcome
	left    error
	// logged is what the reference logged as errors meanwhile, for a trial that shows a
	// fault, which may be the reference's own.
	logged []string
}

// trialsOf are those of the mutants: of each the cases it names and the control group. A
// case that asks nothing of what is broken cannot see it, and is left out. What breaks
// nothing has every case, unless mutants were chosen.
func trialsOf(mutants []mutant.Mutant, cases map[string]conformance.Case) []*trial {
	every := slices.Sorted(maps.Keys(cases))
	var trials []*trial
	for _, m := range mutants {
		ids := every
		if m.Name != intact.Name || testing.Short() || *only != "" {
			ids = slices.Compact(slices.Sorted(slices.Values(slices.Concat(m.Kills, control))))
		}
		for _, id := range ids {
			t := &trial{mutant: m, c: cases[id]}
			if t.c.ID != "" && (t.concerned() || t.named() || m.Name == intact.Name) {
				trials = append(trials, t)
			}
		}
	}
	return trials
}

// concerned tells whether the case asks anything of an API that the mutant breaks.
func (t *trial) concerned() bool {
	pulse, accelerate := t.mutant.Breaks()
	return pulse && t.c.Uses(conformance.Pulse) || accelerate && t.c.Uses(conformance.Accelerate)
}

// alone tells whether nothing else may be asked of the target meanwhile.
func (t *trial) alone() bool { return t.mutant.Alone || t.c.Alone }

// named tells whether the mutant names the case.
func (t *trial) named() bool { return slices.Contains(t.mutant.Kills, t.c.ID) }

// fault says what the trial shows to be wrong with the suite, and what happened; empty
// where it is as it should be.
func (t *trial) fault() string {
	is := t.isWrong()
	if is == "" {
		return ""
	}
	if len(t.logged) > 0 {
		is += "\nthe reference logged meanwhile:\n" + strings.Join(t.logged, "\n")
	}
	return is + "\n" + t.outcome.Text
}

func (t *trial) isWrong() string {
	verdict := t.outcome.Verdict
	switch {
	case t.left != nil:
		return fmt.Sprintf("the streams of the case %s stay on the target: %v", t.c.ID, t.left)
	case verdict != report.Pass && verdict != report.Fail:
		return fmt.Sprintf("the case %s came to no verdict: %s: %s", t.c.ID, verdict, t.outcome.Reason)
	case t.mutant.Name == intact.Name && verdict == report.Fail:
		return fmt.Sprintf("the case %s fails behind a proxy that breaks nothing: %s", t.c.ID, t.outcome.Reason)
	case t.named() && verdict == report.Pass:
		return fmt.Sprintf("the case %s does not see it: it passes, and the mutant names it", t.c.ID)
	case !t.named() && slices.Contains(control, t.c.ID) && verdict == report.Fail:
		return fmt.Sprintf("the case %s of the control group fails (%s), and the mutant does not name it: let the mutant break less, or name it", t.c.ID, t.outcome.Reason)
	}
	return ""
}

// laboratory is where mutants are tried.
type laboratory struct {
	reference *bundled.Reference
	// apart are references for trials that have to be alone; nil is one that is not
	// booted yet.
	apart chan *bundled.Reference
}

// shared is the reference that the tests try on, on a Postgres of its own; the first
// that asks boots it.
var shared = sync.OnceValues(func() (*bundled.Reference, error) {
	return bundled.Start(context.Background(), bundled.Options{})
})

var booted bool

func TestMain(m *testing.M) {
	code := m.Run()
	if booted {
		if r, err := shared(); err == nil {
			if err := r.Stop(context.Background()); err != nil {
				fmt.Fprintln(os.Stderr, "mutant: stopping the reference:", err)
				code = 1
			}
		}
	}
	os.Exit(code)
}

func newLaboratory(t *testing.T) laboratory {
	t.Helper()
	booted = true
	r, err := shared()
	if err != nil {
		t.Fatalf("the bundled reference cannot be booted: %v", err)
	}
	l := laboratory{reference: r, apart: make(chan *bundled.Reference, aloneAtATime)}
	for range aloneAtATime {
		l.apart <- nil
	}
	t.Cleanup(func() {
		for range aloneAtATime {
			if apart := <-l.apart; apart != nil {
				if err := apart.Stop(context.Background()); err != nil {
					t.Errorf("stopping a reference: %v", err)
				}
			}
		}
	})
	return l
}

// run runs the trials side by side, and tells of each when it is done.
func (l laboratory) run(ctx context.Context, trials iter.Seq[*trial], done func(*trial)) {
	var group errgroup.Group
	group.SetLimit(trialsAtATime)
	for t := range trials {
		group.Go(func() error {
			if err := l.try(ctx, t); err != nil {
				t.outcome = conformance.Outcome{Verdict: report.Error, Reason: err.Error()}
			}
			done(t)
			return nil
		})
	}
	_ = group.Wait() // no trial gives an error
}

// try runs one trial, on a reference of its own if it has to be alone.
func (l laboratory) try(ctx context.Context, t *trial) (err error) {
	if !t.alone() {
		return t.run(ctx, l.reference)
	}
	r := <-l.apart
	defer func() { l.apart <- r }()
	if r == nil {
		// On a Postgres of its own: with all its conditions each has dozens of connections.
		if r, err = bundled.Start(ctx, bundled.Options{}); err != nil {
			return err
		}
	}
	return t.run(ctx, r)
}

// run runs the trial through a proxy of its own.
func (t *trial) run(ctx context.Context, r *bundled.Reference) (err error) {
	target, started := r.Target(), time.Now()
	defer func() {
		if err != nil || t.isWrong() != "" {
			t.logged = r.Logged(t.c.Condition, started)
		}
	}()
	if t.c.Condition != "" {
		if target, err = r.Under(ctx, t.c.Condition); err != nil {
			return err
		}
	}
	proxy, err := t.mutant.Start(mutant.Target{
		PulseURL: target.PulseURL, AccelerateURL: target.AccelerateURL, APIKey: target.APIKey, OtherAPIKey: target.OtherAPIKey,
	})
	if err != nil {
		return err
	}
	broken := target
	broken.PulseURL, broken.AccelerateURL = proxy.PulseURL, proxy.AccelerateURL
	t.outcome = t.c.Run(ctx, broken, 1)
	proxy.Close()
	if !t.c.Uses(conformance.Pulse) {
		return nil
	}
	for range cleanings {
		if t.left = conformance.CleanStreams(ctx, target, t.outcome.Run); t.left == nil {
			break
		}
	}
	return nil
}

// matrix shows which cases failed for each mutant.
func matrix(trials []*trial) string {
	var text strings.Builder
	last := ""
	for _, t := range trials {
		if t.mutant.Name != last {
			last = t.mutant.Name
			fmt.Fprintf(&text, "%s\n", last)
		}
		if t.outcome.Verdict != report.Pass {
			note := ""
			if !t.named() {
				note = " (not named)"
			}
			fmt.Fprintf(&text, "    %s %s%s\n", t.outcome.Verdict, t.c.ID, note)
		}
	}
	return text.String()
}
