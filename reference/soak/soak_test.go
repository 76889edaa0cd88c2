package soak

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	rounds = flag.Int("rounds", 10, "how many rounds of TestSoak")
	within = flag.Duration("within", 30*time.Minute, "begin no round of TestSoak after this time")
	seed   = flag.Uint64("seed", 0, "repeats the random choices of an earlier TestSoak; 0 takes new ones")
)

// roundsOfAWorld is how many rounds a cluster and a log live.
const roundsOfAWorld = 20

// TestSoak kills, cuts and restarts the parts at random moments, for as many
// rounds as are asked for, and holds every promise against what the tables say. A
// quarter of the rounds has several nodes: they wait for leases much of their time.
func TestSoak(t *testing.T) {
	t.Parallel()
	start, n := *seed, *rounds
	if start == 0 {
		start = rand.Uint64()
	}
	if testing.Short() {
		n = min(n, 4)
	}
	t.Logf("seed %d; to repeat its choices: go test ./reference/soak -run TestSoak -count=1 -v -args -rounds %d -seed %d", start, n, start)
	t.Run("one node", func(t *testing.T) {
		t.Parallel()
		soak(t, start, n-n/4, 1)
	})
	t.Run("several nodes", func(t *testing.T) {
		t.Parallel()
		soak(t, start, n/4, 2)
	})
}

func soak(t *testing.T, start uint64, rounds, nodes int) {
	t.Helper()
	sum := &tally{faults: map[string]int{}}
	began := time.Now()
	t.Cleanup(func() { t.Log(sum.line(time.Since(began))) })
	for sum.rounds < rounds && time.Since(began) < *within {
		soakWorld(t, start, min(roundsOfAWorld, rounds-sum.rounds), nodes, sum, began)
		if t.Failed() {
			return
		}
	}
}

func soakWorld(t *testing.T, start uint64, rounds, nodes int, sum *tally, began time.Time) {
	t.Helper()
	w := newWorld(t, nodes)
	w.add(t, consumed()...)
	own := w.faults()
	for n := range rounds {
		if time.Since(began) > *within {
			return
		}
		random := rand.New(rand.NewPCG(start, uint64(sum.rounds)))
		r := &round{world: w, number: sum.rounds, random: random, tally: sum}
		strikes := pick(random, append(faults[:len(faults):len(faults)], own...))
		if n == 0 && len(own) > 0 {
			// Also the shortest run has what is special about the world.
			strikes = append(strikes, own[0])
		}
		broken, err := r.run(t.Context(), strikes, bulk(random))
		if err != nil {
			broken = append(broken, err.Error())
		}
		if w.saidOfRaces() {
			broken = append(broken, "the race detector found something in the reference")
		}
		if len(broken) > 0 {
			t.Errorf("seed %d, round %d:\n%s\n\nwhat happened:\n%s\n\n%s", start, r.number,
				strings.Join(first(broken, 20), "\n"), strings.Join(r.timeline, "\n"), w.keep())
			return
		}
		sum.rounds++
		t.Logf("round %d: %s", r.number, strings.Join(r.timeline, "; "))
	}
}

// faults are those of this world alone.
func (w *world) faults() []fault {
	switch {
	case w.nats != nil && w.disk.missing == nil:
		return append(amongNodes[:len(amongNodes):len(amongNodes)], fullNATS)
	case w.nats != nil:
		return amongNodes
	case w.disk.missing == nil:
		return fullDisk
	}
	return nil
}

// bulk is the size of the largest transactions, as a power of two: now and then
// much more than what anybody keeps in memory.
func bulk(random *rand.Rand) int {
	if random.IntN(20) == 0 {
		return 14
	}
	return 9
}

func first(lines []string, n int) []string {
	if len(lines) > n {
		return append(lines[:n:n], fmt.Sprintf("and %d more", len(lines)-n))
	}
	return lines
}

// keep shows the ends of the logs.
func (w *world) keep() (shown string) {
	files := []string{}
	for _, s := range w.nodes {
		files = append(files, s.logFile())
	}
	if w.nats != nil {
		files = append(files, w.nats.logFile())
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			shown += err.Error() + "\n"
			continue
		}
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		// Consumers come again and again, and are told the same.
		lines = slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, "a consumer was refused") })
		shown += fmt.Sprintf("the end of %s:\n%s\n", filepath.Base(file), strings.Join(lines[max(0, len(lines)-40):], "\n"))
	}
	return shown
}

// saidOfRaces is what the race detector said of any node.
func (w *world) saidOfRaces() bool {
	return slices.ContainsFunc(w.nodes, (*service).saidOfRaces)
}

// line is the summary.
func (s *tally) line(took time.Duration) string {
	var struck []string
	for _, name := range slices.Sorted(maps.Keys(s.faults)) {
		struck = append(struck, fmt.Sprintf("%s %d", name, s.faults[name]))
	}
	return fmt.Sprintf("%d rounds in %s: %s; %d changes of %d transactions; %d events delivered over %d connections, %d of them again",
		s.rounds, took.Round(time.Second), strings.Join(struck, ", "), s.changes, s.committed.Load(), s.events, s.connections, s.duplicates)
}
