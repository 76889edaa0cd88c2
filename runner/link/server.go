package link

import (
	"net/url"
	"strings"
)

// Server is the base URL that the operation's description declares (S-028): the
// first of the operation's servers, else its path's, else the document's, with
// its variables' defaults. A relative one is resolved against the URL of the file
// in which it stands; of one from disk it stays relative. The error is that of a
// variable without a default.
func (s *Step) Server() (string, error) {
	declared, home := "/", s.Source.Location
	if len(s.Operation.Servers) > 0 {
		server := s.Operation.Servers[0]
		var err error
		if declared, err = server.Expand(); err != nil {
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
