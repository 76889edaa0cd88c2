package credential

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// maxFileBytes bounds a credentials file.
const maxFileBytes = 1 << 20

// File is a file of credentials: a YAML or JSON object. Its names are SCHEME or
// SOURCE.SCHEME, its values texts, or objects of members such as clientId.
type File struct {
	values map[string]string
	places map[string]source.Position
}

// ReadFile reads a credentials file. What is wrong with it is an error; that
// others than its owner may read it, a warning. No diagnostic shows what stands in
// the file. When ctx ends before, that is the error.
func ReadFile(ctx context.Context, path string) (*File, source.Diagnostics) {
	read, err := source.ReadSecrets(ctx, path, maxFileBytes)
	if err != nil {
		return nil, source.Diagnostics{{
			Code: "credentials-not-read", Severity: source.Error, Message: fmt.Sprintf("the credentials file %s cannot be read: %v", path, err),
			Expected: "a YAML or JSON file of credentials", Fix: "correct --credentials",
		}}
	}
	f, found := parseFile(read.File)
	if read.Exposed {
		found = append(found, &source.Diagnostic{
			Code: "credentials-exposed", Severity: source.Warning,
			Message: fmt.Sprintf("others than its owner may read the credentials file %s", path), Fix: "chmod 600 " + path,
		})
	}
	return f, found
}

// parseFile reads the object. The messages of its syntax may quote the text, and
// are not passed on.
func parseFile(text *source.File) (*File, source.Diagnostics) {
	if strings.TrimSpace(text.Text) == "" {
		return nil, source.Diagnostics{wrong(source.Position{File: text}, "the credentials file is empty", "an object such as {apiKey: VALUE}")}
	}
	f := &File{values: map[string]string{}, places: map[string]source.Position{}}
	root, err := source.Parse(text)
	if err != nil {
		where := source.Position{File: text}
		for _, d := range source.Of(err) {
			where = d.Position
		}
		return nil, source.Diagnostics{wrong(where, "the credentials file cannot be read as YAML or JSON here", "an object such as {apiKey: VALUE}")}
	}
	if root.Kind != source.Object {
		return nil, source.Diagnostics{wrong(root.Position, "the credentials file holds "+root.Kind.Article(), "an object such as {apiKey: VALUE}")}
	}
	var found source.Diagnostics
	for _, m := range root.Members {
		found = append(found, f.entry(m)...)
	}
	return f, found
}

// entry takes one credential: a text, or an object of members.
func (f *File) entry(m source.Member) source.Diagnostics {
	if m.Value.Kind != source.Object {
		return f.text(m.Key, m)
	}
	var found source.Diagnostics
	for _, part := range m.Value.Members {
		if !slices.Contains(members, part.Key) {
			d := wrong(part.Position, fmt.Sprintf("the credential %q has the member %q, which means nothing", m.Key, part.Key), "one of "+strings.Join(members, ", "))
			if near := source.Nearest(part.Key, members); len(near) > 0 {
				d.Fix = fmt.Sprintf("did you mean %s?", strings.Join(near, " or "))
			}
			found = append(found, d)
			continue
		}
		found = append(found, f.text(m.Key+"."+part.Key, part)...)
	}
	return found
}

// text takes a text; null is none. A number loses its form before it gets here,
// such as a zero at its beginning, and is refused.
func (f *File) text(name string, m source.Member) source.Diagnostics {
	value, isText := m.Value.Text()
	switch {
	case isText:
		if _, given := f.values[name]; given {
			return source.Diagnostics{wrong(m.Position, fmt.Sprintf("the credential %q is given twice", name), "one value")}
		}
		f.values[name], f.places[name] = value, m.Position
		return nil
	case m.Value.Kind == source.Null:
		return nil
	default:
		d := wrong(m.Value.Position, fmt.Sprintf("the credential %q is %s", name, m.Value.Kind.Article()), "a text")
		if m.Value.Kind == source.Number || m.Value.Kind == source.Boolean {
			d.Fix = "put it in quotes"
		}
		return source.Diagnostics{d}
	}
}

func wrong(at source.Position, message, expected string) *source.Diagnostic {
	return &source.Diagnostic{Code: "wrong-credential", Severity: source.Error, Position: at, Message: message, Expected: expected}
}
