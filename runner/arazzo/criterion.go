package arazzo

import (
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// criteria reads a list of Criterion Objects.
func (r *reader) criteria(parent Object, field string, items []*source.Value) []*Criterion {
	r.distinct(items, field)
	var list []*Criterion
	for _, v := range items {
		if o, ok := r.object(v, "criterion", "context", "condition", "type"); ok {
			list = append(list, r.criterion(o))
		}
	}
	return list
}

var (
	criterionTypes          = choices{always: []string{string(Simple), string(Regex), string(JSONPath), string(XPath)}}
	versionedCriterionTypes = choices{always: []string{string(JSONPath), string(XPath)}}
)

// criterion reads a Criterion Object. A JSON Pointer has an Expression Type
// Object, but no rule says when a condition in it holds: it is refused (S-172).
func (r *reader) criterion(o Object) *Criterion {
	t := r.expressionType(o, "type", criterionTypes, versionedCriterionTypes)
	c := &Criterion{
		Object: o, Context: r.filledText(o, "context"), Condition: r.requiredText(o, "criterion", "condition"),
		Type: CriterionType(t.Name), Version: t.Version,
	}
	if o.Field("type") == nil {
		c.Type = Simple
	}
	r.context(c)
	return c
}

// context checks that a criterion with a type has a context, and warns where it
// says nothing (S-152, S-153).
func (r *reader) context(c *Criterion) {
	given, typed := c.Field("context") != nil, c.Field("type") != nil
	switch {
	case c.Type == Simple && given:
		r.noEffect(c.Object, "context", "a condition of type simple has none")
	case typed && !given:
		fix := "add context: with a runtime expression such as $response.body"
		if c.Type == Simple {
			fix = "remove type: a condition is simple without it"
		}
		r.fail(c.Position(), "arazzo/missing-field", "the criterion has a type and no context", "a context beside every type", fix)
	}
}
