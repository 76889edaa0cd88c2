package arazzo

import (
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// parameters reads a list of parameters and Reusable Objects.
func (r *reader) parameters(parent Object) []*Parameter {
	var list []*Parameter
	seen := map[string]bool{}
	for _, v := range r.list(parent, "parameters") {
		p := r.parameterUsed(v)
		if p == nil {
			continue
		}
		if p.Name != "" {
			r.unique(seen, p.key(), p.used("name"), "parameters")
		}
		list = append(list, p)
	}
	return list
}

// parameterUsed reads a parameter where it is used. A Reusable Object gives the
// component's, with the value of its own where it has one (S-144).
func (r *reader) parameterUsed(v *source.Value) *Parameter {
	use := r.reusable(v, parameters)
	if use == nil {
		return r.parameter(v)
	}
	p := &Parameter{Object: use.Object}
	if found, ok := r.components.Parameter(use.name(parameters)); ok {
		*p = *found
	}
	p.Reusable = use
	if value := use.Field("value"); value != nil {
		p.Value = value
		r.selectors(value)
	}
	return p
}

func (r *reader) parameter(v *source.Value) *Parameter {
	o, ok := r.object(v, "parameter", "name", "in", "value")
	if !ok {
		return nil
	}
	p := &Parameter{Object: o, Name: r.requiredText(o, "parameter", "name"), In: r.place(o), Value: o.Field("value")}
	r.plain(o, "name")
	r.required(o, "parameter", "value")
	if p.Value != nil {
		r.selectors(p.Value)
	}
	return p
}

var parameterPlaces = choices{always: []string{"path", "query", "header", "cookie"}, since: []string{"querystring"}}

// place reads in (S-081). Two places are in one document of the specification
// and not in the other: body was in the text of 1.0.0, channel is in the schema
// of 1.1 (S-007, S-224).
func (r *reader) place(o Object) string {
	const body = "give the value as the payload of the step's requestBody"
	switch in, _ := o.Field("in").Text(); {
	case in == "body" && r.version.first:
		r.warn(o.At("in"), "arazzo/body-parameter", "in is body, which Arazzo 1.0.1 took away", "a requestBody", body)
	case in == "body":
		r.fail(o.At("in"), "arazzo/wrong-value", `in is "body", which only Arazzo 1.0.0 had`, "a requestBody", body)
	case in == "channel" && r.version.minor > 0:
		r.warn(o.At("in"), "arazzo/channel-parameter", "in is channel, which the schema of Arazzo 1.1 allows and its text does not",
			"one of path, query, querystring, header, cookie", "write the value into the channelPath's address, or keep it for AsyncAPI alone")
	default:
		return r.choice(o, "in", parameterPlaces)
	}
	in, _ := o.Field("in").Text()
	return in
}

// placed requires that each parameter says where it goes.
func (r *reader) placed(list []*Parameter) {
	for _, p := range list {
		if p.Field("in") != nil || p.Reusable != nil && p.Name == "" {
			continue
		}
		r.fail(p.used(""), "arazzo/missing-field", `the parameter has no "in"`, "the field in", "add in: path, query, header or cookie")
	}
}

// queryStrings refuses a whole query string beside anything else that is part of
// the query (S-085). Inherited parameters were compared with each other already.
func (r *reader) queryStrings(own, inherited []*Parameter) {
	overridden, there := map[string]bool{}, map[string]bool{}
	for _, p := range own {
		overridden[p.key()] = true
	}
	for _, p := range inherited {
		if !overridden[p.key()] {
			there[p.In] = true
		}
	}
	for _, p := range own {
		if p.In == "querystring" && (there["query"] || there["querystring"]) || p.In == "query" && there["querystring"] {
			r.fail(p.used("in"), "arazzo/querystring-beside-query", "a querystring is the whole query, and there is another parameter in it",
				"one parameter in querystring, or any number in query", "write all of them into the querystring, or give each in: query")
		}
		there[p.In] = true
	}
}

// key is what makes a parameter unique: its place and name (S-083); a header's
// name is compared without its case (RFC 9110, section 5.1).
func (p *Parameter) key() string {
	switch p.In {
	case "":
		return p.Name
	case "header":
		return p.In + " " + strings.ToLower(p.Name)
	default:
		return p.In + " " + p.Name
	}
}

// used is where the field is wrong for the place that uses the parameter: what is
// wrong there may be right for another that uses the same component.
func (p *Parameter) used(field string) source.Position {
	if p.Reusable != nil {
		return p.Reusable.At("reference")
	}
	return p.At(field)
}
