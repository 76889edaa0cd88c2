package soak

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
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
// rounds as are asked for, and holds every promise against what the tables say.
func TestSoak(t *testing.T) {
	t.Parallel()
	start, n := *seed, *rounds
	if start == 0 {
		start = rand.Uint64()
	}
	if testing.Short() {
		n = min(n, 3)
	}
	t.Logf("seed %d; to repeat its choices: go test ./reference/soak -run TestSoak -count=1 -v -args -rounds %d -seed %d", start, n, start)
	sum := &tally{faults: map[string]int{}}
	began := time.Now()
	t.Cleanup(func() { t.Log(sum.line(time.Since(began))) })
	for sum.rounds < n && time.Since(began) < *within {
		soakWorld(t, start, min(roundsOfAWorld, n-sum.rounds), sum, began)
		if t.Failed() {
			return
		}
	}
}

func soakWorld(t *testing.T, start uint64, rounds int, sum *tally, began time.Time) {
	t.Helper()
	w := newWorld(t)
	w.add(t, consumed()...)
	for range rounds {
		if time.Since(began) > *within {
			return
		}
		random := rand.New(rand.NewPCG(start, uint64(sum.rounds)))
		r := &round{world: w, number: sum.rounds, random: random, tally: sum}
		broken, err := r.run(t.Context(), pick(random), bulk(random))
		if err != nil {
			broken = append(broken, err.Error())
		}
		if w.service.saidOfRaces() {
			broken = append(broken, "the race detector found something in the reference")
		}
		if len(broken) > 0 {
			t.Errorf("seed %d, round %d:\n%s\n\nwhat happened:\n%s\n\n%s", start, r.number,
				strings.Join(first(broken, 20), "\n"), strings.Join(r.timeline, "\n"), w.keep(t))
			return
		}
		sum.rounds++
		t.Logf("round %d: %s", r.number, strings.Join(r.timeline, "; "))
	}
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

// keep saves the logs and shows the end of the reference's.
func (w *world) keep(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(w.service.logFile())
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return "the end of the reference's log:\n" + strings.Join(lines[max(0, len(lines)-30):], "\n")
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
