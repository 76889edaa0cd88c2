package runner

import (
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// closed refuses every schema that is not in the document: inputs are judged
// without reading files or the network.
type closed struct{}

func (closed) Load(url string) (any, error) {
	return nil, fmt.Errorf("the schema %s is outside the document", url)
}

// documentURL names the document among the schemas. It leads nowhere.
const documentURL = "arazzo:///document"

// validateInputs judges a workflow's inputs by its schema, JSON Schema 2020-12
// (S-041). Its references may point into the document.
func (p *planner) validateInputs(w *workflow) {
	if w.Workflow.Inputs == nil {
		return
	}
	schema, err := p.compileInputs(w)
	if err != nil {
		p.report(&source.Diagnostic{
			Code: "inputs-schema", Position: w.At("inputs"),
			Message:  fmt.Sprintf("the inputs of the workflow %q are not a valid schema: %v", w.WorkflowID, err),
			Expected: "a schema of JSON Schema 2020-12",
		})
		return
	}
	err = schema.Validate(w.inputs)
	var invalid *jsonschema.ValidationError
	switch {
	case errors.As(err, &invalid):
		p.reportInvalid(w, invalid)
	case err != nil:
		p.wrongInput(w, w.At("inputs"), nil, err.Error())
	}
}

func (p *planner) compileInputs(w *workflow) (*jsonschema.Schema, error) {
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.UseLoader(closed{})
	if err := compiler.AddResource(documentURL, p.root.Data()); err != nil {
		return nil, err
	}
	for i, candidate := range p.document.Workflows {
		if candidate == w.Workflow {
			return compiler.Compile(fmt.Sprintf("%s#/workflows/%d/inputs", documentURL, i))
		}
	}
	return nil, errors.New("the workflow is not in the document")
}

// reportInvalid tells each thing that is wrong with the inputs.
func (p *planner) reportInvalid(w *workflow, e *jsonschema.ValidationError) {
	for _, cause := range e.Causes {
		p.reportInvalid(w, cause)
	}
	if len(e.Causes) > 0 {
		return
	}
	if required, ok := e.ErrorKind.(*kind.Required); ok && len(e.InstanceLocation) == 0 {
		for _, name := range required.Missing {
			p.missingInput(w, name)
		}
		return
	}
	why := e.ErrorKind.LocalizedString(message.NewPrinter(language.English))
	at := w.At("inputs")
	if len(e.InstanceLocation) > 0 {
		at = p.inputPosition(w, e.InstanceLocation[0])
	}
	p.wrongInput(w, at, e.InstanceLocation, why)
}

func (p *planner) missingInput(w *workflow, name string) {
	p.report(&source.Diagnostic{
		Code: "missing-input", Position: p.inputPosition(w, name),
		Message:  fmt.Sprintf("the workflow %q requires the input %q", w.WorkflowID, name),
		Expected: "a value for it", Fix: fmt.Sprintf("give it: -i %s=VALUE", name),
	})
}

// wrongInput reports an input, or a part of it, that its schema does not allow. Of
// a secret it does not say why: that would show it.
func (p *planner) wrongInput(w *workflow, at source.Position, path []string, why string) {
	d := &source.Diagnostic{
		Code: "wrong-input", Position: at, Message: fmt.Sprintf("the inputs of the workflow %q are wrong: %s", w.WorkflowID, why),
		Expected: "inputs that the schema allows",
	}
	if len(path) > 0 {
		if w.secretInputs[path[0]] && !p.secrets.show {
			why = "its value, which is secret, does not fit"
		}
		d.Message = fmt.Sprintf("the input %q is wrong: %s", strings.Join(path, "."), why)
		d.Expected = "a value that the input's schema allows"
		d.Fix = fmt.Sprintf("correct -i %s=VALUE", path[0])
	}
	d.Message = p.secrets.text(d.Message)
	p.report(d)
}

// inputPosition is where an input is declared, else the inputs as a whole.
func (p *planner) inputPosition(w *workflow, name string) source.Position {
	for _, declared := range declaredInputs(p.root, w.Workflow.Inputs) {
		if declared.name == name {
			return declared.position
		}
	}
	return w.At("inputs")
}
