package rule

import "github.com/arazzo-conformance/arazzo/runner/source"

// Rule is one thing that a document can violate.
type Rule struct {
	// Code is stable: scripts may depend on it.
	Code string
	// Severity is the usual one; some rules are milder or harder where the
	// circumstances are.
	Severity source.Severity
	// Dialect tells that the rule is about something that published documents do
	// and the specification does not allow: an error under --strict.
	Dialect bool
	// Basis are the numbers of docs/positions.md that the rule rests on; a dash
	// where it rests on none of them.
	Basis string
	// Summary says in one line what is wrong.
	Summary string
}

// Strict makes errors of the dialects: the specification's letter.
func Strict(found source.Diagnostics) {
	dialects := map[string]bool{}
	for _, r := range Rules {
		dialects[r.Code] = r.Dialect
	}
	for _, d := range found {
		if dialects[d.Code] {
			d.Severity = source.Error
		}
	}
}

// Rules are all of them, by code.
var Rules = []Rule{
	{"arazzo/action-target", source.Error, false, "S-115, S-127", "an action goes nowhere, or to two places"},
	{"arazzo/almost-selector", source.Warning, false, "S-091", "an object looks like a Selector Object, and is sent as it stands"},
	{"arazzo/ambiguous-operation", source.Error, false, "S-053, D9", "several operations have the id that a step names"},
	{"arazzo/bare-expression", source.Warning, true, "S-200, D5", "an expression stands in text without braces"},
	{"arazzo/body-parameter", source.Warning, false, "S-007", "a parameter is in body, which only Arazzo 1.0.0 has"},
	{"arazzo/broken-source", source.Error, false, "D11, S-027", "the document of a source has errors"},
	{"arazzo/channel-parameter", source.Warning, false, "S-224", "a parameter is in channel, which only the schema of Arazzo 1.1 has"},
	{"arazzo/circular-dependency", source.Error, false, "S-042, S-066", "steps or workflows need one another, so that none can run first"},
	{"arazzo/condition-syntax", source.Error, false, "S-154, S-155", "a condition does not parse in its language"},
	{"arazzo/constant-condition", source.Warning, false, "S-158", "a condition has no expression in it, or is one that is never true; an error where the step can only fail"},
	{"arazzo/contradicting-criteria", source.Warning, false, "S-174", "criteria that all have to hold cannot hold together; an error where the step can only fail"},
	{"arazzo/discouraged-body", source.Warning, false, "S-060", "a GET, HEAD or DELETE is sent with a body"},
	{"arazzo/document-too-deep", source.Error, false, "S-233", "values nest too deep, or aliases expand to too much"},
	{"arazzo/document-too-large", source.Error, false, "S-233", "a text is longer than is read"},
	{"arazzo/dotted-access", source.Warning, true, "S-157, S-189, D8", "an expression reaches into a value with a dot or an index"},
	{"arazzo/double-quoted-string", source.Warning, true, "S-154, D4", "a condition has a string in double quotes"},
	{"arazzo/duplicate-entry", source.Error, false, "S-221", "a list has the same entry twice"},
	{"arazzo/duplicate-key", source.Error, false, "S-003", "an object has a key twice"},
	{"arazzo/duplicate-name", source.Error, false, "S-040, S-050, S-059, S-111", "two workflows, steps, parameters, actions or sources have one name"},
	{"arazzo/duplicate-operation-id", source.Info, false, "S-052", "an OpenAPI description has an operationId twice"},
	{"arazzo/duplicate-self", source.Warning, false, "S-024", "two documents call themselves by one URI"},
	{"arazzo/empty-document", source.Error, false, "S-003", "there is nothing in the document"},
	{"arazzo/empty-list", source.Error, false, "S-020, S-043, S-061", "a list that has to have an entry is empty"},
	{"arazzo/endless-loop", source.Warning, false, "S-129", "steps lead back to one another, and only a failure ends that; an error where not even that does"},
	{"arazzo/expression-syntax", source.Error, false, "S-197", "what has to be a runtime expression does not parse"},
	{"arazzo/forbidden-source", source.Error, false, "S-230, S-233", "a document from the web names what it must not reach"},
	{"arazzo/forward-reference", source.Error, false, "S-067, S-192", "an expression asks for the outputs of a step or workflow that cannot have run before; a warning where only the order of the run decides"},
	{"arazzo/found-by-self", source.Info, false, "S-024", "a source was found by what a document calls itself, and not where its url leads"},
	{"arazzo/framing-header", source.Error, false, "S-086", "a step sets a header that HTTP sets itself"},
	{"arazzo/goto-unknown-step", source.Error, false, "S-115", "an action names a step that its workflow does not have"},
	{"arazzo/inputs-schema", source.Error, false, "S-041", "a workflow's inputs are no valid JSON Schema"},
	{"arazzo/insecure-source", source.Warning, false, "S-231", "a document was read over http"},
	{"arazzo/invalid-asyncapi", source.Warning, false, "S-070", "an AsyncAPI description is damaged"},
	{"arazzo/invalid-openapi", source.Error, false, "D11", "an OpenAPI description is damaged; a warning where no request is made of that part"},
	{"arazzo/json-syntax", source.Error, false, "S-003", "the text is not JSON"},
	{"arazzo/jsonpath-not-rfc9535", source.Warning, true, "S-167, D1, D2", "a jsonpath condition is a comparison, and no query"},
	{"arazzo/later-version", source.Error, false, "S-001", "a document of 1.0 uses what came with 1.1"},
	{"arazzo/local-copy", source.Info, false, "S-024", "a file beside the document was read, and not what its $self makes of the url"},
	{"arazzo/loose-path", source.Warning, true, "S-055", "a path names its source otherwise than by an expression in braces for its url"},
	{"arazzo/misplaced-field", source.Error, false, "S-071, S-072, S-119", "a field stands where it must not, beside the others"},
	{"arazzo/missing-body", source.Error, false, "S-087", "the operation requires a body, and the step sends none"},
	{"arazzo/missing-field", source.Error, false, "S-020, S-021, S-082, S-152", "an object lacks a field that it has to have"},
	{"arazzo/missing-parameter", source.Error, false, "S-087, S-210", "a required parameter, or input of a called workflow, is not given"},
	{"arazzo/missing-property", source.Warning, false, "S-087", "a body lacks a member that the operation requires; an error for the input of a workflow"},
	{"arazzo/nested-form-body", source.Info, false, "D17", "a form has objects in it, which APIs read in different ways"},
	{"arazzo/never-equal", source.Warning, false, "S-156, S-159", "a comparison comes to the same for every value that its left side can have"},
	{"arazzo/newer-version", source.Warning, false, "S-001", "the document follows a later 1.x, and is read as 1.1"},
	{"arazzo/no-effect", source.Warning, false, "S-130, S-153", "a field says nothing where it stands"},
	{"arazzo/no-expression", source.Error, false, "S-199", "a text looks like an expression with a misspelt root; a warning in the middle of a text, and for one written as in other languages"},
	{"arazzo/no-outputs-here", source.Error, false, "S-190", "a step asks for its workflow's outputs, which come when it ends"},
	{"arazzo/no-response-here", source.Error, false, "S-128", "an expression asks for a request or response where there is none"},
	{"arazzo/no-value-here", source.Error, false, "S-146, S-194", "a component stands where a value has to be"},
	{"arazzo/not-arazzo", source.Error, false, "S-001", "the document has no arazzo field"},
	{"arazzo/not-asyncapi", source.Error, false, "S-032", "a source is not the AsyncAPI description that it is taken for"},
	{"arazzo/not-openapi", source.Error, false, "S-032", "a source is not the OpenAPI description that it is taken for"},
	{"arazzo/not-utf8", source.Error, false, "S-003", "the text is not UTF-8"},
	{"arazzo/open-branch", source.Info, false, "S-113, D19", "none of the alternatives of a branch may match, and the next step follows then"},
	{"arazzo/open-server", source.Info, false, "D18", "a description leaves open where the API is"},
	{"arazzo/own-outputs", source.Warning, false, "S-175", "a criterion asks for the outputs of its own step, which come after it"},
	{"arazzo/path-syntax", source.Error, false, "S-055", "an operationPath has no JSON Pointer"},
	{"arazzo/pointer-braces", source.Info, false, "S-187", "a pointer has braces, which the grammar of Arazzo 1.1 leaves out"},
	{"arazzo/polling-without-delay", source.Warning, false, "S-129, D12", "a step goes to itself without a pause and a limit of the document's"},
	{"arazzo/prefer-operation-id", source.Info, false, "S-056", "a step names by its path an operation that has an id"},
	{"arazzo/querystring-beside-query", source.Error, false, "S-085", "a whole query string and single query parameters are given"},
	{"arazzo/recursive-workflow", source.Warning, false, "S-214", "a workflow leads back to itself; an error where only a failure ends that"},
	{"arazzo/reference-by-location", source.Warning, false, "S-024", "a source names by its location an Arazzo document that has a $self"},
	{"arazzo/root-filter", source.Info, false, "S-168", "a filter looks at the members of an object, and not at the object"},
	{"arazzo/selector-syntax", source.Error, false, "S-219", "a selector does not parse in its language"},
	{"arazzo/shadowed-action", source.Warning, false, "S-112", "an action is never taken: one before it matches whenever it does"},
	{"arazzo/source-not-found", source.Error, false, "D10", "the document of a source cannot be read"},
	{"arazzo/source-type-mismatch", source.Error, false, "S-032", "a source is of another type than it is said to be"},
	{"arazzo/state-asserted-once", source.Info, false, "D13", "a step looks once whether something is done, and fails where it is not yet"},
	{"arazzo/step-target", source.Error, false, "S-051", "a step calls nothing, or several things"},
	{"arazzo/too-many-documents", source.Error, false, "S-034, S-233", "a description has more documents than are read"},
	{"arazzo/type-mismatch", source.Warning, false, "S-203", "a value is of a type that is not taken where it goes; an error where the run itself refuses it"},
	{"arazzo/uncallable-operation", source.Error, false, "S-055", "a step calls a webhook, a callback or a path item without a path"},
	{"arazzo/unconventional-id", source.Warning, false, "S-040, S-050", "no expression can name a workflow or step"},
	{"arazzo/undeclared-content-type", source.Warning, false, "S-090", "the operation does not take a body of that media type"},
	{"arazzo/undeclared-parameter", source.Info, false, "S-047, D14", "the operation does not declare the parameter; a warning where the name looks misspelt"},
	{"arazzo/undeclared-property", source.Info, false, "S-205, D16", "a schema does not mention the member; a warning where the name looks misspelt"},
	{"arazzo/undeclared-status", source.Info, false, "S-061", "a condition asks for a status that the operation does not declare"},
	{"arazzo/unescaped-uri", source.Warning, false, "S-022, S-031", "a URI has characters that have to be percent-encoded"},
	{"arazzo/unknown-channel", source.Error, false, "S-070", "an AsyncAPI description has no such channel"},
	{"arazzo/unknown-component", source.Error, false, "S-143", "a reusable object names a component that is not there"},
	{"arazzo/unknown-extension", source.Warning, false, "S-218", "an extension's name is close to one that has a meaning here"},
	{"arazzo/unknown-field", source.Error, false, "S-011, S-143", "an object has no such field; a warning in a reusable object, which ignores it"},
	{"arazzo/unknown-input", source.Error, false, "S-189, S-210", "an expression or parameter names an input that is not declared"},
	{"arazzo/unknown-operation", source.Error, false, "S-052, D11", "no source has the operation that a step names"},
	{"arazzo/unknown-output", source.Error, false, "S-191, S-192", "an expression names an output that is not declared"},
	{"arazzo/unknown-parameter", source.Error, false, "S-084", "the operation's path has no place for a parameter"},
	{"arazzo/unknown-property", source.Warning, false, "S-205, D16", "a schema allows no such member; an error for the input of a workflow"},
	{"arazzo/unknown-source", source.Error, false, "S-055, S-193", "an expression names a source that the document does not have"},
	{"arazzo/unknown-source-type", source.Error, false, "S-032", "a source is no API description and no Arazzo document"},
	{"arazzo/unknown-step", source.Error, false, "S-066, S-191", "an expression names a step that its workflow does not have"},
	{"arazzo/unknown-workflow", source.Error, false, "S-058, S-192", "a workflow is named that does not exist"},
	{"arazzo/unlisted-value", source.Warning, false, "S-203", "a constant is none of the values that are allowed; an error for the input of a workflow"},
	{"arazzo/unmet-dependency", source.Error, false, "S-066, S-068", "a step depends on one that is always jumped over"},
	{"arazzo/unqualified-operation", source.Warning, true, "S-053, D9", "with several sources an operationId does not name its own"},
	{"arazzo/unquoted-braces", source.Error, false, "S-198", "an expression in braces stands without quotes, so that YAML makes an object of it"},
	{"arazzo/unreachable-step", source.Warning, false, "S-062, S-116", "no run can come to a step"},
	{"arazzo/unresolved-reference", source.Error, false, "S-027", "a $ref of an OpenAPI description leads nowhere; a warning where no request is made of it"},
	{"arazzo/unsent-parameter", source.Warning, false, "S-184", "an expression asks for a parameter of the request that the step does not give"},
	{"arazzo/unsupported-asyncapi", source.Error, false, "S-070", "a source follows a version of AsyncAPI that is not read"},
	{"arazzo/unsupported-openapi", source.Error, false, "S-033, D18", "a source follows a version of OpenAPI that is not read"},
	{"arazzo/unsupported-version", source.Error, false, "S-001", "the document follows a version of Arazzo that is not read"},
	{"arazzo/unused-component", source.Info, false, "S-141", "nothing refers to a component"},
	{"arazzo/unused-input", source.Info, false, "S-189", "a workflow declares an input and does not use it"},
	{"arazzo/unused-parameter", source.Warning, false, "S-046", "no step takes a parameter of its workflow"},
	{"arazzo/unused-source", source.Info, false, "S-052", "no step uses a source"},
	{"arazzo/whole-object", source.Info, true, "D7", "an expression names all inputs or outputs at once"},
	{"arazzo/wrong-message-action", source.Warning, false, "S-071", "a step sends where the AsyncAPI application does, or receives where it does"},
	{"arazzo/wrong-name", source.Error, false, "S-030, S-045, S-140", "a name has characters that it may not have"},
	{"arazzo/wrong-place", source.Warning, false, "S-047", "the operation takes the parameter in another place"},
	{"arazzo/wrong-reference", source.Error, false, "S-143", "a reusable object does not name a component of the kind that belongs there"},
	{"arazzo/wrong-source", source.Error, false, "S-055, S-058, S-070", "a step looks in a source of another kind"},
	{"arazzo/wrong-type", source.Error, false, "S-003, S-150", "a value is of a type that its field does not have"},
	{"arazzo/wrong-uri", source.Error, false, "S-022, S-031", "a text that has to be a URI-reference is none"},
	{"arazzo/wrong-value", source.Error, false, "S-081, S-111, S-124, S-151", "a value is none of those that its field can have"},
	{"arazzo/wrong-x-sse", source.Error, false, "-", "the stream extension says what cannot be"},
	{"arazzo/yaml-key", source.Error, false, "S-004", "a key is not a scalar"},
	{"arazzo/yaml-merge", source.Error, false, "S-004", "the merge key << is not of YAML 1.2"},
	{"arazzo/yaml-number", source.Error, false, "S-004", "a number has no form in JSON"},
	{"arazzo/yaml-syntax", source.Error, false, "S-003, S-004", "the text is not YAML, or holds several documents"},
	{"arazzo/yaml-tag", source.Error, false, "S-004", "a tag is not of YAML's core schema"},
}
