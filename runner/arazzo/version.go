package arazzo

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// version is the version of the specification that a document is read by. Its
// patch number changes nothing (section 4.1), with one exception.
type version struct {
	minor int
	// first is true for 1.0.0, which alone had parameters in: body (S-007).
	first bool
}

var versionPattern = regexp.MustCompile(`^1\.(0|[1-9]\d*)\.(\d+)(?:-.+)?$`)

// versionOf tells by which version a document is read (S-001): a later 1.x by
// 1.1, which is the newest known; what is no version too, as that knows most.
func versionOf(text string) version {
	if m := versionPattern.FindStringSubmatch(text); m != nil && m[1] == "0" {
		return version{minor: 0, first: m[2] == "0"}
	}
	return version{minor: 1}
}

// Minor is the minor version of the specification that the document is read by,
// 0 or 1. A later 1.x is read as 1.1.
func (d *Document) Minor() int { return versionOf(d.Arazzo).minor }

// readVersion reads the arazzo field of the root.
func (r *reader) readVersion(o Object) string {
	const known, fix = "a version of Arazzo 1.0 or 1.1", "write arazzo: 1.0.1, or 1.1.0"
	v := o.Field("arazzo")
	text, ok := v.Text()
	r.version = versionOf(text)
	m := versionPattern.FindStringSubmatch(text)
	switch {
	case v == nil:
		r.required(o, "document", "arazzo")
	case !ok:
		r.fail(v.Position, "arazzo/wrong-type", "arazzo is "+article(v.Kind), known+", with all its three numbers", fix)
	case m == nil:
		r.fail(v.Position, "arazzo/unsupported-version", fmt.Sprintf("the document follows Arazzo %q", text), known, fix)
	case m[1] != "0" && m[1] != "1":
		r.warn(v.Position, "arazzo/newer-version", fmt.Sprintf("the document follows Arazzo %s and is read as 1.1", text),
			known, "write arazzo: 1.1.0 if it needs nothing newer")
	}
	return text
}

// fieldsSince lists the fields that came with 1.1, by object.
var fieldsSince = map[string][]string{
	"document":       {"$self"},
	"step":           {"channelPath", "action", "correlationId", "timeout", "dependsOn"},
	"success action": {"parameters"},
	"failure action": {"parameters"},
	"replacement":    {"targetSelectorType"},
}

const sinceFix = "write arazzo: 1.1.0, or do without it"

// choices are the texts that a field allows, and those it allows since 1.1.
type choices struct{ always, since []string }

// choice reads a text that is one of a few; a wrong one is reported, and kept.
func (r *reader) choice(o Object, field string, c choices) string {
	v := o.Field(field)
	text, ok := v.Text()
	if !ok {
		return r.text(o, field)
	}
	allowed := c.always
	if r.version.minor > 0 {
		allowed = slices.Concat(allowed, c.since)
	}
	if slices.Contains(allowed, text) {
		return text
	}
	message, fix := fmt.Sprintf("%s is %q", field, text), r.didYouMean(text, allowed, "choose one of them")
	if slices.Contains(c.since, text) {
		message, fix = message+", which came with Arazzo 1.1", sinceFix
	}
	r.fail(v.Position, "arazzo/wrong-value", message, "one of "+strings.Join(allowed, ", "), fix)
	return text
}
