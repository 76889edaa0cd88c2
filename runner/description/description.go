package description

import (
	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/asyncapi"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Description is an entry document with everything that it is connected to.
type Description struct {
	// Entry is the document that was asked for.
	Entry *Document
	// Documents are all Arazzo documents, the entry first, then in the order in
	// which they were met; each once, however many sources name it.
	Documents []*Document
}

// Document is one Arazzo document of a description.
type Document struct {
	*arazzo.Document
	File *source.File
	Root *source.Value
	// BaseURI is the absolute URI that relative references are resolved against,
	// and what $self evaluates to (1.1.0, section 5.5.5.1).
	BaseURI string
	// Sources stand in the order of the document's source descriptions.
	Sources []*Source
	// Failed is true when an error was found in the document itself.
	Failed bool
}

// Source is a source description with the document that it means. Of OpenAPI,
// AsyncAPI and Arazzo at most one is given: none where the document could not be
// retrieved or read, which is reported.
type Source struct {
	*arazzo.SourceDescription
	// Location is where the document was looked for: a path or URL, without
	// credentials.
	Location string
	// File is the text of the document, nil where it could not be retrieved.
	File     *source.File
	OpenAPI  *openapi.Document
	AsyncAPI *asyncapi.Document
	Arazzo   *Document
}
