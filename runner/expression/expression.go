package expression

// Root is what an expression begins with, without its dollar sign.
type Root string

// The roots of the grammar.
const (
	URL                Root = "url"
	Method             Root = "method"
	StatusCode         Root = "statusCode"
	Request            Root = "request"
	Response           Root = "response"
	Message            Root = "message"
	Inputs             Root = "inputs"
	Outputs            Root = "outputs"
	Steps              Root = "steps"
	Workflows          Root = "workflows"
	SourceDescriptions Root = "sourceDescriptions"
	Components         Root = "components"
	Self               Root = "self"
)

// roots are all of them, in the specification's order.
var roots = []Root{
	URL, Method, StatusCode, Request, Response, Message, Inputs, Outputs, Steps, Workflows, SourceDescriptions, Components, Self,
}

// The parts of requests, responses and messages that have no names.
const (
	body    = "body"
	payload = "payload"
)

// parts are what a request, a response and a message have. The ABNF gives each
// of them all five; what is not here has no meaning (S-185, S-188).
var parts = map[Root][]string{
	Request:  {"header", "query", "path", body},
	Response: {"header", body},
	Message:  {"header", payload},
}

// components are the types of component that an expression reaches. Inputs are
// schemas, and referred to by $ref (S-145, S-146).
var components = []string{"parameters", "successActions", "failureActions"}

// Expression is one parsed runtime expression. It never changes: goroutines may
// share one.
type Expression struct {
	// Text is the expression as it was written.
	Text string
	Root Root
	// ID names the step, workflow or source description.
	ID string
	// Part is header, query, path or body of a request or response, header or
	// payload of a message, inputs or outputs of a step or workflow, and the type
	// of a component.
	Part string
	// Name is the input, output, header, parameter, component, operation or
	// field, with what dereferences it; [Expression.Split] tells the two apart.
	// It is empty for the whole of them. Of a body or payload it is only what
	// dereferences it, without the dot before it.
	Name string
	// Pointer is the JSON Pointer after #, or nil.
	Pointer Pointer

	// access dereferences a body or a payload.
	access Access
}

// isContent tells a body or payload, which has no names of its own.
func (e *Expression) isContent() bool { return e.Part == body || e.Part == payload }

// isStructured tells what a JSON Pointer may follow.
func (e *Expression) isStructured() bool {
	switch e.Root {
	case Inputs, Outputs, Steps, Workflows:
		return true
	default:
		return e.isContent()
	}
}

// SyntaxError says why a text is not a runtime expression.
type SyntaxError struct {
	// Offset is the byte of the text that was parsed at which the fault is; the
	// length of the text where something is missing at its end.
	Offset  int
	Message string
}

func (e *SyntaxError) Error() string { return e.Message }

// Reference is one expression of a longer text and where it stands.
type Reference struct {
	*Expression
	// Offset counts bytes from the start of the text to the expression's $.
	Offset int
	// Bare is true for an expression that stands without braces inside text.
	Bare bool
	// Operand is true in a simple condition, where [] and . are operators that
	// reach into a value (S-157).
	Operand bool
}
