package arazzo

import (
	"encoding/json"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Document is the Arazzo Specification Object, the root (section 4.6.1; section
// numbers are those of Arazzo 1.0.1, in which 1.1.0 has 5 for 4).
type Document struct {
	Object
	// Arazzo is the version of the specification the document follows.
	Arazzo string
	// Self is the document's own URI ($self, since 1.1), or empty.
	Self string
	// Info and Components are never nil; without a value they have no position.
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
	// Type is openapi, arazzo, asyncapi (since 1.1), or empty when the document
	// leaves it out.
	Type string
}

// Workflow is a sequence of steps (4.6.4).
type Workflow struct {
	Object
	WorkflowID, Summary, Description string
	// Inputs is a JSON Schema, or nil.
	Inputs *source.Value
	// DependsOn holds workflowIds, and $sourceDescriptions expressions that name
	// one; nothing else, and none twice.
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
	// Of these four exactly one is given; ChannelPath came with 1.1.
	OperationID, OperationPath, WorkflowID, ChannelPath string
	Parameters                                          []*Parameter
	RequestBody                                         *RequestBody
	SuccessCriteria                                     []*Criterion
	OnSuccess, OnFailure                                []*Action
	Outputs                                             []Output
	// Action is send or receive, for a step that uses an AsyncAPI source; the
	// rest of the fields came with 1.1 too.
	Action string
	// CorrelationID is a value with expressions in it, or nil.
	CorrelationID *source.Value
	// Timeout is in milliseconds, empty where not given.
	Timeout json.Number
	// DependsOn holds stepIds, and expressions of the two forms that name a step
	// elsewhere; nothing else, and none twice.
	DependsOn []*source.Value
}

// Parameter is one value given to an operation or a workflow (4.6.6).
type Parameter struct {
	Object
	Name string
	// In is path, query, header, cookie, querystring (since 1.1), channel (1.1,
	// by its schema) or body (1.0.0 alone); empty for a workflow's input.
	In string
	// Value is the Reusable Object's where that has one; At("value") is then the
	// component's.
	Value *source.Value
	// Reusable is the Reusable Object that stands where the parameter is used, or
	// nil; the parameter's own position is then in components. A parameter whose
	// component is not there has no name, and the position of the Reusable Object.
	Reusable *Reusable
}

// Output is one entry of an outputs map: a name, and a runtime expression or
// (since 1.1) a Selector Object. A value that is neither was reported.
type Output struct {
	Name  string
	Value *source.Value
}

// Selector is a Selector Object (1.1.0, section 5.6.13): a query into structured
// data. It may stand wherever a value may, see [Document.Selector].
type Selector struct {
	Object
	// Context is a runtime expression.
	Context  string
	Selector string
	Type     ExpressionType
}

// ExpressionType is the type of a criterion, selector or replacement target: a
// name, or an Expression Type Object with a version (4.6.12).
type ExpressionType struct {
	// Object is the Expression Type Object, without a value for a mere name.
	Object
	// Name is simple, regex, jsonpath, xpath or jsonpointer, as the place allows.
	Name string
	// Version is that of the object, such as xpath-10; empty means the default.
	Version string
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
	// Parameters are for the workflow that the action goes to (since 1.1).
	Parameters []*Parameter
	// Reusable is as in [Parameter].
	Reusable *Reusable
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
// actions that name one were already replaced by it. [Components.Parameter],
// [Components.SuccessAction] and [Components.FailureAction] are the objects.
type Components struct {
	Object
	// The members are in document order; the values of Inputs are JSON Schemas.
	Inputs, Parameters, SuccessActions, FailureActions []source.Member

	parameters map[string]*Parameter
	actions    map[component]map[string]*Action
}

// Reusable is a Reusable Object (4.6.10): the name of a component, and a value
// that overrides the one of a parameter.
type Reusable struct {
	Object
	// Reference is such as $components.parameters.page, also where a $ref stands
	// for it, which was reported.
	Reference string
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
	Payload      *source.Value
	Replacements []*Replacement
}

// Replacement is a Payload Replacement Object (4.6.14).
type Replacement struct {
	Object
	// Target is a JSON Pointer, XPath or JSONPath, as TargetType says.
	Target string
	// TargetType has no name where the content type decides (since 1.1).
	TargetType ExpressionType
	Value      *source.Value
}
