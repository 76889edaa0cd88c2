package openapi

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// SecurityRequirement is one way to be let in: all its schemes together. One
// without schemes lets everybody in.
type SecurityRequirement struct {
	Schemes []*SecurityScheme
	// Scopes are the OAuth 2.0 scopes that it asks for, by the scheme's ID.
	Scopes map[string][]string
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
	Scheme string
	// Flows are the ways to a token of an oauth2 type, in the document's order.
	Flows    []OAuthFlow
	Position source.Position
}

// OAuthFlow is one OAuth Flow Object: a way to get an access token (RFC 6749,
// section 4).
type OAuthFlow struct {
	// Kind is as OpenAPI 3.x calls it: "clientCredentials", "password",
	// "authorizationCode", "implicit", or "deviceAuthorization" of 3.2.
	Kind string
	// TokenURL is where tokens are fetched, RefreshURL where they are refreshed,
	// both as the document has them: they may be relative to the API's server, or
	// empty.
	TokenURL, RefreshURL string
	// Scopes are the names of the scopes that the flow knows.
	Scopes []string
}

// Flow is the scheme's flow of that kind, or nil.
func (s *SecurityScheme) Flow(kind string) *OAuthFlow {
	for i := range s.Flows {
		if s.Flows[i].Kind == kind {
			return &s.Flows[i]
		}
	}
	return nil
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
			if scopes := textsOf(m.value.items()); len(scopes) > 0 {
				if requirement.Scopes == nil {
					requirement.Scopes = map[string][]string{}
				}
				requirement.Scopes[m.key.node.Value] = scopes
			}
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
	if s.Type == "oauth2" {
		s.Flows = r.flows(object)
	}
	return s
}

// swaggerFlows are the names that OpenAPI 3.x gives to the flows of 2.0.
var swaggerFlows = map[string]string{"application": "clientCredentials", "accessCode": "authorizationCode"}

// flows reads the ways to a token: an object of them, or the one of OpenAPI 2.0,
// whose fields stand in the scheme itself.
func (r *reader) flows(scheme part) []OAuthFlow {
	if r.document.edition == edition20 {
		kind := scheme.child("flow").text()
		return []OAuthFlow{flow(cmp.Or(swaggerFlows[kind], kind), scheme)}
	}
	var list []OAuthFlow
	for _, m := range scheme.child("flows").members() {
		if m.value.isMapping() && !strings.HasPrefix(m.key.node.Value, "x-") {
			list = append(list, flow(m.key.node.Value, m.value))
		}
	}
	return list
}

func flow(kind string, object part) OAuthFlow {
	f := OAuthFlow{Kind: kind, TokenURL: object.child("tokenUrl").text(), RefreshURL: object.child("refreshUrl").text()}
	for _, m := range object.child("scopes").members() {
		f.Scopes = append(f.Scopes, m.key.node.Value)
	}
	return f
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
