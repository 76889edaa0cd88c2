package openapi

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// entry is what the index keeps of one operation.
type entry struct {
	id, path string
	// field is the key that holds the operation: a fixed field of the Path Item
	// Object, or an entry of its additionalOperations.
	field      string
	additional bool
	// key is where the operation starts.
	key, operation part
	// item is the Path Item Object, followed by those its $ref leads to; level is
	// the one that holds the operation.
	item  []part
	level int

	// built is set when the entry is complete.
	built *answer[built]
}

// method is the HTTP method as it is sent. Those of additionalOperations are
// written as they are sent (OpenAPI 3.2.0, Path Item Object).
func (e *entry) method() string {
	if e.additional {
		return e.field
	}
	return strings.ToUpper(e.field)
}

// String is the operation as HTTP writes it, such as "GET /pets/{id}".
func (e *entry) String() string { return e.method() + " " + e.path }

// pointer is the JSON Pointer that [Document.OperationAt] takes.
func (e *entry) pointer() string {
	field := e.field
	if e.additional {
		field = "additionalOperations/" + e.field
	}
	return "/paths/" + strings.ReplaceAll(strings.ReplaceAll(e.path, "~", "~0"), "/", "~1") + "/" + field
}

// scanner fills the index in one walk over the Paths Object.
type scanner struct {
	reader
	ids map[string]*entry
	// checked are the mappings that were searched for repeated keys.
	checked map[*yaml.Node]bool
}

// paths visits every path. Since OpenAPI 3.1 a description without any is legal.
func (s *scanner) paths() {
	paths := s.document.main.root.child("paths")
	if paths.exists() && !paths.isMapping() {
		s.report(source.Warning, paths, "paths is not a mapping, so no operation is known", "a Paths Object")
		return
	}
	s.once(paths)
	for _, m := range paths.members() {
		if s.work > maxWork {
			return
		}
		if !strings.HasPrefix(m.key.node.Value, "x-") {
			s.pathItem(m)
		}
	}
}

// once warns of keys that stand twice: what the second one holds is not known.
func (s *scanner) once(p part) {
	if s.checked[p.node] {
		return
	}
	s.checked[p.node] = true
	p.repeated(func(first, again part) {
		s.report(source.Warning, again,
			fmt.Sprintf("%q stands here again, and is not read: the first, in line %d, counts", again.node.Value, first.node.Line),
			"each key once")
	})
}

// pathItem indexes one path's operations, its own before those its $ref brings.
func (s *scanner) pathItem(path member) {
	item := s.chain(path.value, source.Warning)
	seen := map[string]bool{}
	for level, p := range item {
		if !s.spend(p) {
			return
		}
		if !p.isMapping() {
			s.report(source.Warning, path.key,
				fmt.Sprintf("the path %q does not hold a mapping; its operations are not known", path.key.node.Value),
				"a Path Item Object")
			return
		}
		s.once(p)
		p.each(func(m member) {
			switch field := m.key.node.Value; {
			case s.document.edition.isMethod(field) && !seen[field]:
				seen[field] = true
				s.operation(&entry{path: path.key.node.Value, field: field, key: m.key, operation: m.value, item: item, level: level})
			case field == "additionalOperations" && s.document.edition >= edition32:
				s.additional(entry{path: path.key.node.Value, item: item, level: level}, m.value, seen)
			}
		})
	}
}

// methodPattern is a token of RFC 9110, section 5.6.2.
var methodPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
})

// additional indexes the operations of methods that have no field of their own.
func (s *scanner) additional(of entry, operations part, seen map[string]bool) {
	if !operations.isMapping() {
		s.report(source.Warning, operations, "additionalOperations is not a mapping", "a mapping from methods to Operation Objects")
		return
	}
	if !s.spend(operations) {
		return
	}
	for _, m := range operations.members() {
		e := of
		e.field, e.additional, e.key, e.operation = m.key.node.Value, true, m.key, m.value
		switch field := strings.ToLower(e.field); {
		case !methodPattern().MatchString(e.field):
			s.report(source.Warning, m.key, fmt.Sprintf("%q is no HTTP method; it cannot be called", e.field), "a method such as COPY")
		case s.document.edition.isMethod(field) && strings.ToUpper(field) == e.field:
			s.report(source.Warning, m.key, fmt.Sprintf("%s does not belong into additionalOperations; it cannot be called", e.field),
				fmt.Sprintf("the operation in the path item's field %q", field))
		case !seen["+"+e.field]: // no fixed field begins like this
			seen["+"+e.field] = true
			s.operation(&e)
		}
	}
}

// operation adds one entry, and warns when its operationId is taken.
func (s *scanner) operation(e *entry) {
	if !e.operation.isMapping() {
		s.report(source.Warning, e.key, fmt.Sprintf("%s does not hold a mapping; it cannot be called", e), "an Operation Object")
		return
	}
	if !s.spend(e.operation) {
		return
	}
	e.built = &answer[built]{}
	s.document.index = append(s.document.index, e)
	id := e.operation.child("operationId")
	if e.id = id.text(); e.id == "" {
		if id.exists() {
			s.report(source.Warning, id, fmt.Sprintf("the operationId of %s is not a text", e), "a text of its own")
		}
		return
	}
	first, taken := s.ids[e.id]
	if !taken {
		s.ids[e.id] = e
		return
	}
	s.found = append(s.found, &source.Diagnostic{
		Code: "arazzo/duplicate-operation-id", Severity: source.Info, Position: id.at(),
		Message:  fmt.Sprintf("the operationId %q of %s belongs to %s already (%s)", e.id, e, first, line(first.key)),
		Expected: "an operationId that is unique in its document",
		Fix:      "rename one of the two",
	})
}

// line is the file and line of a part, as editors open them.
func line(p part) string { return fmt.Sprintf("%s:%d", p.in.source.Name, p.node.Line) }
