package describe

import (
	"cmp"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/description"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/secret"
)

// need is what several steps have to be given to be let in.
type need struct {
	source *description.Source
	// alternatives are such as "apiKey, or login and tenant".
	alternatives string
	schemes      []*openapi.SecurityScheme
	steps        []*link.Step
}

// schemesOf are all the schemes that a step's operation names.
func schemesOf(step *link.Step) []*openapi.SecurityScheme {
	if step.Operation == nil {
		return nil
	}
	var list []*openapi.SecurityScheme
	for _, requirement := range step.Operation.Security {
		list = append(list, requirement.Schemes...)
	}
	return list
}

// isDefined is false for a scheme of which nobody can tell what it asks for: the
// description names it and does not define it.
func isDefined(scheme *openapi.SecurityScheme) bool { return scheme.Type != "" }

// secured tells whether an API asks a step of the workflow for a credential.
func secured(w *link.Workflow) bool {
	return slices.ContainsFunc(w.Steps, func(step *link.Step) bool { return slices.ContainsFunc(schemesOf(step), isDefined) })
}

// needs collects what the steps need: those that need the same together.
func (s *survey) needs() []*need {
	var list []*need
	for _, w := range s.reached {
		for _, step := range w.Steps {
			n := needOf(step)
			if n == nil {
				continue
			}
			same := slices.IndexFunc(list, func(o *need) bool { return o.source == n.source && o.alternatives == n.alternatives })
			if same < 0 {
				list = append(list, n)
				continue
			}
			list[same].steps = append(list[same].steps, step)
		}
	}
	return list
}

// needOf is what a step needs, or nil where it needs nothing, or sends itself
// what one alternative asks for.
func needOf(step *link.Step) *need {
	if step.Operation == nil {
		return nil
	}
	n := &need{source: step.Source, steps: []*link.Step{step}}
	var alternatives []string
	for _, requirement := range step.Operation.Security {
		var names []string
		for _, scheme := range requirement.Schemes {
			if isDefined(scheme) && !link.Supplies(step, scheme) && !link.MaySupply(step, scheme) {
				names = append(names, scheme.ID)
				n.schemes = append(n.schemes, scheme)
			}
		}
		if len(requirement.Schemes) > 0 && len(names) == 0 {
			return nil
		}
		alternatives = append(alternatives, cmp.Or(strings.Join(names, " and "), "nothing"))
	}
	if len(n.schemes) == 0 {
		return nil
	}
	n.alternatives = strings.Join(alternatives, ", or ")
	return n
}

// isCredential tells whether the parameter carries what a scheme of the step's
// operation asks for.
func isCredential(step *link.Step, p link.Parameter) bool {
	return slices.ContainsFunc(schemesOf(step), func(scheme *openapi.SecurityScheme) bool { return carries(p, scheme) })
}

// isSecret tells whether the parameter's value is not for everybody: its name says
// so, or the API lets a caller in by it, as by many a cookie.
func isSecret(step *link.Step, p link.Parameter) bool {
	return secret.Named(p.Name) || p.In == "cookie" || isCredential(step, p)
}

func carries(p link.Parameter, scheme *openapi.SecurityScheme) bool {
	name, in := scheme.Carrier()
	return name != "" && link.Same(p.Name, p.In, name, in)
}
