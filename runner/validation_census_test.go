package runner_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// censusCodes are the codes whose places in the published documents the census
// finds.
var censusCodes = []string{
	"arazzo/ambiguous-operation", "arazzo/bare-expression", "arazzo/dotted-access", "arazzo/double-quoted-string",
	"arazzo/duplicate-name", "arazzo/duplicate-operation-id", "arazzo/goto-unknown-step", "arazzo/invalid-openapi",
	"arazzo/jsonpath-not-rfc9535", "arazzo/missing-parameter", "arazzo/open-branch", "arazzo/polling-without-delay",
	"arazzo/source-not-found", "arazzo/undeclared-parameter", "arazzo/unknown-input", "arazzo/unknown-operation",
	"arazzo/unknown-output", "arazzo/unknown-step", "arazzo/unqualified-operation", "arazzo/unused-input", "arazzo/whole-object",
}

// census reads the published documents with a YAML library and regular
// expressions, and shares nothing with the validator. It knows only what those
// documents have: no components, no called workflows, relative files as sources.
type census struct {
	dir string
	// name is the document's, relative to the folder, and text what it says.
	name, text string
	// places are by code, as file:line.
	places map[string][]string
	apis   map[string]*api
}

// api is what an OpenAPI file offers, by operationId. An id has several
// operations where the file repeats it.
type api struct {
	name       string
	root       *yaml.Node
	operations map[string][]operation
	// undefined are the uses of undefined security schemes that are told already.
	undefined map[*yaml.Node]bool
}

type operation struct{ item, node *yaml.Node }

func newCensus(t *testing.T, documents []string) *census {
	t.Helper()
	c := &census{dir: filepath.Dir(filepath.Dir(filepath.Dir(documents[0]))), places: map[string][]string{}, apis: map[string]*api{}}
	for _, path := range documents {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name, err := filepath.Rel(c.dir, path)
		if err != nil {
			t.Fatal(err)
		}
		c.name, c.text = filepath.ToSlash(name), string(text)
		c.document(t, parseYAML(t, text))
	}
	return c
}

func (c *census) add(code string, at *yaml.Node) { c.addIn(c.name, code, at) }

func (c *census) addIn(file, code string, at *yaml.Node) {
	c.places["arazzo/"+code] = append(c.places["arazzo/"+code], fmt.Sprintf("%s:%d", file, at.Line))
}

func (c *census) document(t *testing.T, root *yaml.Node) {
	t.Helper()
	var apis []*api
	for _, s := range get(root, "sourceDescriptions").Content {
		a := c.load(t, get(s, "url").Value)
		if a == nil {
			c.add("source-not-found", get(s, "url"))
		}
		apis = append(apis, a)
	}
	for _, w := range get(root, "workflows").Content {
		names := keys(get(w, "inputs", "properties"))
		for _, name := range names {
			if !regexp.MustCompile(`\$inputs\.`+regexp.QuoteMeta(name.Value)+`\b`).MatchString(c.text) && !strings.Contains(c.text, "context: $inputs\n") {
				c.add("unused-input", name)
			}
		}
		c.names(w, values(names))
		for _, s := range get(w, "steps").Content {
			c.operation(s, apis)
			c.actions(w, s)
			c.texts("", s)
			for _, x := range criteria(s) {
				c.criterion(x)
			}
		}
	}
}

// names looks for ids that stand twice, and names that stand nowhere.
func (c *census) names(w *yaml.Node, inputs []string) {
	outputs := map[string][]string{}
	for _, s := range get(w, "steps").Content {
		id := get(s, "stepId")
		if _, ok := outputs[id.Value]; ok {
			c.add("duplicate-name", id)
		}
		outputs[id.Value] = append([]string{}, values(keys(get(s, "outputs")))...)
	}
	walk(w, func(n *yaml.Node) {
		for _, m := range inputPattern.FindAllStringSubmatch(n.Value, -1) {
			if !slices.Contains(inputs, m[1]) {
				c.add("unknown-input", n)
			}
		}
		for _, m := range outputPattern.FindAllStringSubmatch(n.Value, -1) {
			switch known, ok := outputs[m[1]]; {
			case !ok:
				c.add("unknown-step", n)
			case !slices.Contains(known, m[2]):
				c.add("unknown-output", n)
			}
		}
	})
}

var (
	inputPattern  = regexp.MustCompile(`\$inputs\.(\w+)`)
	outputPattern = regexp.MustCompile(`\$steps\.([\w-]+)\.outputs\.(\w+)`)
	// barePattern is an expression with neither a brace nor the text's start
	// before it.
	barePattern = regexp.MustCompile(`[^{]\$(?:inputs|steps|workflows|outputs|request|response)\.`)
	expression  = regexp.MustCompile(`\$(?:inputs|steps|workflows|outputs|request|response)\.`)
	dotted      = regexp.MustCompile(`\$inputs\.\w+\.|\$steps\.[\w-]+\.outputs\.\w+[.\[]|\$response\.body[.\[]`)
)

// texts looks at the strings that a request is made of, and at outputs.
func (c *census) texts(key string, n *yaml.Node) {
	switch {
	case slices.Contains([]string{"description", "summary", "successCriteria", "onSuccess", "onFailure"}, key):
		return
	case n.Kind == yaml.ScalarNode && barePattern.MatchString(n.Value):
		for range expression.FindAllString(n.Value, -1) {
			c.add("bare-expression", n)
		}
	case n.Kind == yaml.ScalarNode && dotted.MatchString(n.Value):
		c.add("dotted-access", n)
	}
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			continue
		}
		if n.Kind == yaml.MappingNode {
			key = n.Content[i-1].Value
		}
		c.texts(key, child)
	}
}

var (
	filterPattern = regexp.MustCompile(`\[\?\(.*?\)\]`)
	quotedPattern = regexp.MustCompile(`'[^']*'|"[^"]*"`)
)

// criterion tells a query from a comparison of queries: outside filters and
// strings, a query has no operator and no space, and does not end with .length.
func (c *census) criterion(x *yaml.Node) {
	condition := get(x, "condition")
	if get(x, "type").Value != "jsonpath" {
		if strings.Contains(condition.Value, `"`) {
			c.add("double-quoted-string", condition)
		}
		if dotted.MatchString(condition.Value) {
			c.add("dotted-access", condition)
		}
		return
	}
	if context := get(x, "context"); context.Value == "$inputs" {
		c.add("whole-object", context)
	}
	for range expression.FindAllString(condition.Value, -1) {
		c.add("bare-expression", condition)
	}
	query := quotedPattern.ReplaceAllString(filterPattern.ReplaceAllString(condition.Value, ""), "")
	if strings.ContainsAny(query, " =<>!|&") || strings.HasSuffix(query, ".length") {
		c.add("jsonpath-not-rfc9535", condition)
	}
}

// actions looks at where a step goes.
func (c *census) actions(w, s *yaml.Node) {
	steps := map[string]bool{}
	for _, other := range get(w, "steps").Content {
		steps[get(other, "stepId").Value] = true
	}
	actions := slices.Concat(get(s, "onSuccess").Content, get(s, "onFailure").Content)
	for _, a := range actions {
		target := get(a, "stepId")
		if target.Value != "" && !steps[target.Value] {
			c.add("goto-unknown-step", target)
		}
		if get(a, "type").Value == "goto" && target.Value == get(s, "stepId").Value {
			c.add("polling-without-delay", a)
		}
	}
	if branches := get(s, "onSuccess").Content; len(branches) > 1 && open(branches) {
		c.add("open-branch", get(s, "onSuccess"))
	}
}

// open tells whether none of the branches need match: each has one criterion, and
// no two of these are each other's negation.
func open(branches []*yaml.Node) bool {
	negations := map[string]bool{}
	for _, a := range branches {
		if len(get(a, "criteria").Content) == 0 {
			return false
		}
		x := get(a, "criteria").Content[0]
		condition := get(x, "condition").Value
		if len(get(a, "criteria").Content) > 1 {
			continue
		}
		if negations[condition] {
			return false
		}
		negations[strings.Replace(condition, " == ", " != ", 1)] = strings.Contains(condition, " == ")
		if strings.Contains(condition, " != ") {
			negations[strings.Replace(condition, " != ", " == ", 1)] = true
		}
	}
	return true
}

func criteria(s *yaml.Node) []*yaml.Node {
	all := slices.Clone(get(s, "successCriteria").Content)
	for _, a := range slices.Concat(get(s, "onSuccess").Content, get(s, "onFailure").Content) {
		all = append(all, get(a, "criteria").Content...)
	}
	return all
}
