package jsonpath_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
)

// TestLocate gives places, in the order of the values.
func TestLocate(t *testing.T) {
	t.Parallel()
	root := map[string]any{"a": []any{json.Number("1"), map[string]any{"a": "x"}}, "b": nil}
	tests := []struct {
		query string
		want  []jsonpath.Location
	}{
		{"$", []jsonpath.Location{{}}},
		{"$.b", []jsonpath.Location{{"b"}}},
		{"$.c", []jsonpath.Location{}},
		{"$.a[-1]['a']", []jsonpath.Location{{"a", 1, "a"}}},
		{"$..a", []jsonpath.Location{{"a"}, {"a", 1, "a"}}},
		{"$.a[?@ == 1, 0]", []jsonpath.Location{{"a", 0}, {"a", 0}}},
		{"$.a[::-1]", []jsonpath.Location{{"a", 1}, {"a", 0}}},
		{"$[*]", []jsonpath.Location{{"a"}, {"b"}}},
	}
	for _, test := range tests {
		q, err := jsonpath.Parse(test.query)
		if err != nil {
			t.Fatal(err)
		}
		got, err := q.Locate(root)
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: error %v (-want +got):\n%s", test.query, err, diff)
		}
	}
	for query, want := range map[string]int{"$.a.length": 0, "$.a[(@.length-1)]": 1, "$.a.0": 1, "$.a.01": 0, "$.a[(@.length-3)]": 0} {
		q, err := jsonpath.Goessner.Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := q.Locate(root); err != nil || len(got) != want {
			t.Errorf("%s: got %v, error %v; want %d", query, got, err, want)
		}
	}
}

// TestLocateLimits ends a query that multiplies its nodes.
func TestLocateLimits(t *testing.T) {
	t.Parallel()
	q, err := jsonpath.Parse("$[*,*,*,*][*,*,*,*][*,*,*,*][*,*,*,*][*,*,*,*][*,*,*,*][*,*,*,*][*,*,*,*]")
	if err != nil {
		t.Fatal(err)
	}
	var value any = json.Number("1")
	for range 9 {
		value = []any{value, value, value, value}
	}
	if got, err := q.Locate(value); !errors.Is(err, jsonpath.ErrLimit) {
		t.Errorf("got %d places, error %v", len(got), err)
	}
}
