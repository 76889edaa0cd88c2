package describe

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// workflow writes one workflow: what it takes, what it does, what it gives.
func (s *survey) workflow(w *link.Workflow) {
	s.heading(0, "Workflow "+cmp.Or(short(w.WorkflowID), "without an id"))
	s.paragraph(2, faint, cmp.Or(firstLine(w.Summary), firstLine(w.Description)))
	s.rows(2, labels, named("depends on", texts(w.Workflow.DependsOn)))
	s.inputs(w)
	s.common(w)
	if len(w.Steps) > 0 {
		s.heading(2, "Steps")
	}
	for i, step := range w.Steps {
		if i > 0 {
			s.line("")
		}
		s.step(i+1, step)
	}
	if rows := outputs(w.Document.Document, w.Workflow.Outputs); len(rows) > 0 {
		s.heading(2, "Outputs")
		s.rows(4, column(rows), rows)
	}
}

// inputs writes what has to be given, and what may be.
func (s *survey) inputs(w *link.Workflow) {
	var rows []row
	var abouts []string
	for i, input := range w.Inputs {
		if slices.ContainsFunc(w.Inputs[:i], func(other link.Input) bool { return other.Name == input.Name }) {
			continue // a schema may declare a name in several places
		}
		about, _ := input.Keyword("description").Text()
		rows, abouts = append(rows, row{input.Name, facts(w.Document.Document, input)}), append(abouts, firstLine(about))
	}
	if len(rows) > 0 {
		s.heading(2, "Inputs")
	}
	width := column(rows)
	for i := range rows {
		s.rows(4, width, rows[i:i+1])
		s.paragraph(4+width, faint, abouts[i])
	}
}

// facts is what an input's schema asks for.
func facts(d *arazzo.Document, i link.Input) string {
	list := []string{cmp.Or(short(strings.Join(i.Types(), " or ")), "any type")}
	format, _ := i.Keyword("format").Text()
	if format != "" {
		list = append(list, short(format))
	}
	if i.Required {
		list = append(list, "required")
	}
	secret := format == "password" || secret.Named(i.Name)
	if secret {
		list = append(list, "secret")
	}
	if v := i.Keyword("enum"); v != nil && len(v.Items) > 0 {
		list = append(list, "one of "+choices(d, v, secret))
	}
	for _, keyword := range []string{"const", "default"} {
		if v := i.Keyword(keyword); v != nil {
			list = append(list, keyword+" "+excerpt(shown(d, v, secret)))
		}
	}
	return strings.Join(list, ", ")
}

// choices lists the values of an enum, the first of them where there are many.
func choices(d *arazzo.Document, enum *source.Value, secret bool) string {
	const most = 12
	var list []string
	for _, item := range enum.Items[:min(len(enum.Items), most)] {
		list = append(list, excerpt(shown(d, item, secret)))
	}
	text := strings.Join(list, " ")
	if more := len(enum.Items) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// outputs are the names that a step or workflow gives, and where from.
func outputs(d *arazzo.Document, given []arazzo.Output) []row {
	var rows []row
	for _, o := range given {
		rows = append(rows, row{o.Name, flow(d, o.Value, secret.Named(o.Name))})
	}
	return rows
}

// texts are strings of a document; what is none is left out.
func texts(values []*source.Value) []string {
	var list []string
	for _, v := range values {
		if text, ok := v.Text(); ok {
			list = append(list, text)
		}
	}
	return list
}

// named are rows of which the first has the label.
func named(label string, lines []string) []row {
	var rows []row
	for _, text := range lines {
		rows = append(rows, row{label, text})
		label = ""
	}
	return rows
}
