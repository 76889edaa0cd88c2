package jsonpath_test

import (
	"errors"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
)

func TestEqualAndLess(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, a, b  string
		equal, less bool
	}{
		{"null", `null`, `null`, true, false},
		{"null and false", `null`, `false`, false, false},
		{"booleans have no order", `false`, `true`, false, false},
		{"numbers by value", `1e1`, `10.0`, true, false},
		{"numbers in order", `9`, `10`, false, true},
		{"a number and its text", `1`, `"1"`, false, false},
		{"strings keep their case", `"a"`, `"A"`, false, false},
		{"strings in order", `"10"`, `"9"`, false, true},
		{"a supplementary character comes last", `"\uffff"`, `"\ud83d\ude00"`, false, true},
		{"arrays", `[1, [2]]`, `[1.0, [2]]`, true, false},
		{"an array and a longer one", `[1]`, `[1, 2]`, false, false},
		{"an array in another order", `[1, 2]`, `[2, 1]`, false, false},
		{"objects in any order", `{"a": 1, "b": {"c": null}}`, `{"b": {"c": null}, "a": 1}`, true, false},
		{"objects with other names", `{"a": null}`, `{"b": null}`, false, false},
		{"an object and a larger one", `{"a": 1}`, `{"a": 1, "b": 2}`, false, false},
		{"objects with other values", `{"a": 1}`, `{"a": 2}`, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a, b := decode(t, test.a), decode(t, test.b)
			equal, errEqual := jsonpath.Equal(a, b)
			less, errLess := jsonpath.Less(a, b)
			if err := errors.Join(errEqual, errLess); err != nil {
				t.Fatal(err)
			}
			if equal != test.equal || less != test.less {
				t.Errorf("got equal %v and less %v, want %v and %v", equal, less, test.equal, test.less)
			}
		})
	}
}
