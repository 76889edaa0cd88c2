package link

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// unknownOperation reports an id that none of these sources has (S-052, D11);
// where one of them could not be loaded it might be there, and that is reported
// already.
func (at *site) unknownOperation(id string, among []*description.Source) {
	var ids, places []string
	for _, in := range among {
		if in.OpenAPI == nil && in.AsyncAPI == nil {
			return
		}
		ids = append(ids, operationIDs(in)...)
		places = append(places, fmt.Sprintf("%s (%s)", in.Name, in.URL))
	}
	expected := "a source description of an API that has it: the document has none of any API"
	if len(places) > 0 {
		expected = "an operationId of " + strings.Join(places[:min(len(places), 10)], " or ")
	}
	at.report(&source.Diagnostic{
		Code: "arazzo/unknown-operation", Position: at.step.At("operationId"),
		Message:  fmt.Sprintf("no operation has the id %q", id),
		Expected: expected, Fix: at.otherOperation(id, ids, among),
	})
}

// otherOperation is the next move where no operation has an id: the file beside a
// source that has it, else the nearest id that there is, else that of such a file.
func (at *site) otherOperation(id string, ids []string, among []*description.Source) string {
	if name, rest, ok := strings.Cut(id, "."); ok && slices.Contains(at.index().operations[rest], at.index().sources[name]) {
		return fmt.Sprintf("did you mean %s%s?", sourcePrefix, id)
	}
	beside := at.beside(among)
	if files := beside[id]; len(files) > 0 {
		return fmt.Sprintf("%s has it: add it as a source", files[0])
	}
	if fix := at.didYouMean(id, ids); fix != "" {
		return fix
	}
	if near := at.nearest(id, slices.Sorted(maps.Keys(beside))); len(near) > 0 {
		return fmt.Sprintf("%s has %s: add it as a source, if that is meant", beside[near[0]][0], near[0])
	}
	if len(ids) > 0 {
		return "the operations there are " + list(ids[:min(len(ids), 10)])
	}
	return ""
}

// maxSearched bounds the sources beside which files are read.
const maxSearched = 10

// beside are the operations of the files that lie beside these sources, each with
// the files that have it. What lies beside a source is read once.
func (l *Linker) beside(sources []*description.Source) map[string][]string {
	all := map[string][]string{}
	for _, s := range sources {
		folder := filepath.Dir(s.Location)
		if _, known := l.siblings[folder]; !known && len(l.siblings) < maxSearched {
			l.siblings[folder] = s.Siblings()
		}
		for id, files := range l.siblings[folder] {
			all[id] = append(all[id], files...)
		}
	}
	for id, files := range all {
		slices.Sort(files)
		all[id] = slices.Compact(files)
	}
	return all
}
