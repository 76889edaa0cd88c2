package published_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// state is what expressions see: the inputs, what the steps gave, and the response
// at hand.
type state struct {
	inputs map[string]any
	// declared are the inputs that the workflow has, given or not.
	declared map[string]any
	steps    map[string]map[string]any
	answer   *answer
}

// answer is what the server answers with.
type answer struct {
	status int
	media  string
	header map[string]string
	// body is nil and hasBody false where nothing is sent.
	body    any
	hasBody bool
}

// absent says why there is no value; optional is for an input that nobody gave.
type absent struct {
	text     string
	optional bool
}

func (e *absent) Error() string { return e.text }

var (
	whole    = regexp.MustCompile(`^\$(?:inputs\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|steps\.[A-Za-z0-9_-]+\.outputs\.[A-Za-z0-9_-]+|response\.body(?:#\S*)?|response\.header\.[A-Za-z0-9-]+|statusCode)$`)
	embedded = regexp.MustCompile(`\$(?:inputs\.[A-Za-z0-9_-]+|steps\.[A-Za-z0-9_-]+\.outputs\.[A-Za-z0-9_-]+)`)
)

// value evaluates a value of the document with the expressions in it. An input that
// nobody gave takes its member with it.
func (s *state) value(v any) (any, error) {
	switch x := v.(type) {
	case string:
		if whole.MatchString(x) {
			return s.expression(x)
		}
		return s.template(x, textOf)
	case []any:
		items := make([]any, 0, len(x))
		for _, item := range x {
			one, err := s.value(item)
			if isOptional(err) {
				continue
			}
			if err != nil {
				return nil, err
			}
			items = append(items, one)
		}
		return items, nil
	case map[string]any:
		members := make(map[string]any, len(x))
		for _, name := range sortedKeys(x) {
			one, err := s.value(x[name])
			if isOptional(err) {
				continue
			}
			if err != nil {
				return nil, err
			}
			members[name] = one
		}
		return members, nil
	default:
		return v, nil
	}
}

func isOptional(err error) bool {
	missing, ok := err.(*absent)
	return ok && missing.optional
}

// template puts values into a text.
func (s *state) template(text string, write func(any) string) (string, error) {
	var failure error
	written := embedded.ReplaceAllStringFunc(text, func(e string) string {
		value, err := s.expression(e)
		if err != nil && failure == nil {
			failure = err
		}
		return write(value)
	})
	return written, failure
}

func (s *state) expression(e string) (any, error) {
	parts := strings.Split(e, ".")
	switch parts[0] {
	case "$inputs":
		return s.input(e, parts[1:])
	case "$steps":
		value, ok := s.steps[parts[1]][parts[3]]
		if !ok {
			return nil, &absent{text: e}
		}
		return value, nil
	}
	if s.answer == nil {
		return nil, &absent{text: e}
	}
	switch {
	case e == "$statusCode":
		return json.Number(strconv.Itoa(s.answer.status)), nil
	case e == "$response.body":
		return s.answer.body, nil
	case strings.HasPrefix(e, "$response.header."):
		value, ok := s.answer.header[strings.TrimPrefix(e, "$response.header.")]
		if !ok {
			return nil, &absent{text: e}
		}
		return value, nil
	}
	value, ok := locate(s.answer.body, pointerTokens(strings.TrimPrefix(e, "$response.body#")))
	if !ok {
		return nil, &absent{text: e}
	}
	return value, nil
}

func (s *state) input(e string, names []string) (any, error) {
	value, ok := s.inputs[names[0]]
	if !ok {
		_, known := s.declared[names[0]]
		return nil, &absent{e, known}
	}
	value, ok = locate(value, names[1:])
	if !ok {
		return nil, &absent{text: e}
	}
	return value, nil
}

func pointerTokens(pointer string) []string {
	if pointer == "" {
		return nil
	}
	tokens := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, token := range tokens {
		tokens[i] = unescape(token)
	}
	return tokens
}

// locate finds the value behind names and indices.
func locate(v any, tokens []string) (any, bool) {
	for _, token := range tokens {
		switch x := v.(type) {
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(x) {
				return nil, false
			}
			v = x[i]
		case map[string]any:
			member, ok := x[token]
			if !ok {
				return nil, false
			}
			v = member
		default:
			return nil, false
		}
	}
	return v, true
}

// textOf is a value as a text has it.
func textOf(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case nil:
		return "null"
	}
	return jsonOf(v)
}

func jsonOf(v any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return fmt.Sprint(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// decode reads JSON, with every digit of its numbers.
func decode(text string) (any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	err := decoder.Decode(&v)
	return v, err
}

// clone is a deep copy.
func clone(v any) any {
	switch x := v.(type) {
	case []any:
		items := make([]any, len(x))
		for i, item := range x {
			items[i] = clone(item)
		}
		return items
	case map[string]any:
		members := make(map[string]any, len(x))
		for name, member := range x {
			members[name] = clone(member)
		}
		return members
	default:
		return v
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
