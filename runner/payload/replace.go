package payload

import (
	"errors"
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/selector"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Replacement puts a value where a selector leads (Arazzo 1.1.0, section 5.6.15).
type Replacement struct {
	Target *selector.Selector
	Value  any
}

// replace applies replacements in order. A payload that is not given is an empty
// object (S-100). What earlier steps hold is never changed: the payload is copied.
func replace(value any, with []Replacement) (any, error) {
	if _, isFile := value.(*File); isFile && len(with) > 0 {
		return nil, errors.New("a file has no parts that could be replaced")
	}
	for _, r := range with {
		text, isText := value.(string)
		replaced, err := r.Target.Replace(value, r.Value)
		if err != nil {
			return nil, fmt.Errorf("the replacement of %s: %w", r.Target, err)
		}
		if value = replaced; isText && r.Target.String() != "" {
			if value, err = written(text, replaced); err != nil {
				return nil, err
			}
		}
	}
	return value, nil
}

// likeText is a text of JSON as a document has it, for the order of its members; nil
// where it cannot be read so.
func likeText(text string) *source.Value {
	v, err := source.Parse(&source.File{Name: "payload.json", Text: text})
	if err != nil {
		return nil // the order is that of the names
	}
	return v
}

// written is the text again that was read to replace something in it.
func written(text string, replaced any) (string, error) {
	if again, isText := replaced.(string); isText {
		return again, nil
	}
	encoded, err := source.EncodeJSON(replaced, likeText(text))
	if err != nil {
		return text, err
	}
	return string(encoded), nil
}
