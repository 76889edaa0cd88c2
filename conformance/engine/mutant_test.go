package engine_test

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/arazzo-conformance/arazzo/conformance/engine"
)

// mutant is a case with one expectation altered.
type mutant struct {
	what     string
	expected *engine.Case
}

// mutants alter every expectation of a case, one at a time. The observation is one
// that the case agrees with, so that the judge must complain of each.
func mutants(seen *engine.Observation) []mutant {
	var all []mutant
	alter := func(what string, change func(c *engine.Case)) {
		c := *seen.Case
		c.Requests, c.Outputs = slices.Clone(c.Requests), maps.Clone(c.Outputs)
		change(&c)
		all = append(all, mutant{what, &c})
	}
	for _, v := range []engine.Verdict{engine.Succeeded, engine.Failed, engine.Refused} {
		if v != seen.Case.Verdict {
			alter("the verdict "+string(v), func(c *engine.Case) { c.Verdict = v })
		}
	}
	if seen.Case.Failing != "" {
		alter("another failing step", func(c *engine.Case) { c.Failing += "x" })
	}
	if seen.Case.Verdict != engine.Refused {
		alter("an output more", func(c *engine.Case) { c.Outputs = with(c.Outputs, "no such output", nil) })
	}
	for name := range seen.Case.Outputs {
		alter("another value of "+name, func(c *engine.Case) { c.Outputs[name] = []any{c.Outputs[name]} })
		alter("the missing output "+name, func(c *engine.Case) { delete(c.Outputs, name) })
	}
	alter("a request more", func(c *engine.Case) {
		c.Requests = append(c.Requests, engine.Request{Server: "api", Method: http.MethodGet, Target: engine.Spellings{"/"}})
	})
	for i := range seen.Case.Requests {
		alter("a request less", func(c *engine.Case) { c.Requests = slices.Delete(c.Requests, i, i+1) })
		for _, m := range requestMutants(seen.Case.Requests[i], seen.Requests[i]) {
			alter(m.what, func(c *engine.Case) { c.Requests[i] = m.request })
		}
	}
	return all
}

func with(o engine.Object, name string, value any) engine.Object {
	if o == nil {
		o = engine.Object{}
	}
	o[name] = value
	return o
}

type requestMutant struct {
	what    string
	request engine.Request
}

func requestMutants(want engine.Request, got engine.Recorded) []requestMutant {
	var all []requestMutant
	alter := func(what string, change func(r *engine.Request)) {
		r := want
		r.Headers, r.Content.Parts = maps.Clone(r.Headers), slices.Clone(r.Content.Parts)
		change(&r)
		all = append(all, requestMutant{what, r})
	}
	alter("another server", func(r *engine.Request) { r.Server += "x" })
	alter("another method", func(r *engine.Request) { r.Method += "X" })
	alter("another target", func(r *engine.Request) { r.Target = engine.Spellings{got.Target + "x"} })
	for name := range want.Headers {
		alter("another "+name, func(r *engine.Request) { r.Headers[name] = engine.Spellings{"no such value"} })
		alter("two of "+name, func(r *engine.Request) { r.Headers[name] = append(slices.Clone(r.Headers[name]), "x") })
	}
	for name := range got.Header {
		alter("an absent "+name, func(r *engine.Request) { r.Absent = append(slices.Clone(r.Absent), name) })
	}
	for i := range want.Content.Parts {
		alter("a part less", func(r *engine.Request) { r.Content.Parts = slices.Delete(r.Content.Parts, i, i+1) })
		alter("another name of a part", func(r *engine.Request) { r.Content.Parts[i].Name += "x" })
		alter("another file of a part", func(r *engine.Request) { r.Content.Parts[i].Filename += "x" })
		alter("another type of a part", func(r *engine.Request) { r.Content.Parts[i].Type += "x" })
		alter("another body of a part", func(r *engine.Request) { r.Content.Parts[i].Content = other(r.Content.Parts[i].Content) })
	}
	if want.Content.Parts != nil {
		alter("a part more", func(r *engine.Request) { r.Content.Parts = append(r.Content.Parts, engine.Part{Name: "no such part"}) })
		return all
	}
	alter("another body", func(r *engine.Request) { r.Content = other(r.Content) })
	if len(got.Body) > 0 {
		alter("no body", func(r *engine.Request) { r.Content = engine.Content{} })
	}
	return all
}

// other is a body that differs.
func other(c engine.Content) engine.Content {
	switch {
	case c.JSON.Given:
		c.JSON.Value = []any{c.JSON.Value}
	case len(c.Texts) > 0:
		c.Texts = engine.Spellings{c.Texts[0] + "x"}
	default:
		c.Texts = engine.Spellings{"x"}
	}
	return c
}

// TestIdleRunners judges runners that send nothing and always say the same. They
// must pass no case but those in which that is right.
func TestIdleRunners(t *testing.T) {
	t.Parallel()
	for _, says := range []engine.Verdict{engine.Succeeded, engine.Failed, engine.Refused, engine.Unsuccessful} {
		for _, c := range load(t) {
			right := len(c.Requests) == 0 && (says == c.Verdict || says == engine.Unsuccessful && c.Verdict != engine.Succeeded)
			passes := len(c.Judge(nil, engine.Report{Verdict: says})) == 0
			if passes != (right && len(c.Outputs) == 0) {
				t.Errorf("%s: a runner that sends nothing and says %s passes: %t", c.Name, says, passes)
			}
		}
	}
}
