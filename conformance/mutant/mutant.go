package mutant

import (
	"net/http"
	"slices"
)

// Mutant is one way to break an implementation.
type Mutant struct {
	// Name says in a sentence what the broken implementation does.
	Name string
	// Kills are the ids of the cases that must fail, in the order of the alphabet.
	Kills []string
	// Pulse and Accelerate are what is broken in each of the two APIs; nil is nothing.
	Pulse, Accelerate Defect
	// Both makes, for one proxy, two defects that share what they remember. It stands
	// alone.
	Both func() (pulse, accelerate Defect)
	// Alone is true where the defect disturbs whoever else uses the same target.
	Alone bool
	// AtOnce is true where the defect breaks nothing but what was asked at a time.
	AtOnce bool
}

// Defect breaks what lies between a client and the target. It is applied once for
// each proxy, so what it remembers is that proxy's. It may change the requests and
// the answers that it is given, for nobody else has them.
type Defect func(target http.RoundTripper) http.RoundTripper

// All lists the mutants, area by area.
func All() []Mutant {
	return slices.Concat(
		pulseStreams, pulseEvents, pulseOrder, pulseFilters, pulseErrors,
		accelerateQuery, accelerateError, accelerateInfo, accelerateCache, accelerateTag, accelerateLimit,
		subtle, atOnce, unusual,
	)
}

// Breaks tells which of the two APIs the mutant breaks; of the other one nothing is
// altered.
func (m Mutant) Breaks() (pulse, accelerate bool) {
	return m.Pulse != nil || m.Both != nil, m.Accelerate != nil || m.Both != nil
}

// defects are those of each API, made anew.
func (m Mutant) defects() (pulse, accelerate Defect) {
	if m.Both != nil {
		return m.Both()
	}
	return m.Pulse, m.Accelerate
}

// stacked are several defects as one; the first alters an answer first.
func stacked(defects ...Defect) Defect {
	return func(target http.RoundTripper) http.RoundTripper { return stack(target, defects) }
}

// roundTrip is a function that carries a request.
type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// carrying is a defect that carries each request in its own way.
func carrying(carry func(target http.RoundTripper, r *http.Request) (*http.Response, error)) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) { return carry(target, r) })
	}
}

// sharing is a defect with a state that is made for one proxy.
func sharing(newDefect func() Defect) Defect {
	return func(target http.RoundTripper) http.RoundTripper { return newDefect()(target) }
}

// stack puts defects before a target; the first alters an answer first.
func stack(target http.RoundTripper, defects []Defect) http.RoundTripper {
	for _, d := range defects {
		target = d(target)
	}
	return target
}
