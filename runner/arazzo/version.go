package arazzo

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// version is the minor version of the specification a document follows: 0 or 1.
// The patch number changes nothing (section 4.1).
type version int

func (v version) String() string { return map[version]string{0: "1.0", 1: "1.1"}[v] }

var versionPattern = regexp.MustCompile(`^1\.([01])\.\d+(-.+)?$`)

// readVersion reads the arazzo field of the root.
func (r *reader) readVersion(o Object) string {
	text, ok := o.Field("arazzo").Text()
	m := versionPattern.FindStringSubmatch(text)
	switch {
	case !ok:
		return r.text(o, "arazzo")
	case m == nil:
		r.fail(o.At("arazzo"), "arazzo/unsupported-version", fmt.Sprintf("the document follows Arazzo %q", text),
			"arazzo: 1.0.x or 1.1.x", "")
	case m[1] == "1":
		r.version = 1
	}
	return text
}

// fieldsSince lists the fields that came with 1.1, by object.
var fieldsSince = map[string][]string{
	"document":    {"$self"},
	"step":        {"channelPath", "action", "correlationId", "timeout", "dependsOn"},
	"action":      {"parameters"},
	"replacement": {"targetSelectorType"},
}

// later tells whether the field exists, but only in a newer version than the
// document's, and in which.
func (v version) later(kind, field string) (string, bool) {
	if v == 0 && slices.Contains(fieldsSince[kind], field) {
		return "1.1", true
	}
	return "", false
}

// newer reports what 1.1 allows and this package does not read yet. It is
// refused by name: running without it would not be what the document says.
func (r *reader) newer(v *source.Value, kind string) []string {
	if r.version == 0 {
		return nil
	}
	for _, field := range fieldsSince[kind] {
		if x := v.Get(field); x != nil {
			r.unsupported(x.Position, field)
		}
	}
	return fieldsSince[kind]
}

func (r *reader) unsupported(at source.Position, what string) {
	r.fail(at, "unsupported", "this version of the runner does not execute "+what+" of Arazzo 1.1", "a document without it", "")
}

// unsupportedValue is newer for one value of a field.
func (r *reader) unsupportedValue(o Object, field, value string) bool {
	text, _ := o.Field(field).Text()
	if r.version == 0 || text != value {
		return false
	}
	r.unsupported(o.At(field), field+": "+value)
	return true
}

// selectors refuses the Selector Objects in a value of a 1.1 document: taken as
// plain data they would be sent as they stand.
func (r *reader) selectors(v *source.Value) bool {
	if v == nil || r.version == 0 {
		return false
	}
	if isSelector(v) {
		r.unsupported(v.Position, "a selector object")
		return true
	}
	found := false
	for _, item := range v.Items {
		found = r.selectors(item) || found
	}
	for _, m := range v.Members {
		found = r.selectors(m.Value) || found
	}
	return found
}

func isSelector(v *source.Value) bool {
	for _, m := range v.Members {
		if !slices.Contains([]string{"context", "selector", "type"}, m.Key) && !strings.HasPrefix(m.Key, "x-") {
			return false
		}
	}
	return v.Get("context") != nil && v.Get("selector") != nil && v.Get("type") != nil
}
