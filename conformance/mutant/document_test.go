package mutant

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestChanges holds what each change makes of a document.
func TestChanges(t *testing.T) {
	t.Parallel()
	const document = `{"a":{"b":1.50,"c/d":"<x>"},"l":[{"n":1},{"n":2},{}],"z":null}`
	twice := func(v any) any { return []any{v, v} }
	tests := []struct {
		name string
		c    change
		want string
	}{
		{"a member", set("/a/b", 2), `{"a":{"b":2,"c/d":"<x>"},"l":[{"n":1},{"n":2},{}],"z":null}`},
		{"a new member", set("/a/e", true), `{"a":{"b":1.50,"c/d":"<x>","e":true},"l":[{"n":1},{"n":2},{}],"z":null}`},
		{"a member of nothing", set("/e/f", true), document},
		{"a member of a text", set("/a/b/c", true), document},
		{"the document", set("", 1), `1`},
		{"a member of each element", set("/l/*/n", "x"), `{"a":{"b":1.50,"c/d":"<x>"},"l":[{"n":"x"},{"n":"x"},{"n":"x"}],"z":null}`},
		{"an element", set("/l/1", 0), `{"a":{"b":1.50,"c/d":"<x>"},"l":[{"n":1},0,{}],"z":null}`},
		{"an element that is not there", set("/l/3", 0), document},
		{"a name with a slash", remove("/a/c~1d"), `{"a":{"b":1.50},"l":[{"n":1},{"n":2},{}],"z":null}`},
		{"what is not there", remove("/e"), document},
		{"an element less", remove("/l/0"), `{"a":{"b":1.50,"c/d":"<x>"},"l":[{"n":2},{}],"z":null}`},
		{"all elements less", remove("/l/*"), `{"a":{"b":1.50,"c/d":"<x>"},"l":[],"z":null}`},
		{"an edit", edit("/z", twice), `{"a":{"b":1.50,"c/d":"<x>"},"l":[{"n":1},{"n":2},{}],"z":[null,null]}`},
		{"an edit of what is there", edit("/*/b", twice), `{"a":{"b":[1.50,1.50],"c/d":"<x>"},"l":[{"n":1},{"n":2},{}],"z":null}`},
		{"another name", rename("/a", "b", "x"), `{"a":{"c/d":"<x>","x":1.50},"l":[{"n":1},{"n":2},{}],"z":null}`},
		{"another name of what is not there", rename("", "b", "x"), document},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, string(changed([]byte(document), []change{test.c}))); diff != "" {
				t.Errorf("the document (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPaths holds which paths are an operation's.
func TestPaths(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern, path string
		want          bool
	}{
		{"/streams", "/streams", true},
		{"/streams", "/base/streams", true},
		{"/streams", "/streams/", false},
		{"/streams", "/", false},
		{"/streams/{}", "/streams/a%2Fb", true},
		{"/streams/{}", "/streams/", false},
		{"/streams/{}", "/streams/a/events", false},
		{"/streams/{}/events", "/streams/a/events", true},
		{"/{}/{}/graphql", "/v/h/graphql", true},
	}
	for _, test := range tests {
		if got := matchPath(test.pattern, test.path); got != test.want {
			t.Errorf("%s is %s: %t", test.path, test.pattern, got)
		}
	}
}
