package credential_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/credential"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// The schemes that the tests ask for.
var (
	headerKey = &openapi.SecurityScheme{ID: "key", Type: "apiKey", In: "header", Name: "X-Key"}
	queryKey  = &openapi.SecurityScheme{ID: "key", Type: "apiKey", In: "query", Name: "k"}
	basic     = &openapi.SecurityScheme{ID: "login", Type: "http", Scheme: "Basic"}
	bearer    = &openapi.SecurityScheme{ID: "b", Type: "http", Scheme: "Bearer"}
	digest    = &openapi.SecurityScheme{ID: "d", Type: "http", Scheme: "digest"}
	openID    = &openapi.SecurityScheme{ID: "id", Type: "openIdConnect"}
	oauth     = &openapi.SecurityScheme{ID: "o", Type: "oauth2", Flows: []openapi.OAuthFlow{
		{Kind: "clientCredentials", TokenURL: "/token"},
		{Kind: "password", TokenURL: "https://login.test/token?x=1", RefreshURL: "refresh"},
		{Kind: "implicit"},
	}}
	signIn = &openapi.SecurityScheme{ID: "s", Type: "oauth2", Flows: []openapi.OAuthFlow{
		{Kind: "authorizationCode", TokenURL: "https://login.test/token"}, {Kind: "deviceAuthorization", TokenURL: "https://login.test/token"},
	}}
)

// show is what came of a demand, in one line.
func show(met *credential.Met, lacks []string, err error) string {
	var wrong *credential.WrongError
	switch {
	case errors.As(err, &wrong):
		return "wrong " + strings.Join([]string{wrong.Name, wrong.Message, wrong.Expected, wrong.Fix}, " | ")
	case met == nil:
		return strings.Join(append([]string{"missing"}, lacks...), " ")
	case met.Grant != nil:
		g := met.Grant
		return strings.Join([]string{
			"grant", g.Source, g.Scheme, g.Flow, g.TokenURL, g.RefreshURL, g.ClientID, g.ClientSecret, g.Username, g.Password, g.Scope, g.Authentication,
			"secrets", strings.Join(met.Secrets, ","),
		}, " ")
	default:
		return strings.Join([]string{met.In, met.Name, met.Value, "secrets", strings.Join(met.Secrets, ",")}, " | ")
	}
}

// TestMeet meets one demand of each kind with what was given (S-088).
func TestMeet(t *testing.T) {
	t.Parallel()
	type given = map[string]string
	for _, test := range []struct {
		name   string
		scheme *openapi.SecurityScheme
		given  given
		want   string
	}{
		{"a key in a header", headerKey, given{"key": "a b"}, "header | X-Key | a b | secrets | a b"},
		{"a key in a query may have anything", queryKey, given{"key": "a\nb"}, "query | k | a\nb | secrets | a\nb"},
		{"the source's name goes first", headerKey, given{"key": "any", "api.key": "own"}, "header | X-Key | own | secrets | own"},
		{"another source's", headerKey, given{"other.key": "x"}, "missing"},
		{"an empty value", headerKey, given{"key": "", "api.key": ""}, "missing"},
		{"a line break", headerKey, given{"key": "a\n"}, "wrong key | the value has a line break or another control character, which cannot be sent | a value on one line | take the line break off its end"},
		{"a key that is nowhere", &openapi.SecurityScheme{ID: "key", Type: "apiKey", Name: "k"}, given{"key": "x"}, "missing"},
		{"a key in a body", &openapi.SecurityScheme{ID: "key", Type: "apiKey", Name: "k", In: "body"}, given{"key": "x"}, "missing"},
		{"a certificate is no text", &openapi.SecurityScheme{ID: "key", Type: "mutualTLS"}, given{"key": "x"}, "missing"},

		{"a name and a password", basic, given{"login": "ada:s:3"}, "header | Authorization | Basic YWRhOnM6Mw== | secrets | ada:s:3,s:3,Basic YWRhOnM6Mw=="},
		{"basic as a whole", basic, given{"login": "basic YWRhOnM6Mw=="}, "header | Authorization | basic YWRhOnM6Mw== | secrets | basic YWRhOnM6Mw=="},
		{"basic without a colon", basic, given{"login": "hunter2"}, "wrong login | the value has no colon between the name and the password | USER:PASSWORD | --credential login=USER:PASSWORD"},
		{"basic in members", basic, given{"login.username": "ada", "api.login.password": "p"}, "header | Authorization | Basic YWRhOnA= | secrets | ada:p,p,Basic YWRhOnA="},
		{"a name alone", basic, given{"login.username": "ada"}, "missing login.password"},
		{"a name with a colon", basic, given{"login.username": "a:b", "login.password": "p"}, "wrong login.username | the name has a colon, which ends a name | a name without a colon | "},

		{"a bearer", bearer, given{"b": "t"}, "header | Authorization | Bearer t | secrets | t,Bearer t"},
		{"a bearer as a whole", bearer, given{"b": "bearer t"}, "header | Authorization | bearer t | secrets | bearer t,bearer t"},
		{"another scheme of HTTP", digest, given{"d": "Digest username=\"x\""}, "header | Authorization | Digest username=\"x\" | secrets | Digest username=\"x\""},
		{"OpenID Connect", openID, given{"id": "t"}, "header | Authorization | Bearer t | secrets | t,Bearer t"},
		{"members that OpenID Connect has not", openID, given{"id.clientId": "a"}, "missing"},

		{"an access token", oauth, given{"o": "t"}, "header | Authorization | Bearer t | secrets | t,Bearer t"},
		{"a token before members", oauth, given{"o": "t", "o.clientId": "a", "o.clientSecret": "b"}, "header | Authorization | Bearer t | secrets | t,Bearer t"},
		{
			"client credentials", oauth,
			given{"o.clientId": "a", "o.clientSecret": "b"},
			"grant api o clientCredentials https://h.test/token https://h.test/token a b   read write  secrets b,a:b,YTpi",
		},
		{
			"a scope and a form of its own", oauth,
			given{"o.clientId": "a", "o.clientSecret": "b", "o.scope": "all", "o.clientAuthentication": "body"},
			"grant api o clientCredentials https://h.test/token https://h.test/token a b   all body secrets b,a:b,YTpi",
		},
		{"a client without a secret", oauth, given{"o.clientId": "a"}, "missing o.clientSecret"},
		{"a secret without a client", oauth, given{"o.clientSecret": "a"}, "missing o.clientId"},
		{
			"a name and a password for a token", oauth,
			given{"o.username": "u", "o.password": "p", "o.clientId": "a"},
			"grant api o password https://login.test/token?x=1 https://h.test/v1/refresh a  u p read write  secrets p",
		},
		{"a name without a password", oauth, given{"o.username": "u", "o.clientId": "a"}, "missing o.password"},
		{
			"a place of one's own", oauth,
			given{"o.clientId": "a", "o.clientSecret": "b", "o.tokenUrl": "http://u:pw@localhost:1/t"},
			"grant api o clientCredentials http://u:pw@localhost:1/t http://u:pw@localhost:1/t a b   read write  secrets b,pw,a:b,YTpi",
		},
		{
			"a place that is none", oauth,
			given{"o.clientId": "a", "o.clientSecret": "b", "o.tokenUrl": "/token"},
			`wrong o | the place to fetch tokens is "/token" | an http or https URL without a fragment | say where tokens are fetched: --credential o.tokenUrl=URL`,
		},
		{
			"a form that is none", oauth,
			given{"o.clientId": "a", "o.clientSecret": "b", "o.clientAuthentication": "post"},
			`wrong o.clientAuthentication | the client cannot be authenticated by "post" | basic or body; without it basic, and body where the server does not take that | `,
		},
		{
			"a secret with a line break", oauth,
			given{"o.clientId": "a", "o.clientSecret": "b\n"},
			"wrong o.clientSecret | the value has a line break or another control character, which cannot be sent | a value on one line | take the line break off its end",
		},
		{
			"flows that need a person", signIn,
			given{"s.clientId": "a", "s.clientSecret": "b"},
			`wrong s.clientId | it is for the flow "clientCredentials", and the scheme "s" does not have that: its flows are authorizationCode, deviceAuthorization | ` +
				"an access token: --credential s=TOKEN | sign in elsewhere, since these flows need a person; or say where tokens are fetched: --credential s.tokenUrl=URL",
		},
		{
			"no flow at all", &openapi.SecurityScheme{ID: "s", Type: "oauth2"},
			given{"s.username": "a"},
			`wrong s.username | it is for the flow "password", and the scheme "s" does not have that: it declares no flow | ` +
				"an access token: --credential s=TOKEN | get a token elsewhere, or say where they are fetched: --credential s.tokenUrl=URL",
		},
		{
			"a flow without a place", &openapi.SecurityScheme{ID: "s", Type: "oauth2", Flows: []openapi.OAuthFlow{{Kind: "password"}}},
			given{"s.username": "a", "s.password": "b"},
			"wrong s | the description does not say where tokens are fetched | an http or https URL without a fragment | say where tokens are fetched: --credential s.tokenUrl=URL",
		},
		{
			"a place with a fragment", &openapi.SecurityScheme{ID: "s", Type: "oauth2", Flows: []openapi.OAuthFlow{{Kind: "password", TokenURL: "/t#x"}}},
			given{"s.username": "a", "s.password": "b"},
			`wrong s | the place to fetch tokens is "/t#x" | an http or https URL without a fragment | say where tokens are fetched: --credential s.tokenUrl=URL`,
		},
		{
			"a place that cannot be read", &openapi.SecurityScheme{ID: "s", Type: "oauth2", Flows: []openapi.OAuthFlow{{Kind: "password", TokenURL: "http://[::1"}}},
			given{"s.username": "a", "s.password": "b"},
			`wrong s | the place to fetch tokens is "http://[::1" | an http or https URL without a fragment | say where tokens are fetched: --credential s.tokenUrl=URL`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := credential.NewGiven(test.given, nil, nil)
			got := show(g.Meet(credential.Demand{Source: "api", Scheme: test.scheme, Scopes: []string{"read", "write"}, Server: "https://h.test/v1/base"}))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestOrder holds what goes first: flags, the environment, the file, what is bound.
func TestOrder(t *testing.T) {
	t.Parallel()
	path := save(t, `{"key": "file", "o.clientId": "file", "o": {"clientSecret": "file"}, "b": "file"}`, 0o600)
	file, found := credential.ReadFile(t.Context(), path)
	if found != nil {
		t.Fatal(found)
	}
	for _, test := range []struct {
		name       string
		scheme     *openapi.SecurityScheme
		flags, env map[string]string
		want       string
	}{
		{"a flag", headerKey, map[string]string{"key": "flag"}, map[string]string{"ARAZZO_CREDENTIAL_API_KEY": "env"}, "header | X-Key | flag | secrets | flag"},
		{"the environment", headerKey, map[string]string{"key": ""}, map[string]string{"ARAZZO_CREDENTIAL_KEY": "env"}, "header | X-Key | env | secrets | env"},
		{"the file", headerKey, nil, map[string]string{"ARAZZO_CREDENTIAL_KEY": ""}, "header | X-Key | file | secrets | file"},
		{"what is bound", &openapi.SecurityScheme{ID: "other", Type: "apiKey", In: "header", Name: "X"}, nil, nil, "header | X | bound | secrets | bound"},
		{"members of several places", oauth, nil, map[string]string{"ARAZZO_CREDENTIAL_O_CLIENTID": "env"}, "grant api o clientCredentials https://h.test/token https://h.test/token env file     secrets file,env:file,ZW52OmZpbGU="},
		{"a token of the environment before members of the file", oauth, nil, map[string]string{"ARAZZO_CREDENTIAL_O": "env"}, "header | Authorization | Bearer env | secrets | env,Bearer env"},
		{"members of the environment before a bound token", signIn, nil, map[string]string{"ARAZZO_CREDENTIAL_S_CLIENTID": "env", "ARAZZO_CREDENTIAL_S_TOKENURL": "https://t.test"}, "missing s.clientSecret"},
		{"a bound token", signIn, nil, nil, "header | Authorization | Bearer bound | secrets | bound,Bearer bound"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := credential.NewGiven(test.flags, func(name string) (string, bool) { value, ok := test.env[name]; return value, ok }, file)
			got := show(g.Meet(credential.Demand{Source: "api", Scheme: test.scheme, Server: "https://h.test", Bound: "bound"}))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestUnused holds which names are told to be of no use, and that no secret is
// overlooked for that.
func TestUnused(t *testing.T) {
	t.Parallel()
	path := save(t, "keyy: s1\nof.another.document: s2\no: {clientId: public}\n", 0o600)
	file, found := credential.ReadFile(t.Context(), path)
	if found != nil {
		t.Fatal(found)
	}
	g := credential.NewGiven(map[string]string{"key": "s3", "api.kez": "s4", "o.clientid": "s5", "o.clientSecret": "s6", "o.scope": "public"}, nil, file)
	for _, scheme := range []*openapi.SecurityScheme{headerKey, oauth} {
		_, _, _ = g.Meet(credential.Demand{Source: "api", Scheme: scheme, Server: "https://h.test"})
	}
	var got []string
	for _, u := range g.Unused() {
		got = append(got, strings.Join(append([]string{u.Name, strings.TrimPrefix(u.Position.String(), path)}, u.Near...), " "))
	}
	want := []string{"api.kez  api.key api.o", "o.clientid  o.clientId api.o.clientId"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"s1", "s2", "s3", "s4", "s5", "s6"}, g.Secrets()); diff != "" {
		t.Errorf("secrets (-want +got):\n%s", diff)
	}
	// Without the key there is something that the file's name may mean.
	g = credential.NewGiven(nil, nil, file)
	_, _, _ = g.Meet(credential.Demand{Source: "api", Scheme: headerKey})
	if list := g.Unused(); len(list) != 1 || list[0].Name != "keyy" || list[0].Position.Line != 1 {
		t.Errorf("got %v", list)
	}
}

// TestHowTo holds every way that a person is told of.
func TestHowTo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		scheme *openapi.SecurityScheme
		want   string
	}{
		{headerKey, "--credential n=VALUE (environment: ARAZZO_CREDENTIAL_N)"},
		{basic, "--credential n=USER:PASSWORD (environment: ARAZZO_CREDENTIAL_N)"},
		{bearer, "--credential n=TOKEN (environment: ARAZZO_CREDENTIAL_N)"},
		{digest, "--credential n='digest VALUE' (environment: ARAZZO_CREDENTIAL_N)"},
		{openID, "--credential n=TOKEN (environment: ARAZZO_CREDENTIAL_N)"},
		{signIn, "--credential n=TOKEN (environment: ARAZZO_CREDENTIAL_N)"},
		{&openapi.SecurityScheme{Type: "mutualTLS"}, ""},
		{oauth, "--credential n=TOKEN (environment: ARAZZO_CREDENTIAL_N), " +
			"or --credential n.clientId=ID (environment: ARAZZO_CREDENTIAL_N_CLIENTID) with --credential n.clientSecret=SECRET (environment: ARAZZO_CREDENTIAL_N_CLIENTSECRET), " +
			"or --credential n.username=USER (environment: ARAZZO_CREDENTIAL_N_USERNAME) with --credential n.password=PASSWORD (environment: ARAZZO_CREDENTIAL_N_PASSWORD)"},
	} {
		if diff := cmp.Diff(test.want, credential.HowTo("n", test.scheme)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.scheme.Type, diff)
		}
	}
}
