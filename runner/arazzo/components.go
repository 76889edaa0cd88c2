package arazzo

import (
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// component is a field of the Components Object that a Reusable Object can name.
type component string

const (
	parameters     component = "parameters"
	successActions component = "successActions"
	failureActions component = "failureActions"
)

// Parameter returns the parameter of that name; one that is no object is not
// there.
func (c *Components) Parameter(name string) (*Parameter, bool) {
	p := c.parameters[name]
	return p, p != nil
}

// SuccessAction returns the success action of that name.
func (c *Components) SuccessAction(name string) (*Action, bool) {
	return c.action(successActions, name)
}

// FailureAction returns the failure action of that name.
func (c *Components) FailureAction(name string) (*Action, bool) {
	return c.action(failureActions, name)
}

func (c *Components) action(kind component, name string) (*Action, bool) {
	a := c.actions[kind][name]
	return a, a != nil
}

// has tells whether there is a component of that name, damaged or not.
func (c *Components) has(kind component, name string) bool {
	_, parameter := c.parameters[name]
	_, action := c.actions[kind][name]
	return kind == parameters && parameter || action
}

// names are the first components of a kind, as many as a hint is looked for among.
func (c *Components) names(kind component) []string {
	members := map[component][]source.Member{parameters: c.Parameters, successActions: c.SuccessActions, failureActions: c.FailureActions}[kind]
	var names []string
	for _, m := range members[:min(len(members), mostCandidates)] {
		names = append(names, m.Key)
	}
	return names
}

// readComponents reads the Components Object (S-140). Its members are judged
// once, here, whether something refers to them or not.
func (r *reader) readComponents(v *source.Value) *Components {
	o, ok := r.object(v, "components object", "inputs", string(parameters), string(successActions), string(failureActions))
	c := &Components{Object: o, parameters: map[string]*Parameter{}, actions: map[component]map[string]*Action{}}
	// A parameter of an action may be a Reusable Object: parameters come first.
	r.components = c
	if !ok {
		return c
	}
	c.Inputs = r.entries(o, "inputs")
	for _, m := range c.Inputs {
		r.key(m, "a component")
		r.schema(m.Value, "components.inputs."+m.Key)
	}
	c.Parameters = r.entries(o, string(parameters))
	for _, m := range c.Parameters {
		c.parameters[m.Key] = nil
		if r.itself(m, parameters) {
			c.parameters[m.Key] = r.parameter(m.Value)
		}
	}
	c.SuccessActions = r.actionComponents(c, successActions)
	c.FailureActions = r.actionComponents(c, failureActions)
	return c
}

func (r *reader) actionComponents(c *Components, kind component) []source.Member {
	members := r.entries(c.Object, string(kind))
	actions := map[string]*Action{}
	for _, m := range members {
		actions[m.Key] = nil
		if r.itself(m, kind) {
			actions[m.Key] = r.action(m.Value, kind)
		}
	}
	c.actions[kind] = actions
	return members
}

// itself checks the key of a component, and that it is the object itself, not
// the name of another.
func (r *reader) itself(m source.Member, kind component) bool {
	r.key(m, "a component")
	if m.Value.Get("reference") == nil && m.Value.Get("$ref") == nil {
		return true
	}
	r.fail(m.Value.Position, "arazzo/wrong-reference", fmt.Sprintf("components.%s.%s names another component", kind, m.Key),
		"the object itself", "write the object here, and name it with reference: where it is used")
	return false
}

// reusable reads a Reusable Object (section 4.6.10) that stands where a component
// of the kind is used; it is nil when v is not one.
func (r *reader) reusable(v *source.Value, kind component) *Reusable {
	use := &Reusable{Object: Object{value: v}}
	switch {
	case use.Field("reference") != nil:
		use.Reference = r.text(use.Object, "reference")
		r.ignored(use, kind)
		r.findComponent(use, kind)
		return use
	case use.Field("$ref") != nil:
		r.jsonReference(use, kind)
		return use
	default:
		return nil
	}
}

// ignored warns of what a Reusable Object cannot have (S-143): the specification
// says to ignore it, and whoever wrote it expected something.
func (r *reader) ignored(use *Reusable, kind component) {
	for _, m := range use.value.Members {
		switch {
		case m.Key == "reference", m.Key == "value" && kind == parameters:
		case m.Key == "value":
			r.idle(m.Position, "value", "it is for a parameter")
		default:
			r.warn(m.Position, "arazzo/unknown-field", fmt.Sprintf("a reusable object has no field %q: it is ignored", m.Key),
				"reference, and value for a parameter", r.didYouMean(m.Key, []string{"value"}, "remove it"))
		}
	}
}

func (r *reader) findComponent(use *Reusable, kind component) {
	if use.Field("reference").Kind != source.String {
		return
	}
	name := use.name(kind)
	if name == "" {
		r.fail(use.At("reference"), "arazzo/wrong-reference", fmt.Sprintf("the reference is %q", use.Reference),
			fmt.Sprintf("$components.%s.NAME", kind), "name a component of that kind")
		return
	}
	if !r.components.has(kind, name) {
		r.fail(use.At("reference"), "arazzo/unknown-component", fmt.Sprintf("components.%s has no %q", kind, name),
			"the name of a component of this document",
			r.didYouMean(name, r.components.names(kind), "add it to the components, or name another"))
	}
}

// jsonReference refuses a $ref, which is for JSON Schemas alone (S-145). Where it
// names a component all the same, that is taken for what is meant.
func (r *reader) jsonReference(use *Reusable, kind component) {
	text, _ := use.Field("$ref").Text()
	fix := fmt.Sprintf("write reference: $components.%s.NAME", kind)
	if name, ok := strings.CutPrefix(text, "#/components/"+string(kind)+"/"); ok {
		use.Reference = fmt.Sprintf("$components.%s.%s", kind, name)
		fix = "write reference: " + use.Reference
	}
	r.fail(use.At("$ref"), "arazzo/wrong-reference", "a component is named with $ref, which is for JSON Schemas",
		"a reusable object", fix)
}

// name is the component that the object names, or empty when it names none of
// the kind. Everything after the kind belongs to it, also dots (S-140).
func (u *Reusable) name(kind component) string {
	name, _ := strings.CutPrefix(u.Reference, fmt.Sprintf("$components.%s.", kind))
	if name == u.Reference {
		return ""
	}
	return name
}
