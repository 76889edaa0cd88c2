package openapi_test

import (
	"slices"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// serversOf reads the servers of an operation from a description.
func serversOf(t *testing.T, servers string) ([]*openapi.Server, source.Diagnostics) {
	t.Helper()
	api, found := openapi.Load(&source.File{Name: "api.yml", Text: "openapi: 3.2.0\ninfo: {title: A, version: 1.0.0}\nservers: " + servers +
		"\npaths: {/a: {get: {operationId: a, responses: {'200': {description: A}}}}}\n"}, nil)
	operation, more := api.Operation("a")
	if operation == nil {
		t.Fatal("no operation")
	}
	return operation.Servers, append(found, more...)
}

// TestServerExpand replaces variables by what is given and what is default (S-028).
func TestServerExpand(t *testing.T) {
	t.Parallel()
	given := map[string]string{"user": "u", "plan": "gold", "tier": "none", "empty": ""}
	tests := []struct{ name, server, want, err string }{
		{"defaults", "{url: 'https://{a}.example.com:{b}/{c}', variables: {a: {default: eu}, b: {default: 8443}, c: {default: ''}}}", "https://eu.example.com:8443/", ""},
		{"no variable", "{url: /v1}", "/v1", ""},
		{"an empty URL", "{url: ''}", "", ""},
		{"given", "{url: 'https://{user}/', variables: {user: {default: x}}}", "https://u/", ""},
		{"given twice", "{url: '/{user}/{user}', variables: {user: {default: x}}}", "/u/u", ""},
		{"given, of its enum", "{url: 'https://{plan}/', variables: {plan: {default: x, enum: [x, gold]}}}", "https://gold/", ""},
		{"given and empty", "{url: 'https://a/{empty}', variables: {empty: {default: x}}}", "https://a/", ""},
		{"given for what has no default", "{url: 'https://{user}/', variables: {user: {}}}", "https://u/", ""},
		{"given for what is not declared", "{url: 'https://{user}/'}", "https://u/", ""},
		{"given, and not of its enum", "{url: 'https://{tier}/', variables: {tier: {default: x, enum: [x, y]}}}", "", `the server variable "tier" is "none", and may be x, y`},
		{"not declared", "{url: 'https://{who}/'}", "", `the server URL "https://{who}/" has the variable "who", which has no default; give it with --server-var who=VALUE`},
		{"without a default", "{url: 'https://{who}/', variables: {who: {enum: [a]}}}", "", `the server URL "https://{who}/" has the variable "who", which has no default; give it with --server-var who=VALUE`},
		{"an open brace", "{url: 'https://{region/'}", "", `the server URL "https://{region/" has an opening brace without a closing one`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			servers, _ := serversOf(t, "["+test.server+"]")
			got, err := servers[0].Expand(func(name string) (string, bool) { value, ok := given[name]; return value, ok })
			message := ""
			if err != nil {
				message = err.Error()
			}
			if got != test.want || message != test.err {
				t.Errorf("got %q, error %q; want %q, error %q", got, message, test.want, test.err)
			}
		})
	}
}

// TestServerVariables tells what is wrong with them, and keeps their order.
func TestServerVariables(t *testing.T) {
	t.Parallel()
	servers, found := serversOf(t, "[{url: 'https://{z}.{a}.{z}', name: live, variables: {z: {default: a, enum: [b, c]}, a: {default: 1, enum: [1, 2]}, unused: {default: x, enum: y}}}]")
	var names []string
	for _, v := range servers[0].Variables {
		names = append(names, v.Name)
	}
	if !slices.Equal(names, []string{"z", "a", "unused"}) || !slices.Equal(servers[0].Names(), []string{"z", "a"}) || servers[0].Name != "live" {
		t.Errorf("%v, %v, %s", names, servers[0].Names(), servers[0].Name)
	}
	if whole, err := servers[0].Expand(nil); whole != "https://a.1.a" || err != nil {
		t.Errorf("%s, %v", whole, err)
	}
	want := []string{`the default of the server variable "z" is "a", which its enum does not have`, "enum is not a list"}
	var got []string
	for _, d := range found {
		got = append(got, d.Message)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
