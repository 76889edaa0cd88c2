package openapi_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// encoded is an operation with one body, of a media type and with an encoding.
func encoded(version, media, encoding string) string {
	return "openapi: " + version + `
paths:
  /pets:
    post:
      operationId: addPet
      requestBody: {content: {` + media + `: {schema: {type: object}, ` + encoding + `}}}
`
}

// TestEncoding reads the Encoding Object in each version (S-094).
func TestEncoding(t *testing.T) {
	t.Parallel()
	const form, parts = "application/x-www-form-urlencoded", "multipart/form-data"
	tests := []struct{ name, version, media, encoding, want string }{
		{"content types and headers", "3.0.3", parts, `encoding: {a: {contentType: image/png}, b: {headers: {X-A: {required: true, schema: {enum: [1]}}, Content-Type: {}}}}`, ` {a "image/png"} {b "" X-A*[1]}`},
		{"a style in a form of 3.0", "3.0.3", form, `encoding: {a: {style: deepObject}, b: {explode: false}, c: {allowReserved: true}}`, ` {a "" formData a deepObject} {b "" formData b form} {c "" formData c form+explode+reserved}`},
		{"no style in parts of 3.0", "3.0.3", parts, `encoding: {a: {style: form}}`, ` {a ""}`},
		{"a style in parts of 3.1", "3.1.0", parts, `encoding: {a: {style: pipeDelimited}}`, ` {a "" formData a pipeDelimited}`},
		{"no encoding of JSON", "3.1.0", "application/json", `encoding: {a: {style: nonsense}}`, ``},
		{"damage", "3.2.0", parts, `encoding: [a]`, ``},
	}
	for _, test := range tests {
		d := load(t, encoded(test.version, test.media, test.encoding))
		op, found := d.Operation("addPet")
		if len(found) > 0 {
			t.Fatal(found[0].Render())
		}
		want := "body " + test.media + "[object]" + test.want
		if diff := cmp.Diff(want, show(op)[1]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestEncodingDiagnostics tells what cannot be written, and what is not read.
func TestEncodingDiagnostics(t *testing.T) {
	t.Parallel()
	tests := []struct{ version, encoding, want string }{
		{"3.1.0", "encoding: {a: {style: simple}}", `error: the property "a" has the style "simple" in its encoding`},
		{"3.2.0", "itemEncoding: {}", `warning: itemEncoding is not read: the parts of a multipart/form-data body are written by their own types`},
		{"3.1.0", "itemEncoding: {}", ``},
		{"3.2.0", "encoding: {a: {headers: {X: {$ref: '#/nope'}}}}", `warning: the reference "#/nope" leads nowhere: there is no "/nope" in api.yml`},
	}
	for _, test := range tests {
		d := load(t, encoded(test.version, "multipart/form-data", test.encoding))
		_, found := d.Operation("addPet")
		got := ""
		for _, f := range found {
			got += string(f.Severity) + ": " + f.Message
		}
		if got != test.want {
			t.Errorf("%s %s: got %s, want %s", test.version, test.encoding, got, test.want)
		}
	}
	var none *openapi.MediaType
	if e := none.EncodingOf("a"); e != nil {
		t.Errorf("of no media type: got %v", e)
	}
}
