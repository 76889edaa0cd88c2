package published_test

import (
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/contract"
)

// sent is a request as the server received it.
type sent struct {
	method, uri string
	header      http.Header
	body        []byte
}

// credentialValue is what is given for every security scheme; basic takes it for a
// name and a password.
const credentialValue = "caller:credential"

// check compares what was sent with what had to be. It knows nothing of how the
// runner writes requests: it takes them apart by net/url, mime/multipart and
// encoding/json.
func (r request) check(got sent) []string {
	c := &comparison{request: r, op: r.step.operation}
	target, err := url.ParseRequestURI(got.uri)
	if err != nil {
		return []string{err.Error()}
	}
	if got.method != c.op.method {
		c.wrong("the method is %s, want %s", got.method, c.op.method)
	}
	c.path(target.EscapedPath())
	c.query(target.RawQuery)
	c.header(got.header)
	c.content(got.header.Get("Content-Type"), got.body)
	c.credentials(target.Query(), got.header)
	return c.problems
}

type comparison struct {
	request
	op       *operation
	problems []string
}

func (c *comparison) wrong(format string, arguments ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, arguments...))
}

// path takes the path apart by its template.
func (c *comparison) path(escaped string) {
	rest, ok := strings.CutPrefix(escaped, "/"+c.step.source)
	got, template := strings.Split(rest, "/"), strings.Split(c.op.path, "/")
	if !ok || len(got) != len(template) {
		c.wrong("the path %s does not match %s", escaped, c.op.path)
		return
	}
	for i, segment := range template {
		want := segment
		for _, p := range c.parameters {
			if p.in == "path" {
				want = strings.ReplaceAll(want, "{"+p.name+"}", textOf(p.value))
			}
		}
		plain, err := url.PathUnescape(got[i])
		if err != nil || plain != want {
			c.wrong("the segment %s of %s is %q, want %q", segment, c.op.path, plain, want)
		}
	}
}

// query compares every name of the query, and those that must not be there.
func (c *comparison) query(raw string) {
	got, err := url.ParseQuery(raw)
	if err != nil {
		c.wrong("the query: %v", err)
	}
	want := url.Values{}
	for _, p := range c.parameters {
		if p.in == "query" {
			c.op.field(c.op.declared(p.name, "query"), p.name, p.value, want)
		}
	}
	for name := range got {
		if got.Get(name) == credentialValue && c.op.carries("query", name) {
			delete(got, name)
		}
	}
	if !sameValues(got, want) {
		c.wrong("the query is %v, want %v", got, want)
	}
}

func sameValues(got, want url.Values) bool {
	for name, values := range want {
		if !slices.Equal(got[name], values) {
			return false
		}
	}
	return len(got) == len(want)
}

// field writes a value as the tables of OpenAPI say of a query or a form.
func (op *operation) field(declared map[string]any, name string, value any, into url.Values) {
	style, explode := text(declared, "style"), true
	if style != "" && style != "form" || declared["explode"] == false {
		explode = declared["explode"] == true
	}
	if op.api.isSwagger() && declared != nil {
		style, explode = text(declared, "collectionFormat"), text(declared, "collectionFormat") == "multi"
	}
	switch x := value.(type) {
	case nil:
	case []any:
		var texts []string
		for _, item := range x {
			texts = append(texts, textOf(item))
		}
		switch {
		case len(texts) == 0:
		case style == "deepObject": // of which OpenAPI says nothing; Stripe documents it
			for i, text := range texts {
				into.Add(fmt.Sprintf("%s[%d]", name, i), text)
			}
		case explode:
			into[name] = append(into[name], texts...)
		default:
			into.Add(name, strings.Join(texts, map[string]string{"spaceDelimited": " ", "ssv": " ", "pipeDelimited": "|", "pipes": "|", "tsv": "\t"}[style]+comma(style)))
		}
	case map[string]any:
		for _, member := range sortedKeys(x) {
			switch {
			case style == "deepObject":
				into.Add(name+"["+member+"]", textOf(x[member]))
			case explode:
				into.Add(member, textOf(x[member]))
			default:
				into.Set(name, strings.TrimPrefix(into.Get(name)+","+member+","+textOf(x[member]), ","))
			}
		}
	default:
		into.Add(name, textOf(value))
	}
}

func comma(style string) string {
	if style == "" || style == "form" || style == "csv" {
		return ","
	}
	return ""
}

func (c *comparison) header(got http.Header) {
	for _, p := range c.parameters {
		if p.in == "header" && got.Get(p.name) != textOf(p.value) {
			c.wrong("the header %s is %q, want %q", p.name, got.Get(p.name), textOf(p.value))
		}
	}
	for _, p := range c.op.parameters {
		name := text(p, "name")
		there := map[string]bool{
			"path": true, "header": got.Get(name) != "", "query": slices.ContainsFunc(c.parameters, func(g parameter) bool { return g.name == name && g.in == "query" }),
		}
		if in := text(p, "in"); p["required"] == true && in != "body" && in != "formData" && !there[in] && !c.isIgnored(name, in) {
			c.wrong("the required %s parameter %s is missing", in, name)
		}
	}
}

// isIgnored tells the headers of which OpenAPI says that they are not declared as
// parameters, and parameters that carry a credential.
func (c *comparison) isIgnored(name, in string) bool {
	if in == "header" {
		name = http.CanonicalHeaderKey(name)
	}
	return in == "header" && (name == "Accept" || name == "Content-Type" || name == "Authorization") || c.op.carries(in, name)
}

// content takes the body apart by its media type.
func (c *comparison) content(contentType string, body []byte) {
	if !c.hasBody {
		if len(body) > 0 || contentType != "" {
			c.wrong("there is a body of %q, and none is wanted", contentType)
		}
		return
	}
	got, parameters, err := mime.ParseMediaType(contentType)
	want, _, _ := mime.ParseMediaType(c.mediaType)
	if err != nil || got != want {
		c.wrong("the body is %q, want %q", contentType, c.mediaType)
		return
	}
	switch {
	case isJSON(got):
		value, err := decode(string(body))
		if err != nil || !same(value, c.body) {
			c.wrong("the body is %s, want %s", body, jsonOf(c.body))
		}
	case got == "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(body))
		if want := c.form(); err != nil || !sameValues(values, want) {
			c.wrong("the form is %v, want %v", values, want)
		}
	case got == "multipart/form-data":
		c.parts(parameters["boundary"], string(body))
	default:
		if text, ok := c.body.(string); !ok || text != string(body) {
			c.wrong("the body is %q, want %q", body, textOf(c.body))
		}
	}
}

// form is a form as Encoding Objects say, else with brackets.
func (c *comparison) form() url.Values {
	want := url.Values{}
	for _, name := range sortedKeys(object(c.body)) {
		c.bracket(name, object(c.body)[name], want)
	}
	return want
}

// bracket writes a field: a list repeats the name, and stands in brackets where there
// is more in it than scalars, as objects do.
func (c *comparison) bracket(name string, value any, into url.Values) {
	switch x := value.(type) {
	case nil:
	case []any:
		for i, item := range x {
			if isNested(x) {
				c.bracket(fmt.Sprintf("%s[%d]", name, i), item, into)
				continue
			}
			into.Add(name, textOf(item))
		}
	case map[string]any:
		for _, member := range sortedKeys(x) {
			c.bracket(name+"["+member+"]", x[member], into)
		}
	default:
		into.Add(name, textOf(value))
	}
}

func isNested(items []any) bool {
	return slices.ContainsFunc(items, func(item any) bool {
		_, isObject := item.(map[string]any)
		_, isList := item.([]any)
		return isObject || isList
	})
}

func (c *comparison) parts(boundary, body string) {
	got := map[string][]string{}
	for reader := multipart.NewReader(strings.NewReader(body), boundary); ; {
		part, err := reader.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			c.wrong("the parts: %v", err)
			return
		}
		content, _ := io.ReadAll(part)
		got[part.FormName()] = append(got[part.FormName()], string(content))
	}
	want := map[string][]string{}
	for name, value := range object(c.body) {
		items, isList := value.([]any)
		if !isList {
			items = []any{value}
		}
		for _, item := range items {
			if item != nil {
				want[name] = append(want[name], textOf(item))
			}
		}
	}
	if !sameValues(got, want) {
		c.wrong("the parts are %q, want %q", got, want)
	}
}

// The security of an operation, read from the description.

// requirements are the alternatives, each with the schemes that it needs together.
func (op *operation) requirements() [][]map[string]any {
	declared, ok := op.node["security"].([]any)
	if !ok {
		declared = list(op.api.root, "security")
	}
	var all [][]map[string]any
	for _, one := range declared {
		schemes := []map[string]any{}
		for name := range object(one) {
			schemes = append(schemes, op.api.scheme(name))
		}
		all = append(all, schemes)
	}
	return all
}

// scheme is empty where the description does not define it.
func (d *description) scheme(name string) map[string]any {
	all := get(get(d.root, "components"), "securitySchemes")
	if d.isSwagger() {
		all = d.root["securityDefinitions"]
	}
	return object(d.follow(get(all, name)))
}

func carrier(scheme map[string]any) (in, name string) {
	switch text(scheme, "type") {
	case "apiKey":
		return text(scheme, "in"), text(scheme, "name")
	case "":
		return "", ""
	default:
		return "header", "Authorization"
	}
}

// carries tells whether a credential of the operation travels there.
func (op *operation) carries(in, name string) bool {
	for _, schemes := range op.requirements() {
		for _, s := range schemes {
			if at, as := carrier(s); at == in && (as == name || in == "header" && strings.EqualFold(as, name)) {
				return true
			}
		}
	}
	return false
}

// credentials wants one of the alternatives to be met by all of its schemes.
func (c *comparison) credentials(query url.Values, header http.Header) {
	alternatives := c.op.requirements()
	met := len(alternatives) == 0
	for _, schemes := range alternatives {
		met = met || !slices.ContainsFunc(schemes, func(s map[string]any) bool {
			in, name := carrier(s)
			cookie := in == "cookie" && strings.Contains(header.Get("Cookie"), name+"=")
			return in != "" && query.Get(name) == "" && header.Get(name) == "" && !cookie
		})
	}
	if !met {
		c.wrong("no alternative of the security requirements is met")
	}
}

// asSent is the request for the runner's own checks.
func (r request) asSent(contentType string) contract.Sent {
	s := contract.Sent{HasBody: r.hasBody, ContentType: contentType, Body: r.body}
	for _, p := range r.parameters {
		s.Parameters = append(s.Parameters, contract.Value{In: p.in, Name: p.name, Value: p.value})
	}
	return s
}
