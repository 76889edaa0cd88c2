package rule

import (
	"slices"
	"strconv"

	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// input is what a workflow's schema says of an input, or of a part of one.
type input struct{ link.Input }

// describing are the keywords that may describe members that properties does not
// name.
var describing = []string{
	"patternProperties", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "$ref", "$dynamicRef",
	"dependentSchemas", "unevaluatedProperties", "propertyNames",
}

func (i input) kinds() kinds {
	set := kindsOf(i.Types())
	if values := i.enum(); len(values) > 0 {
		var listed kinds
		for _, value := range values {
			listed |= kindOf(value)
		}
		set &= listed
	}
	if set == 0 { // a schema that allows nothing is damage
		return isAnything
	}
	return set
}

func (i input) enum() []any {
	if constant := i.Keyword("const"); constant != nil {
		return []any{constant.Data()}
	}
	if values := i.Keyword("enum"); values != nil && len(values.Items) > 0 {
		return values.Data().([]any)
	}
	return nil
}

func (i input) at(token string) (schema, bool) {
	k := i.kinds()
	_, err := strconv.Atoi(token)
	switch items := i.Keyword("items"); {
	case k.within(isArray|isNull) && err != nil, k&(isArray|isObject) == 0:
		return nil, true
	case k.within(isArray|isNull) && items != nil && i.Keyword("prefixItems") == nil:
		item := i.Input // with the document that its references lead into
		item.Schema = items
		return input{item}, false
	case k&isArray != 0 && err == nil:
		return nil, false
	}
	if member := i.Member(token); member.Schema != nil {
		return input{member}, false
	}
	return nil, i.closed()
}

// closed tells whether the schema allows no member that it does not name. Beside
// a reference nothing is certain: there are two schemas then, each with its own.
func (i input) closed() bool {
	others := i.Keyword("additionalProperties")
	alone := i.Schema.Get("$ref") == nil || len(i.Schema.Members) == 1
	return alone && others != nil && others.Scalar == false && i.Keyword("patternProperties") == nil
}

func (i input) members() ([]string, bool) {
	properties, others := i.Keyword("properties"), i.Keyword("additionalProperties")
	if properties == nil {
		return nil, false
	}
	var names []string
	for _, m := range properties.Members {
		names = append(names, m.Key)
	}
	open := others != nil && others.Scalar != false
	return names, !open && !slices.ContainsFunc(describing, func(keyword string) bool { return i.Schema.Get(keyword) != nil })
}

func (i input) required() []string {
	var names []string
	if list := i.Keyword("required"); list != nil && list.Kind == source.Array {
		for _, item := range list.Items {
			name, _ := item.Text()
			names = append(names, name)
		}
	}
	return names
}

func (i input) sure() bool { return true }
