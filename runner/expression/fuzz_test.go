package expression_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// FuzzParse holds that what parses reads the same again, that an error points
// into the text, and that evaluation gives a value or says what is absent.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"$inputs.a.b[0]#/c~1d", "$response.header.X-A", "$steps.s.outputs.o", "$response.body#", "$url", "$workflows.w.inputs.a",
		"{$inputs.a}", "a $inputs.a. b {$response.body#/a b} $x", "$response.body#/a&&b", "$sourceDescriptions.api.url",
	} {
		f.Add(seed)
	}
	seen := sample(f)
	f.Fuzz(func(t *testing.T, text string) {
		if e, err := expression.Parse(text); err == nil {
			if e.Text != text {
				t.Errorf("%q was parsed from %q", e.Text, text)
			}
			wantAbsentOrValue(t, e.Evaluate, seen)
		} else {
			wantOffset(t, err, text)
		}
		if _, n, err := expression.Scan(text); err == nil && (n < 1 || n > len(text)) {
			t.Errorf("%q takes %d bytes of %q", text[:n], n, text)
		}
		template, err := expression.ParseTemplate(text)
		if err != nil {
			wantOffset(t, err, text)
			return
		}
		for _, r := range template.References() {
			if !strings.HasPrefix(text[r.Offset:], r.Text) {
				t.Errorf("%q is not at byte %d of %q", r.Text, r.Offset, text)
			}
		}
		wantAbsentOrValue(t, template.Evaluate, seen)
	})
}

func wantOffset(t *testing.T, err error, text string) {
	t.Helper()
	var syntax *expression.SyntaxError
	if !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > len(text) {
		t.Errorf("the error %v does not point into %q", err, text)
	}
}

func wantAbsentOrValue(t *testing.T, evaluate func(expression.Scope) (any, error), seen scope) {
	t.Helper()
	var absent *expression.Absent
	if _, err := evaluate(seen); err != nil && !errors.As(err, &absent) {
		t.Errorf("the error is %v", err)
	}
}
