package conformance

import (
	"fmt"
	"slices"
	"strings"
)

// Profile is whose requirements are judged: those of one API, or of both.
type Profile string

// The profiles.
const (
	PulseProfile      Profile = "pulse"
	AccelerateProfile Profile = "accelerate"
	AllProfile        Profile = "all"
)

// String is how it is written as a flag.
func (p *Profile) String() string { return string(*p) }

// Set takes what a flag names.
func (p *Profile) Set(text string) error {
	named := Profile(text)
	if named != PulseProfile && named != AccelerateProfile && named != AllProfile {
		return fmt.Errorf("expected %s, %s or %s", PulseProfile, AccelerateProfile, AllProfile)
	}
	*p = named
	return nil
}

// prefixes begin the ids of the requirements of each API.
var prefixes = map[API]string{Pulse: "PULSE-", Accelerate: "ACCEL-"}

// has tells whether the case is of the profile: whether all that it proves is.
func (p Profile) has(c Case) bool {
	if p == AllProfile {
		return true
	}
	return !slices.ContainsFunc(c.Requirements, func(id string) bool { return !strings.HasPrefix(id, prefixes[API(p)]) })
}

// asks tells whether cases of the profile ask the API. Rows are written through
// Accelerate whatever is judged.
func (p Profile) asks(api API) bool { return api == Accelerate || p != AccelerateProfile }

// of are the cases of the profile.
func (p Profile) of(cases []Case) []Case {
	return slices.DeleteFunc(slices.Clone(cases), func(c Case) bool { return !p.has(c) })
}
