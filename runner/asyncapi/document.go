package asyncapi

import "github.com/arazzo-conformance/arazzo/runner/source"

// Document is an indexed AsyncAPI description.
type Document struct {
	// Version is the value of the asyncapi field.
	Version string
	root    *source.Value
}
