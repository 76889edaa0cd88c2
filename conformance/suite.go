package conformance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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
	// Bundled says that the target is the reference that comes along, and RowsBySQL that
	// its AccelerateURL is a source of rows of ours, for a target that has no Accelerate.
	Bundled, RowsBySQL bool
	// Declaration is what the target says of itself; without one everything is judged.
	Declaration *Declaration
	// DatabaseURL is only told, as a variable, in commands; DatabaseVersion in the report.
	DatabaseURL, DatabaseVersion string
	// HasAccount, where given, tells whether that database has the row of the model
	// Account with this email, by which smoke sees that it is the target's.
	HasAccount func(ctx context.Context, email string) (bool, error)
	// Controller makes the conditions that some cases need; without one they are
	// unsupported.
	Controller Controller
	// Logged, where given, are the lines that the target, or the one on which the condition
	// holds, logged as errors from a time on. They are shown where a case did not pass.
	Logged func(condition Condition, from time.Time) []string
	// Profile is whose requirements are judged; empty means those of both APIs.
	Profile Profile
	// Run and Skip name the cases that are run; without Run it is all of them.
	Run, Skip Patterns
	// Known are the cases that are known to fail.
	Known Known
	// Timescale multiplies all bounds on time; 0 means 1.
	Timescale float64
	// Parallel is how many cases run side by side; 0 means 8.
	Parallel int
	// WithoutSmoke runs the cases whatever the target is.
	WithoutSmoke bool
	// Checked, where given, is told what smoke found before a case is run, and Observe of
	// each case when it has a verdict, one at a time.
	Checked func([]report.Check)
	Observe func(report.Case)
	// Version is what the program was released as, Commit that of the suite where the build
	// does not know it, and Also are arguments of its command line that the commands in the
	// report need.
	Version, Commit string
	Also            []string

	featuresFile, knownFile string
	caCerts                 files
	// within bounds the answer of a target that may be gone; 0 means answerWithin.
	within time.Duration
}

// Judge runs the cases against the target and reports what each came to, by their
// ids. An error means that nothing was judged: the options cannot be meant, or the
// context ended before a case was run.
func Judge(ctx context.Context, o Options) (*report.Report, error) {
	cases, err := Cases()
	if err == nil {
		err = o.check(cases)
	}
	if err != nil {
		return nil, err
	}
	o.Timescale, o.Parallel, o.Profile = cmp.Or(o.Timescale, 1), cmp.Or(o.Parallel, sideBySide), cmp.Or(o.Profile, AllProfile)
	started := time.Now()
	s := &suite{Options: o, run: newRun()}
	s.Target.run = s.run
	r := s.begin(started)
	if err := s.judgeAll(ctx, r, o.Profile.of(cases)); err != nil {
		return nil, err
	}
	o.Known.apply(r)
	r.Conclude()
	r.DurationMS = milliseconds(time.Since(started))
	return r, nil
}

// check refuses options that cannot be meant.
func (o *Options) check(cases []Case) error {
	if err := errors.Join(o.Run.check(runFlag, cases), o.Skip.check(skipFlag, cases), o.Known.check(cases), o.checkProfile(cases)); err != nil {
		return err
	}
	if d := o.Declaration; d != nil && slices.Contains(d.Features, environmentsFeature) && o.Target.OtherAPIKey == "" && o.Target.Named() {
		return fmt.Errorf("the feature %s is declared, and takes the key of a second environment to be judged: add --%s KEY", environmentsFeature, otherKeyFlag)
	}
	return nil
}

// checkProfile refuses a choice of cases of which none is of the profile.
func (o *Options) checkProfile(cases []Case) error {
	chosen := func(c Case) bool { return o.Run.name(c) }
	if len(o.Run) == 0 || !slices.ContainsFunc(cases, chosen) || slices.ContainsFunc(cmp.Or(o.Profile, AllProfile).of(cases), chosen) {
		return nil
	}
	return fmt.Errorf("--%s %s names no case of the profile %s: leave out --%s, or name others", runFlag, o.Run.String(), o.Profile, profileFlag)
}

// begin is what the report says whatever comes.
func (s *suite) begin(started time.Time) *report.Report {
	return &report.Report{
		Version: report.Version, Suite: judge(s.Version, s.Commit), Target: s.identity(), Started: started.UTC().Format(time.RFC3339),
		Selection: report.Selection{Profile: string(s.Profile), Run: s.Run, Skip: s.Skip, Timescale: s.Timescale},
		Repeat:    s.repeat(),
	}
}

// judgeAll asks smoke's questions, and judges by the cases when the answers are right.
// Where no case is to be run nothing is asked at all.
func (s *suite) judgeAll(ctx context.Context, r *report.Report, cases []Case) error {
	chosen, left := s.choose(cases)
	if len(chosen) > 0 {
		right, made, err := s.smoke(ctx, r)
		if made {
			defer s.clean(ctx, r)
		}
		if err != nil || !right {
			return err
		}
	}
	for _, c := range left {
		s.record(c)
	}
	s.judgeSideBySide(ctx, chosen)
	s.lookAround(ctx, true)
	if note := s.note(); note != "" {
		r.Notes = append(r.Notes, s.Target.shown(note))
	}
	r.Cases = s.judged
	if s.gone != "" {
		r.Problems = append(r.Problems, s.gone)
	}
	if ctx.Err() != nil {
		r.Problems = append(r.Problems, report.Interrupted)
	}
	return nil
}

// smoke tells whether the target can be judged, and whether something was made of it
// that is to be deleted.
func (s *suite) smoke(ctx context.Context, r *report.Report) (right, made bool, err error) {
	if s.WithoutSmoke {
		return true, true, nil
	}
	started := time.Now()
	asked := &smoke{client: newClient(s.Target, s.Timescale), neighbours: &s.neighbours, o: &s.Options, run: s.run}
	defer asked.http.Close()
	if err := asked.everything(ctx); err != nil {
		return false, asked.made, err
	}
	r.Smoke = asked.checks
	if s.Checked != nil {
		s.Checked(r.Smoke)
	}
	right = !slices.ContainsFunc(r.Smoke, func(c report.Check) bool { return !c.OK })
	if !right {
		s.refuse(r, started)
	}
	return right, asked.made, nil
}

// refuse says in the report of a target that cannot be judged what helps, and takes out
// what may be of another server.
func (s *suite) refuse(r *report.Report, started time.Time) {
	if !s.Bundled {
		r.Target.Database = ""
	}
	if lines := s.logged("", s.Target, started); len(lines) > 0 {
		r.Notes = append(r.Notes, "the target logged meanwhile:\n"+strings.Join(lines, "\n"))
	}
	s.Target.OtherAPIKey = "" // nothing was made with it, and it may be the key of nobody
}

// judgeSideBySide judges by many cases at a time, and then by those that need the
// target for themselves.
func (s *suite) judgeSideBySide(ctx context.Context, cases []Case) {
	var group errgroup.Group
	group.SetLimit(s.Parallel)
	var alone []Case
	for _, c := range cases {
		if c.Alone {
			alone = append(alone, c)
			continue
		}
		group.Go(func() error {
			s.judge(ctx, c)
			s.lookAround(ctx, false)
			return nil
		})
	}
	_ = group.Wait() // verdicts are no errors
	s.lookAround(ctx, true)
	for _, c := range alone {
		s.judge(ctx, c)
	}
}

// clean deletes what the run made, also after it was interrupted. What stays is told,
// and changes no verdict.
func (s *suite) clean(ctx context.Context, r *report.Report) {
	within := cleanWithin
	if ctx.Err() != nil {
		within = cleanInterrupted
	}
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), within, fmt.Errorf("not within %s", within))
	defer cancel()
	if err := Clean(ctx, s.Target, s.run); err != nil {
		r.Notes = append(r.Notes, s.Target.shown(fmt.Sprintf("not all that the run made is deleted; its names begin with %s: %s", s.run, strings.ReplaceAll(err.Error(), "\n", "; "))))
	}
}

// choose tells the cases to be run from those that come to a verdict without.
func (s *suite) choose(cases []Case) (chosen []Case, left []report.Case) {
	for _, c := range cases {
		unasked := c.judged()
		if reason := s.leftOut(c); reason != "" {
			unasked.Verdict, unasked.Reason = report.Skipped, reason
		} else if reason := s.lacks(c); reason != "" {
			unasked.Verdict, unasked.Reason = report.Unsupported, reason
		} else {
			chosen = append(chosen, c)
			continue
		}
		left = append(left, unasked)
	}
	return chosen, left
}

// suite is a run of the suite.
type suite struct {
	Options
	// run begins the names of all that is made.
	run string

	mutex  sync.Mutex
	judged []report.Case

	silence
	neighbours
}

// judge comes to a verdict on one case.
func (s *suite) judge(ctx context.Context, c Case) {
	judged, started := c.judged(), time.Now()
	target, err := s.under(ctx, c.Condition)
	var unsupported *UnsupportedError
	switch {
	case ctx.Err() != nil:
		judged.Verdict, judged.Reason = report.Error, report.Interrupted
	case errors.As(err, &unsupported):
		judged.Verdict, judged.Reason = report.Unsupported, err.Error()
	case err != nil:
		judged.Verdict, judged.Reason = report.Error, err.Error()
	case c.Condition == "" && s.isGone() != "":
		judged.Verdict, judged.Reason = report.Fail, "it was not asked: "+s.isGone()
	default:
		outcome := c.Run(ctx, target, s.Timescale)
		judged.Verdict, judged.Reason = outcome.Verdict, outcome.Reason
		judged.DurationMS = milliseconds(outcome.Took)
		if outcome.Verdict != report.Pass {
			judged.Trace, judged.Text = outcome.Result, outcome.Text
			judged.Repeat = s.repeatCase(c.ID)
		}
		if c.Condition == "" {
			s.heard(ctx, c.ID, outcome)
		}
	}
	judged.Reason, judged.Text = s.Target.shown(judged.Reason), s.Target.shown(judged.Text)
	if (judged.Verdict == report.Fail || judged.Verdict == report.Error) && judged.Reason != report.Interrupted {
		judged.Logged = s.logged(c.Condition, target, started)
	}
	s.record(judged)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

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
	s.Known.applyTo(&judged)
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
	t, err := s.Controller.Under(ctx, condition)
	t.run = s.run
	return t, err
}
