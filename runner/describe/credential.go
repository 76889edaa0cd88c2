package describe

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/credential"
	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// credentials writes what a run has to be given for the APIs to let it in. What
// the steps send themselves is not asked for.
func (s *survey) credentials() {
	if !slices.ContainsFunc(s.reached, secured) {
		return
	}
	s.heading(0, "Credentials")
	needs := s.needs()
	if len(needs) == 0 {
		s.paragraph(2, plain, "none: the steps send themselves what the APIs ask for")
	}
	for _, in := range s.order {
		var rows []row
		var schemes []*openapi.SecurityScheme
		for _, n := range needs {
			if n.source == in {
				rows = append(rows, row{"needed", n.alternatives}, row{"by", s.list(n.steps)})
				schemes = append(schemes, n.schemes...)
			}
		}
		if len(rows) == 0 {
			continue
		}
		s.paragraph(2, bold, s.names[in])
		s.rows(4, labels, rows)
		s.schemes(in, schemes, needs)
	}
}

// schemes writes each scheme once, with how to give its credential.
func (s *survey) schemes(in *description.Source, schemes []*openapi.SecurityScheme, needs []*need) {
	var rows []row
	for i, scheme := range schemes {
		if slices.ContainsFunc(schemes[:i], func(other *openapi.SecurityScheme) bool { return other.ID == scheme.ID }) {
			continue
		}
		rows = append(rows, row{scheme.ID, asked(scheme)})
		if scopes := scopesOf(in, scheme.ID, needs); len(scopes) > 0 {
			rows = append(rows, row{"", "scopes " + strings.Join(scopes, " ")})
		}
		rows = append(rows, waysTo(s.flagName(in, scheme.ID, needs), scheme)...)
	}
	s.rows(4, max(column(rows), labels), rows)
}

// scopesOf are the OAuth 2.0 scopes that the steps ask for.
func scopesOf(in *description.Source, scheme string, needs []*need) []string {
	var list []string
	for _, n := range needs {
		for _, step := range n.steps {
			for _, requirement := range step.Operation.Security {
				if n.source == in {
					list = append(list, requirement.Scopes[scheme]...)
				}
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// waysTo says every way to give the scheme's credential.
func waysTo(name string, scheme *openapi.SecurityScheme) []row {
	var rows []row
	for _, w := range credential.Ways(name, scheme) {
		if w.Flow != "" {
			rows = append(rows, row{"", "or, for tokens by the flow " + w.Flow + place(scheme.Flow(w.Flow))})
		}
		for _, p := range w.Parts {
			rows = append(rows, row{"", p.Flag() + ", or in the environment"}, row{"", p.Environment()})
		}
	}
	return rows
}

// place says where the tokens of a flow come from.
func place(f *openapi.OAuthFlow) string {
	if f.TokenURL == "" {
		return ""
	}
	return " from " + withoutPassword(f.TokenURL)
}

// flagName is the scheme's name, with its source's where another source has a
// scheme of that name too.
func (s *survey) flagName(in *description.Source, scheme string, needs []*need) string {
	for _, n := range needs {
		if n.source != in && slices.ContainsFunc(n.schemes, func(other *openapi.SecurityScheme) bool { return other.ID == scheme }) {
			return s.names[in] + "." + scheme
		}
	}
	return scheme
}

// asked is what a scheme asks for.
func asked(scheme *openapi.SecurityScheme) string {
	switch scheme.Type {
	case "apiKey":
		return fmt.Sprintf("API key in %s %s", scheme.In, scheme.Name)
	case "http":
		return "HTTP " + cmp.Or(scheme.Scheme, "authentication")
	case "oauth2":
		return "OAuth 2.0 access token" + flows(scheme)
	case "openIdConnect":
		return "OpenID Connect access token"
	case "mutualTLS":
		return "client certificate (mutual TLS): --client-cert [HOST=]FILE"
	default:
		return "unknown type " + scheme.Type
	}
}

// flows names the flows of OAuth 2.0 that the scheme has.
func flows(scheme *openapi.SecurityScheme) string {
	var kinds []string
	for _, f := range scheme.Flows {
		kinds = append(kinds, f.Kind)
	}
	if len(kinds) == 0 {
		return ""
	}
	return " (" + strings.Join(kinds, ", ") + ")"
}

// list names steps, by workflow where there are several.
func (s *survey) list(steps []*link.Step) string {
	var names []string
	var last *link.Workflow
	for _, step := range steps {
		name := step.StepID
		if len(s.reached) > 1 && step.Workflow != last {
			name = step.Workflow.WorkflowID + ": " + name
		}
		names, last = append(names, name), step.Workflow
	}
	return strings.Join(names, ", ")
}
