package conformance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/arazzo-conformance/arazzo/conformance/report"
)

// sideBySide is how many cases run at a time unless Options say otherwise: most of
// them wait for events most of the time.
const sideBySide = 8

// Options say what is judged, and by what.
type Options struct {
	Target Target
	// Controller makes the conditions that some cases need; without one they are
	// unsupported.
	Controller Controller
	// Run and Skip name the cases that are run; without Run it is all of them.
	Run, Skip Patterns
	// Timescale multiplies all bounds on time; 0 means 1.
	Timescale float64
	// Parallel is how many cases run side by side; 0 means 8.
	Parallel int
	// Observe, where given, is told of each case when it has a verdict, one at a time.
	Observe func(report.Case)
}

// Judge runs the cases against the target and reports what each came to, by their
// ids. An error means that nothing was judged.
func Judge(ctx context.Context, o Options) (*report.Report, error) {
	cases, err := Cases()
	if err == nil {
		err = o.check(cases)
	}
	if err != nil {
		return nil, err
	}
	o.Timescale, o.Parallel = cmp.Or(o.Timescale, 1), cmp.Or(o.Parallel, sideBySide)
	s := &suite{Options: o}
	together, alone := split(s.chosen(cases))
	var group errgroup.Group
	group.SetLimit(o.Parallel)
	for _, c := range together {
		group.Go(func() error { return s.judge(ctx, c) })
	}
	err = group.Wait()
	for _, c := range alone {
		err = errors.Join(err, s.judge(ctx, c))
	}
	slices.SortFunc(s.judged, func(a, b report.Case) int { return cmp.Compare(a.ID, b.ID) })
	return &report.Report{Version: report.Version, Cases: s.judged}, err
}

// check refuses options that cannot be meant.
func (o *Options) check(cases []Case) error {
	return errors.Join(o.Run.check("run", cases), o.Skip.check("skip", cases))
}

// chosen are the cases to be run; the others are skipped, and say why.
func (s *suite) chosen(cases []Case) []Case {
	var chosen []Case
	for _, c := range cases {
		reason := s.leftOut(c)
		if reason == "" {
			chosen = append(chosen, c)
			continue
		}
		skipped := c.judged()
		skipped.Verdict, skipped.Reason = report.Skipped, reason
		s.record(skipped)
	}
	return chosen
}

// split tells apart the cases that need the target for themselves.
func split(cases []Case) (together, alone []Case) {
	for _, c := range cases {
		if c.Alone {
			alone = append(alone, c)
		} else {
			together = append(together, c)
		}
	}
	return together, alone
}

// suite is a run of the suite.
type suite struct {
	Options

	mutex  sync.Mutex
	judged []report.Case
}

// judge comes to a verdict on one case.
func (s *suite) judge(ctx context.Context, c Case) error {
	judged := c.judged()
	target, err := s.under(ctx, c.Condition)
	var unsupported *UnsupportedError
	switch {
	case errors.As(err, &unsupported):
		judged.Verdict, judged.Reason = report.Unsupported, err.Error()
	case err != nil:
		judged.Verdict, judged.Reason = report.Error, err.Error()
	default:
		outcome := c.Run(ctx, target, s.Timescale)
		judged.Verdict, judged.Reason = outcome.Verdict, outcome.Reason
		judged.DurationMS = float64(outcome.Took) / float64(time.Millisecond)
		if outcome.Verdict != report.Pass {
			judged.Trace, judged.Text = outcome.Result, outcome.Text
		}
	}
	s.record(judged)
	return nil
}

// judged is what the report says of a case whatever it came to.
func (c Case) judged() report.Case {
	return report.Case{
		ID: c.ID, Title: c.Title, Requirements: c.Requirements, Level: c.Level, Features: c.Features, Condition: string(c.Condition),
	}
}

// record keeps a verdict, and tells it.
func (s *suite) record(judged report.Case) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.judged = append(s.judged, judged)
	if s.Observe != nil {
		s.Observe(judged)
	}
}

// UnsupportedError says why a case cannot be asked of the target.
type UnsupportedError struct{ Reason string }

func (e *UnsupportedError) Error() string { return e.Reason }

// under is the target on which the condition holds.
func (s *suite) under(ctx context.Context, condition Condition) (Target, error) {
	switch {
	case condition == "":
		return s.Target, nil
	case s.Controller == nil:
		return Target{}, &UnsupportedError{fmt.Sprintf("the condition %s needs a server that is started for it", condition)}
	}
	return s.Controller.Under(ctx, condition)
}
