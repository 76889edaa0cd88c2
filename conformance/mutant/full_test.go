package mutant_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/conformance/mutant"
	"github.com/arazzo-conformance/arazzo/conformance/report"
)

var full = flag.String("full", "", "run every case against every mutant, as make mutants-full does, and keep what comes of each mutant in `FILE`; what is there already is not done again")

// nowAndThen is how often somebody who waits is told how far it is.
const nowAndThen = time.Minute

// finding is what the cases came to on one mutant: a line of the file.
type finding struct {
	// Build tells of which mutants, cases and reference.
	Build  string `json:"build"`
	Mutant string `json:"mutant"`
	// Concerned are the cases of which it alters a request or an answer, and those it
	// names: no other was tried. Seeing are those that failed, and why.
	Concerned []string          `json:"concerned"`
	Seeing    map[string]string `json:"seeing"`
	Faults    []string          `json:"faults,omitempty"`
	// open is how many trials are still to come.
	open int
}

// everything is a run of every case against every mutant.
type everything struct {
	cases map[string]conformance.Case
	build string
	file  *os.File
	// recordings are what each case was answered where nothing is broken.
	recordings map[string]*mutant.Recording

	mutex sync.Mutex
	// trying and found are what is known of mutants, by their names, until the last case
	// and then.
	trying, found map[string]*finding
	trials        int
	// broken is why the file cannot be written.
	broken error
}

// tryEverything holds for all cases what [TestMutants] holds, and shows who sees what.
func tryEverything(t *testing.T, mutants []mutant.Mutant) {
	t.Helper()
	e := &everything{cases: casesByID(t), build: build(t), recordings: map[string]*mutant.Recording{}, trying: map[string]*finding{}}
	if err := e.open(*full); err != nil {
		t.Fatal(err)
	}
	// Who interrupts it wants the reference stopped as at its end.
	ctx, release := signal.NotifyContext(t.Context(), os.Interrupt, syscall.SIGTERM)
	defer release()
	before, started := len(e.found), time.Now()
	lab := newLaboratory(t)
	stop := e.tell(started)
	for _, trials := range []iter.Seq[*trial]{e.recorded(), e.trialsOf(mutants)} {
		lab.run(ctx, until(ctx.Done(), trials), func(t *trial) {
			if ctx.Err() == nil {
				e.done(t)
			}
		})
	}
	stop()
	if err := errors.Join(e.broken, e.file.Close()); err != nil {
		t.Error(err)
	}
	if ctx.Err() != nil {
		t.Fatalf("interrupted, with %d mutants in %s; next: the same again, which goes on with the others", len(e.found), *full)
	}
	for _, m := range append(mutants, intact) {
		t.Run(m.Name, func(t *testing.T) {
			if e.found[m.Name] == nil {
				t.Fatal("it was not tried to its end")
			}
			for _, fault := range e.found[m.Name].Faults {
				t.Error(fault)
			}
		})
	}
	t.Logf("%d mutants, %d of them before, %d trials in %s:\n%s", len(mutants), before, e.trials, time.Since(started).Round(time.Second), e.matrix(mutants))
}

// TestWhatWasFoundBefore holds which lines of a file count, and that what is found next
// does not stand behind half of one.
func TestWhatWasFoundBefore(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "mutants.jsonl")
	before := `{"build":"this","mutant":"one","concerned":["a","b"],"seeing":{"a":"why"}}
{"build":"another","mutant":"two","concerned":["a"],"seeing":{}}
{"build":"this","mutant":"three","concerned":["a"],"seeing":{},"faults":["the case a does not see it"]}
{"build":"this","mutant":"(nothing is broken)","concerned":["a","b"],"seeing":{}}
{"build":"this","mutant":"four","conc`
	if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	e := &everything{build: "this", trying: map[string]*finding{}}
	if err := e.open(path); err != nil {
		t.Fatal(err)
	}
	want := map[string]*finding{"one": {Build: "this", Mutant: "one", Concerned: []string{"a", "b"}, Seeing: map[string]string{"a": "why"}}}
	if diff := cmp.Diff(want, e.found, cmp.AllowUnexported(finding{})); diff != "" {
		t.Errorf("found before (-want +got):\n%s", diff)
	}
	m := mutant.Mutant{Name: "five"}
	e.begin(m.Name, []string{"b", "a"})
	for _, id := range []string{"b", "a"} {
		e.done(&trial{mutant: m, c: conformance.Case{ID: id}, outcome: conformance.Outcome{Verdict: report.Fail, Reason: "of " + id}})
	}
	text, err := os.ReadFile(path)
	if err := errors.Join(err, e.broken, e.file.Close()); err != nil {
		t.Fatal(err)
	}
	added := "\n" + `{"build":"this","mutant":"five","concerned":["b","a"],"seeing":{"a":"of a","b":"of b"}}` + "\n"
	if diff := cmp.Diff(before+added, string(text)); diff != "" {
		t.Errorf("the file (-want +got):\n%s", diff)
	}
}

// TestNoTrialIsLookedForWhenItIsOver holds that an interruption while cases are recorded
// does not go on to the mutants, whose trials are chosen by all recordings.
func TestNoTrialIsLookedForWhenItIsOver(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	e := &everything{
		cases:      map[string]conformance.Case{"a": {ID: "a"}, "b": {ID: "b"}},
		recordings: map[string]*mutant.Recording{}, trying: map[string]*finding{}, found: map[string]*finding{},
	}
	var begun []string
	for _, trials := range []iter.Seq[*trial]{e.recorded(), e.trialsOf([]mutant.Mutant{{Name: "one"}})} {
		for tried := range until(ctx.Done(), trials) {
			begun = append(begun, tried.c.ID)
			interrupt()
		}
	}
	if diff := cmp.Diff([]string{"a"}, begun); diff != "" {
		t.Errorf("begun (-want +got):\n%s", diff)
	}
}

// until are the trials that are begun before it is over; then no other is looked for.
func until(over <-chan struct{}, trials iter.Seq[*trial]) iter.Seq[*trial] {
	isOver := func() bool {
		select {
		case <-over:
			return true
		default:
			return false
		}
	}
	return func(yield func(*trial) bool) {
		if isOver() {
			return
		}
		for t := range trials {
			if isOver() || !yield(t) || isOver() {
				return
			}
		}
	}
}

// build tells this program from one of other mutants, other cases or another reference.
func build(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, program); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(hash.Sum(nil))[:16]
}

// open reads what was found before, and opens the file for what is still to be found.
// What another build found is not counted, nor what had faults: that is tried again. Nor
// is a line that somebody ended in its midst.
func (e *everything) open(path string) error {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	e.found = map[string]*finding{}
	for line := range bytes.Lines(text) {
		var f finding
		if json.Unmarshal(line, &f) == nil && f.Build == e.build && f.Faults == nil {
			e.found[f.Mutant] = &f
		}
	}
	delete(e.found, intact.Name) // it is recorded anew
	if e.file, err = os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644); err != nil {
		return err
	}
	if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
		_, err = e.file.WriteString("\n")
	}
	return err
}

// recorded are the trials of every case where nothing is broken.
func (e *everything) recorded() iter.Seq[*trial] {
	return func(yield func(*trial) bool) {
		ids := slices.Sorted(maps.Keys(e.cases))
		e.begin(intact.Name, ids)
		for _, id := range ids {
			e.recordings[id] = &mutant.Recording{}
			if !yield(&trial{mutant: e.recordings[id].Mutant(intact.Name), c: e.cases[id]}) {
				return
			}
		}
	}
}

// trialsOf are those of the mutants that are still to be tried, made as they are needed.
func (e *everything) trialsOf(mutants []mutant.Mutant) iter.Seq[*trial] {
	return func(yield func(*trial) bool) {
		for _, m := range mutants {
			if e.found[m.Name] != nil {
				continue
			}
			var ids []string
			for _, id := range slices.Sorted(maps.Keys(e.cases)) {
				if slices.Contains(m.Kills, id) || e.recordings[id].Altered(m) {
					ids = append(ids, id)
				}
			}
			e.begin(m.Name, ids)
			for _, id := range ids {
				if !yield(&trial{mutant: m, c: e.cases[id]}) {
					return
				}
			}
		}
	}
}

func (e *everything) begin(name string, ids []string) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.trying[name] = &finding{Build: e.build, Mutant: name, Concerned: ids, Seeing: map[string]string{}, open: len(ids)}
}

// done takes what a trial came to, and writes what the mutant came to behind the last.
func (e *everything) done(t *trial) {
	fault := t.fault()
	// Whether requests met when they were recorded is chance.
	if fault == "" && t.named() && !t.mutant.AtOnce && !e.recordings[t.c.ID].Altered(t.mutant) {
		fault = fmt.Sprintf("the case %s fails, and it was thought that the mutant alters nothing of it: mend Recording, by which cases are left out", t.c.ID)
	}
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.trials++
	f := e.trying[t.mutant.Name]
	if fault != "" {
		f.Faults = append(f.Faults, fault)
		line, _, _ := strings.Cut(fault, "\n")
		fmt.Fprintf(os.Stderr, "%s: %s\n", f.Mutant, line)
	}
	if t.outcome.Verdict == report.Fail {
		f.Seeing[t.c.ID] = t.outcome.Reason
	}
	t.outcome = conformance.Outcome{}
	if f.open--; f.open > 0 {
		return
	}
	e.found[f.Mutant] = f
	delete(e.trying, f.Mutant)
	line, err := json.Marshal(f)
	if err == nil {
		_, err = e.file.Write(append(line, '\n'))
	}
	e.broken = errors.Join(e.broken, err)
}

// tell tells now and then how far it is, until it is stopped. What the program keeps, and
// how many goroutines it has, shows whether the reference lets go what it should.
func (e *everything) tell(started time.Time) (stop func()) {
	ticker, stopped := time.NewTicker(nowAndThen), make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
			case <-stopped:
				return
			}
			runtime.GC()
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			e.mutex.Lock()
			fmt.Fprintf(os.Stderr, "%s: %d mutants done, %d trials; %d MB kept, %d goroutines\n",
				time.Since(started).Round(time.Second), len(e.found), e.trials, memory.HeapAlloc>>20, runtime.NumGoroutine())
			e.mutex.Unlock()
		}
	}()
	return func() {
		ticker.Stop()
		close(stopped)
	}
}

// matrix shows of each mutant by which cases it is seen beside those it names, and of
// each case how many mutants it sees.
func (e *everything) matrix(mutants []mutant.Mutant) string {
	var text strings.Builder
	concerned, seeing, naming := map[string]int{}, map[string]int{}, map[string]int{}
	for _, m := range mutants {
		f := e.found[m.Name]
		if f == nil {
			continue
		}
		for _, id := range f.Concerned {
			concerned[id]++
		}
		var beside []string
		for _, id := range slices.Sorted(maps.Keys(f.Seeing)) {
			seeing[id]++
			if slices.Contains(m.Kills, id) {
				naming[id]++
			} else {
				beside = append(beside, id)
			}
		}
		fmt.Fprintf(&text, "%s: seen by %d of %d cases; not named: %s\n", m.Name, len(f.Seeing), len(f.Concerned), few(beside))
	}
	ids := slices.SortedFunc(maps.Keys(e.cases), func(a, b string) int { return seeing[a] - seeing[b] })
	for _, id := range ids {
		fmt.Fprintf(&text, "%s: sees %d of %d mutants, of which %d name it\n", id, seeing[id], concerned[id], naming[id])
	}
	return text.String()
}

// few are some of many; the file has all.
func few(ids []string) string {
	const some = 10
	switch {
	case len(ids) == 0:
		return "none"
	case len(ids) > some:
		return fmt.Sprintf("%s and %d others", strings.Join(ids[:some], ", "), len(ids)-some)
	}
	return strings.Join(ids, ", ")
}
