package arazzo

import (
	"encoding/json"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Document is the Arazzo Specification Object, the root (section 4.6.1).
type Document struct {
	Object
	// Arazzo is the version of the specification the document follows.
	Arazzo             string
	Info               *Info
	SourceDescriptions []*SourceDescription
	Workflows          []*Workflow
	Components         *Components
}

// Workflow returns the workflow of that id.
func (d *Document) Workflow(id string) (*Workflow, bool) {
	for _, w := range d.Workflows {
		if w.WorkflowID == id {
			return w, true
		}
	}
	return nil, false
}

// Info describes the document (section 4.6.2).
type Info struct {
	Object
	Title, Summary, Description, Version string
}

// SourceDescription names a document that the workflows draw on (4.6.3).
type SourceDescription struct {
	Object
	Name, URL string
	// Type is openapi, arazzo, or empty when the document leaves it out.
	Type string
}

// Workflow is a sequence of steps (4.6.4).
type Workflow struct {
	Object
	WorkflowID, Summary, Description string
	// Inputs is a JSON Schema, or nil.
	Inputs         *source.Value
	DependsOn      []*source.Value
	Steps          []*Step
	SuccessActions []*Action
	FailureActions []*Action
	Outputs        []Output
	Parameters     []*Parameter
}

// Step returns the step of that id.
func (w *Workflow) Step(id string) (*Step, bool) {
	for _, s := range w.Steps {
		if s.StepID == id {
			return s, true
		}
	}
	return nil, false
}

// Step is one call of an operation or of a workflow (4.6.5).
type Step struct {
	Object
	StepID, Description string
	// Of these three exactly one is given.
	OperationID, OperationPath, WorkflowID string
	Parameters                             []*Parameter
	RequestBody                            *RequestBody
	SuccessCriteria                        []*Criterion
	OnSuccess, OnFailure                   []*Action
	Outputs                                []Output
}

// Parameter is one value given to an operation or a workflow (4.6.6).
type Parameter struct {
	Object
	Name string
	// In is path, query, header or cookie; empty for a workflow's input.
	In    string
	Value *source.Value
}

// Output is one entry of an outputs map: a name and a runtime expression.
type Output struct {
	Name  string
	Value *source.Value
}

// Action is a Success Action or Failure Action Object (4.6.7 and 4.6.8).
type Action struct {
	Object
	Name               string
	Type               ActionType
	StepID, WorkflowID string
	// RetryAfter is in seconds, RetryLimit a count; empty where not given.
	RetryAfter, RetryLimit json.Number
	Criteria               []*Criterion
}

// ActionType says what an action does.
type ActionType string

// The action types; retry is for failures only.
const (
	End   ActionType = "end"
	Goto  ActionType = "goto"
	Retry ActionType = "retry"
)

// Components holds what other objects refer to by name (4.6.9). Parameters and
// actions that name one were already replaced by it.
type Components struct {
	Object
}

// Criterion is one condition (4.6.11).
type Criterion struct {
	Object
	// Context is a runtime expression, or empty.
	Context   string
	Condition string
	// Type is simple, regex, jsonpath or xpath.
	Type CriterionType
	// Version is that of an Expression Type Object, else empty.
	Version string
}

// CriterionType says in which language a condition is written.
type CriterionType string

// The condition languages.
const (
	Simple   CriterionType = "simple"
	Regex    CriterionType = "regex"
	JSONPath CriterionType = "jsonpath"
	XPath    CriterionType = "xpath"
)

// RequestBody is what a step sends (4.6.13).
type RequestBody struct {
	Object
	// ContentType is empty where the operation's own is meant.
	ContentType string
	// Payload is nil when the body has none.
	Payload *source.Value
}
