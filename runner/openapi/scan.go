package openapi

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// isMethod tells the fixed fields of a Path Item Object that hold operations.
func isMethod(field string) bool {
	switch field {
	case "get", "put", "post", "delete", "options", "head", "patch", "trace":
		return true
	}
	return false
}

// entry is what the index keeps of one operation.
type entry struct {
	id, path, method string
	// key is the node of the method's name, where the operation starts.
	key, operation *yaml.Node
	// item is the Path Item Object, followed by those its $ref leads to.
	item []*yaml.Node
}

// String is the operation as HTTP writes it, such as "GET /pets/{id}".
func (e entry) String() string { return strings.ToUpper(e.method) + " " + e.path }

// pointer is the JSON Pointer that [Document.OperationAt] takes.
func (e entry) pointer() string {
	path := strings.ReplaceAll(strings.ReplaceAll(e.path, "~", "~0"), "/", "~1")
	return "/paths/" + path + "/" + e.method
}

// scanner fills the index in one walk over the Paths Object.
type scanner struct {
	reader
	ids map[string]entry
}

// paths visits every path. In OpenAPI 3.1 a description without any is legal.
func (s *scanner) paths() {
	s.ids = map[string]entry{}
	paths := child(s.document.root, "paths")
	if paths != nil && !isMapping(paths) {
		s.report(source.Warning, paths, "paths is not a mapping, so no operation is known", "a Paths Object")
		return
	}
	for _, m := range members(paths) {
		if s.work > maxWork {
			return
		}
		if !strings.HasPrefix(m.key.Value, "x-") {
			s.pathItem(m)
		}
	}
}

// pathItem indexes one path's operations, its own before those its $ref brings.
func (s *scanner) pathItem(path member) {
	item := s.chain(path.value, source.Warning)
	seen := map[string]bool{}
	for _, part := range item {
		if !s.spend(part) {
			return
		}
		if !isMapping(part) {
			s.report(source.Warning, path.key,
				fmt.Sprintf("the path %q does not hold a mapping; its operations are not known", path.key.Value),
				"a Path Item Object")
			return
		}
		eachMember(part, func(m member) {
			if method := m.key.Value; isMethod(method) && !seen[method] {
				seen[method] = true
				s.operation(entry{path: path.key.Value, method: method, key: m.key, operation: m.value, item: item})
			}
		})
	}
}

// operation adds one entry, and warns when its operationId is taken.
func (s *scanner) operation(e entry) {
	if !isMapping(e.operation) {
		s.report(source.Warning, e.key, fmt.Sprintf("%s does not hold a mapping; it cannot be called", e), "an Operation Object")
		return
	}
	if !s.spend(e.operation) {
		return
	}
	e.id = text(child(e.operation, "operationId"))
	if first, taken := s.ids[e.id]; taken {
		s.found = append(s.found, &source.Diagnostic{
			Code: "arazzo/duplicate-operation-id", Severity: source.Warning,
			Position: s.document.at(child(e.operation, "operationId")),
			Message:  fmt.Sprintf("the operationId %q of %s belongs to %s already (line %d)", e.id, e, first, first.key.Line),
			Expected: "an operationId that is unique in its document",
			Fix:      "rename one of the two",
		})
	} else if e.id != "" {
		s.ids[e.id] = e
	}
	s.document.index = append(s.document.index, e)
}
