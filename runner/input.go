package runner

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// bindInputs gives each selected workflow its inputs: what the caller gave,
// else the default, typed and validated by the workflow's schema (S-041).
func (p *planner) bindInputs() {
	used := map[string]bool{}
	for _, w := range p.workflows {
		p.bindWorkflow(w, used)
	}
	var unused []string
	for name := range p.options.Inputs {
		if !used[name] {
			unused = append(unused, name)
		}
	}
	sort.Strings(unused)
	for _, name := range unused {
		p.unknownInput(name)
	}
}

func (p *planner) unknownInput(name string) {
	var names []string
	for _, w := range p.workflows {
		names = append(names, inputNames(w)...)
	}
	p.report(&source.Diagnostic{
		Code: "unknown-input", Position: p.document.At("workflows"),
		Message:  fmt.Sprintf("no workflow that runs declares the input %q", name),
		Expected: "one of " + list(slices.Compact(names)), Fix: didYouMean(name, names),
	})
}

func inputNames(w *workflow) []string {
	var names []string
	for _, i := range w.Inputs {
		names = append(names, i.Name)
	}
	return names
}

func (p *planner) bindWorkflow(w *workflow, used map[string]bool) {
	w.inputs, w.secretInputs = map[string]any{}, map[string]bool{}
	for _, declared := range w.Inputs {
		value, given := p.given(w, declared.Name, used)
		if preset := declared.Default(); !given && preset != nil {
			value, given = preset.Data(), true
		}
		if given {
			p.bind(w, declared, value)
		}
	}
	if !p.Diagnostics.Failed() {
		p.validateInputs(w)
	}
}

// bind gives an input its value. A secret is known as one before anything can go
// wrong with it.
func (p *planner) bind(w *workflow, declared link.Input, value any) {
	if p.hide(declared.Name, declared, value) {
		w.secretInputs[declared.Name] = true
	}
	if text, isText := value.(Text); isText {
		var err error
		if value, err = typed(string(text), declared.Types()); err != nil {
			p.wrongInput(w, declared.Position, []string{declared.Name}, err.Error())
			return
		}
	}
	w.inputs[declared.Name] = normal(value)
	p.hide(declared.Name, declared, w.inputs[declared.Name])
}

// hide makes a secret of an input whose name or format says that it is one, or of
// the members of which that is true.
func (p *planner) hide(name string, declared link.Input, value any) bool {
	format, _ := declared.Keyword("format").Text()
	if secret.Named(name) || format == "password" {
		p.secrets.add(value)
		return true
	}
	members, _ := value.(map[string]any)
	for member, v := range members {
		p.hide(member, declared.Member(member), v)
	}
	return false
}

// given finds the caller's value for an input: one meant for this workflow
// before one for all, and a bound API's last.
func (p *planner) given(w *workflow, name string, used map[string]bool) (any, bool) {
	own, forOne := p.options.Inputs[w.WorkflowID+"."+name]
	shared, forAll := p.options.Inputs[name]
	used[w.WorkflowID+"."+name], used[name] = true, true
	switch {
	case forOne:
		return own, true
	case forAll:
		return shared, true
	}
	if value, ok := p.options.DefaultInputs[name]; ok {
		return value, true
	}
	return nil, false
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

// normal turns a Go value of the caller's into the JSON values of the runner.
func normal(value any) any {
	text, err := json.Marshal(value)
	if err != nil {
		return value
	}
	plain, err := source.DecodeJSON(string(text))
	if err != nil {
		return value
	}
	return plain
}
