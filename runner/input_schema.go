package runner

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// validate judges a workflow's inputs by its schema, JSON Schema 2020-12 (S-041),
// where each has its type. References in it may point into the document.
func (b *binding) validate() {
	w := b.workflow
	if w.Schema == nil || len(b.wrong) > 0 {
		return
	}
	if n := link.Immense(b.values); n != "" {
		b.wrongInput(w.At("inputs"), nil, fmt.Sprintf("the number %.40s is too large, or too close to zero, to be compared", n))
		return
	}
	err := w.Schema.Validate(b.values)
	var invalid *jsonschema.ValidationError
	switch {
	case errors.As(err, &invalid):
		b.invalid(invalid)
	case err != nil:
		b.wrongInput(w.At("inputs"), nil, err.Error())
	}
}

// invalid tells each thing that is wrong with the inputs.
func (b *binding) invalid(invalid *jsonschema.ValidationError) {
	causes := leaves(invalid)
	slices.SortStableFunc(causes, func(a, b *jsonschema.ValidationError) int {
		return slices.Compare(a.InstanceLocation, b.InstanceLocation) // the library's order is any
	})
	for _, e := range causes {
		if required, ok := e.ErrorKind.(*kind.Required); ok && len(e.InstanceLocation) == 0 {
			for _, name := range required.Missing {
				b.missingInput(name)
			}
			continue
		}
		at := b.workflow.At("inputs")
		if len(e.InstanceLocation) > 0 {
			at = b.position(e.InstanceLocation[0])
		}
		b.wrongInput(at, e.InstanceLocation, e.ErrorKind.LocalizedString(message.NewPrinter(language.English)))
	}
}

// leaves are the errors that have no cause of their own.
func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var found []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		found = append(found, leaves(cause)...)
	}
	return found
}

func (b *binding) missingInput(name string) {
	b.wrong = append(b.wrong, &source.Diagnostic{
		Code: "missing-input", Severity: source.Error, Position: b.position(name),
		Message:  fmt.Sprintf("the workflow %q requires the input %q", b.workflow.WorkflowID, name),
		Expected: "a value for it", Fix: fmt.Sprintf("give it: -i %s=VALUE", name),
	})
}

// wrongInput reports an input, or a part of it, that its schema does not allow. Of
// a secret it does not say why: that would show it.
func (b *binding) wrongInput(at source.Position, path []string, why string) {
	d := &source.Diagnostic{
		Code: "wrong-input", Severity: source.Error, Position: at,
		Message:  fmt.Sprintf("the inputs of the workflow %q are wrong: %s", b.workflow.WorkflowID, why),
		Expected: "inputs that the schema allows",
	}
	if len(path) > 0 {
		if b.secret[path[0]] && !b.secrets.show {
			why = "its value, which is secret, does not fit"
		}
		d.Message = fmt.Sprintf("the input %q is wrong: %s", strings.Join(path, "."), why)
		d.Expected = "a value that the input's schema allows"
		d.Fix = fmt.Sprintf("correct -i %s=VALUE", path[0])
	}
	d.Message = b.secrets.message(d.Message)
	b.wrong = append(b.wrong, d)
}

// position is where an input is declared, else the inputs as a whole.
func (b *binding) position(name string) source.Position {
	for _, declared := range b.workflow.Inputs {
		if declared.Name == name {
			return declared.Position
		}
	}
	return b.workflow.At("inputs")
}
