package credential

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/secret"
)

// Way is one way to give the credential of a scheme: all of its parts together.
type Way struct {
	// Flow is the flow by which tokens are fetched; empty where the credential is
	// given itself.
	Flow  string
	Parts []Part
}

// Part is one value of a way: NAME=EXAMPLE as a flag.
type Part struct {
	Name, Example string
}

// Flag is the part as an argument of the command line.
func (p Part) Flag() string { return "--credential " + p.Name + "=" + p.Example }

// Environment is the variable that may hold the part.
func (p Part) Environment() string { return secret.Environment(p.Name) }

// Ways are the ways to give a scheme's credential under a name, which is SCHEME or
// SOURCE.SCHEME. There is none for a scheme whose credential is no text.
func Ways(name string, s *openapi.SecurityScheme) []Way {
	if carrier, _ := s.Carrier(); carrier == "" {
		return nil
	}
	list := []Way{{Parts: []Part{{name, example(s)}}}}
	if s.Type != "oauth2" {
		return list
	}
	for _, f := range s.Flows {
		switch f.Kind {
		case clientCredentials:
			list = append(list, Way{f.Kind, []Part{{name + "." + ClientID, "ID"}, {name + "." + ClientSecret, "SECRET"}}})
		case passwordFlow:
			list = append(list, Way{f.Kind, []Part{{name + "." + Username, "USER"}, {name + "." + Password, "PASSWORD"}}})
		}
	}
	return list
}

// example is the form of the value.
func example(s *openapi.SecurityScheme) string {
	switch {
	case s.Type == "apiKey":
		return "VALUE"
	case s.Type != "http", strings.EqualFold(s.Scheme, "bearer"):
		return "TOKEN"
	case strings.EqualFold(s.Scheme, "basic"):
		return "USER:PASSWORD"
	default:
		return "'" + cmp.Or(s.Scheme, "SCHEME") + " VALUE'"
	}
}

// HowTo tells a person every way to give the scheme's credential, in one line.
func HowTo(name string, s *openapi.SecurityScheme) string {
	var ways []string
	for _, w := range Ways(name, s) {
		var parts []string
		for _, p := range w.Parts {
			parts = append(parts, fmt.Sprintf("%s (environment: %s)", p.Flag(), p.Environment()))
		}
		ways = append(ways, strings.Join(parts, " with "))
	}
	return strings.Join(ways, ", or ")
}
