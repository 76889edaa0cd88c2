package conformance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// goesOn is the name in the row that smoke writes, which is there for as long as a run goes
// on; that of one which was killed stays. smokeSuffix ends its email.
const (
	goesOn      = "conformance_smoke"
	smokeSuffix = "smoke"
)

// mostRuns bounds how many runs are looked for, and mostNamed how many are told.
const (
	mostRuns  = 100
	mostNamed = 5
)

// lookEvery is how much time goes by, at least, before a run looks for others again while
// it judges.
const lookEvery = 200 * time.Millisecond

// neighbours are other runs on the target. Two at a time disturb each other: an
// invalidation of everything empties the caches of both. Each run has a row with a number
// in it, which it counts up whenever it looks for the rows of others. So one that goes on
// is told from one that was killed.
type neighbours struct {
	looking sync.Mutex
	looked  time.Time
	times   int
	// there are the numbers of the runs whose rows were there at the last look, seen are
	// those runs that went on since the first.
	there map[string]float64
	seen  []string
}

// look shows others that this run goes on, and sees which of them do.
func (n *neighbours) look(ctx context.Context, c *client, own string) {
	if n.times > 0 { // the row is there
		_, _ = c.query(ctx, "mutation ($email: String!, $score: Int!) { updateOneAccount(where: {email: $email}, data: {score: $score}) { score } }",
			map[string]any{"email": own + smokeSuffix, "score": n.times}) // the cases judge how the target does it
	}
	there, err := c.runs(ctx, own)
	if err != nil {
		return
	}
	for run, number := range there {
		if before, was := n.there[run]; n.times > 0 && (!was || before != number) {
			n.seen = append(n.seen, run)
		}
	}
	for run := range n.there {
		if _, is := there[run]; !is {
			n.seen = append(n.seen, run)
		}
	}
	n.there, n.looked = there, time.Now()
	n.times++
}

// note tells of those that were seen; empty where there were none.
func (n *neighbours) note() string {
	slices.Sort(n.seen)
	seen := slices.Compact(n.seen)
	if len(seen) == 0 {
		return ""
	}
	names, more := seen, ""
	if len(seen) > mostNamed {
		names, more = seen[:mostNamed], fmt.Sprintf(" and %d more", len(seen)-mostNamed)
	}
	return fmt.Sprintf("another run went on meanwhile (%s%s): two at a time on one target disturb each other, an invalidation of everything empties the caches of both; repeat this one alone", strings.Join(names, ", "), more)
}

// runs are the names of other runs whose rows are there, with their numbers.
func (c *client) runs(ctx context.Context, own string) (map[string]float64, error) {
	document := fmt.Sprintf("query ($name: String!) { findManyAccount(where: {name: {equals: $name}}, orderBy: {id: asc}, take: %d) { email score } }", mostRuns)
	data, err := c.query(ctx, document, map[string]any{"name": goesOn})
	if err != nil {
		return nil, err
	}
	runs := map[string]float64{}
	rows, _ := data["findManyAccount"].([]any)
	for _, row := range rows {
		email, _ := member(row, "email").(string)
		run, isRun := strings.CutSuffix(email, smokeSuffix)
		if isRun && run != own && strings.HasPrefix(run, runPrefix) && len(run) == len(own) {
			runs[run], _ = member(row, "score").(float64)
		}
	}
	return runs, nil
}

// lookAround sees whether other runs go on, unless that was looked for a moment ago, or
// now is to be known.
func (s *suite) lookAround(ctx context.Context, now bool) {
	if !s.looking.TryLock() {
		return // somebody looks
	}
	defer s.looking.Unlock()
	if ctx.Err() != nil || s.times == 0 || !now && time.Since(s.looked) < lookEvery || s.isGone() != "" {
		return
	}
	c := newClient(s.Target, s.Timescale)
	defer c.http.Close()
	s.look(ctx, c, s.run)
}
