package rule

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// unused tells of what a document declares and nothing refers to. Only of a
// document whose workflows are all here can that be said.
func (c *checker) unused(all []*link.Workflow) {
	linked := map[*description.Document][]*link.Workflow{}
	var documents []*description.Document
	for _, w := range all {
		if linked[w.Document] == nil {
			documents = append(documents, w.Document)
		}
		linked[w.Document] = append(linked[w.Document], w)
	}
	for _, d := range documents {
		if len(linked[d]) != len(d.Workflows) || d.Root == nil {
			continue
		}
		c.unusedComponents(d)
		c.unusedSources(d, linked[d])
		c.unusedInputs(linked[d])
	}
}

// texts calls see for every string of a value, with the key that it stands under;
// in an array that is the array's.
func texts(v *source.Value, key string, see func(key, text string)) {
	if text, ok := v.Text(); ok {
		see(key, text)
	}
	for _, item := range v.Items {
		texts(item, key, see)
	}
	for _, m := range v.Members {
		texts(m.Value, m.Key, see)
	}
}

// unusedComponents tells of components that no reusable object names, and input
// schemas that no $ref does (S-141). A reusable object that names none of them may
// be meant to name any.
func (c *checker) unusedComponents(d *description.Document) {
	named, used := map[string]bool{}, map[string]bool{}
	texts(d.Root, "", func(key, text string) {
		if key == "reference" {
			named[text] = true
		}
		if rest, ok := strings.CutPrefix(text, "#"); ok && key == "$ref" {
			name, _, _ := strings.Cut(strings.TrimPrefix(rest, "/components/inputs/"), "/")
			used[name] = true // or an $anchor
		}
	})
	var found source.Diagnostics
	for _, kind := range []string{"inputs", "parameters", "successActions", "failureActions"} {
		for _, m := range membersOf(d.Root.Get("components").Get(kind)) {
			name := "$components." + kind + "." + m.Key
			if named[name] || kind == "inputs" && (used[m.Key] || anchored(m.Value, used)) {
				delete(named, name)
				continue
			}
			found = append(found, &source.Diagnostic{
				Code: "arazzo/unused-component", Severity: source.Info, Position: m.Position,
				Message:  fmt.Sprintf("nothing refers to the component %s.%s: it has no effect", kind, m.Key),
				Expected: "a component that is used", Fix: "remove it",
			})
		}
	}
	for name := range named {
		if strings.HasPrefix(name, "$components.") {
			return
		}
	}
	for _, d := range found {
		c.report(d)
	}
}

func membersOf(v *source.Value) []source.Member {
	if v == nil {
		return nil
	}
	return v.Members
}

// anchored tells whether a schema has an $anchor or $id in it by which it may be
// used.
func anchored(schema *source.Value, used map[string]bool) bool {
	found := false
	texts(schema, "", func(key, text string) {
		found = found || key == "$anchor" && used[text] || key == "$id"
	})
	return found
}

var sourcePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\$sourceDescriptions\.([A-Za-z0-9_-]+)`)
})

// unusedSources tells of sources that no step and no expression needs. Where a
// step's target was not found, it may be meant to be in any of them.
func (c *checker) unusedSources(d *description.Document, workflows []*link.Workflow) {
	used := map[string]bool{}
	for _, w := range workflows {
		for _, s := range w.Steps {
			switch {
			case s.Source != nil:
				used[s.Source.Name] = true
			case s.Called == nil:
				return
			}
		}
	}
	texts(d.Root, "", func(_, text string) {
		if !strings.Contains(text, "$sourceDescriptions.") {
			return
		}
		for _, m := range sourcePattern().FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
		}
	})
	for _, s := range d.Sources {
		if !used[s.Name] {
			c.report(&source.Diagnostic{
				Code: "arazzo/unused-source", Severity: source.Info, Position: s.At("name"),
				Message: fmt.Sprintf("no step uses the source %q", s.Name), Expected: "a source that is used", Fix: "remove it",
			})
		}
	}
}
