package description

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// diagnostics collects what was found, document by document.
func (l *loader) diagnostics() source.Diagnostics {
	var found source.Diagnostics
	told := map[*text]bool{}
	tell := func(t *text) {
		if t != nil && !told[t] {
			told[t] = true
			found = append(found, t.found...)
		}
	}
	for _, d := range l.documents {
		tell(l.origins[d])
		found = append(found, l.aboutDocument(d)...)
		for _, k := range l.links {
			if k.from != d {
				continue
			}
			found = append(found, l.aboutLink(k)...)
			if k.Arazzo == nil {
				tell(k.text)
			}
		}
	}
	if !l.NoSources {
		found = append(found, l.unknownSources()...)
	}
	return found
}

// aboutDocument judges where a document is from and what it calls itself.
func (l *loader) aboutDocument(d *Document) source.Diagnostics {
	var found source.Diagnostics
	if d == l.documents[0] && retrieve.IsInsecure(d.File.URI) {
		found = append(found, insecure(source.Position{File: d.File}, "the document"))
	}
	if other := l.identified(d.BaseURI); d.Self != "" && other != nil && other != d {
		found = append(found, &source.Diagnostic{
			Code: "arazzo/duplicate-self", Severity: source.Warning, Position: d.At("$self"),
			Message:  fmt.Sprintf("the document calls itself %s, and so does %s, which is taken by that name", retrieve.Shown(d.BaseURI), other.File.Name),
			Expected: "a $self of its own for each document", Fix: "change one of them",
		})
	}
	return found
}

func insecure(at source.Position, what string) *source.Diagnostic {
	return &source.Diagnostic{
		Code: "arazzo/insecure-source", Severity: source.Warning, Position: at,
		Message:  what + " was read over http: anybody on the way could have changed it",
		Expected: "an https URL", Fix: "write https where the server has it",
	}
}

// unknownSources reports what --source names and no document has. A name behind a
// source that was not found may be right.
func (l *loader) unknownSources() source.Diagnostics {
	var names []string
	var unread []string
	for _, k := range l.links {
		names = append(names, k.name)
		if k.text == nil {
			unread = append(unread, k.name+".")
		}
	}
	var found source.Diagnostics
	for _, name := range slices.Sorted(maps.Keys(l.Sources)) {
		hidden := slices.ContainsFunc(unread, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
		if slices.Contains(names, name) || hidden {
			continue
		}
		found = append(found, &source.Diagnostic{
			Code: "unknown-source", Severity: source.Error, Position: l.documents[0].At("sourceDescriptions"),
			Message:  fmt.Sprintf("--source names the source %q, which the document does not have", name),
			Expected: "one of " + strings.Join(names, ", "), Fix: didYouMean(source.Nearest(name, names)),
		})
	}
	return found
}

func didYouMean(near []string) string {
	if len(near) == 0 {
		return "correct the name, or leave it out"
	}
	return "did you mean " + near[0] + "?"
}
