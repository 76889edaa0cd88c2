package link

import (
	"net/url"
	"strings"
)

// ServerVariables are values for the variables of servers, keyed NAME or
// SOURCE.NAME, where SOURCE is a name by which the user calls a source.
type ServerVariables map[string]string

// Of is what is given for the servers of a source of these names: what has the first
// of them, what has another, what has none.
func (v ServerVariables) Of(names []string) func(variable string) (string, bool) {
	return func(variable string) (string, bool) {
		for _, name := range names {
			if value, ok := v[name+"."+variable]; ok {
				return value, true
			}
		}
		value, ok := v[variable]
		return value, ok
	}
}

// Server is the base URL that the operation's description declares (S-028): the
// first of the operation's servers, else its path's, else the document's, with
// its variables' given values or defaults; given may be nil. A relative one is
// resolved against the URL of the file in which it stands, whatever name that gives
// itself (OpenAPI 3.2, API URLs); of one from disk it stays relative. The error is
// that of [openapi.Server.Expand].
func (s *Step) Server(given func(variable string) (string, bool)) (string, error) {
	declared, home := "/", s.Source.Location
	if len(s.Operation.Servers) > 0 {
		server := s.Operation.Servers[0]
		var err error
		if declared, err = server.Expand(given); err != nil {
			return "", err
		}
		if file := server.Position.File; file != nil && file != s.Source.File {
			home = file.URI
		}
	}
	base, err := url.Parse(home)
	if err != nil || !strings.HasPrefix(base.Scheme, "http") {
		return declared, nil
	}
	target, err := url.Parse(declared)
	if err != nil {
		return declared, nil
	}
	base.User = nil // what reads the description is nothing to the API
	return base.ResolveReference(target).String(), nil
}
