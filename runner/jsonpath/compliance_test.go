package jsonpath_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
)

// complianceCases is how many cases the suite had when this test was written;
// fewer would mean that the file was cut.
const complianceCases = 703

type complianceCase struct {
	Name     string
	Selector string
	Document any
	Result   []any
	Results  [][]any // several are right where the order is open
	Invalid  bool    `json:"invalid_selector"`
}

// TestComplianceSuite runs the JSONPath Compliance Test Suite.
func TestComplianceSuite(t *testing.T) {
	t.Parallel()
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "corpus", "jsonpath-cts", "cts.json"))
	if err != nil {
		t.Skipf("the compliance suite is not beside the checkout, so it was not run: %v", err)
	}
	defer file.Close()
	var suite struct{ Tests []complianceCase }
	decoder := json.NewDecoder(file)
	decoder.UseNumber()
	if err := decoder.Decode(&suite); err != nil {
		t.Fatal(err)
	}
	if len(suite.Tests) < complianceCases {
		t.Errorf("the suite has %d cases, want at least %d", len(suite.Tests), complianceCases)
	}
	for _, c := range suite.Tests {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}

func (c complianceCase) check(t *testing.T) {
	query, err := jsonpath.Parse(c.Selector)
	if c.Invalid {
		if err == nil {
			t.Fatalf("%q was parsed, want an error", c.Selector)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	got, err := query.Select(c.Document)
	if err != nil {
		t.Fatal(err)
	}
	c.located(t, query, got)
	for _, want := range append(c.Results, c.Result) {
		if want != nil && cmp.Equal(want, got) {
			return
		}
	}
	t.Errorf("%q selected %v, want %v %v", c.Selector, got, c.Result, c.Results)
}

// located holds that the places of a query lead to its values.
func (c complianceCase) located(t *testing.T, query *jsonpath.Query, values []any) {
	t.Helper()
	places, err := query.Locate(c.Document)
	if err != nil || len(places) != len(values) {
		t.Fatalf("%q: got the places %v, error %v, of %v", c.Selector, places, err, values)
	}
	for i, place := range places {
		if diff := cmp.Diff(values[i], at(c.Document, place)); diff != "" {
			t.Errorf("%q at %v (-want +got):\n%s", c.Selector, place, diff)
		}
	}
}

// at is the value at a place.
func at(value any, place jsonpath.Location) any {
	for _, token := range place {
		switch v := value.(type) {
		case map[string]any:
			value = v[token.(string)]
		case []any:
			value = v[token.(int)]
		}
	}
	return value
}
