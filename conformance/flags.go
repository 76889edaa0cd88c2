package conformance

import (
	"errors"
	"flag"
	"fmt"
	"net/url"
	"strings"
)

// Flags are how a person says what is judged, to go test and to a program alike.
// They may be written with one hyphen or two, as package flag has it.
type Flags struct {
	Target    Target
	Run, Skip Patterns
	Timescale float64
	Parallel  int
}

// Add adds the flags to a set.
func (f *Flags) Add(set *flag.FlagSet) {
	f.Target.Flags(set)
	set.Var(&f.Run, "run", "run only the cases that `PATTERNS` name: an id such as pulse-create/twice, a group such as pulse-create, * and ?; separated by commas, repeatable")
	set.Var(&f.Skip, "skip", "leave out the cases that `PATTERNS` name")
	set.Float64Var(&f.Timescale, "timescale", 1, "multiply every bound on time by `FACTOR`, on a slow machine or network")
	set.IntVar(&f.Parallel, "parallel-cases", sideBySide, "how many cases run side by side")
}

// Check says what is wrong with the flags, before anything is started or asked.
func (f *Flags) Check() error {
	switch {
	case f.Timescale < 1 || f.Timescale > maxTimescale:
		return fmt.Errorf("--timescale %v: expected 1 to %d", f.Timescale, maxTimescale)
	case f.Parallel < 1 || f.Parallel > maxParallel:
		return fmt.Errorf("--parallel-cases %d: expected 1 to %d", f.Parallel, maxParallel)
	}
	if f.Target.Named() {
		if err := f.Target.Check(); err != nil {
			return err
		}
	}
	cases, err := Cases()
	if err != nil {
		return err
	}
	o := f.Options()
	return o.check(cases)
}

// Options are what the flags say of a run.
func (f *Flags) Options() Options {
	return Options{Target: f.Target, Run: f.Run, Skip: f.Skip, Timescale: f.Timescale, Parallel: f.Parallel}
}

// The largest that a flag may ask for. Behind a timescale of a hundred a case may
// take hours.
const (
	maxTimescale = 100
	maxParallel  = 64
)

// The flags that name a target.
const (
	pulseFlag      = "pulse"
	accelerateFlag = "accelerate"
	keyFlag        = "api-key"
)

// Flags adds the flags that name the target.
func (t *Target) Flags(f *flag.FlagSet) {
	f.StringVar(&t.PulseURL, pulseFlag, "", "judge the Pulse API at this base `URL`; needs --accelerate and --api-key")
	f.StringVar(&t.AccelerateURL, accelerateFlag, "", "judge the Accelerate API at this base `URL`; needs --pulse and --api-key")
	f.StringVar(&t.APIKey, keyFlag, "", "the `KEY` that both APIs take as a bearer token; needs --pulse and --accelerate")
}

// Named tells whether any of the flags was given.
func (t Target) Named() bool { return t != Target{} }

// Check says what is wrong with the flags of a target that is named. It never
// repeats the key, nor a password in a URL.
func (t Target) Check() error {
	var given, missing []string
	for _, f := range []struct{ name, value string }{
		{pulseFlag, t.PulseURL},
		{accelerateFlag, t.AccelerateURL},
		{keyFlag, t.APIKey},
	} {
		if f.value != "" {
			given = append(given, "--"+f.name)
		} else {
			missing = append(missing, "--"+f.name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("a target takes --pulse URL, --accelerate URL and --api-key KEY together: given %s, missing %s; add what is missing",
			orNothing(given), strings.Join(missing, " and "))
	}
	return errors.Join(checkURL(pulseFlag, t.PulseURL), checkURL(accelerateFlag, t.AccelerateURL))
}

func orNothing(flags []string) string {
	if len(flags) == 0 {
		return "nothing"
	}
	return strings.Join(flags, " and ")
}

func checkURL(name, text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		// The error would repeat the text, and with it a password.
		return fmt.Errorf("--%s is not a URL; give one such as http://127.0.0.1:4466", name)
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return fmt.Errorf("--%s %s is not an http(s) URL; give one such as http://127.0.0.1:4466", name, u.Redacted())
	case u.RawQuery != "", u.Fragment != "":
		return fmt.Errorf("--%s %s has a query or a fragment; give the base URL alone, paths are added to it", name, u.Redacted())
	}
	return nil
}
