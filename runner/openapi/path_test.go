package openapi_test

import (
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// TestTarget puts texts into path templates, and judges whole segments (S-084).
func TestTarget(t *testing.T) {
	t.Parallel()
	tests := []struct{ path, a, b, want, err string }{
		{"/p/{a}/q/{b}", "x", "y", "/p/x/q/y", ""},
		{"/p/{a}/{c}", "x", "", "/p/x/{c}", ""},
		{"/p/{a}.json", "..", "", "/p/...json", ""},
		{"/p/{a}-{b}", ".", ".", "/p/.-.", ""},
		{"/p/{a}{b}", ".", "", "", `{a}{b} makes the path segment ".", which URLs resolve to another path`},
		{"/p/{a}{b}/q", ".", "%2E", "", `{a}{b} makes the path segment ".%2E", which URLs resolve to another path`},
		{"/p/.{a}", ".", "", "", `.{a} makes the path segment "..", which URLs resolve to another path`},
		{"/p/{a}", "%2e%2E", "", "", `{a} makes the path segment "%2e%2E", which URLs resolve to another path`},
		{"{a}", "..", "", "", `{a} makes the path segment "..", which URLs resolve to another path`},
		{"/p/../{a}", "x", "", "/p/../x", ""}, // the description's own
		{"/p/{a}", "%252e%252e", "", "/p/%252e%252e", ""},
	}
	for _, test := range tests {
		op := openapi.Operation{Path: test.path}
		path, err := op.Target(map[string]string{"a": test.a, "b": test.b})
		message := ""
		if err != nil {
			message = err.Error()
		}
		if path != test.want || message != test.err {
			t.Errorf("%s of %q and %q: got %q, error %q", test.path, test.a, test.b, path, message)
		}
	}
}

// FuzzTarget checks that no value changes how many segments a path has, or makes one
// that leads elsewhere.
func FuzzTarget(f *testing.F) {
	f.Add(hostile, ".")
	f.Add(".", "%2e")
	f.Add("a/../b", "?#")
	f.Fuzz(func(t *testing.T, a, b string) {
		texts := map[string]string{}
		for name, value := range map[string]string{"a": a, "b": b} {
			p := openapi.DefaultParameter(name, "path")
			p.AllowReserved = name == "b"
			wire, _, err := p.Encode(value)
			if err != nil {
				return
			}
			texts[name] = wire
		}
		op := openapi.Operation{Path: "/p/{a}{b}/{a}.{b}"}
		path, err := op.Target(texts)
		if err != nil {
			return
		}
		segments := strings.Split(path, "/")
		dots := func(segment string) bool {
			plain := strings.ReplaceAll(strings.ToLower(segment), "%2e", ".")
			return plain == "." || plain == ".."
		}
		if len(segments) != 4 || strings.ContainsAny(path, "?# {}") || dots(segments[2]) || dots(segments[3]) {
			t.Errorf("%q and %q: %q", a, b, path)
		}
	})
}
