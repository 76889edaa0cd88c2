package runner

import (
	"context"
	"io"

	"github.com/arazzo-conformance/arazzo/runner/describe"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// DescribeOptions say how a document is shown.
type DescribeOptions struct {
	// Sources and Servers say where a source description and its API really are,
	// by name.
	Sources, Servers map[string]string
	// ServerVariables are as in [Options].
	ServerVariables map[string]string
	// Retrieval says how the documents are read.
	Retrieval retrieve.Options
	// Color is for terminals; Width is the line's length, 80 where it is 0.
	Color bool
	Width int
}

// Describe writes for a person what a document would do: its workflows, inputs,
// steps, operations, actions and the credentials that they need. It sends nothing
// to an API. What is wrong with the document is returned; the rest is shown all
// the same. The error is the writer's.
func Describe(ctx context.Context, w io.Writer, location string, o DescribeOptions) (source.Diagnostics, error) {
	d, found := description.Load(ctx, location, description.Options{Client: retrieve.New(o.Retrieval), Sources: o.Sources})
	if d == nil {
		return found, nil
	}
	for name := range o.Servers {
		found = append(found, unknownSource(d, name, "--server")...)
	}
	linker := link.New(d)
	workflows := linker.Entry()
	found = append(found, linker.Diagnostics()...)
	found.Sort()
	return found, describe.Write(w, d, workflows, describe.Options{Servers: o.Servers, ServerVariables: o.ServerVariables, Color: o.Color, Width: o.Width})
}
