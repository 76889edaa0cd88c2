package source_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	candidates := []string{"createStream", "listStreams", "deleteStream", "getEvent", "createStreams"}
	tests := []struct {
		name, text string
		want       []string
	}{
		{"a letter too many", "createStreeam", []string{"createStream", "createStreams", "deleteStream"}},
		{"another case", "CREATESTREAM", []string{"createStream", "createStreams", "deleteStream"}},
		{"transposed letters", "getEvnet", []string{"getEvent"}},
		{"nothing like it", "zzzzzzzz", nil},
		{"no name", "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, source.Nearest(test.text, candidates)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDiagnosticsOfAnError(t *testing.T) {
	t.Parallel()
	one := &source.Diagnostic{Code: "a", Severity: source.Error, Message: "one"}
	warning := &source.Diagnostic{Code: "b", Severity: source.Warning, Message: "two"}
	tests := []struct {
		name     string
		err      error
		want     source.Diagnostics
		wantText string
		failed   bool
	}{
		{"none", errors.New("other"), nil, "", false},
		{"one", fmt.Errorf("load: %w", one), source.Diagnostics{one}, "error[a]: one", true},
		{"a list", fmt.Errorf("load: %w", source.Diagnostics{warning, one}), source.Diagnostics{warning, one}, "error[a]: one", true},
		{"warnings alone", source.Diagnostics{warning}, source.Diagnostics{warning}, "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := source.Of(test.err)
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got.Error() != test.wantText || got.Failed() != test.failed {
				t.Errorf("the text is %q and failed %v, want %q and %v", got.Error(), got.Failed(), test.wantText, test.failed)
			}
		})
	}
}

// TestSort orders by file as first met, line, column, severity and code; what is
// the same in all of these stays in order.
func TestSort(t *testing.T) {
	t.Parallel()
	z, a := &source.File{Name: "z.yml"}, &source.File{Name: "a.yml"}
	d := func(file *source.File, line, column int, severity source.Severity, code, message string) *source.Diagnostic {
		return &source.Diagnostic{Code: code, Severity: severity, Message: message, Position: source.Position{File: file, Line: line, Column: column}}
	}
	found := source.Diagnostics{
		d(z, 9, 1, source.Error, "c", "m"),
		d(a, 1, 1, source.Error, "c", "m"),
		d(nil, 0, 0, source.Error, "c", "m"),
		d(z, 2, 7, source.Info, "a", "m"),
		d(z, 2, 7, source.Error, "b", "second"),
		d(z, 2, 7, source.Error, "a", "m"),
		d(z, 2, 7, source.Error, "b", "first"),
		d(z, 2, 7, source.Warning, "a", "m"),
		d(z, 2, 3, source.Info, "z", "m"),
		d(a, 0, 0, source.Error, "c", "m"),
	}
	found.Sort()
	var got []string
	for _, one := range found {
		got = append(got, one.Error())
	}
	want := []string{
		"z.yml:2:3: info[z]: m",
		"z.yml:2:7: error[a]: m",
		"z.yml:2:7: error[b]: second",
		"z.yml:2:7: error[b]: first",
		"z.yml:2:7: warning[a]: m",
		"z.yml:2:7: info[a]: m",
		"z.yml:9:1: error[c]: m",
		"a.yml: error[c]: m",
		"a.yml:1:1: error[c]: m",
		"error[c]: m",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestSortIsStable has more of the same than a sort leaves alone by chance.
func TestSortIsStable(t *testing.T) {
	t.Parallel()
	var found source.Diagnostics
	for i := range 100 {
		found = append(found, &source.Diagnostic{Message: string(rune('a' + i)), Position: source.Position{Line: i % 2}})
	}
	found.Sort()
	for i := range 99 {
		if i != 49 && found[i].Message > found[i+1].Message {
			t.Fatalf("%s stands before %s", found[i].Message, found[i+1].Message)
		}
	}
}
