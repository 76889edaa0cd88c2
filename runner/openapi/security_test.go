package openapi_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// TestFlows reads the flows of OAuth 2.0 as each version of OpenAPI writes them.
func TestFlows(t *testing.T) {
	t.Parallel()
	const three = "openapi: %s\ninfo: {title: t, version: v}\npaths: {/a: {get: {operationId: a, security: [{o: [read, 1, write]}], responses: {}}}}\n" +
		"components: {securitySchemes: {o: %s}}\n"
	const two = "swagger: '2.0'\ninfo: {title: t, version: v}\npaths: {/a: {get: {operationId: a, security: [{o: []}], responses: {}}}}\n" +
		"securityDefinitions: {o: %s}\n"
	for _, test := range []struct {
		name, document string
		scopes         []string
		want           []openapi.OAuthFlow
	}{
		{"several of 3.1", fmt.Sprintf(three, "3.1.0", "{type: oauth2, flows: {x-own: {tokenUrl: x}, password: {tokenUrl: /t, refreshUrl: /r, scopes: {b: x, a: y}}, clientCredentials: {tokenUrl: 'https://h/t'}}}"), []string{"read", "1", "write"}, []openapi.OAuthFlow{
			{Kind: "password", TokenURL: "/t", RefreshURL: "/r", Scopes: []string{"b", "a"}},
			{Kind: "clientCredentials", TokenURL: "https://h/t"},
		}},
		{"a device of 3.2, whose metadata are not read", fmt.Sprintf(three, "3.2.0", "{type: oauth2, oauth2MetadataUrl: 'https://h/m', flows: {deviceAuthorization: {deviceAuthorizationUrl: /d, tokenUrl: /t}}}"), []string{"read", "1", "write"}, []openapi.OAuthFlow{
			{Kind: "deviceAuthorization", TokenURL: "/t"},
		}},
		{"damaged ones", fmt.Sprintf(three, "3.0.3", "{type: oauth2, flows: {password: [], implicit: }}"), []string{"read", "1", "write"}, nil},
		{"flows that are a list", fmt.Sprintf(three, "3.0.3", "{type: oauth2, flows: [password]}"), []string{"read", "1", "write"}, nil},
		{"flows of another type", fmt.Sprintf(three, "3.0.3", "{type: http, scheme: bearer, flows: {password: {tokenUrl: /t}}}"), []string{"read", "1", "write"}, nil},
		{"application of 2.0", fmt.Sprintf(two, "{type: oauth2, flow: application, tokenUrl: 'https://h/t', scopes: {a: x}}"), nil, []openapi.OAuthFlow{
			{Kind: "clientCredentials", TokenURL: "https://h/t", Scopes: []string{"a"}},
		}},
		{"password of 2.0", fmt.Sprintf(two, "{type: oauth2, flow: password, tokenUrl: 'https://h/t'}"), nil, []openapi.OAuthFlow{{Kind: "password", TokenURL: "https://h/t"}}},
		{"accessCode of 2.0", fmt.Sprintf(two, "{type: oauth2, flow: accessCode, tokenUrl: 'https://h/t'}"), nil, []openapi.OAuthFlow{{Kind: "authorizationCode", TokenURL: "https://h/t"}}},
		{"implicit of 2.0", fmt.Sprintf(two, "{type: oauth2, flow: implicit}"), nil, []openapi.OAuthFlow{{Kind: "implicit"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			op, found := load(t, test.document).Operation("a")
			if op == nil || len(op.Security) != 1 {
				t.Fatal(op, found)
			}
			requirement := op.Security[0]
			if diff := cmp.Diff(test.want, requirement.Schemes[0].Flows); diff != "" {
				t.Errorf("flows (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.scopes, requirement.Scopes["o"]); diff != "" {
				t.Errorf("scopes (-want +got):\n%s", diff)
			}
			for _, f := range test.want {
				if diff := cmp.Diff(&f, requirement.Schemes[0].Flow(f.Kind)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", f.Kind, diff)
				}
			}
			if f := requirement.Schemes[0].Flow("nothing"); f != nil {
				t.Errorf("there is a flow %v", f)
			}
		})
	}
}
