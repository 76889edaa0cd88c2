package describe

import (
	"cmp"
	"fmt"
	"io"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
)

// Options say what the caller knows, and how the text looks.
type Options struct {
	// Servers are base URLs of APIs by the name of their source, which go before
	// what the documents say; OUTER.NAME is the source NAME of the Arazzo source
	// OUTER.
	Servers map[string]string
	// ServerVariables are values for the variables of declared servers.
	ServerVariables link.ServerVariables
	// Color adds ANSI colours.
	Color bool
	// Width is that of a line in terminal cells; 80 where it is not positive. The
	// least is 40.
	Width int
}

// The width of a line: the usual one of a terminal, and one below which no
// column would be left for text.
const (
	usualWidth = 80
	leastWidth = 40
)

// Write writes what the workflows of a description do, in their order. The error
// is the writer's.
func Write(w io.Writer, d *description.Description, workflows []*link.Workflow, o Options) error {
	width := max(o.Width, leastWidth)
	if o.Width <= 0 {
		width = usualWidth
	}
	s := &survey{
		page:    page{width: width, color: o.Color},
		servers: o.Servers, variables: o.ServerVariables, names: map[*description.Source]string{}, aliases: map[*description.Source][]string{}, reached: reached(workflows),
	}
	for _, n := range d.Named() {
		s.order = append(s.order, n.Source)
		s.names[n.Source], s.aliases[n.Source] = n.Name(), n.Names
	}
	s.document(d.Entry)
	s.sources()
	s.credentials()
	for _, workflow := range workflows {
		s.workflow(workflow)
	}
	if _, err := io.WriteString(w, s.String()); err != nil {
		return fmt.Errorf("writing the description: %w", err)
	}
	return nil
}

// survey is a description on its way to the page.
type survey struct {
	page
	servers   map[string]string
	variables link.ServerVariables
	// order are the sources of all documents, names what the caller calls them.
	order []*description.Source
	names map[*description.Source]string
	// aliases are those names and others that mean the same description.
	aliases map[*description.Source][]string
	// reached are the workflows described, and all that they lead to.
	reached []*link.Workflow
}

// document writes what the entry document says of itself.
func (s *survey) document(d *description.Document) {
	info := d.Info
	if info == nil {
		info = &arazzo.Info{}
	}
	s.paragraph(0, bold, cmp.Or(short(info.Title), "A document without a title"))
	s.paragraph(0, faint, cmp.Or(firstLine(info.Summary), firstLine(info.Description)))
	s.line("")
	s.rows(0, labels, []row{
		{"document", withoutPassword(d.File.Name)},
		{"version", cmp.Or(info.Version, "not given")},
		{"Arazzo", cmp.Or(d.Arazzo, "not given")},
	})
	if d.Self != "" {
		s.rows(0, labels, []row{{"$self", withoutPassword(d.Self)}})
	}
}

// reached lists workflows with those that they call, go to or depend on, each
// once, in the order in which they are met.
func reached(workflows []*link.Workflow) []*link.Workflow {
	var all []*link.Workflow
	seen := map[*link.Workflow]bool{nil: true}
	var visit func(w *link.Workflow)
	visit = func(w *link.Workflow) {
		if seen[w] {
			return
		}
		seen[w] = true
		all = append(all, w)
		for _, other := range w.DependsOn {
			visit(other)
		}
		for _, step := range w.Steps {
			visit(step.Called)
			for _, other := range step.DependsOn {
				visit(other.Workflow)
			}
			for _, a := range both(step) {
				visit(a.Workflow)
			}
		}
	}
	for _, w := range workflows {
		visit(w)
	}
	return all
}
