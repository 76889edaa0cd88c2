package source

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

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
// the YAML library is several times slower, and does not know every escape of
// JSON, nor keys of more than a thousand characters.
func Nodes(file *File) (*yaml.Node, error) {
	if len(file.Text) > MaxBytes {
		return nil, &Diagnostic{
			Code: "arazzo/document-too-large", Severity: Error, Position: Position{File: file},
			Message:  fmt.Sprintf("the document has %d bytes", len(file.Text)),
			Expected: fmt.Sprintf("at most %d bytes", MaxBytes),
		}
	}
	text := strings.TrimPrefix(file.Text, byteOrderMark)
	var notJSON error
	if strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		root, err := jsonNodes(text)
		if err == nil {
			return root, nil
		}
		notJSON = err
	}
	root, err := yamlNodes(text)
	switch {
	case err != nil && notJSON != nil && strings.HasSuffix(file.Name, ".json"):
		return nil, jsonError(file, text, notJSON)
	case errors.Is(err, io.EOF):
		return nil, &Diagnostic{
			Code: "arazzo/empty-document", Severity: Error, Position: Position{File: file},
			Message: "the document is empty", Expected: "a YAML or JSON object",
		}
	case err != nil:
		return nil, syntaxError(file, text, err)
	}
	return root, nil
}

// byteOrderMark may stand at the start of a file; it belongs to no line.
const byteOrderMark = "\ufeff"

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

// syntaxError gives the YAML library's message a position. The library names
// the line on which the surrounding block begins, or none.
func syntaxError(file *File, text string, err error) error {
	at := Position{File: file, Line: errorLine(text, err)}
	if line, ok := at.line(); ok {
		at.Column = 1 + len(line) - len(strings.TrimLeft(line, " \t"))
	}
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, found := strings.CutPrefix(message, "line "); found {
		_, message, _ = strings.Cut(rest, ": ")
	}
	return &Diagnostic{
		Code: "arazzo/yaml-syntax", Severity: Error, Position: at,
		Message: message, Expected: "well-formed YAML 1.2 or JSON, one document",
		Fix: "look at this line and the one above it: indentation, quotes, a missing colon",
	}
}

// maxSearched bounds the search of [errorLine], in bytes; it reads the text some
// ten times, and real Arazzo documents have a hundredth of this.
const maxSearched = 1 << 20

// errorLine finds the line of a syntax error. The library reads its text once
// from start to end, so every beginning of the text that reaches the error ends
// in the same one. It is 0 for a text so long that the search would take
// seconds.
func errorLine(text string, want error) int {
	if len(text) > maxSearched {
		return 0
	}
	var ends []int
	for i, c := range text {
		if c == '\n' {
			ends = append(ends, i+1)
		}
	}
	return 1 + sort.Search(len(ends), func(i int) bool {
		_, err := yamlNodes(text[:ends[i]])
		return err != nil && err.Error() == want.Error()
	})
}
