package link

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// TestSelector evaluates Selector Objects (S-219): one node is its value, several
// are a list, and none is absent.
func TestSelector(t *testing.T) {
	t.Parallel()
	inputs := given{
		"o":    map[string]any{"list": []any{map[string]any{"id": "a", "n": json.Number("1")}, map[string]any{"id": "b", "n": nil}}},
		"n":    "b",
		"name": "<list><a>1</a><a>2</a></list>",
		"nil":  nil,
		"no":   "no XML & no JSON",
	}
	tests := []struct {
		name, text string
		want       any
		why        string
		unreadable bool
	}{
		{"one node", "{context: $inputs.o, selector: '$.list[0].n', type: jsonpath}", json.Number("1"), "", false},
		{"several nodes", "{context: $inputs.o, selector: '$.list[*].id', type: jsonpath}", []any{"a", "b"}, "", false},
		{"a null that is there", "{context: $inputs.o, selector: /list/1/n, type: jsonpointer}", nil, "", false},
		{"an expression in it", "{context: $inputs.o, selector: '$.list[?@.id == {$inputs.n}].n', type: jsonpath}", []any{nil}, "", false},
		{"XML", "{context: $inputs.name, selector: count(//a), type: xpath}", json.Number("2"), "", false},
		{"no node", "{context: $inputs.o, selector: $.none, type: jsonpath}", nil, "$.none selects nothing in", false},
		{"no pointer's end", "{context: $inputs.o, selector: /list/2, type: jsonpointer}", nil, `there is no "2" in an array of 2`, false},
		{"no context", "{context: $inputs.other, selector: $.a, type: jsonpath}", nil, "there is no other", false},
		{"a null context", "{context: $inputs.nil, selector: $.a, type: jsonpath}", nil, "the context is null or absent", true},
		{"a text that is no JSON", "{context: $inputs.no, selector: $.a, type: jsonpath}", nil, "JSON", true},
		{"no value for its expression", "{context: $inputs.o, selector: '$.list[?@.id == {$inputs.other}]', type: jsonpath}", nil, "there is no other", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			value, at := read(t, test.text)
			if found := at.Diagnostics(); found != nil {
				t.Fatal(found)
			}
			got, err := value.Evaluate(inputs, nil)
			var absent *expression.Absent
			switch {
			case test.why == "" && err != nil, test.why != "" && !errors.As(err, &absent):
				t.Fatalf("got %v, %v", got, err)
			case err != nil:
				if !strings.Contains(err.Error(), test.why) || absent.Unreadable != test.unreadable {
					t.Errorf("got %v (unreadable %t), want %s", err, absent.Unreadable, test.why)
				}
				return
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
