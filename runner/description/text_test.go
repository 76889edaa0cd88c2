package description

import (
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

func TestKindOf(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"OpenAPI", "openapi: 3.1.0\n", "openapi"},
		{"Swagger", "swagger: '2.0'\n", "openapi"},
		{"AsyncAPI", "asyncapi: 3.0.0\n", "asyncapi"},
		{"Arazzo", "arazzo: 1.1.0\n", "arazzo"},
		{"behind a byte order mark, a marker and a comment", "\ufeff%YAML 1.2\n---\n# openapi\nopenapi: 3.1.0\n", "openapi"},
		{"quoted, last, with Windows' line ends", "info: {}\r\n'openapi' :\r\n  3.1.0\r\n", "openapi"},
		{"all of it indented", "  openapi: 3.1.0\n  info: {}\n", "openapi"},
		{"in a flow mapping", "{openapi: 3.1.0, info: {}}", ""},
		{"inside of something", "info:\n  openapi: 3.1.0\n", ""},
		{"no field but a beginning of one", "openapi:3.1.0\narazzo-version: 1\n", ""},
		{"JSON", `{"openapi": "3.1.0"}`, "openapi"},
		{"JSON, last", ` { "info": {"arazzo": [1, {}]}, "paths": {}, "swagger" : "2.0"}`, "openapi"},
		{"JSON without", `{"info": {"arazzo": 1}}`, ""},
		{"JSON that is cut", `{"info": {"arazzo": 1`, ""},
		{"nothing", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := kindOf(test.text); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// FuzzRead: any text is read as something, or has an error, or is nothing that is
// known; and what the quick look says, the whole text says too.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"openapi: 3.1.0\npaths: {}\n", "{openapi: 3.1.0, paths: {}}", `{"swagger": "2.0"}`, "arazzo: 1.0.1\n", "asyncapi: 3.0.0\n",
		"a: |\n  openapi: 1\n", "- openapi: 1\n", "a: [", "\ufeff  openapi: 3.0.0\n  paths: {}\n",
	} {
		f.Add(seed)
	}
	client := retrieve.New(retrieve.Options{NoCache: true, Offline: true})
	f.Fuzz(func(t *testing.T, content string) {
		file := &source.File{Name: "x.yml", Text: content}
		got := read(file, client)
		known := got.openapi != nil || got.arazzo != nil || got.asyncapi != nil
		if got.kind != "" && got.kind != kindAsyncAPI && !known && !got.found.Failed() {
			t.Errorf("the kind is %q, and there is neither a document nor an error", got.kind)
		}
		root, err := source.Parse(file)
		quick := kindOf(content)
		if err != nil || root.Kind != source.Object || quick == "" {
			return
		}
		for _, m := range root.Members {
			if kinds[m.Key] == quick {
				return
			}
		}
		t.Errorf("it looks like %q, and has no such field", quick)
	})
}
