package runner

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// inputSchema is what is known of an input before its schema is asked: where it
// is declared, its types and its default.
type inputSchema struct {
	name     string
	position source.Position
	schema   *source.Value
}

// declaredInputs lists the inputs that the schema declares, through $ref within
// the document and allOf. A schema that leads back to itself is listed once.
func declaredInputs(root, schema *source.Value) []inputSchema {
	var found []inputSchema
	seen := map[*source.Value]bool{nil: true}
	var walk func(v *source.Value)
	walk = func(v *source.Value) {
		if seen[v] {
			return
		}
		seen[v] = true
		walk(follow(root, v.Get("$ref")))
		if all := v.Get("allOf"); all != nil {
			for _, part := range all.Items {
				walk(part)
			}
		}
		if properties := v.Get("properties"); properties != nil {
			for _, m := range properties.Members {
				found = append(found, inputSchema{m.Key, m.Position, m.Value})
			}
		}
	}
	walk(schema)
	return found
}

// maxReferences bounds a chain of $ref.
const maxReferences = 20

// keyword is the value of a schema's keyword, its own or that of the schema it
// refers to, or nil.
func keyword(root, schema *source.Value, name string) *source.Value {
	for range maxReferences {
		if v := schema.Get(name); v != nil {
			return v
		}
		schema = follow(root, schema.Get("$ref"))
	}
	return nil
}

// follow finds the value that a local reference such as
// #/components/inputs/page points at, or nil.
func follow(root, reference *source.Value) *source.Value {
	text, _ := reference.Text()
	fragment, ok := strings.CutPrefix(text, "#")
	pointer, err := expression.ParsePointer(fragment)
	if !ok || err != nil || len(pointer) == 0 {
		return nil
	}
	target := root
	for _, token := range pointer {
		target = target.Get(token)
	}
	return target
}

func inputNames(root, schema *source.Value) []string {
	var names []string
	for _, i := range declaredInputs(root, schema) {
		names = append(names, i.name)
	}
	return names
}

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
		names = append(names, inputNames(p.root, w.Workflow.Inputs)...)
	}
	p.report(&source.Diagnostic{
		Code: "unknown-input", Position: p.document.At("workflows"),
		Message:  fmt.Sprintf("no workflow that runs declares the input %q", name),
		Expected: "one of " + list(slices.Compact(names)), Fix: didYouMean(name, names),
	})
}

func (p *planner) bindWorkflow(w *workflow, used map[string]bool) {
	w.inputs, w.secretInputs = map[string]any{}, map[string]bool{}
	for _, declared := range declaredInputs(p.root, w.Workflow.Inputs) {
		value, given := p.given(w, declared.name, used)
		if preset := keyword(p.root, declared.schema, "default"); !given && preset != nil {
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
func (p *planner) bind(w *workflow, declared inputSchema, value any) {
	if p.hide(declared.name, declared.schema, value) {
		w.secretInputs[declared.name] = true
	}
	if text, isText := value.(Text); isText {
		var err error
		if value, err = typed(string(text), typesOf(keyword(p.root, declared.schema, "type"))); err != nil {
			p.wrongInput(w, declared.position, []string{declared.name}, err.Error())
			return
		}
	}
	w.inputs[declared.name] = normal(value)
	p.hide(declared.name, declared.schema, w.inputs[declared.name])
}

// hide makes a secret of an input whose name or format says that it is one, or of
// the members of which that is true.
func (p *planner) hide(name string, schema *source.Value, value any) bool {
	format, _ := keyword(p.root, schema, "format").Text()
	if isSecretName(name) || format == "password" {
		p.secrets.add(value)
		return true
	}
	members, _ := value.(map[string]any)
	for member, v := range members {
		p.hide(member, keyword(p.root, schema, "properties").Get(member), v)
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

// typesOf reads the keyword type: a name, or a list of them.
func typesOf(t *source.Value) []string {
	if text, ok := t.Text(); ok {
		return []string{text}
	}
	var types []string
	if t != nil {
		for _, item := range t.Items {
			text, _ := item.Text()
			types = append(types, text)
		}
	}
	return types
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
