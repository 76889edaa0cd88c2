package runner

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// resolveOperation finds the operation that the step calls (S-052 to S-055).
func (c *scoped) resolveOperation(s *step) bool {
	switch {
	case s.OperationID != "":
		s.source, s.operation = c.operationByID(s)
	case s.OperationPath != "":
		s.source, s.operation = c.operationByPath(s)
	}
	return s.operation != nil
}

const sourcePrefix = "$sourceDescriptions."

func (c *scoped) operationByID(s *step) (*apiSource, *openapi.Operation) {
	qualified, ok := strings.CutPrefix(s.OperationID, sourcePrefix)
	if !ok {
		return c.operationByBareID(s)
	}
	// The text after the second dot is the id: it may have dots of its own.
	name, id, _ := strings.Cut(qualified, ".")
	in := c.sourceNamed(name)
	if in == nil {
		c.report(&source.Diagnostic{
			Code: "arazzo/unknown-source", Position: s.At("operationId"),
			Message: fmt.Sprintf("the document has no source %q", name), Expected: "one of " + c.sourceNames(),
		})
		return nil, nil
	}
	if in.openapi == nil {
		return nil, nil // why it could not be loaded is reported already
	}
	operation := c.build(in, id)
	if operation == nil && !slices.Contains(in.openapi.OperationIDs(), id) {
		c.unknownOperation(s, id, []*apiSource{in})
	}
	return in, operation
}

// operationByBareID looks in every source. Several sources that have the id
// leave it open which is meant, and are refused.
func (c *scoped) operationByBareID(s *step) (*apiSource, *openapi.Operation) {
	var found []*apiSource
	for _, candidate := range c.sources {
		if candidate.openapi != nil && slices.Contains(candidate.openapi.OperationIDs(), s.OperationID) {
			found = append(found, candidate)
		}
	}
	switch {
	case len(found) == 0:
		if c.sourcesLoaded() {
			c.unknownOperation(s, s.OperationID, c.sources)
		}
		return nil, nil
	case len(found) > 1:
		c.report(&source.Diagnostic{
			Code: "arazzo/ambiguous-operation", Position: s.At("operationId"),
			Message:  fmt.Sprintf("%d sources have an operation %q", len(found), s.OperationID),
			Expected: "one of " + qualifiedIDs(found, s.OperationID),
		})
		return nil, nil
	case len(c.sources) > 1:
		c.dialect(&source.Diagnostic{
			Code: "arazzo/unqualified-operation", Position: s.At("operationId"),
			Message:  fmt.Sprintf("with several sources, the operation %q has to name its own", s.OperationID),
			Expected: qualifiedIDs(found, s.OperationID),
		})
	}
	return found[0], c.build(found[0], s.OperationID)
}

func qualifiedIDs(sources []*apiSource, id string) string {
	var ids []string
	for _, s := range sources {
		ids = append(ids, sourcePrefix+s.Name+"."+id)
	}
	return list(ids)
}

func (c *scoped) sourcesLoaded() bool {
	return !slices.ContainsFunc(c.sources, func(s *apiSource) bool { return s.openapi == nil })
}

func (c *scoped) unknownOperation(s *step, id string, among []*apiSource) {
	var ids, places []string
	for _, in := range among {
		ids = append(ids, in.openapi.OperationIDs()...)
		places = append(places, fmt.Sprintf("%s (%s)", in.Name, in.URL))
	}
	fix := didYouMean(id, ids)
	if fix == "" {
		fix = "the operations there are " + list(ids[:min(len(ids), 10)])
	}
	c.report(&source.Diagnostic{
		Code: "arazzo/unknown-operation", Position: s.At("operationId"),
		Message:  fmt.Sprintf("no operation has the id %q", id),
		Expected: "an operationId of " + strings.Join(places, " or "), Fix: fix,
	})
}

// build makes the operation, and passes on what is wrong with it.
func (c *scoped) build(in *apiSource, id string) *openapi.Operation {
	operation, found := in.openapi.Operation(id)
	c.add(found...)
	return operation
}

// operationByPath reads {$sourceDescriptions.NAME.url}#/paths/~1pets/get.
func (c *scoped) operationByPath(s *step) (*apiSource, *openapi.Operation) {
	reference, pointer, _ := strings.Cut(s.OperationPath, "#")
	in := c.sourceOf(reference)
	if in == nil {
		c.report(&source.Diagnostic{
			Code: "arazzo/unknown-source", Position: s.At("operationPath"),
			Message:  fmt.Sprintf("%q names no source of the document", s.OperationPath),
			Expected: "{$sourceDescriptions.NAME.url}#/paths/…, where NAME is one of " + c.sourceNames(),
		})
		return nil, nil
	}
	if in.openapi == nil {
		return nil, nil
	}
	operation, found := in.openapi.OperationAt(pointer)
	c.add(found...)
	if operation == nil && !found.Failed() {
		c.report(&source.Diagnostic{
			Code: "arazzo/unknown-operation", Position: s.At("operationPath"),
			Message:  fmt.Sprintf("there is no operation at %s", pointer),
			Expected: "a JSON Pointer such as #/paths/~1pets~1{id}/get into " + in.URL,
		})
	}
	return in, operation
}

// sourceOf is the source that an operationPath names: by expression, also in the
// spellings without braces or without .url that published documents have, or by
// its url itself.
func (c *scoped) sourceOf(reference string) *apiSource {
	name, ok := strings.CutPrefix(reference, "{"+sourcePrefix)
	if ok {
		name, ok = strings.CutSuffix(name, "}")
	} else {
		name, ok = strings.CutPrefix(reference, sourcePrefix)
	}
	if ok {
		return c.sourceNamed(strings.TrimSuffix(name, ".url"))
	}
	for _, s := range c.sources {
		if s.URL == reference {
			return s
		}
	}
	return nil
}

func (c *scoped) sourceNamed(name string) *apiSource {
	for _, s := range c.sources {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// server is the base URL of the operation, without a slash at its end: where the
// caller says the API is, else the first server that OpenAPI declares (S-028).
func (c *scoped) server(s *step) string {
	if !c.servable(s.source) {
		return "" // why is reported already
	}
	location, err := c.declaredServer(s)
	if err != nil {
		c.noServer(s, err.Error())
		return ""
	}
	target, err := url.Parse(location)
	switch {
	case err != nil || target.Host == "" || (target.Scheme != "http" && target.Scheme != "https"):
		c.noServer(s, fmt.Sprintf("its server is %q", location))
		return ""
	case target.RawQuery != "" || target.Fragment != "":
		c.noServer(s, fmt.Sprintf("its server %q has a query or a fragment", location))
		return ""
	}
	if password, ok := target.User.Password(); ok {
		c.secrets.add(password)
	}
	return strings.TrimRight(target.String(), "/")
}

func (c *scoped) declaredServer(s *step) (string, error) {
	if given, ok := c.options.Servers[s.source.Name]; ok {
		return given, nil
	}
	if s.source.api != nil && s.source.api.Server != "" {
		return s.source.api.Server, nil
	}
	declared := "/"
	if len(s.operation.Servers) > 0 {
		var err error
		if declared, err = s.operation.Servers[0].Expand(); err != nil {
			return "", err
		}
	}
	return resolveServer(s.source.location, declared), nil
}

// resolveServer resolves a server's URL against the place of its description.
func resolveServer(location, server string) string {
	if !isURL(location) {
		return server
	}
	return resolve(location, server)
}

func (c *scoped) noServer(s *step, why string) {
	c.report(&source.Diagnostic{
		Code: "no-server", Position: s.Position(),
		Message:  fmt.Sprintf("it is not known where the API of %q is: %s", s.source.Name, why),
		Expected: "an absolute http or https URL",
		Fix:      fmt.Sprintf("say where it is: --server %s=URL", s.source.Name),
	})
}
