package description

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Limits on the search beside a source.
const (
	// maxSiblings is how many files are read: the largest providers known divide
	// their description into fewer.
	maxSiblings = 100
	// maxSiblingBytes bounds what is read of all of them together.
	maxSiblingBytes = source.MaxBytes
)

// siblingFolders are the folders beside a source in which descriptions lie too:
// its own, and where publishers put what they came from.
var siblingFolders = []string{".", "_original", "openapi"}

var (
	openAPIText = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^[ \t{]*["']?(?:openapi|swagger)["']?[ \t]*:`)
	})
	operationIDText = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)(?:^|[{,])[ \t-]*["']?operationId["']?[ \t]*:[ \t]*(?:"([^"\r\n]+)"|'([^'\r\n]+)'|([^\s"',{}\[\]#][^"',{}\r\n#]*))`)
	})
)

// Siblings lists the operationIds in the OpenAPI descriptions that lie beside the
// source's own file, each with the names of the files that have it (D11): providers
// divide a description into several, and the ids go with it. The texts are searched
// and not read as YAML. It is empty for a source that is not on disk; what cannot
// be read is left out.
func (s *Source) Siblings() map[string][]string {
	if s.File == nil {
		return nil
	}
	own, ok := retrieve.Path(s.File.URI)
	if !ok {
		return nil
	}
	found := map[string][]string{}
	left := maxSiblingBytes
	for _, path := range siblings(own) {
		text := readSome(path, left)
		left -= len(text)
		if !openAPIText().MatchString(text) {
			continue
		}
		name := retrieve.Name(s.File, retrieve.URI(path))
		for _, m := range operationIDText().FindAllStringSubmatch(text, -1) {
			id := strings.TrimSpace(m[1] + m[2] + m[3])
			if files := found[id]; !slices.Contains(files, name) {
				found[id] = append(files, name)
			}
		}
	}
	return found
}

// siblings are the descriptions beside a file, in the order of their names.
func siblings(own string) []string {
	var found []string
	for _, folder := range siblingFolders {
		folder = filepath.Join(filepath.Dir(own), folder)
		for _, e := range entriesOf(folder) {
			path := filepath.Join(folder, e.Name())
			if stem(e.Name()) != e.Name() && e.Type().IsRegular() && path != own {
				found = append(found, path)
			}
		}
	}
	return found[:min(len(found), maxSiblings)]
}

// entriesOf is what is in a folder, in the order of the names.
func entriesOf(folder string) []os.DirEntry {
	f, err := os.Open(folder)
	if err != nil {
		return nil
	}
	defer f.Close()
	entries, _ := f.ReadDir(maxEntries) // what could be read is enough
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries
}

// readSome is the text of a file, or nothing where it has more than so many bytes.
func readSome(path string, most int) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, int64(most)+1))
	if err != nil || len(text) > most {
		return ""
	}
	return string(text)
}
