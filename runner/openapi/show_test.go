package openapi_test

import (
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// show renders an operation, one line for each part. A '*' marks what is
// required, brackets hold the types of a schema.
func show(op *openapi.Operation) []string {
	if op == nil {
		return nil
	}
	list := []string{fmt.Sprintf("%s %s (%s)", op.Method, op.Path, op.ID)}
	for _, p := range op.Parameters {
		list = append(list, showParameter(p))
	}
	if b := op.RequestBody; b != nil {
		list = append(list, "body"+star(b.Required)+showContent(b.Content))
		for _, f := range b.Fields {
			list = append(list, fmt.Sprintf("field %s %s file=%t", showParameter(f.Parameter), f.CollectionFormat, f.File))
		}
	}
	for _, r := range op.Responses {
		line := r.Status + showContent(r.Content)
		for _, h := range r.Headers {
			line += " " + h.Name + star(h.Required) + types(h.Schema)
		}
		list = append(list, line)
	}
	for _, s := range op.Servers {
		list = append(list, strings.TrimSpace("server "+s.URL+" "+s.Name))
	}
	for _, requirement := range op.Security {
		line := "security"
		for _, s := range requirement.Schemes {
			line += " " + strings.Join([]string{s.ID, s.Type, s.Scheme, s.In, s.Name}, "/")
		}
		list = append(list, line)
	}
	return list
}

func showParameter(p *openapi.Parameter) string {
	line := p.In + " " + p.Name + star(p.Required) + " " + p.Style
	if p.Explode {
		line += "+explode"
	}
	if p.AllowReserved {
		line += "+reserved"
	}
	return line + p.ContentType + types(p.Schema)
}

func showContent(content []*openapi.MediaType) string {
	line := ""
	for _, m := range content {
		line += " " + m.Name + types(m.Schema)
		if m.ItemSchema != nil {
			line += " of" + types(m.ItemSchema)
		}
		for _, e := range m.Encoding {
			line += showEncoding(e)
		}
	}
	return line
}

func showEncoding(e *openapi.Encoding) string {
	line := fmt.Sprintf(" {%s %q", e.Property, e.ContentType)
	if e.Field != nil {
		line += " " + showParameter(e.Field)
	}
	for _, h := range e.Headers {
		line += fmt.Sprintf(" %s%s%v", h.Name, star(h.Required), h.Schema.Enum())
	}
	return line + "}"
}

func star(required bool) string {
	if required {
		return "*"
	}
	return ""
}

func types(s *openapi.Schema) string {
	if s == nil {
		return ""
	}
	return "[" + strings.Join(s.Types(), " ") + "]"
}
