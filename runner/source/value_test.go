package source_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

func TestSame(t *testing.T) {
	t.Parallel()
	var many, reversed []string
	for i := range 20 {
		many = append(many, fmt.Sprintf("k%d: %d", i, i))
		reversed = append([]string{many[i]}, reversed...)
	}
	object := func(members []string) string { return "{" + strings.Join(members, ", ") + "}" }
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"1", "1", true},
		{"1", "1.0", false},
		{"1", "'1'", false},
		{"a", "'a'", true},
		{"null", "~", true},
		{"[1, 2]", "[1, 2]", true},
		{"[1, 2]", "[2, 1]", false},
		{"[1]", "[1, 2]", false},
		{"[]", "{}", false},
		{"{a: 1, b: [x]}", "{b: [x], a: 1}", true},
		{"{a: 1, b: [x]}", "{b: [y], a: 1}", false},
		{"{a: 1, b: 2}", "{a: 1, c: 2}", false},
		{"{a: 1}", "{a: 1, b: 2}", false},
		{object(many), object(reversed), true},
		{object(many), object(append(reversed[1:], "k19: 20")), false},
		{object(many), object(append(reversed[1:], "other: 19")), false},
	} {
		if got := parsed(t, test.a).Same(parsed(t, test.b)); got != test.want {
			t.Errorf("%s and %s: %t", test.a, test.b, got)
		}
	}
}

func parsed(t *testing.T, text string) *source.Value {
	t.Helper()
	v, err := source.Parse(&source.File{Name: "a.yml", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return v
}
