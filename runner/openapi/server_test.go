package openapi_test

import (
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

func TestServerExpand(t *testing.T) {
	t.Parallel()
	variables := map[string]string{"region": "eu", "port": "8443", "base": ""}
	tests := []struct{ url, want, err string }{
		{"https://{region}.example.com:{port}/{base}", "https://eu.example.com:8443/", ""},
		{"/v1", "/v1", ""},
		{"", "", ""},
		{"https://{who}/", "", `the server URL "https://{who}/" has the variable "who", which has no default; give the whole URL with --server NAME=URL`},
		{"https://{region/", "", `the server URL "https://{region/" has an opening brace without a closing one`},
	}
	for _, test := range tests {
		got, err := (&openapi.Server{URL: test.url, Variables: variables}).Expand()
		message := ""
		if err != nil {
			message = err.Error()
		}
		if got != test.want || message != test.err {
			t.Errorf("%s: got %q, error %q; want %q, error %q", test.url, got, message, test.want, test.err)
		}
	}
}
