package expression_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// FuzzParse holds that what parses reads the same again, in braces as well, that
// an error points into the text, that what is beyond the grammar can be written
// in the grammar, and that evaluation gives a value or says what is absent.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"$inputs.a.b[0]#/c~1d", "$response.header.X-A", "$steps.s.outputs.o", "$response.body#", "$url", "$workflows.w.inputs.a",
		"{$inputs.a}", "$response.body#/a&&b", "$sourceDescriptions.api.url", "$message.payload.a[0].b", "$components.parameters.a.b",
		`$request.query.a\/b[0]`, "$sourceDescriptions.api.a b/c", "$inputs#/a/{b}", "$outputs..a.", "$response.body.a..b",
	} {
		f.Add(seed)
	}
	seen := sample(f)
	f.Fuzz(func(t *testing.T, text string) {
		if _, n, err := expression.Scan(text); err != nil {
			wantOffset(t, err, text)
		} else if n < 1 || n > len(text) {
			t.Errorf("%q takes %d bytes of %q", text[:n], n, text)
		}
		e, err := expression.Parse(text)
		if err != nil {
			wantOffset(t, err, text)
			return
		}
		if e.Text != text {
			t.Errorf("%q was parsed from %q", e.Text, text)
		}
		if e.Pointer != nil && !slices.Equal(mustPointer(t, e.Pointer.String()), e.Pointer) {
			t.Errorf("the pointer %q of %q is not itself again", e.Pointer, text)
		}
		if !strings.ContainsAny(text, "{}") {
			braced, err := expression.ParseWhole("{" + text + "}")
			if diff := cmp.Diff(describe(e, nil), describe(braced, err)); diff != "" {
				t.Errorf("%q in braces (-want +got):\n%s", text, diff)
			}
		}
		wantGrammar(t, e)
		wantAbsentOrValue(t, e.Evaluate, seen)
	})
}

// FuzzTemplate holds that the pieces of a template are its text, in order, and
// that evaluation gives a value or says what is absent.
func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{
		"a $inputs.a. b {$response.body#/a b} $x", "{$inputs.a}{$inputs.b}", "Bearer $inputs.token", "{$inputs.o#/k} $inputs.o#/k}", "$message.body",
		"$5.00 {a} {{$url}}", "$inputs.a[0]$inputs.b", "$url.x", "é$inputs.a#/é é",
	} {
		f.Add(seed)
	}
	seen := sample(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, parse := range []func(string) (*expression.Template, error){expression.ParseTemplate, expression.ParseText} {
			template, err := parse(text)
			if err != nil {
				wantOffset(t, err, text)
				continue
			}
			end := 0
			for _, r := range template.References() {
				if r.Offset < end || !strings.HasPrefix(text[r.Offset:], r.Text) {
					t.Errorf("%q is not at byte %d of %q", r.Text, r.Offset, text)
				}
				end = r.Offset + len(r.Text)
			}
			wantItself(t, template, text)
			wantAbsentOrValue(t, template.Evaluate, seen)
		}
	})
}

// wantItself expands a template with its own expressions.
func wantItself(t *testing.T, template *expression.Template, text string) {
	t.Helper()
	braces := 0
	got, _ := template.Expand(func(e *expression.Expression, before string) (string, error) {
		if strings.HasPrefix(text[len(before)+braces:], "{") {
			braces += 2
		}
		return e.Text, nil
	})
	if len(got)+braces != len(text) {
		t.Errorf("%q and %d braces are not %q", got, braces, text)
	}
}

// wantGrammar looks at what the grammar has instead of an expression's departures.
func wantGrammar(t *testing.T, e *expression.Expression) {
	t.Helper()
	for _, d := range e.Departures(nil) {
		if !strings.HasPrefix(e.Text[d.Offset:], d.Found) {
			t.Errorf("%q is not at byte %d of %q", d.Found, d.Offset, e.Text)
		}
		if d.Instead == "" || d.Kind == expression.WholeObject && strings.ContainsAny(d.Instead, "{}") {
			continue
		}
		instead, err := expression.Parse(d.Instead)
		if err != nil {
			t.Errorf("%q instead of %q: %v", d.Instead, e.Text, err)
			continue
		}
		for _, left := range instead.Departures(nil) {
			if left.Kind == d.Kind {
				t.Errorf("%q instead of %q still has %v", d.Instead, e.Text, left)
			}
		}
	}
}

func mustPointer(t *testing.T, text string) expression.Pointer {
	t.Helper()
	pointer, err := expression.ParsePointer(text)
	if err != nil {
		t.Errorf("%q: %v", text, err)
	}
	return pointer
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
