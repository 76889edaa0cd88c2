package runner

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// inputs are what one execution of a workflow was given, typed and validated.
type inputs struct {
	values map[string]any
	// secret are the names of those that no report shows.
	secret map[string]bool
}

// bindInputs gives the caller's inputs to the workflows that a run begins with, and
// to those that one which is called may depend on (S-042).
func (p *planner) bindInputs() {
	used := map[string]bool{}
	var bound []*workflow
	for _, w := range p.order {
		if p.isGiven(w) {
			bound = append(bound, w)
			b := bind(w, p.callersInputs(w, used), p.secrets)
			if !p.Diagnostics.Failed() {
				b.validate()
			}
			w.given = b.inputs
			p.add(b.wrong...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.options.Inputs)) {
		if !used[name] {
			p.unknownInput(bound, name)
		}
	}
}

// normalInputs turns the caller's inputs into JSON values, before anything looks
// into them. It is false where one is none, such as a function, or holds itself.
func (p *planner) normalInputs() bool {
	plain, ok := map[string]any{}, true
	for _, name := range slices.Sorted(maps.Keys(p.options.Inputs)) {
		value, err := jsonValue(p.options.Inputs[name])
		if err != nil {
			ok = false
			p.report(&source.Diagnostic{
				Code: "wrong-input", Position: p.document.At("workflows"),
				Message:  fmt.Sprintf("the input %q is no JSON value: %v", name, err),
				Expected: "what encoding/json writes: numbers, texts in UTF-8, lists and objects of them",
			})
		}
		plain[name] = value
	}
	p.options.Inputs = plain
	return ok
}

// isGiven tells whether the caller gives the workflow its inputs.
func (p *planner) isGiven(w *workflow) bool {
	return slices.Contains(p.starts, w) ||
		slices.ContainsFunc(p.order, func(other *workflow) bool { return slices.Contains(other.DependsOn, w.Workflow) })
}

func (p *planner) unknownInput(bound []*workflow, name string) {
	var names []string
	for _, w := range bound {
		for _, i := range w.Inputs {
			names = append(names, i.Name)
		}
	}
	p.report(&source.Diagnostic{
		Code: "unknown-input", Position: p.document.At("workflows"),
		Message:  fmt.Sprintf("no workflow that runs declares the input %q", name),
		Expected: "one of " + list(slices.Compact(names)), Fix: didYouMean(name, names),
	})
}

// callersInputs are the caller's inputs for a workflow: one meant for it goes before
// one for all, and a bound API's is last. Names that the workflow does not declare
// are given to one whose schema lets in others (S-041).
func (p *planner) callersInputs(w *workflow, used map[string]bool) map[string]any {
	given := map[string]any{}
	take := func(key, name string, value any) {
		if w.AcceptsInput(name) {
			given[name], used[key] = value, true
		}
	}
	for _, declared := range w.Inputs {
		if value, ok := p.options.DefaultInputs[declared.Name]; ok {
			given[declared.Name] = value
		}
	}
	own := map[string]any{}
	for key, value := range p.options.Inputs {
		if name, ok := strings.CutPrefix(key, w.WorkflowID+"."); ok {
			own[name] = value
		}
		if w.Declares(key) || !p.isForOne(key) {
			take(key, key, value)
		}
	}
	for name, value := range own {
		take(w.WorkflowID+"."+name, name, value)
	}
	return given
}

// isForOne tells whether a name of the caller's is WORKFLOW.NAME.
func (p *planner) isForOne(key string) bool {
	return slices.ContainsFunc(p.order, func(w *workflow) bool { return strings.HasPrefix(key, w.WorkflowID+".") })
}

// bind gives a workflow its inputs: what it is given, else the default, typed by its
// schema (S-041). Those that are secret are added to the secrets.
func bind(w *workflow, given map[string]any, secrets *secrets) *binding {
	b := &binding{secrets: secrets, workflow: w, inputs: &inputs{values: map[string]any{}, secret: map[string]bool{}}}
	rest := maps.Clone(given)
	for _, declared := range w.Inputs {
		value, ok := given[declared.Name]
		if preset := declared.Default(); !ok && preset != nil {
			value, ok = preset.Data(), true
		}
		if ok {
			b.bind(declared, value)
		}
		delete(rest, declared.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(rest)) {
		b.bind(w.Other(name), rest[name])
	}
	return b
}

// binding is a workflow that is given its inputs.
type binding struct {
	*inputs
	secrets  *secrets
	workflow *workflow
	// wrong is what was found wrong with the inputs.
	wrong source.Diagnostics
}

// bind gives an input its value. A secret is known as one before anything can go
// wrong with it.
func (b *binding) bind(declared link.Input, value any) {
	if b.secrets.hide(declared.Name, declared, value) {
		b.secret[declared.Name] = true
	}
	if text, isText := value.(Text); isText {
		var err error
		if value, err = typed(string(text), declared.Types()); err != nil {
			b.wrongInput(declared.Position, []string{declared.Name}, err.Error())
			return
		}
	}
	b.values[declared.Name] = value
	b.secrets.hide(declared.Name, declared, b.values[declared.Name])
}

// hide makes a secret of an input whose name or format says that it is one, or of
// the members of which that is true.
func (s *secrets) hide(name string, declared link.Input, value any) bool {
	format, _ := declared.Keyword("format").Text()
	if secret.Named(name) || format == "password" {
		s.add(value)
		return true
	}
	members, _ := value.(map[string]any)
	for member, v := range members {
		s.hide(member, declared.Member(member), v)
	}
	return false
}

// typed gives a text the type that the schema asks for: a string as it is, the
// other types as JSON. Where several are allowed JSON goes first.
func typed(text string, types []string) (any, error) {
	if len(types) == 1 && types[0] == "string" {
		return text, nil
	}
	value, err := source.DecodeJSON(text)
	switch {
	case err == nil && (len(types) == 0 || slices.ContainsFunc(types, func(t string) bool { return fits(t, value) })):
		return value, nil
	case len(types) == 0 || slices.Contains(types, "string"):
		return text, nil
	default:
		return nil, fmt.Errorf("%q is not of the type %s", text, strings.Join(types, " or "))
	}
}

func fits(schemaType string, value any) bool {
	kind := source.KindOf(value)
	return schemaType == string(kind) || schemaType == "integer" && kind == source.Number
}

// jsonValue turns a Go value of the caller's into the JSON values of the runner. A
// [Text] stays one.
func jsonValue(value any) (any, error) {
	switch v := value.(type) {
	case nil, bool:
		return value, nil
	case string:
		return value, validText(v)
	case Text:
		return value, validText(string(v))
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	if replaced(text) {
		return nil, errNoUTF8
	}
	return source.DecodeJSON(string(text))
}

var errNoUTF8 = errors.New("a text in it is not in UTF-8")

func validText(text string) error {
	if !utf8.ValidString(text) {
		return errNoUTF8
	}
	return nil
}

// replaced tells whether encoding/json wrote an escape in place of what is no UTF-8.
// The character itself it writes as it is.
func replaced(text []byte) bool {
	for {
		at := bytes.Index(text, []byte(`\ufffd`))
		if at < 0 {
			return false
		}
		before := text[:at]
		if (len(before)-len(bytes.TrimRight(before, `\`)))%2 == 0 {
			return true
		}
		text = text[at+1:]
	}
}
