package openapi

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// SecurityRequirement is one way to be let in: all its schemes together. One
// without schemes lets everybody in.
type SecurityRequirement struct {
	Schemes []*SecurityScheme
}

// SecurityScheme is one Security Scheme Object.
type SecurityScheme struct {
	// ID is its name among the document's components.
	ID string
	// Type is "apiKey", "http", "mutualTLS", "oauth2" or "openIdConnect". It is
	// empty when the document does not define the scheme; a warning said so.
	Type string
	// Name and In say what carries an apiKey: the name of a "query" parameter, a
	// "header" or a "cookie".
	Name, In string
	// Scheme is the authentication scheme of an http type, such as "bearer".
	Scheme   string
	Position source.Position
}

// security reads the operation's alternatives, or the document's when the
// operation has no field of its own. An empty list there asks for nothing.
func (r *reader) security(e entry) []*SecurityRequirement {
	level := e.operation
	if child(level, "security") == nil {
		level = r.document.root
	}
	var list []*SecurityRequirement
	for _, item := range r.list(level, "security", source.Warning) {
		requirement := &SecurityRequirement{}
		for _, m := range members(item) {
			requirement.Schemes = append(requirement.Schemes, r.securityScheme(m.key))
		}
		list = append(list, requirement)
	}
	return list
}

func (r *reader) securityScheme(key *yaml.Node) *SecurityScheme {
	s := &SecurityScheme{ID: key.Value, Position: r.document.at(key)}
	schemes := child(child(r.document.root, "components"), "securitySchemes")
	if !r.spend(schemes) {
		return s
	}
	defined := child(schemes, s.ID)
	if defined == nil {
		r.report(source.Warning, key, fmt.Sprintf("the security scheme %q is not defined", s.ID),
			"a scheme of this name under components.securitySchemes")
		return s
	}
	n := r.resolve(defined, source.Warning)
	s.Type, s.Name, s.In = text(child(n, "type")), text(child(n, "name")), text(child(n, "in"))
	s.Scheme = text(child(n, "scheme"))
	return s
}
