package published_test

import (
	"errors"
	"maps"
	"slices"
)

// expectation is all that a run has to come to.
type expectation struct {
	inputs   map[string]any
	requests []request
	answers  []*answer
	visits   []visit
	status   string
	outputs  map[string]any
	// unresolved names the value for want of which a request could not be made.
	unresolved string
	// complaints are what the description has against the answers.
	complaints []string
}

// request is what has to be sent.
type request struct {
	step       *step
	parameters []parameter
	mediaType  string
	hasBody    bool
	body       any
}

// visit is a line of the report.
type visit struct {
	Step     string
	Status   string
	Attempts int
	Action   string
	Outputs  map[string]any
}

// errAgain asks to begin anew with other inputs.
type errAgain struct{ inputs map[string]any }

func (e *errAgain) Error() string { return "the inputs have to be others" }

// errUntaken says why a branch cannot be taken.
type errUntaken struct {
	branch branch
	why    error
}

func (e *errUntaken) Error() string { return e.branch.name + ": " + e.why.Error() }

// expect foretells a run along a route. The inputs are changed where a condition asks
// for it.
func (d *document) expect(p *provider, route []branch, inputs map[string]any) (*expectation, error) {
	for range 4 {
		x, err := d.foretell(p, route, inputs)
		var again *errAgain
		if !errors.As(err, &again) {
			return x, err
		}
		inputs = again.inputs
	}
	return nil, errors.New("its criteria ask for inputs that contradict each other")
}

func (d *document) foretell(p *provider, route []branch, inputs map[string]any) (*expectation, error) {
	x := &expectation{inputs: inputs, status: "succeeded"}
	s := &state{inputs: d.withDefaults(inputs), declared: object(d.inputs["properties"]), steps: map[string]map[string]any{}}
	attempts := 0
	for i, b := range route {
		for range b.times {
			attempts++
			if !x.send(d.steps[b.from], s) {
				x.visits = append(x.visits, visit{d.steps[b.from].id, "failed", attempts, "", map[string]any{}})
				return x.over(d, s, "failed"), nil
			}
			next, complaint, err := d.steer(p, b, s)
			if err != nil {
				return nil, &errUntaken{b, err}
			}
			if !same(next.inputs, s.inputs) {
				return nil, &errAgain{next.inputs}
			}
			if complaint != "" && !slices.Contains(x.complaints, complaint) {
				x.complaints = append(x.complaints, complaint)
			}
			x.answers = append(x.answers, next.answer)
			s.answer = next.answer
			if b.kind == "retry" {
				continue
			}
			x.leave(d.steps[b.from], b, s, attempts)
			attempts = 0
		}
		if b.spent {
			if done, err := x.lastAttempt(d, p, b, s, attempts); !done || err != nil {
				return x, err
			}
		}
		if i == len(route)-1 && b.target == die {
			return x.over(d, s, "failed"), nil
		}
	}
	return x.over(d, s, "succeeded"), nil
}

// lastAttempt is the one after which no retry is left.
func (x *expectation) lastAttempt(d *document, p *provider, b branch, s *state, attempts int) (bool, error) {
	if !x.send(d.steps[b.from], s) {
		return false, errors.New("a retry of a request that could be made cannot be made")
	}
	next, _, err := d.steer(p, b, s)
	if err != nil {
		return false, err
	}
	x.answers = append(x.answers, next.answer)
	s.answer = next.answer
	b.action = -1
	x.leave(d.steps[b.from], b, s, attempts+1)
	return true, nil
}

// send foretells a request. It is false where a value is absent.
func (x *expectation) send(s *step, seen *state) bool {
	seen.answer = nil
	r := request{step: s}
	for _, p := range s.parameters {
		value, err := seen.value(p.value)
		if isOptional(err) && (s.operation.declared(p.name, p.in) == nil || s.operation.declared(p.name, p.in)["required"] != true) {
			continue
		}
		if err != nil {
			x.unresolved = err.Error()
			return false
		}
		r.parameters = append(r.parameters, parameter{p.name, p.in, value})
	}
	if s.hasBody {
		value, err := seen.value(s.body)
		switch {
		case isOptional(err) && s.operation.body["required"] != true:
		case err != nil:
			x.unresolved = err.Error()
			return false
		default:
			r.mediaType, _ = s.operation.requestSchema(s.contentType)
			r.hasBody, r.body = true, value
		}
	}
	x.requests = append(x.requests, r)
	return true
}

// leave ends a visit: its outputs are evaluated, whatever became of it.
func (x *expectation) leave(s *step, b branch, seen *state, attempts int) {
	v := visit{Step: s.id, Status: "succeeded", Attempts: attempts, Outputs: map[string]any{}}
	if b.fails {
		v.Status = "failed"
	}
	if b.action >= 0 {
		actions := s.onSuccess
		if b.fails {
			actions = s.onFailure
		}
		v.Action = actions[b.action].name
	}
	given := map[string]any{}
	for _, o := range s.outputs {
		value, err := seen.value(o.expression)
		if v.Outputs[o.name] = value; err == nil {
			given[o.name] = value
		}
	}
	seen.steps[s.id] = given
	x.visits = append(x.visits, v)
}

func (x *expectation) over(d *document, s *state, status string) *expectation {
	x.status, x.outputs = status, map[string]any{}
	s.answer = nil
	for _, o := range d.outputs {
		x.outputs[o.name], _ = s.value(o.expression)
	}
	return x
}

// absentOutputs are the outputs of steps that succeeded which are not there.
func (x *expectation) absentOutputs() []string {
	var names []string
	for _, v := range x.visits {
		for _, name := range slices.Sorted(maps.Keys(v.Outputs)) {
			if v.Status == "succeeded" && v.Outputs[name] == nil && !slices.Contains(names, v.Step+"."+name) {
				names = append(names, v.Step+"."+name)
			}
		}
	}
	return names
}
