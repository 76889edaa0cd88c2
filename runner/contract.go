package runner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/contract"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// ContractFinding is one thing in an exchange that is not as the OpenAPI operation
// says, at the place in its description that says so.
type ContractFinding struct {
	// Check is status, content-type, schema, header or request.
	Check string `json:"check"`
	// Severity is warning or error; an error fails the step.
	Severity string `json:"severity"`
	Message  string `json:"message"`
	// Pointer is a JSON Pointer into the body, empty for the whole and for what is
	// no part of it.
	Pointer  string `json:"pointer"`
	Expected string `json:"expected"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`

	position source.Position
}

// contractRequest is the code of a request that is not as its operation says, also
// of an attempt that did not send it for that.
const contractRequest = "contract-request"

// contractCodes are the codes of what the checks find.
var contractCodes = map[string]string{
	string(contract.Status):      "contract-status",
	string(contract.ContentType): "contract-content-type",
	string(contract.Schema):      "contract-schema",
	string(contract.Header):      "contract-header",
	string(contract.Request):     contractRequest,
}

// checkLevels takes the checks of the options, and refuses those that there are not.
func (p *planner) checkLevels() {
	p.contract = contract.New(p.options.Checks)
	if err := p.options.Checks.Err(); err != nil {
		p.report(&source.Diagnostic{Code: "wrong-check", Position: p.document.At("arazzo"), Message: err.Error()})
	}
}

// checkRequest compares the request with its operation. An error keeps it from
// being sent.
func (v *visit) checkRequest(x *Attempt) *Problem {
	sent := v.seen.request
	v.compared(x, v.contract.Request(v.step.Operation, contract.Sent{
		Parameters: sent.values, HasBody: sent.text != nil, Body: sent.received, ContentType: sent.header.Get("Content-Type"),
	}))
	if i := slices.IndexFunc(x.Contract, ContractFinding.isError); i >= 0 {
		return &Problem{Code: contractRequest, Message: "the request was not sent: " + x.Contract[i].text()}
	}
	return nil
}

// checkResponse compares the response with the operation.
func (v *visit) checkResponse(x *Attempt) {
	came := v.seen.response
	v.compared(x, v.contract.Response(v.step.Operation, contract.Response{
		Status: came.status, Header: came.header, ContentType: came.header.Get("Content-Type"),
		Body: came.body, Empty: came.empty, Malformed: came.malformed,
	}))
}

// compared puts what was found into the attempt. Warnings, and what could not be
// compared, are notes of the visit.
func (v *visit) compared(x *Attempt, r contract.Report) {
	notes := &v.seen.request.notes
	for _, f := range r.Findings {
		found := v.shownFinding(f)
		x.Contract = append(x.Contract, found)
		if !found.isError() {
			*notes = append(*notes, found.diagnostic(v.step, source.Warning))
		}
	}
	for _, d := range r.Unchecked {
		told := *d // it is the checker's own, and others share it
		*notes = append(*notes, &told)
	}
}

// shownFinding is a finding for the result, without its secrets.
func (r *run) shownFinding(f contract.Finding) ContractFinding {
	severity := source.Warning
	if f.Level == contract.Error {
		severity = source.Error
	}
	found := ContractFinding{
		Check: string(f.Check), Severity: string(severity), Message: r.secrets.message(f.Message), Pointer: r.secrets.text(f.Pointer),
		Expected: f.Expected, Line: f.Position.Line, Column: f.Position.Column, position: f.Position,
	}
	if f.Position.File != nil {
		found.File = f.Position.File.Name
	}
	if f.HasFound {
		value := r.secrets.value(f.Found)
		if r.isSecretPlace(f) {
			value = secret.Masked
		}
		found.Message += ", found " + excerpt(value)
	}
	return found
}

// isSecretPlace tells whether the names around a value say that it is a secret.
func (r *run) isSecretPlace(f contract.Finding) bool {
	return !r.secrets.show && (secret.Named(f.Name) || slices.ContainsFunc(strings.Split(f.Pointer, "/"), secret.Named))
}

func (f ContractFinding) isError() bool { return f.Severity == string(source.Error) }

// text is the finding as a sentence.
func (f ContractFinding) text() string {
	text := f.Message
	if f.Pointer != "" {
		text = "at " + f.Pointer + ": " + text
	}
	return text
}

// diagnostic is the finding as a note of the step.
func (f ContractFinding) diagnostic(s *step, severity source.Severity) *source.Diagnostic {
	return &source.Diagnostic{
		Code: contractCodes[f.Check], Severity: severity, Position: f.position, Expected: f.Expected,
		Message: fmt.Sprintf("the step %q: %s", s.StepID, f.text()),
	}
}

// broken are the findings that fail the attempt, as diagnostics.
func (x *Attempt) broken(s *step) source.Diagnostics {
	var found source.Diagnostics
	for _, f := range x.Contract {
		if f.isError() {
			found = append(found, f.diagnostic(s, source.Error))
		}
	}
	return found
}

// once leaves out what was told before in the strand: that a schema cannot be
// compared with says nothing about this visit.
func (s *strand) once(notes source.Diagnostics) source.Diagnostics {
	return slices.DeleteFunc(notes, func(d *source.Diagnostic) bool {
		if d.Code != unchecked {
			return false
		}
		if s.told[*d] {
			return true
		}
		s.told[*d] = true
		return false
	})
}

const unchecked = "unchecked-schema"

// toldOnce leaves out what several strands told.
func toldOnce(list []Diagnostic) []Diagnostic {
	told := map[Diagnostic]bool{}
	return slices.DeleteFunc(list, func(d Diagnostic) bool {
		before := told[d]
		told[d] = d.Code == unchecked
		return before
	})
}
