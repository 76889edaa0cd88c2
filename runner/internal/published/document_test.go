package published_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The published documents are read here with a YAML library alone, so that nothing
// that the runner believes of them is believed of it in turn. Values are those of
// JSON: nil, bool, string, json.Number, []any, map[string]any.

// document is an Arazzo document with its one workflow.
type document struct {
	// name is PROVIDER/FILE.
	provider, name, path string
	workflowID           string
	inputs               map[string]any
	steps                []*step
	outputs              []output
	// further are the uses of values, and steered the answers that were found.
	further map[string]schema
	// inHeaders are the values that go into headers.
	inHeaders map[string]bool
	steered   map[string]steered
}

type step struct {
	id string
	// operation is nil where no source has it, or several do, and why says so; source
	// is its source.
	operation   *operation
	why         string
	source      string
	parameters  []parameter
	contentType string
	hasBody     bool
	body        any
	criteria    []criterion
	onSuccess   []action
	onFailure   []action
	outputs     []output
}

type parameter struct {
	name, in string
	value    any
}

type criterion struct {
	text, context string
	condition     condition
}

type action struct {
	name, kind, target string
	criteria           []criterion
	limit              int
}

type output struct{ name, expression string }

// readDocument reads a document with the descriptions that it names.
func readDocument(path string, apis *descriptions) (*document, error) {
	root, err := readYAML(path)
	if err != nil {
		return nil, err
	}
	provider := filepath.Base(filepath.Dir(filepath.Dir(path)))
	d := &document{provider: provider, path: path, name: provider + "/" + strings.TrimSuffix(filepath.Base(path), ".yml")}
	workflows := list(root, "workflows")
	if len(workflows) != 1 {
		return nil, fmt.Errorf("%s has %d workflows", d.name, len(workflows))
	}
	w := workflows[0]
	d.workflowID, d.inputs = text(w, "workflowId"), object(get(w, "inputs"))
	d.outputs = outputs(w)
	var sources []source
	for _, s := range list(root, "sourceDescriptions") {
		sources = append(sources, source{text(s, "name"), apis.read(filepath.Join(filepath.Dir(path), filepath.FromSlash(text(s, "url"))))})
	}
	for _, s := range list(w, "steps") {
		one, err := readStep(s, sources)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.name, err)
		}
		d.steps = append(d.steps, one)
	}
	d.further, d.inHeaders, d.steered = d.uses(), d.headers(), map[string]steered{}
	return d, nil
}

type source struct {
	name string
	api  *description
}

func readStep(v any, sources []source) (*step, error) {
	s := &step{id: text(v, "stepId"), outputs: outputs(v)}
	s.resolve(text(v, "operationId"), sources)
	for _, p := range list(v, "parameters") {
		s.parameters = append(s.parameters, parameter{text(p, "name"), text(p, "in"), get(p, "value")})
	}
	if body := get(v, "requestBody"); body != nil {
		s.contentType = text(body, "contentType")
		s.body, s.hasBody = object(body)["payload"]
	}
	var err error
	if s.criteria, err = criteria(v, "successCriteria"); err != nil {
		return nil, err
	}
	if s.onSuccess, err = actions(v, "onSuccess"); err != nil {
		return nil, err
	}
	s.onFailure, err = actions(v, "onFailure")
	return s, err
}

// Why a step has no operation.
const (
	unknown   = "no source has its operation"
	unread    = "its source is not there"
	ambiguous = "several operations have its id"
)

// resolve finds the operation: in the source that the id names, else in the only one
// that has it (D9).
func (s *step) resolve(id string, sources []source) {
	qualified, rest, isQualified := strings.Cut(strings.TrimPrefix(id, "$sourceDescriptions."), ".")
	if isQualified = isQualified && strings.HasPrefix(id, "$sourceDescriptions."); isQualified {
		id = rest
	}
	s.why = unknown
	for _, in := range sources {
		if isQualified && in.name != qualified {
			continue
		}
		if in.api == nil {
			s.why = unread
			continue
		}
		switch found := in.api.operations[id]; {
		case len(found) > 1 || len(found) == 1 && s.operation != nil:
			s.operation, s.source, s.why = nil, "", ambiguous
			return
		case len(found) == 1:
			s.operation, s.source = found[0], in.name
		}
	}
}

func criteria(v any, field string) ([]criterion, error) {
	var found []criterion
	for _, c := range list(v, field) {
		one := criterion{text: text(c, "condition"), context: text(c, "context")}
		var err error
		if one.condition, err = parseCondition(one.text, one.context); err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, nil
}

func actions(v any, field string) ([]action, error) {
	var found []action
	for _, a := range list(v, field) {
		one := action{name: text(a, "name"), kind: text(a, "type"), target: text(a, "stepId"), limit: 1}
		if n, err := strconv.Atoi(text(a, "retryLimit")); err == nil {
			one.limit = n
		}
		var err error
		if one.criteria, err = criteria(a, "criteria"); err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, nil
}

func outputs(v any) []output {
	var found []output
	for _, name := range sortedKeys(object(get(v, "outputs"))) {
		found = append(found, output{name, text(get(v, "outputs"), name)})
	}
	return found
}

// The descriptions are read once each.

type descriptions struct{ byPath map[string]*description }

// description is an OpenAPI file.
type description struct {
	path, version string
	root          map[string]any
	operations    map[string][]*operation
}

type operation struct {
	api                *description
	id, method, path   string
	node               map[string]any
	parameters         []map[string]any
	body               map[string]any
	consumes, produces []any
}

// read is nil where there is no such file.
func (d *descriptions) read(path string) *description {
	if api, ok := d.byPath[path]; ok {
		return api
	}
	root, err := readYAML(path)
	if err != nil {
		d.byPath[path] = nil
		return nil
	}
	api := &description{path: path, root: object(root), operations: map[string][]*operation{}}
	if api.version = text(root, "openapi"); api.version == "" {
		api.version = text(root, "swagger")
	}
	for template, item := range object(get(root, "paths")) {
		for method, node := range object(api.follow(item)) {
			if id := text(node, "operationId"); id != "" {
				api.operations[id] = append(api.operations[id], api.operation(id, method, template, object(item), object(node)))
			}
		}
	}
	d.byPath[path] = api
	return api
}

func (d *description) operation(id, method, template string, item, node map[string]any) *operation {
	op := &operation{api: d, id: id, method: strings.ToUpper(method), path: template, node: node}
	at := map[string]int{}
	for _, level := range []map[string]any{item, node} {
		for _, p := range list(level, "parameters") {
			one := object(d.follow(p))
			key := text(one, "in") + " " + text(one, "name")
			if i, again := at[key]; again {
				op.parameters[i] = one
				continue
			}
			at[key] = len(op.parameters)
			op.parameters = append(op.parameters, one)
		}
	}
	op.body = object(d.follow(node["requestBody"]))
	op.consumes, op.produces = list(d.root, "consumes"), list(d.root, "produces")
	if own := list(node, "consumes"); own != nil {
		op.consumes = own
	}
	if own := list(node, "produces"); own != nil {
		op.produces = own
	}
	return op
}

func (d *description) isSwagger() bool { return d.version == "2.0" }

// follow follows references within the file; one that leads nowhere is nil.
func (d *description) follow(v any) any {
	for range 20 {
		ref, ok := object(v)["$ref"].(string)
		if !ok {
			return v
		}
		v = d.at(ref)
	}
	return nil
}

func (d *description) at(ref string) any {
	pointer, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		return nil
	}
	var v any = d.root
	for _, token := range strings.Split(pointer, "/") {
		v = get(v, unescape(token))
	}
	return v
}

func unescape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

func readYAML(path string) (any, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var node yaml.Node
	if err := yaml.Unmarshal(content, &node); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return plain(&node), nil
}

// plain is a node's value in JSON.
func plain(n *yaml.Node) any {
	switch n.Kind {
	case yaml.DocumentNode:
		return plain(n.Content[0])
	case yaml.AliasNode:
		return plain(n.Alias)
	case yaml.SequenceNode:
		items := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			items = append(items, plain(item))
		}
		return items
	case yaml.MappingNode:
		members := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			members[n.Content[i].Value] = plain(n.Content[i+1])
		}
		return members
	}
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return json.Number(n.Value)
		}
	}
	return n.Value
}

func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

func get(v any, name string) any {
	if items, ok := v.([]any); ok {
		if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(items) {
			return items[i]
		}
		return nil
	}
	return object(v)[name]
}

func list(v any, name string) []any {
	items, _ := get(v, name).([]any)
	return items
}

func text(v any, name string) string {
	switch x := get(v, name).(type) {
	case string:
		return x
	case json.Number:
		return x.String()
	default:
		return ""
	}
}
