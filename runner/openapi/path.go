package openapi

import (
	"fmt"
	"net/url"
	"strings"
)

// Target is where a request to the operation goes below its server: its path template
// with the texts that [Parameter.Encode] made for its parameters, by their names. One
// without a text stays in its braces.
//
// The error is a segment that the texts make "." or "..", escaped or not: whoever reads
// the URL resolves it to another path (RFC 3986, section 5.2.4).
func (op *Operation) Target(texts map[string]string) (string, error) {
	pairs := make([]string, 0, 2*len(texts))
	for name, text := range texts {
		pairs = append(pairs, "{"+name+"}", text)
	}
	put := strings.NewReplacer(pairs...) // no text has a brace in it: they are escaped
	segments := strings.Split(op.EscapedPath(), "/")
	for i, segment := range segments {
		segments[i] = put.Replace(segment)
		if segments[i] != segment && isDots(segments[i]) {
			return "", fmt.Errorf("%s makes the path segment %q, which URLs resolve to another path", segment, segments[i])
		}
	}
	return strings.Join(segments, "/"), nil
}

func isDots(segment string) bool {
	plain, err := url.PathUnescape(segment) // reserved expansion keeps escapes that a value brings
	return err == nil && (plain == "." || plain == "..")
}
