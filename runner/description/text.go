package description

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/asyncapi"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// The kinds of document, as a source description's type names them.
const (
	kindOpenAPI  = "openapi"
	kindAsyncAPI = "asyncapi"
	kindArazzo   = "arazzo"
)

// kinds are told by a field at the document's root (S-032).
var kinds = map[string]string{"openapi": kindOpenAPI, "swagger": kindOpenAPI, "asyncapi": kindAsyncAPI, "arazzo": kindArazzo}

// kindNames are for the reader of a diagnostic.
var kindNames = map[string]string{kindOpenAPI: "an OpenAPI", kindAsyncAPI: "an AsyncAPI", kindArazzo: "an Arazzo"}

// text is a document that was read, of whatever kind. It is never changed, so
// that descriptions can share it.
type text struct {
	file *source.File
	// kind is empty for a text that is none of them.
	kind     string
	openapi  *openapi.Document
	asyncapi *asyncapi.Document
	arazzo   *arazzo.Document
	root     *source.Value
	found    source.Diagnostics
}

// read reads a file as what it is.
func read(file *source.File, client *retrieve.Client) *text {
	t := &text{file: file, kind: kindOf(file.Text)}
	if t.kind == "" {
		t.kind, t.found = kindOfRoot(file)
	}
	switch t.kind {
	case kindOpenAPI:
		t.openapi, t.found = openapi.Load(file, client.References(file))
	case kindAsyncAPI:
		t.asyncapi, t.found = asyncapi.Load(file)
	case kindArazzo:
		t.readArazzo()
	}
	return t
}

func (t *text) readArazzo() {
	root, err := source.Parse(t.file)
	if err != nil {
		t.found = source.Of(err)
		return
	}
	t.root = root
	t.arazzo, t.found = arazzo.Read(root)
}

// rootField matches a field in the first column of a YAML text, where in block
// style nothing but the root's fields stands.
var rootField = regexp.MustCompile(`(?m)^["']?(openapi|swagger|asyncapi|arazzo)["']?[ \t]*:(?:[ \t\r]|$)`)

// kindOf looks for the field that tells the kind without reading all of a text:
// it is nearly always the first, and the text may have many megabytes. The answer
// is empty where only reading will tell.
func kindOf(text string) string {
	text = strings.TrimLeft(text, "\ufeff \t\r\n")
	if strings.HasPrefix(text, "{") {
		return kindOfJSON(text)
	}
	if m := rootField.FindStringSubmatch(text); m != nil {
		return kinds[m[1]]
	}
	return ""
}

func kindOfJSON(text string) string {
	decoder := json.NewDecoder(strings.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return ""
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return ""
		}
		if name, ok := key.(string); ok && kinds[name] != "" {
			return kinds[name]
		}
		var skipped json.RawMessage
		if decoder.Decode(&skipped) != nil {
			return ""
		}
	}
	return ""
}

// kindOfRoot reads all of a text to tell what it is.
func kindOfRoot(file *source.File) (string, source.Diagnostics) {
	root, err := source.Parse(file)
	if err != nil {
		return "", source.Of(err)
	}
	for _, m := range root.Members {
		if kind, ok := kinds[m.Key]; ok {
			return kind, nil
		}
	}
	return "", nil
}
