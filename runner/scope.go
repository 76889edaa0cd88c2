package runner

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/arazzo-conformance/arazzo/runner/contract"
	"github.com/arazzo-conformance/arazzo/runner/credential"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// scope is what the expressions of a step see: the run so far, and the exchange
// that was just made. It implements [expression.Scope].
type scope struct {
	*workflowRun
	request  *request
	response *response
	// called is the workflow that the step called.
	called *workflowRun
	// opened, where given, is called when the headers of a stream are there, sent when
	// the request is sent: more than once, perhaps.
	opened, sent func()
	// tokens are those that were fetched for the request.
	tokens map[credential.Grant]string
	// notes are what the user should know of the inputs that a workflow was given.
	notes source.Diagnostics
}

// request is what was sent, as expressions see it.
type request struct {
	method, url string
	header      http.Header
	path, query map[string]any
	// body is as expressions see it, received as the other side can read it.
	body, received any
	// text is the body as it is sent; nil when there is none.
	text []byte
	// credentials are the names of the headers and query parameters that the run
	// added as credentials.
	credentials []string
	// shown is the URL, and shownBody the body, with what is secret covered by its
	// place; covered are the headers of which that is true.
	shown     string
	shownBody any
	covered   []string
	// values are the parameters before they are written.
	values []contract.Value
	// notes are what the user should know of how it was built.
	notes source.Diagnostics
}

// response is what came back, as expressions see it.
type response struct {
	status int
	header http.Header
	body   any
	// empty is true when there was no body; malformed says why one is not what its
	// media type says.
	empty     bool
	malformed string
	// url is where it came from after redirects, masked; empty without any.
	url string
}

// Object finds what an expression begins with.
func (s *scope) Object(e *expression.Expression) (any, bool) {
	switch e.Root {
	case expression.Inputs:
		return s.inputs.values, true
	case expression.Outputs:
		if s.called != nil {
			return s.called.outputs, true
		}
		return s.outputs, true
	case expression.Steps:
		outputs, ok := s.steps[e.ID]
		return outputs, ok
	case expression.Workflows:
		return s.ofWorkflow(e)
	case expression.SourceDescriptions:
		return s.sourceDescription(e.ID)
	case expression.Self:
		return s.workflow.Document.BaseURI, true
	case expression.StatusCode:
		if s.response == nil {
			return nil, false
		}
		return json.Number(strconv.Itoa(s.response.status)), true
	case expression.Response:
		return s.ofResponse(e)
	case expression.Request, expression.URL, expression.Method:
		return s.ofRequest(e)
	default:
		return nil, false
	}
}

func (s *scope) ofWorkflow(e *expression.Expression) (any, bool) {
	ended := s.ended[s.byID[workflowKey{s.workflow.Document, e.ID}]]
	switch {
	case ended == nil:
		return nil, false
	case e.Part == "inputs":
		return ended.inputs.values, true
	default:
		return ended.outputs, true
	}
}

func (s *scope) sourceDescription(name string) (any, bool) {
	for _, d := range s.workflow.Document.Sources {
		if d.Name == name {
			return map[string]any{"url": d.URL, "name": d.Name, "type": d.Type}, true
		}
	}
	return nil, false
}

func (s *scope) ofResponse(e *expression.Expression) (any, bool) {
	switch {
	case s.response == nil:
		return nil, false
	case e.Part == "header":
		return s.response.header, true
	default:
		return s.response.body, true
	}
}

func (s *scope) ofRequest(e *expression.Expression) (any, bool) {
	if s.request == nil {
		return nil, false
	}
	switch {
	case e.Root == expression.URL:
		return s.request.url, true
	case e.Root == expression.Method:
		return s.request.method, true
	case e.Part == "header":
		return s.request.header, true
	case e.Part == "path":
		return s.request.path, true
	case e.Part == "query":
		return s.request.query, true
	default:
		return s.request.body, true
	}
}
