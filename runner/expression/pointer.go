package expression

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Pointer is a JSON Pointer (RFC 6901), decoded into its reference tokens. The
// empty, non-nil pointer means the whole value.
type Pointer []string

// wrongTilde is a tilde that escapes nothing.
var wrongTilde = regexp.MustCompile(`~(?:[^01]|$)`)

// ParsePointer reads the text form, such as /data/0/cursor. Percent-encoding is
// not decoded: this is no fragment of a URI. The error is a [*SyntaxError].
func ParsePointer(text string) (Pointer, error) {
	if text == "" {
		return Pointer{}, nil
	}
	if text[0] != '/' {
		return nil, &SyntaxError{Message: fmt.Sprintf("the JSON Pointer %.80q does not begin with /", text)}
	}
	if at := wrongTilde.FindStringIndex(text); at != nil {
		return nil, &SyntaxError{Offset: at[0], Message: fmt.Sprintf("in the JSON Pointer %.80q a ~ is not followed by 0 or 1", text)}
	}
	tokens := strings.Split(text[1:], "/")
	for i, token := range tokens {
		tokens[i] = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
	}
	return tokens, nil
}

// String is the text form.
func (p Pointer) String() string {
	var b strings.Builder
	for _, token := range p {
		b.WriteByte('/')
		b.WriteString(strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1"))
	}
	return b.String()
}

// Lookup follows the pointer into a value, and says how far it came when the
// target is not there. An index has no leading zeros, and "-", the place behind
// the last item, is nothing that can be read.
func (p Pointer) Lookup(value any) (any, error) {
	for _, token := range p {
		next, ok := step(value, token)
		if !ok {
			return nil, fmt.Errorf("there is no %q in %s", token, describe(value))
		}
		value = next
	}
	return value, nil
}

func step(value any, token string) (any, bool) {
	switch v := value.(type) {
	case map[string]any:
		member, ok := v[token]
		return member, ok
	case []any:
		i, err := strconv.Atoi(token)
		if err != nil || i < 0 || i >= len(v) || strconv.Itoa(i) != token {
			return nil, false
		}
		return v[i], true
	default:
		return nil, false
	}
}

func describe(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case map[string]any:
		return fmt.Sprintf("an object of %d members", len(v))
	case []any:
		return fmt.Sprintf("an array of %d", len(v))
	case string:
		return "a string"
	case bool:
		return "a boolean"
	default:
		return "a number"
	}
}
