package expression_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// TestDepartures holds what is told of an expression that is beyond the grammar
// of 1.1 (S-197), and how the grammar writes it. The names are those that exist.
func TestDepartures(t *testing.T) {
	t.Parallel()
	type departures = []expression.Departure
	dotted := func(offset int, found, instead string) departures {
		return departures{{Kind: expression.DottedAccess, Offset: offset, Found: found, Instead: instead}}
	}
	whole := func(found, instead string) departures {
		return departures{{Kind: expression.WholeObject, Found: found, Instead: instead}}
	}
	tests := []struct {
		text  string
		names []string
		want  departures
	}{
		{"$url", nil, nil},
		{"$self", nil, nil},
		{"$inputs.a#/b/0", nil, nil},
		{"$steps.s.outputs.a", nil, nil},
		{"$response.body#/a/0", nil, nil},
		{"$response.header.a.b", []string{"a"}, nil},
		{"$message.payload", nil, nil},
		{"$components.parameters.a.b", nil, nil},
		{"$sourceDescriptions.api.a[0]", []string{"a"}, nil},
		{"$request.query.a[0]", nil, nil},

		// D7
		{"$inputs", nil, whole("$inputs", "")},
		{"$outputs#", nil, whole("$outputs#", "")},
		{"$inputs#/a", nil, whole("$inputs#/a", "$inputs.a")},
		{"$inputs#/größe", nil, whole("$inputs#/größe", "")},
		{"$inputs#/a.", nil, whole("$inputs#/a.", "")},
		{"$steps.s.outputs", nil, whole("$steps.s.outputs", "")},
		{"$workflows.w.outputs#/a/b~1c/0", nil, whole("$workflows.w.outputs#/a/b~1c/0", "$workflows.w.outputs.a#/b~1c/0")},

		// D8: whether a dot is one of the name, the names tell (S-189, S-191).
		{"$inputs.a.b", nil, nil},
		{"$inputs.a.b", []string{"a", "a.b"}, nil},
		{"$inputs.a.b", []string{"a"}, dotted(9, ".b", "$inputs.a#/b")},
		{"$inputs.a.b", []string{"c"}, nil},
		{"$inputs.a.b[0].c#/d", nil, dotted(11, "[0].c", "$inputs.a.b#/0/c/d")},
		{"$inputs.a.b[0].c#/d", []string{"a"}, dotted(9, ".b[0].c", "$inputs.a#/b/0/c/d")},
		{"$inputs.a.b[0].c#", []string{"a.b"}, dotted(11, "[0].c", "$inputs.a.b#/0/c")},
		{"$steps.a.outputs.a.a", []string{"a"}, dotted(18, ".a", "$steps.a.outputs.a#/a")},
		{"$workflows.w.inputs.a[0]", nil, dotted(21, "[0]", "$workflows.w.inputs.a#/0")},
		{"$request.query.a[0]", []string{"a"}, dotted(16, "[0]", "")},
		{`$request.query.\u0061.b`, []string{"a"}, dotted(21, ".b", "")},
		{"$response.body.items[0].id", nil, dotted(14, ".items[0].id", "$response.body#/items/0/id")}, // S-157
		{"$response.body[0]#/a", nil, dotted(14, "[0]", "$response.body#/0/a")},
		{"$message.payload.orderId", nil, dotted(16, ".orderId", "$message.payload#/orderId")}, // S-188

		// S-187
		{"$response.body#/{id}/a", nil, departures{{Kind: expression.PointerBraces, Offset: 16, Found: "{"}}},
		{"$inputs#/a}", nil, departures{
			{Kind: expression.WholeObject, Found: "$inputs#/a}"}, {Kind: expression.PointerBraces, Offset: 10, Found: "}"},
		}},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			e, err := expression.Parse(test.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, e.Departures(test.names)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestReferenceDepartures holds what the place of an expression adds to it (D5),
// and takes away.
func TestReferenceDepartures(t *testing.T) {
	t.Parallel()
	e, err := expression.Parse("$response.body.a")
	if err != nil {
		t.Fatal(err)
	}
	bare := expression.Departure{Kind: expression.BareExpression, Found: e.Text, Instead: "{$response.body.a}"}
	dotted := expression.Departure{Kind: expression.DottedAccess, Offset: 14, Found: ".a", Instead: "$response.body#/a"}
	tests := []struct {
		name string
		at   expression.Reference
		want []expression.Departure
	}{
		{"whole or in braces", expression.Reference{Expression: e}, []expression.Departure{dotted}},
		{"bare in text", expression.Reference{Expression: e, Bare: true}, []expression.Departure{bare, dotted}},
		{"S-157 the operand of a condition", expression.Reference{Expression: e, Operand: true}, []expression.Departure{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, test.at.Departures(nil)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, name string
		access     expression.Access
		ok         bool
	}{
		{"$inputs.a", "a", "", true},
		{"$inputs.a.b.c", "a.b", ".c", true},
		{"$inputs.a.c[0]", "a", ".c[0]", true},
		{"$inputs.ab", "", "", false},
		{"$inputs", "", "", false},
		{"$response.body.a[0]", "", ".a[0]", true},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			e, err := expression.Parse(test.text)
			if err != nil {
				t.Fatal(err)
			}
			name, access, ok := e.Split([]string{"a", "a.b"})
			if name != test.name || access != test.access || ok != test.ok {
				t.Errorf("got %q, %q, %v", name, access, ok)
			}
		})
	}
}
