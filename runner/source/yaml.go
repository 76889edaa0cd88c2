package source

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// MaxBytes is the longest document read: the largest real OpenAPI description
// known, GitHub's, has 13 MB.
const MaxBytes = 64 << 20

// Parse reads the file as YAML 1.2 or JSON. Scalars follow the core schema of
// YAML 1.2 limited to JSON's types (Arazzo 1.0.1, section 4.3): yes, on and
// dates are strings, keys are strings, numbers keep every digit. The error is a
// [*Diagnostic].
func Parse(file *File) (*Value, error) {
	root, err := Nodes(file)
	if err != nil {
		return nil, err
	}
	c := converter{file: file}
	return c.value(root, 0)
}

// Nodes is [Parse] for a reader that needs little of a long document: it expands
// no alias and converts no value. It reads the text as JSON where it is JSON:
// the YAML library is many times slower, and does not know every escape of
// JSON, nor keys of more than a thousand characters. A file whose name ends in
// .json is read as nothing else.
func Nodes(file *File) (*yaml.Node, error) { return nodes(file, 0) }

// nodes reads a file; of JSON it makes the nodes of some levels, 0 for all.
func nodes(file *File, levels int) (*yaml.Node, error) {
	if len(file.Text) > MaxBytes {
		return nil, &Diagnostic{
			Code: "arazzo/document-too-large", Severity: Error, Position: Position{File: file},
			Message:  fmt.Sprintf("the document has %d bytes", len(file.Text)),
			Expected: fmt.Sprintf("at most %d bytes", MaxBytes),
		}
	}
	if d := checkEncoding(file); d != nil {
		return nil, d
	}
	text := strings.TrimPrefix(file.Text, byteOrderMark)
	promised := promisesJSON(file.Name) && strings.TrimSpace(text) != ""
	var notJSON *jsonSyntax
	if promised || looksLikeJSON(text) {
		root, err := jsonOutline(text, levels)
		switch {
		case err == nil:
			return root, nil
		case promised:
			return nil, err.diagnostic(file)
		}
		notJSON = err
	}
	root, problem := yamlDocument(file, text)
	if problem == nil {
		return root, nil
	}
	if notJSON != nil {
		// Of two readers that fail, the one that came further knows better.
		d := notJSON.diagnostic(file)
		if !d.Position.before(problem.Position) {
			return nil, d
		}
	}
	return nil, problem
}

// promisesJSON tells whether the name of a file, the path of a URL, says that it
// is JSON: other tools then read nothing else in it.
func promisesJSON(name string) bool {
	if u, err := url.Parse(name); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		name = u.Path
	}
	return strings.EqualFold(path.Ext(name), ".json")
}

func looksLikeJSON(text string) bool {
	start := strings.TrimLeft(text, " \t\r\n")
	return start != "" && strings.IndexByte(`{["`, start[0]) >= 0
}

// yamlDocument reads a text that is not JSON.
func yamlDocument(file *File, text string) (*yaml.Node, *Diagnostic) {
	if d := checkPrintable(file); d != nil {
		return nil, d
	}
	text, back := withoutSeparators(oldDirective(text))
	text, root, err := nodesBesideTabs(text)
	switch {
	case errors.Is(err, io.EOF):
		return nil, &Diagnostic{
			Code: "arazzo/empty-document", Severity: Error, Position: Position{File: file},
			Message: "the document is empty", Expected: "a YAML or JSON object",
		}
	case err != nil:
		return nil, syntaxError(file, text, err)
	case back != nil:
		replaceIn(root, back)
	}
	return root, nil
}

// directive finds the version that a YAML text says it has; only directives,
// comments and empty lines stand before it.
var directive = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\A(?:[ \t]*(?:#[^\r\n]*)?[\r\n]+|%[A-Z]+[^\r\n]*[\r\n]+)*?%YAML[ \t]+1\.[02-9](?:[ \t\r\n]|\z)`)
})

// oldDirective calls the text YAML 1.1, the one version that the library takes.
// What differs is looked after here.
func oldDirective(text string) string {
	if !strings.Contains(text, "%YAML") { // as in nearly all
		return text
	}
	found := directive().FindString(text)
	if found == "" {
		return text
	}
	minor := strings.LastIndexByte(found, '.') + 1
	return text[:minor] + "1" + text[minor+1:]
}

var errSeveralDocuments = errors.New("yaml: a second document begins here")

// yamlNodes reads the one document of a YAML stream.
func yamlNodes(text string) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	var root, second yaml.Node
	if err := decoder.Decode(&root); err != nil {
		return nil, err
	}
	if err := decoder.Decode(&second); err == nil {
		return nil, errSeveralDocuments
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	return root.Content[0], nil
}
