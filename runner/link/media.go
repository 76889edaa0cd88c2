package link

import (
	"mime"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// preferred is the media type to send when the document names none: the first
// that is JSON, else the first; JSON where only ranges such as */* are declared.
func preferred(mediaTypes []string) string {
	concrete := slices.DeleteFunc(slices.Clone(mediaTypes), func(m string) bool { return strings.Contains(m, "*") })
	if i := slices.IndexFunc(concrete, IsJSON); i >= 0 {
		return concrete[i]
	}
	if len(concrete) > 0 && len(concrete) == len(mediaTypes) {
		return concrete[0]
	}
	return "application/json"
}

// within tells whether a media type is in a range such as text/*.
func within(media, declared string) bool {
	base, _, err := mime.ParseMediaType(declared)
	if err != nil {
		return true // nothing can be said of it
	}
	kind, _, _ := strings.Cut(media, "/")
	return base == media || base == "*/*" || base == kind+"/*"
}

// IsJSON tells whether a media type is JSON or ends in +json.
func IsJSON(media string) bool { return openapi.IsJSON(media) }

// IsXML tells whether a media type is XML or ends in +xml.
func IsXML(media string) bool { return openapi.IsXML(media) }
