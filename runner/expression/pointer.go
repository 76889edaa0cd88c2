package expression

import (
	"fmt"
	"strconv"
	"strings"
)

// Pointer is a JSON Pointer (RFC 6901), decoded into its reference tokens. The
// empty, non-nil pointer means the whole value.
type Pointer []string

// ParsePointer reads the text form, such as /data/0/cursor.
func ParsePointer(text string) (Pointer, error) {
	if text == "" {
		return Pointer{}, nil
	}
	if text[0] != '/' {
		return nil, fmt.Errorf("the JSON Pointer %q does not begin with /", text)
	}
	tokens := strings.Split(text[1:], "/")
	for i, token := range tokens {
		if strings.Contains(strings.NewReplacer("~0", "", "~1", "").Replace(token), "~") {
			return nil, fmt.Errorf("in the JSON Pointer %q a ~ is not followed by 0 or 1", text)
		}
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
	}
	return tokens, nil
}

// Lookup follows the pointer into a value, and says how far it came when the
// target is not there.
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
