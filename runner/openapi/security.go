package openapi

import (
	"fmt"

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
	// Type is "apiKey", "http", "mutualTLS", "oauth2" or "openIdConnect"; basic of
	// OpenAPI 2.0 is the scheme "basic" of http. It is empty when the document
	// does not define the scheme; a warning said so.
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
func (r *reader) security(e *entry) []*SecurityRequirement {
	level := e.operation
	if !level.child("security").exists() {
		level = r.document.main.root
	}
	var list []*SecurityRequirement
	for _, item := range r.list(level, "security", source.Warning) {
		requirement := &SecurityRequirement{}
		for _, m := range item.members() {
			requirement.Schemes = append(requirement.Schemes, r.securityScheme(m.key))
		}
		list = append(list, requirement)
	}
	return list
}

// securityScheme reads a scheme by its name, which is looked up in the document
// itself also where a part of another file uses it (OpenAPI 3.1.1, Resolving
// Implicit Connections).
func (r *reader) securityScheme(key part) *SecurityScheme {
	s := &SecurityScheme{ID: key.node.Value, Position: key.at()}
	schemes, place := r.document.main.root.child("components").child("securitySchemes"), "components.securitySchemes"
	if r.document.edition == edition20 {
		schemes, place = r.document.main.root.child("securityDefinitions"), "securityDefinitions"
	}
	if !r.spend(schemes) {
		return s
	}
	defined := schemes.child(s.ID)
	if !defined.exists() {
		r.report(source.Warning, key, fmt.Sprintf("the security scheme %q is not defined", s.ID), "a scheme of this name under "+place)
		return s
	}
	object := r.resolve(defined, source.Warning)
	s.Type, s.Name, s.In = object.child("type").text(), object.child("name").text(), object.child("in").text()
	s.Scheme = object.child("scheme").text()
	if r.document.edition == edition20 && s.Type == "basic" {
		s.Type, s.Scheme = "http", "basic"
	}
	return s
}

// Carrier is the parameter in which a scheme's credential travels; it has no name
// for a scheme that uses none, such as mutualTLS.
func (s *SecurityScheme) Carrier() (name, in string) {
	switch s.Type {
	case "apiKey":
		return s.Name, s.In
	case "http", "oauth2", "openIdConnect":
		return "Authorization", "header"
	default:
		return "", ""
	}
}
