package description

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/arazzo-conformance/arazzo/runner/retrieve"
)

// Limits on the search for a file that has moved.
const (
	// maxParents is how far up from the document's folder it goes: descriptions
	// mostly lie in a folder of their own beside those of the workflows.
	maxParents = 3
	// maxEntries bounds the folder entries that one load reads for it.
	maxEntries = 20_000
	// maxSearches is how many sources of a description are searched for.
	maxSearches = 100
	// maxOffered is how many places are offered.
	maxOffered = 3
)

// neighbours remembers the folders that were searched.
type neighbours struct {
	folders           map[string][]os.DirEntry
	entries, searches int
}

// list is the entries of a folder, none where it cannot be read or the search
// has gone on for long enough.
func (n *neighbours) list(folder string) []os.DirEntry {
	if known, ok := n.folders[folder]; ok {
		return known
	}
	f, err := os.Open(folder)
	if err != nil || n.entries >= maxEntries {
		return nil
	}
	defer f.Close()
	entries, _ := f.ReadDir(maxEntries - n.entries) // what could be read is enough
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	if n.folders == nil {
		n.folders = map[string][]os.DirEntry{}
	}
	n.folders[folder] = entries
	n.entries += len(entries)
	return entries
}

// elsewhere is the next move for a source that was not found: where a file of
// that name lies near the document, else files with nearly its name (D10).
func (l *loader) elsewhere(k *link, fix string) string {
	if k.given != "" {
		return "correct --source " + k.name + "=" + quoted(retrieve.Shown(k.given))
	}
	if fix == "" {
		fix = "correct the url"
	}
	near := l.moved(k)
	if len(near) == 0 {
		return fmt.Sprintf("%s, or say where it is: --source %s=PATH", fix, k.name)
	}
	for i, found := range near {
		near[i] = fmt.Sprintf("--source %s=%s", k.name, quoted(found))
	}
	return fmt.Sprintf("%s, or take what was found near: %s", fix, strings.Join(near, ", or "))
}

// quoted makes one word of a path for a shell.
func quoted(name string) string {
	if strings.ContainsAny(name, " \t'\"\\$&;()<>|*?[]#~`!{}") {
		return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
	}
	return name
}

// moved lists where the file that a source means may have gone.
func (l *loader) moved(k *link) []string {
	home, ok := retrieve.Path(k.from.File.URI)
	u, err := url.Parse(k.uri)
	if !ok || err != nil || k.uri == "" || l.searches >= maxSearches {
		return nil
	}
	l.searches++
	wanted := path.Base(u.Path)
	var found []string
	folder := filepath.Dir(home)
	for range maxParents + 1 {
		found = append(found, l.inside(folder, wanted, 2)...)
		parent := filepath.Dir(folder)
		if parent == folder {
			break
		}
		folder = parent
	}
	if looked, ok := retrieve.Path(k.uri); ok && len(found) == 0 {
		found = l.alike(filepath.Dir(looked), wanted)
	}
	return l.shown(k, found)
}

// inside lists the files of that name in a folder and its folders of
// descriptions, down to a depth.
func (l *loader) inside(folder, wanted string, depth int) []string {
	var found []string
	for _, e := range l.list(folder) {
		name := e.Name()
		switch {
		case e.IsDir() && depth > 0 && (strings.HasPrefix(name, "openapi") || name == "_original"):
			found = append(found, l.inside(filepath.Join(folder, name), wanted, depth-1)...)
		case e.Type().IsRegular() && sameName(name, wanted):
			found = append(found, filepath.Join(folder, name))
		}
	}
	return found
}

// sameName compares names of descriptions: .yml, .yaml and .json say the same.
func sameName(a, b string) bool { return strings.EqualFold(stem(a), stem(b)) }

func stem(name string) string {
	extension := path.Ext(name)
	if slices.Contains([]string{".yml", ".yaml", ".json"}, strings.ToLower(extension)) {
		return strings.TrimSuffix(name, extension)
	}
	return name
}

// maxSlips is how many letters a misspelt name has wrong, and a fifth of them at
// the most: the names of one provider's descriptions are alike in most of theirs,
// and short names are all alike.
const maxSlips = 2

// alike lists the files of a folder that have nearly that name.
func (l *loader) alike(folder, wanted string) []string {
	var found []string
	for _, e := range l.list(folder) {
		distance := levenshtein.ComputeDistance(strings.ToLower(stem(e.Name())), strings.ToLower(stem(wanted)))
		if e.Type().IsRegular() && distance <= min(maxSlips, len(stem(wanted))/5) {
			found = append(found, filepath.Join(folder, e.Name()))
		}
	}
	return found
}

// shown names the files as the user knows them. Neither the document itself is one
// of them, nor the file that could not be read.
func (l *loader) shown(k *link, found []string) []string {
	var names []string
	for _, file := range found {
		uri := retrieve.URI(file)
		if name := retrieve.Name(k.from.File, uri); uri != k.from.File.URI && uri != k.uri && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names[:min(len(names), maxOffered)]
}
