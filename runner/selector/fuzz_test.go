package selector_test

import (
	"errors"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/selector"
)

// FuzzTemplate holds of every language that any text is refused with a place in
// it, or resolves with any value; and that a value changes nothing but itself: a
// selector that takes one text takes another.
func FuzzTemplate(f *testing.F) {
	for _, text := range []string{
		`$.items[?@.id == '{$inputs.x}' || @.id == {$inputs.x}]`, `$.items[{$inputs.x}].length`, `//item[@id = {$inputs.x} or . = "{$inputs.x}"]`,
		`/items/{$inputs.x}~0`, `{$inputs.x}`, `$inputs.x`, `concat('', $inputs.x)`,
	} {
		f.Add(text, `it's "x"`)
	}
	languages := []selector.Language{jsonPath, goessner, xPath, jsonPointer}
	f.Fuzz(func(t *testing.T, text, value string) {
		for _, l := range languages {
			template, err := selector.ParseTemplate(l, text)
			if err != nil {
				var syntax *expression.SyntaxError
				if !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > len(text) {
					t.Errorf("%s: the error %v does not point into %q", l.Name, err, text)
				}
				continue
			}
			s, err := template.Resolve(inputs{"x": value})
			_, plain := template.Resolve(inputs{"x": "x"})
			var syntax *expression.SyntaxError
			if plain == nil && errors.As(err, &syntax) && len(text)*(1+6*len(value)) < 60_000 {
				t.Errorf("%s: %q takes a text, but of %q it becomes what does not parse: %v", l.Name, text, value, err)
			}
			if err != nil {
				continue
			}
			for _, context := range []any{items, soap, value} {
				if got, err := s.Select(context); err != nil && (got.Found || got.Truth()) {
					t.Errorf("%s: %q found %v in spite of %v", l.Name, text, got, err)
				}
			}
		}
	})
}
