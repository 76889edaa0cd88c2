package credential

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// Demand is a security scheme that an operation asks for.
type Demand struct {
	// Source is the name of the source description that it belongs to.
	Source string
	Scheme *openapi.SecurityScheme
	// Scopes are the OAuth 2.0 scopes that the operation asks for.
	Scopes []string
	// Server is the base URL of the API, to which a relative tokenUrl is resolved.
	Server string
	// Bound is a value that serves where the caller gave none.
	Bound string
}

// Met is what meets a demand.
type Met struct {
	// Name and In are the parameter that carries it. Value is what is sent.
	Name, In, Value string
	// Grant, where not nil, fetches the access token that is sent; Value is empty.
	Grant *Grant
	// Secrets are what must not be shown.
	Secrets []string
	// From are the names under which it was given.
	From []string
}

// WrongError is a credential that was given and cannot be used.
type WrongError struct {
	// Name is the credential's, Message says what is wrong with it.
	Name, Message, Expected, Fix string
}

func (e *WrongError) Error() string { return e.Name + ": " + e.Message }

// Meet finds what meets the demand. Met is nil where too little was given; lacks
// then names what is missing of a credential that was given in part. The error is
// a [*WrongError].
func (g *Given) Meet(d Demand) (met *Met, lacks []string, err error) {
	name, in := d.Scheme.Carrier()
	if name == "" || (in != "header" && in != "query" && in != "cookie") {
		return nil, nil, nil
	}
	g.taken = nil
	switch {
	case d.Scheme.Type == "oauth2":
		met, lacks, err = g.oauth(d)
	case d.isBasic():
		met, lacks, err = g.basic(d)
	default:
		met = d.plain(g.value(names(d.Source, d.Scheme.ID, "")))
	}
	if met == nil || err != nil {
		return nil, lacks, err
	}
	met.Name, met.In, met.From = name, in, g.taken
	return met, nil, d.sendable(met)
}

func (d Demand) isBasic() bool {
	return d.Scheme.Type == "http" && strings.EqualFold(d.Scheme.Scheme, "basic")
}

// plain is a credential that has one value: an apiKey, which is sent as it is, an
// access token, or that of a scheme of HTTP which is none of OpenAPI's own; its
// value is the whole header.
func (d Demand) plain(value string) *Met {
	if value == "" {
		value = d.Bound
	}
	switch {
	case value == "":
		return nil
	case d.Scheme.Type == "apiKey", d.Scheme.Type == "http" && !strings.EqualFold(d.Scheme.Scheme, "bearer"):
		return &Met{Value: value, Secrets: []string{value}}
	default:
		return bearer(value)
	}
}

// bearer is an access token, with or without the word Bearer (RFC 6750, section
// 2.1).
func bearer(token string) *Met {
	value := token
	if !hasScheme(token, "Bearer") {
		value = "Bearer " + token
	}
	return &Met{Value: value, Secrets: []string{token, value}}
}

func hasScheme(value, scheme string) bool {
	given, _, found := strings.Cut(value, " ")
	return found && strings.EqualFold(given, scheme)
}

// basic is a name and a password (RFC 7617): together as USER:PASSWORD, as the
// whole header, or as two members.
func (g *Given) basic(d Demand) (*Met, []string, error) {
	value, inParts := g.whole(d.Source, d.Scheme.ID, d.Bound, Username, Password)
	if inParts {
		parts := g.parts(d.Source, d.Scheme.ID, Username, Password)
		if lacks := missing(d.Scheme.ID, parts, Username, Password); lacks != nil {
			return nil, lacks, nil
		}
		if strings.Contains(parts[Username], ":") {
			return nil, nil, &WrongError{
				Name: d.Scheme.ID + "." + Username, Message: "the name has a colon, which ends a name", Expected: "a name without a colon",
			}
		}
		value = parts[Username] + ":" + parts[Password]
	}
	if value == "" {
		return nil, nil, nil
	}
	if hasScheme(value, "Basic") {
		return &Met{Value: value, Secrets: []string{value}}, nil, nil
	}
	_, password, found := strings.Cut(value, ":")
	if !found {
		return nil, nil, &WrongError{
			Name: d.Scheme.ID, Message: "the value has no colon between the name and the password",
			Expected: "USER:PASSWORD", Fix: fmt.Sprintf("--credential %s=USER:PASSWORD", d.Scheme.ID),
		}
	}
	header := "Basic " + base64.StdEncoding.EncodeToString([]byte(value))
	return &Met{Value: header, Secrets: []string{value, password, header}}, nil, nil
}

// missing names the members of a credential that were not given.
func missing(scheme string, parts map[string]string, needed ...string) []string {
	var lacks []string
	for _, member := range needed {
		if parts[member] == "" {
			lacks = append(lacks, scheme+"."+member)
		}
	}
	return lacks
}

// sendable refuses a value that no header can carry, such as one that was read
// from a file with the line break at its end.
func (d Demand) sendable(met *Met) error {
	if met.In == "query" {
		return nil
	}
	return onOneLine(d.Scheme.ID, met.Value)
}

func onOneLine(name, value string) error {
	if !strings.ContainsFunc(value, unicode.IsControl) {
		return nil
	}
	return &WrongError{
		Name: name, Message: "the value has a line break or another control character, which cannot be sent",
		Expected: "a value on one line", Fix: "take the line break off its end",
	}
}
