package report

import (
	"cmp"
	"slices"
)

// Conclude brings the cases into the order of their ids, counts their verdicts, and
// says what the run came to.
func (r *Report) Conclude() {
	slices.SortFunc(r.Cases, func(a, b Case) int { return cmp.Compare(a.ID, b.ID) })
	r.Summary = map[Level]Counts{}
	for _, level := range []Level{Core, Extended} {
		r.Summary[level] = Counts{}
		for _, v := range Verdicts {
			r.Summary[level][v] = 0
		}
	}
	for _, c := range r.Cases {
		r.Summary[c.Level][c.Verdict]++
	}
	r.Status = r.conclusion()
}

// conclusion goes from what says least of the target to what says most.
func (r *Report) conclusion() Status {
	is := func(verdicts ...Verdict) bool {
		return slices.ContainsFunc(r.Cases, func(c Case) bool { return slices.Contains(verdicts, c.Verdict) })
	}
	unknown := func(c Case) bool { return c.Verdict == Fail && c.Known == "" || c.Verdict == Pass && c.Known != "" }
	switch {
	case slices.ContainsFunc(r.Smoke, func(c Check) bool { return !c.OK }):
		return Refused
	case is(Error):
		return Unjudged
	case !is(Pass, Fail):
		return Empty
	case len(r.Problems) > 0 || slices.ContainsFunc(r.Cases, unknown):
		return Fails
	case is(Fail, Skipped):
		return Passes
	default:
		return Conforms
	}
}

// Count is how many cases of any level came to a verdict.
func (r *Report) Count(v Verdict) int { return r.Summary[Core][v] + r.Summary[Extended][v] }
