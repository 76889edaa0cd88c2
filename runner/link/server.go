package link

import (
	"net/url"
	"strings"
)

// Server is the base URL that the operation's description declares (S-028): the
// first of the operation's servers, else its path's, else the document's, with
// its variables' defaults. A relative one is resolved against the description's
// own URL; of one from disk it stays relative.
func (s *Step) Server() (string, error) {
	declared := "/"
	if len(s.Operation.Servers) > 0 {
		var err error
		if declared, err = s.Operation.Servers[0].Expand(); err != nil {
			return "", err
		}
	}
	base, err := url.Parse(s.Source.Location)
	if err != nil || !strings.HasPrefix(base.Scheme, "http") {
		return declared, nil
	}
	target, err := url.Parse(declared)
	if err != nil {
		return declared, nil
	}
	return base.ResolveReference(target).String(), nil
}
