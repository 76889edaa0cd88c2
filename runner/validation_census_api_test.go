package runner_test

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// load reads the OpenAPI file that a source names; nil where there is none.
func (c *census) load(t *testing.T, url string) *api {
	t.Helper()
	name := path.Join(path.Dir(c.name), url)
	if a, ok := c.apis[name]; ok {
		return a
	}
	text, err := os.ReadFile(filepath.Join(c.dir, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		c.apis[name] = nil
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	a := &api{name: name, root: parseYAML(t, text), operations: map[string][]operation{}, undefined: map[*yaml.Node]bool{}}
	paths := get(a.root, "paths")
	for i := 1; i < len(paths.Content); i += 2 {
		item := paths.Content[i]
		for _, method := range []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"} {
			if node := get(item, method); node.Kind != 0 {
				id := get(node, "operationId")
				if len(a.operations[id.Value]) > 0 {
					c.addIn(name, "duplicate-operation-id", id)
				}
				a.operations[id.Value] = append(a.operations[id.Value], operation{item, node})
			}
		}
	}
	c.apis[name] = a
	return a
}

// operation looks for the operation of a step in the sources of its document,
// and at the step's parameters.
func (c *census) operation(s *yaml.Node, apis []*api) {
	id := get(s, "operationId")
	if id.Value == "" || strings.HasPrefix(id.Value, "$") {
		return
	}
	var among []*api
	for _, a := range apis {
		if a != nil && len(a.operations[id.Value]) > 0 {
			among = append(among, a)
		}
	}
	switch {
	case len(among) == 0 && slices.Contains(apis, nil):
		return // it may be in the one that is missing
	case len(among) == 0:
		c.add("unknown-operation", id)
		return
	case len(among) > 1 || len(among[0].operations[id.Value]) > 1:
		c.add("ambiguous-operation", id)
		return
	case len(apis) > 1:
		c.add("unqualified-operation", id)
	}
	c.parameters(s, among[0], among[0].operations[id.Value][0])
}

// ignored are the headers that OpenAPI lets nobody declare as parameters.
var ignored = regexp.MustCompile(`(?i)^header (accept|content-type|authorization)$`)

// parameters compares what a step gives with what the operation declares.
func (c *census) parameters(s *yaml.Node, a *api, o operation) {
	given, declared := map[string]bool{}, map[string]bool{}
	carried := c.carriers(a, o)
	for _, p := range get(s, "parameters").Content {
		given[parameterKey(p)] = true
	}
	for _, p := range slices.Concat(get(o.node, "parameters").Content, get(o.item, "parameters").Content) {
		p = a.resolve(p)
		key := parameterKey(p)
		declared[key] = true
		place := get(p, "in").Value
		if get(p, "required").Value == "true" && place != "body" && place != "formData" && !given[key] && !ignored.MatchString(key) && !carried[key] {
			c.add("missing-parameter", s)
		}
	}
	for _, p := range get(s, "parameters").Content {
		if key := parameterKey(p); !declared[key] && !carried[key] {
			c.add("undeclared-parameter", get(p, "name"))
		}
	}
}

// carriers are the parameters in which the operation's credentials travel.
func (c *census) carriers(a *api, o operation) map[string]bool {
	carried := map[string]bool{"header content-type": true, "header accept": true}
	security := get(o.node, "security")
	if security.Kind == 0 {
		security = get(a.root, "security")
	}
	for _, requirement := range security.Content {
		for _, name := range keys(requirement) {
			scheme := get(a.root, "components", "securitySchemes", name.Value)
			if scheme.Kind == 0 {
				scheme = get(a.root, "securityDefinitions", name.Value)
			}
			if scheme.Kind == 0 && !a.undefined[name] {
				a.undefined[name] = true
				c.addIn(a.name, "invalid-openapi", name)
			}
			switch scheme = a.resolve(scheme); get(scheme, "type").Value {
			case "":
			case "apiKey":
				carried[parameterKey(scheme)] = true
			default:
				carried["header authorization"] = true
			}
		}
	}
	return carried
}

func parameterKey(p *yaml.Node) string {
	place, name := get(p, "in").Value, get(p, "name").Value
	if place == "header" {
		name = strings.ToLower(name)
	}
	return place + " " + name
}

// resolve follows a reference inside the file.
func (a *api) resolve(n *yaml.Node) *yaml.Node {
	ref, ok := strings.CutPrefix(get(n, "$ref").Value, "#/")
	if !ok {
		return n
	}
	return a.resolve(get(a.root, strings.Split(ref, "/")...))
}

func parseYAML(t *testing.T, text []byte) *yaml.Node {
	t.Helper()
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	return document.Content[0]
}

// get goes down a mapping; where there is no such key it returns an empty node.
func get(n *yaml.Node, path ...string) *yaml.Node {
	for _, key := range path {
		n = member(n, key)
	}
	return n
}

func member(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return &yaml.Node{}
}

func keys(n *yaml.Node) []*yaml.Node {
	var found []*yaml.Node
	for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		found = append(found, n.Content[i])
	}
	return found
}

func values(nodes []*yaml.Node) []string {
	var found []string
	for _, n := range nodes {
		found = append(found, n.Value)
	}
	return found
}

func walk(n *yaml.Node, visit func(*yaml.Node)) {
	if n.Kind == yaml.ScalarNode {
		visit(n)
	}
	for _, child := range n.Content {
		walk(child, visit)
	}
}
