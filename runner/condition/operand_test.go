package condition_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/condition"
	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// TestSameOperand looks up once what is written often.
func TestSameOperand(t *testing.T) {
	t.Parallel()
	c, err := condition.Simple(strings.Repeat("$statusCode == 201 || ", 200) + "{$statusCode} == 200")
	if err != nil {
		t.Fatal(err)
	}
	v := c.Evaluate(sample(t), nil)
	if diff := cmp.Diff(map[string]any{"$statusCode": json.Number("200")}, v.Actual()); diff != "" || !v.Passed {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := len(c.References()); got != 201 {
		t.Errorf("%d references", got)
	}
}

// TestAbsent lists the operands that had no value, unless null is asked for.
func TestAbsent(t *testing.T) {
	t.Parallel()
	tests := []struct {
		condition string
		want      []string
	}{
		{"$response.body#/stauts != 'failed'", []string{"$response.body#/stauts"}},
		{"$response.body#/z != 1 && $response.body#/b != 1 && $response.body#/z != 2", []string{"$response.body#/b", "$response.body#/z"}},
		{"($response.body).stauts != 'failed'", []string{"($response.body).stauts"}},
		{"{$response.body}.stauts != 'failed'", []string{"{$response.body}.stauts"}},
		{"$response.body#/stauts == null", nil},
		{"$response.body#/nil != 1", nil},
		{"$response.body.s.a != 1", []string{"$response.body.s.a"}},
	}
	for _, test := range tests {
		t.Run(test.condition, func(t *testing.T) {
			t.Parallel()
			c, err := condition.Simple(test.condition)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, c.Evaluate(sample(t), nil).Absent()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestReferences holds that what reaches into a value is no departure in a simple
// condition (S-157), and is one elsewhere (D8).
func TestReferences(t *testing.T) {
	t.Parallel()
	simple, err := condition.Simple("$response.body.a[0] == 1")
	if err != nil {
		t.Fatal(err)
	}
	if found := simple.References()[0].Departures(nil); len(found) > 0 {
		t.Errorf("found %v", found)
	}
	query, err := condition.JSONPath("$.a == {$response.body.a[0]}")
	if err != nil {
		t.Fatal(err)
	}
	if found := query.References()[0].Departures(nil); len(found) != 1 || found[0].Kind != expression.DottedAccess {
		t.Errorf("found %v", found)
	}
}

// TestDeepValues compares what is nested deeper than a comparison goes.
func TestDeepValues(t *testing.T) {
	t.Parallel()
	deep := func() any {
		var value any
		for range 20_000 {
			value = []any{value}
		}
		return value
	}
	c, err := condition.Simple("$inputs.a != $inputs.b")
	if err != nil {
		t.Fatal(err)
	}
	v := c.Evaluate(scope{"inputs": map[string]any{"a": deep(), "b": deep()}}, nil)
	if diff := cmp.Diff("false: JSONPath limit passed: the value is nested more than 10000 deep", said(v)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLongChain(t *testing.T) {
	t.Parallel()
	c, err := condition.Simple(strings.Repeat("true && ", 8000) + "true")
	if err != nil {
		t.Fatal(err)
	}
	if got := said(c.Evaluate(scope{}, nil)); got != "true" {
		t.Errorf("got %s", got)
	}
}
