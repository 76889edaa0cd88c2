package arazzo

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// keyPattern is what the keys of components and outputs have to look like, and
// idPattern what ids should: only such an id can stand in an expression, where a
// dot ends it (1.1.0, section 5.7, identifier-strict).
var (
	keyPattern = regexp.MustCompile(`^[a-zA-Z0-9.\-_]+$`)
	idPattern  = regexp.MustCompile(`^[a-zA-Z0-9\-_]+$`)
)

// key refuses a name of an output or a component that no expression can hold
// (S-045, S-140).
func (r *reader) key(m source.Member, what string) {
	if !keyPattern.MatchString(m.Key) {
		r.fail(m.Position, "arazzo/wrong-name", fmt.Sprintf("%s is named %q", what, m.Key),
			"letters, digits, and . - _ only", "rename it")
	}
}

// id reads the id of a workflow or step. Any text is one, and the specification
// only recommends those that expressions can name (S-040, S-050).
func (r *reader) id(o Object, kind, field string) string {
	id := r.requiredText(o, kind, field)
	if id != "" && !idPattern.MatchString(id) {
		r.warn(o.At(field), "arazzo/unconventional-id", fmt.Sprintf("the %s is named %q, which no expression can refer to", kind, id),
			"letters, digits, and - _ only", "rename it")
	}
	return id
}

// unique reports the second of two objects that have the same name.
func (r *reader) unique(seen map[string]bool, name string, at source.Position, what string) {
	if name != "" && seen[name] {
		r.fail(at, "arazzo/duplicate-name", fmt.Sprintf("there are two %s named %q", what, name),
			"a name of its own for each", "rename one of them, or remove it")
	}
	seen[name] = true
}

// distinct reports an entry of a list that says the same as an earlier one: the
// published schemas forbid it, and one of them was meant to say something else.
func (r *reader) distinct(items []*source.Value, what string) {
	repeats := func(i int) bool { return slices.ContainsFunc(items[:i], items[i].Same) }
	if len(items) > fewEntries {
		repeats = repeated(items)
	}
	for i, item := range items {
		if repeats(i) {
			r.fail(item.Position, "arazzo/duplicate-entry", fmt.Sprintf("%s has this entry twice", what),
				"entries that differ", "remove one of them")
		}
	}
}

// fewEntries is up to how many entries comparing each with each is faster than
// writing all of them.
const fewEntries = 8

// repeated tells, of one entry after the other, whether it was there before.
func repeated(items []*source.Value) func(i int) bool {
	seen := map[string]bool{}
	return func(i int) bool {
		// Data holds nothing that JSON cannot, and its members come out sorted.
		text, _ := json.Marshal(items[i].Data())
		was := seen[string(text)]
		seen[string(text)] = true
		return was
	}
}

// uriCharacters are those that may stand in a URI without being percent-encoded
// (RFC 3986, section 2), and the percent sign.
const uriCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&'()*+,;=%"

// uriReference checks a text that has to be a URI-reference (RFC 3986, section
// 4.1). A character that should have been percent-encoded, such as a space,
// leaves no doubt of what is meant: a warning.
func (r *reader) uriReference(o Object, field, text string) {
	if _, err := url.Parse(text); err != nil {
		r.fail(o.At(field), "arazzo/wrong-uri", fmt.Sprintf("%s is %q, which is no URI-reference", field, text),
			"a URI, or a reference relative to this document", "write one such as https://example.com/api.yml or ../api.yml")
	} else if escaped := escapeURI(text); escaped != text {
		r.warn(o.At(field), "arazzo/unescaped-uri", fmt.Sprintf("%s has characters that a URI cannot have", field),
			"percent-encoded characters", "write "+escaped)
	}
}

func escapeURI(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if strings.IndexByte(uriCharacters, text[i]) >= 0 {
			b.WriteByte(text[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", text[i])
		}
	}
	return b.String()
}
