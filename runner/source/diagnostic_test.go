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
