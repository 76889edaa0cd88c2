package published_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/contract"
)

// steering finds the answer of a step's operation that makes the run take a branch.
type steering struct {
	*provider
	document *document
	step     *step
	state    *state
	wanted   []wanted
	// success tells that the step's outputs have to be there; bare that they need not
	// be, which is tried last.
	success, bare bool

	generator *generator
	schema    schema
	tries     int
	// found is the best so far, and why the description does not allow it.
	found     *state
	complaint string
}

// steered is an answer, and what is against it in the description.
type steered struct {
	state     *state
	complaint string
	err       error
}

// steer finds the state with the answer, once.
func (d *document) steer(p *provider, b branch, s *state) (*state, string, error) {
	key := fmt.Sprint(b, jsonOf([]any{s.inputs, s.steps}))
	found, known := d.steered[key]
	if !known {
		found.state, found.complaint, found.err = d.newlySteered(p, b, s)
		d.steered[key] = found
	}
	return found.state, found.complaint, found.err
}

func (d *document) newlySteered(p *provider, b branch, s *state) (*state, string, error) {
	var reason error
	var found *steering
	for _, so := range []struct{ strict, alone bool }{{true, true}, {false, true}, {true, false}, {false, false}} {
		if found != nil && !so.alone {
			break
		}
		asked, err := d.asks(b, so.strict, so.alone)
		if err != nil {
			return nil, "", err
		}
		one := &steering{provider: p, document: d, step: d.steps[b.from], state: s, wanted: asked, success: !b.fails}
		one.search()
		switch {
		case one.found == nil:
			reason = errNoAnswer
			if b.action < 0 && !b.fails {
				reason = errors.New("its actions leave no answer to it")
			}
		case one.complaint == "":
			return one.found, "", nil
		case found == nil:
			found = one
		}
	}
	if found == nil {
		return nil, "", reason
	}
	return found.found, found.complaint, nil
}

var errNoAnswer = errors.New("no answer has its criteria hold and those of the others not")

// search tries statuses, and for each of them bodies of several makes.
func (v *steering) search() {
	atoms := v.ways()
	for _, status := range v.statuses() {
		for make := range 12 {
			v.generator = &generator{choice: make / 2 % 3, sparse: make%2 == 1}
			v.bare = make >= 6
			for _, way := range atoms {
				v.tries = 0
				v.try(v.answer(status), way)
				if v.found != nil && v.complaint == "" {
					return
				}
			}
		}
	}
}

// ways are the atoms to make true, equations first: what they set has to stay.
func (v *steering) ways() [][]atom {
	all := [][]atom{nil}
	for _, w := range v.wanted {
		var longer [][]atom
		for _, so := range all {
			for _, more := range w.condition.ways(w.want) {
				if len(longer) < 500 {
					longer = append(longer, append(so[:len(so):len(so)], more...))
				}
			}
		}
		all = longer
	}
	for _, way := range all {
		slices.SortStableFunc(way, func(a, b atom) int { return a.rank() - b.rank() })
	}
	return all
}

func (a atom) rank() int {
	if a.want == (a.leaf.operator == "==") {
		return 0
	}
	return 1
}

// statuses are those that the conditions name, then the declared ones.
func (v *steering) statuses() []int {
	var all []int
	add := func(n int) {
		if !slices.Contains(all, n) && (n >= 200 && n < 300 || n >= 400) {
			all = append(all, n)
		}
	}
	for _, way := range v.ways() {
		for _, a := range way {
			if n, ok := a.leaf.right.(json.Number); ok && a.leaf.left.root == "$statusCode" && a.want {
				status, _ := strconv.Atoi(n.String())
				add(status)
			}
		}
	}
	for _, name := range sortedKeys(object(v.step.operation.node["responses"])) {
		if n, err := strconv.Atoi(name); err == nil {
			add(n)
		}
	}
	if !v.success || len(all) == 0 {
		for _, n := range []int{200, 400, 401, 404, 429, 500} {
			add(n)
		}
	}
	rank := func(status int) int { // what is declared goes first, and failures where one is wanted
		return 2*boolean(v.step.operation.response(status) == nil) + boolean(!v.success && status < 400)
	}
	slices.SortStableFunc(all, func(a, b int) int { return rank(a) - rank(b) })
	return all
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// answer is what the description lets the operation answer with.
func (v *steering) answer(status int) *state {
	op := v.step.operation
	response := op.response(status)
	if response == nil && status < 300 {
		response = op.success()
	}
	media, raw := op.content(response)
	v.schema = read(raw, op.api, v.generator.choice)
	a := &answer{status: status, media: media, header: map[string]string{}}
	if media != "" && status != http.StatusNoContent {
		a.header["Content-Type"], a.hasBody = media, true
		if isJSON(media) {
			a.body = v.generator.value(v.schema, "body", 0)
		} else {
			a.body = "content of " + media
		}
	}
	for _, name := range sortedKeys(object(response["headers"])) {
		header := object(op.api.follow(object(response["headers"])[name]))
		raw := header["schema"]
		if op.api.isSwagger() {
			raw = header
		}
		if header["required"] == true || v.reads(name) {
			a.header[name] = textOf(v.generator.value(read(raw, op.api, 0), name, 0))
		}
	}
	if v.success && !v.bare && isJSON(media) && a.hasBody {
		v.provideOutputs(a)
	}
	return &state{inputs: clone(v.state.inputs).(map[string]any), declared: v.state.declared, steps: v.state.steps, answer: a}
}

func (v *steering) reads(header string) bool {
	return slices.ContainsFunc(v.step.outputs, func(o output) bool { return strings.EqualFold(o.expression, "$response.header."+header) })
}

// provideOutputs makes sure that what the step's outputs name is there, and fits
// where it is used.
func (v *steering) provideOutputs(a *answer) {
	for _, o := range v.step.outputs {
		pointer, ok := strings.CutPrefix(o.expression, "$response.body#")
		if !ok {
			continue
		}
		name := "$steps." + v.step.id + ".outputs." + o.name
		more := v.document.further[name]
		v.generator.wild = !v.document.inHeaders[name]
		a.body = v.generator.ensure(a.body, v.schema, pointerTokens(pointer), func(old any, there bool, s schema) any {
			if there && old != nil && (len(more) == 0 || s.contradicts(more)) {
				return old
			}
			if !s.contradicts(more) {
				s = append(s[:len(s):len(s)], more...)
			}
			return v.generator.value(s, o.name, 1)
		})
	}
	v.generator.wild = false
}

// ensure changes what is at a place, and makes what leads there.
func (g *generator) ensure(v any, s schema, tokens []string, change func(old any, there bool, s schema) any) any {
	if len(tokens) == 0 {
		return change(v, v != nil, s)
	}
	types := s.types()
	if i, err := strconv.Atoi(tokens[0]); err == nil && (len(types) == 0 || types[0] == "array") {
		items, _ := v.([]any)
		for len(items) <= i {
			items = append(items, g.value(s.items(g.choice), "item", 1))
		}
		items[i] = g.ensure(items[i], s.items(g.choice), tokens[1:], change)
		return items
	}
	members, ok := v.(map[string]any)
	if !ok {
		if members, ok = g.value(s, "member", 1).(map[string]any); !ok {
			members = map[string]any{}
		}
	}
	one, _ := s.property(tokens[0], g.choice)
	if old, there := members[tokens[0]]; there || len(tokens) > 1 {
		members[tokens[0]] = g.ensure(old, one, tokens[1:], change)
	} else {
		members[tokens[0]] = change(nil, false, one)
	}
	return members
}

// try makes atom after atom come out as it should, and keeps what the description
// allows.
func (v *steering) try(s *state, rest []atom) bool {
	if v.tries++; v.tries > 300 {
		return false
	}
	for i, a := range rest {
		if a.leaf.holds(s) == a.want {
			continue
		}
		for _, changed := range v.moves(a, s) {
			if v.try(changed, rest[i+1:]) {
				return true
			}
		}
		return false
	}
	for _, w := range v.wanted {
		if w.condition.holds(s) != w.want {
			return false
		}
	}
	if v.success && len(v.step.criteria) == 0 && s.answer.status >= 400 || !v.success && len(v.step.criteria) == 0 && s.answer.status < 400 {
		return false
	}
	complaint := v.against(s.answer)
	if v.found == nil || complaint == "" {
		v.found, v.complaint = s, complaint
	}
	return complaint == ""
}

// moves are changed states in which the atom comes out as it should.
func (v *steering) moves(a atom, s *state) []*state {
	p := a.leaf.left
	var all []*state
	add := func(change func(old any, there bool, s schema) any) {
		next := &state{inputs: clone(s.inputs).(map[string]any), declared: s.declared, steps: s.steps, answer: s.answer}
		switch {
		case p.root == "$inputs":
			next.inputs, _ = v.generator.ensure(next.inputs, v.document.inputSchema(), p.tokens, change).(map[string]any)
		case p.root == "$response.body" && s.answer.hasBody:
			copied := *s.answer
			copied.body = v.generator.ensure(clone(copied.body), v.schema, p.tokens, change)
			next.answer = &copied
		default:
			return
		}
		if a.leaf.holds(next) == a.want {
			all = append(all, next)
		}
	}
	switch {
	case p.filter != nil:
		v.filtered(p, s, add)
	case p.length:
		for n := range 4 {
			add(v.resized(n))
		}
	default:
		for _, value := range others(s.written(a.leaf.right)) {
			add(func(any, bool, schema) any { return value })
		}
		for i := range 6 {
			add(func(_ any, _ bool, s schema) any {
				if values := s.enumeration(); i < len(values) {
					return values[i]
				}
				return v.generator.value(s, "other", 1)
			})
		}
		for _, without := range v.removed(p, s) {
			if a.leaf.holds(without) == a.want {
				all = append(all, without)
			}
		}
	}
	return all
}

// removed are states without the value, or without the items that lead there.
func (v *steering) removed(p path, s *state) []*state {
	var all []*state
	for n := len(p.tokens) - 1; n >= 0; n-- {
		last := p.tokens[n]
		cut := func(old any, _ bool, _ schema) any {
			switch x := old.(type) {
			case map[string]any:
				delete(x, last)
			case []any:
				if i, err := strconv.Atoi(last); err == nil && i < len(x) {
					return x[:i]
				}
			}
			return old
		}
		next := &state{inputs: clone(s.inputs).(map[string]any), declared: s.declared, steps: s.steps, answer: s.answer}
		switch {
		case p.root == "$inputs":
			next.inputs, _ = v.generator.ensure(next.inputs, v.document.inputSchema(), p.tokens[:n], cut).(map[string]any)
		case p.root == "$response.body" && s.answer.hasBody:
			copied := *s.answer
			copied.body = v.generator.ensure(clone(copied.body), v.schema, p.tokens[:n], cut)
			next.answer = &copied
		}
		all = append(all, next)
	}
	return all
}

// others are a literal, and values on every side of it.
func others(literal any) []any {
	switch x := literal.(type) {
	case json.Number:
		n, err := strconv.ParseFloat(x.String(), 64)
		if err != nil {
			return []any{x}
		}
		write := func(f float64) any { return json.Number(strconv.FormatFloat(f, 'f', -1, 64)) }
		return []any{x, write(n + 1), write(n - 1)}
	case bool:
		return []any{x, !x}
	case string:
		return []any{x}
	default:
		return nil
	}
}

// resized makes a list of so many items.
func (v *steering) resized(n int) func(any, bool, schema) any {
	return func(old any, _ bool, s schema) any {
		items, _ := old.([]any)
		items = slices.Clone(items)
		for len(items) < n {
			items = append(items, v.generator.value(s.items(v.generator.choice), "item", 1))
		}
		return items[:n]
	}
}

// filtered makes items that the filter takes, or does not.
func (v *steering) filtered(p path, s *state, add func(func(any, bool, schema) any)) {
	values := append(others(s.written(p.filter.right)), "another")
	for _, value := range values {
		add(func(old any, _ bool, of schema) any {
			items, _ := v.resized(1)(old, true, of).([]any)
			for i := range items {
				items[i] = v.generator.ensure(clone(items[i]), of.items(v.generator.choice), p.filter.left.tokens,
					func(_ any, _ bool, s schema) any {
						if values := s.enumeration(); value == "another" && len(values) > 1 {
							return values[1]
						}
						return value
					})
			}
			return items
		})
	}
	add(v.resized(0))
}

// against is what the description has against an answer.
func (v *steering) against(a *answer) string {
	op, checker := v.operation(v.step.operation)
	if op == nil {
		return "the operation cannot be built"
	}
	for _, f := range checker.Response(op, a.asReceived()).Findings {
		return fmt.Sprintf("%d %s%s", a.status, at(f.Pointer), f.Message)
	}
	return ""
}

// asReceived is the answer for the runner's own checks.
func (a *answer) asReceived() contract.Response {
	header := http.Header{}
	for name, value := range a.header {
		header.Set(name, value)
	}
	return contract.Response{Status: a.status, Header: header, ContentType: a.header["Content-Type"], Body: a.body, Empty: !a.hasBody}
}

func at(pointer string) string {
	if pointer == "" {
		return ""
	}
	return pointer + ": "
}
