package selector

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Language is a selector language in one version, as an Expression Type Object
// names both (Arazzo 1.1.0, section 5.6.12). An empty version is the default one.
type Language struct{ Name, Version string }

// The names of the languages.
const (
	JSONPath    = "jsonpath"
	XPath       = "xpath"
	JSONPointer = "jsonpointer"
)

// goessner is the version of JSONPath before RFC 9535.
const goessner = "draft-goessner-dispatch-jsonpath-00"

// versions lists those of each language, the default one first.
var versions = map[string][]string{
	JSONPath:    {"rfc9535", goessner},
	XPath:       {"xpath-31", "xpath-30", "xpath-20", "xpath-10"},
	JSONPointer: {"rfc6901"},
}

// Check says what is wrong with a language or its version, and which there are.
func Check(l Language) error {
	allowed, ok := versions[l.Name]
	if !ok {
		return fmt.Errorf("%q is no selector language: expected %s", l.Name, list(slices.Sorted(maps.Keys(versions))))
	}
	if l.Version != "" && !slices.Contains(allowed, l.Version) {
		return fmt.Errorf("%q is no version of %s: expected %s", l.Version, l.Name, list(allowed))
	}
	return nil
}

// list writes names as a person would: a, b or c.
func list(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
