package rule

import (
	"fmt"
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// bodiless are the methods for which HTTP gives a body no meaning.
var bodiless = []string{"GET", "HEAD", "DELETE"}

// request looks at what a step sends, and at how it names its operation.
func (c *checker) request(s *link.Step) {
	o := s.Operation
	if o == nil {
		return
	}
	if s.Body != nil && o.RequestBody == nil && slices.Contains(bodiless, o.Method) {
		c.report(&source.Diagnostic{
			Code: "arazzo/discouraged-body", Severity: source.Warning, Position: s.Body.At,
			Message:  fmt.Sprintf("the step %q sends a body with %s, which HTTP gives no meaning, and %s declares none", s.StepID, o.Method, o.Path),
			Expected: "a request without a body", Fix: "remove requestBody, or give its values as parameters",
		})
	}
	if s.OperationPath != "" && o.ID != "" && once(s, o.ID) {
		id := o.ID
		if len(s.Workflow.Document.Sources) > 1 {
			id = fmt.Sprintf("$sourceDescriptions.%s.%s", s.Source.Name, o.ID)
		}
		c.report(&source.Diagnostic{
			Code: "arazzo/prefer-operation-id", Severity: source.Info, Position: s.At("operationPath"),
			Message:  fmt.Sprintf("the operation has an id: %s", o.ID),
			Expected: "operationId where the operation has one", Fix: "operationId: " + id,
		})
	}
}

// once tells whether the id names one operation only.
func once(s *link.Step, id string) bool {
	others := slices.DeleteFunc(s.Source.OpenAPI.OperationIDs(), func(other string) bool { return other != id })
	return len(others) == 1
}
