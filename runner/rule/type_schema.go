package rule

import (
	"slices"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// schema is what is known of a value without having it. Whatever it says holds
// for every value that can stand there.
type schema interface {
	kinds() kinds
	// enum lists the only values, nil when there is no such list.
	enum() []any
	// at is the member or item that a token of a JSON Pointer leads to, nil when
	// nothing is known of it. Absent is true when there can be none.
	at(token string) (found schema, absent bool)
	// members lists the names that are known; all is true when no others are
	// described.
	members() (names []string, all bool)
	// required lists the members that an object has to have.
	required() []string
	// sure is true when the run itself sees to it. What an API describes it may
	// not keep.
	sure() bool
}

// fixed is a value of which the types are known, and nothing else.
type fixed kinds

const unknown = fixed(isAnything)

func (f fixed) kinds() kinds              { return kinds(f) }
func (f fixed) enum() []any               { return nil }
func (f fixed) members() ([]string, bool) { return nil, false }
func (f fixed) required() []string        { return nil }
func (f fixed) sure() bool                { return true }

func (f fixed) at(string) (schema, bool) {
	return nil, kinds(f)&(isArray|isObject) == 0
}

// described is what an OpenAPI description says.
type described struct{ *openapi.Schema }

func (d described) kinds() kinds              { return kindsOf(d.Types()) }
func (d described) enum() []any               { return d.Enum() }
func (d described) members() ([]string, bool) { return d.Members() }
func (d described) sure() bool                { return false }

func (d described) at(token string) (schema, bool) {
	found, absent := d.At([]string{token})
	if found == nil {
		return nil, absent
	}
	return described{found}, false
}

// required leaves out what only responses have.
func (d described) required() []string {
	return slices.DeleteFunc(slices.Clone(d.Required()), func(name string) bool {
		member, _ := d.Property(name)
		return member.ReadOnly()
	})
}

// either is one of several.
type either []schema

// oneOf is the schema of alternatives.
func oneOf(alternatives []schema) schema {
	switch len(alternatives) {
	case 0:
		return unknown
	case 1:
		return alternatives[0]
	}
	return either(alternatives)
}

func (e either) kinds() kinds {
	var set kinds
	for _, s := range e {
		set |= s.kinds()
	}
	return set
}

func (e either) enum() []any {
	var values []any
	for _, s := range e {
		some := s.enum()
		if some == nil {
			return nil
		}
		values = append(values, some...)
	}
	return values
}

func (e either) at(token string) (schema, bool) {
	var some []schema
	known := true
	for _, s := range e {
		found, absent := s.at(token)
		if absent {
			continue
		}
		known = known && found != nil
		some = append(some, found)
	}
	if !known {
		return nil, false
	}
	if len(some) == 0 {
		return nil, true
	}
	return oneOf(some), false
}

func (e either) members() (names []string, all bool) {
	all = true
	for _, s := range e {
		if s.kinds()&isObject == 0 {
			continue
		}
		own, complete := s.members()
		names, all = append(names, own...), all && complete
	}
	slices.Sort(names)
	return slices.Compact(names), all
}

func (e either) required() []string { return nil }

func (e either) sure() bool {
	return !slices.ContainsFunc(e, func(s schema) bool { return !s.sure() })
}

// group is an object of the runner's own: its members are known by name.
type group struct {
	names []string
	get   func(name string) schema
}

func (g group) kinds() kinds              { return isObject }
func (g group) enum() []any               { return nil }
func (g group) members() ([]string, bool) { return g.names, true }
func (g group) required() []string        { return nil }
func (g group) sure() bool                { return true }

func (g group) at(token string) (schema, bool) {
	if !slices.Contains(g.names, token) {
		return nil, true
	}
	return g.get(token), false
}

// event is one event of a stream, as $response.body lists them.
var event = group{[]string{"id", "event", "data"}, func(string) schema { return unknown }}

// events is the body of a stream: the array of the events that were received.
type events struct{ fixed }

func (e events) at(token string) (schema, bool) {
	if _, err := strconv.Atoi(token); err != nil {
		return nil, true
	}
	return event, false
}

// gap says where a way into a value ends.
type gap struct {
	// before leads to the value that lacks the token.
	before []string
	token  string
	in     schema
	// certain is false where the value may have the member, and its schema does
	// not mention it.
	certain bool
}

// follow takes the tokens of a JSON Pointer. The gap is nil where nothing speaks
// against the way.
func follow(s schema, tokens []string) (schema, *gap) {
	for n, token := range tokens {
		found, absent := s.at(token)
		switch {
		case absent:
			return unknown, &gap{tokens[:n], token, s, true}
		case found == nil && unmentioned(s, token):
			return unknown, &gap{tokens[:n], token, s, false}
		case found == nil:
			return unknown, nil
		}
		s = found
	}
	return s, nil
}

// unmentioned tells whether a schema names members, and not this one. A name with
// dots in it may be what the token begins.
func unmentioned(s schema, token string) bool {
	names, all := s.members()
	if _, err := strconv.Atoi(token); err == nil && s.kinds()&isArray != 0 {
		return false
	}
	return all && len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool {
		return name == token || strings.HasPrefix(name, token+".")
	})
}
