package source

import (
	"regexp"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// idle matches the white space before nothing but a comment on a line.
var idle = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\A([ \t]+)(?:#[^\r\n]*)?(?:[\r\n]|\z)`)
})

// nodesBesideTabs is [yamlNodes] for texts with tabs where YAML 1.2 allows them
// and the library does not: on lines of white space and comments (section 6.6 of
// YAML 1.2.2). It returns the text that was read, in which they are spaces: no
// place moves. The tabs of scalars are not met: there the library does not fail, or
// says something else. The longer the text, the fewer such lines it looks for, as
// each costs some ten readings.
func nodesBesideTabs(text string) (string, *yaml.Node, error) {
	root, err := yamlNodes(text)
	for range maxSearched / (1 + len(text)) {
		if err == nil {
			break
		}
		spaced, ok := withoutTab(text, err)
		if !ok {
			break
		}
		text = spaced
		root, err = yamlNodes(text)
	}
	return text, root, err
}

// withoutTab puts spaces in the place of the white space at which the library
// failed.
func withoutTab(text string, err error) (string, bool) {
	if message := err.Error(); !strings.HasSuffix(message, tabs[0]) && !strings.HasSuffix(message, noToken) {
		return "", false
	}
	offset, ok := errorOffset(text, err)
	if !ok || !strings.HasPrefix(text[offset:], "\t") {
		return "", false
	}
	start := 1 + strings.LastIndexAny(text[:offset], "\r\n")
	found := idle().FindStringSubmatch(text[start:])
	if found == nil {
		return "", false
	}
	end := start + len(found[1])
	return text[:start] + strings.Repeat(" ", end-start) + text[end:], true
}
