package credential_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/credential"
)

// endpoint is a token endpoint that gives the answers of a script, each a status,
// a space and a body, and writes down what it was asked.
type endpoint struct {
	t   *testing.T
	url string

	mu      sync.Mutex
	answers []string
	asked   []string
}

func serve(t *testing.T, answers ...string) *endpoint {
	t.Helper()
	e := &endpoint{t: t, answers: answers}
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	e.url = server.URL
	return e
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := r.ParseForm(); err != nil {
		e.t.Error(err)
	}
	id, secret, _ := r.BasicAuth()
	e.asked = append(e.asked, strings.TrimSpace(fmt.Sprintf("%s %s %s:%s %s", r.Method, r.URL, id, secret, r.PostForm.Encode())))
	if len(e.answers) == 0 {
		e.t.Errorf("there is no answer left for %s", e.asked[len(e.asked)-1])
		return
	}
	status, body, _ := strings.Cut(e.answers[0], " ")
	e.answers = e.answers[1:]
	var code int
	if _, err := fmt.Sscan(status, &code); err != nil {
		e.t.Error(err)
	}
	w.Header().Set("Content-Type", "application/json")
	if strings.HasPrefix(body, "access_token=") {
		w.Header().Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w.Header().Set("Location", "/elsewhere")
	w.WriteHeader(code)
	fmt.Fprint(w, body)
}

func (e *endpoint) requests() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.answers) > 0 {
		e.t.Errorf("%d answers were not asked for", len(e.answers))
	}
	return e.asked
}

// clock is a clock that stands until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// tokens are those of a run, with what it learnt to hide.
func tokens(t *testing.T, c *clock) (*credential.Tokens, *[]string) {
	t.Helper()
	var learnt []string
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	list := credential.NewTokens(t.Context(), credential.TokenOptions{
		Transport: transport, Timeout: time.Minute, Now: c.Now, Learn: func(text string) { learnt = append(learnt, text) },
	})
	t.Cleanup(list.Close)
	return list, &learnt
}

func grantOf(e *endpoint) credential.Grant {
	return credential.Grant{
		Source: "api", Scheme: "o", Flow: "clientCredentials", TokenURL: e.url + "/t", RefreshURL: e.url + "/r",
		ClientID: "id", ClientSecret: "s:%", Scope: "a b",
	}
}

// fresh and body are what a token endpoint is asked.
const (
	fresh   = "POST /t id:s%3A%25 grant_type=client_credentials&scope=a+b"
	renewal = "POST /r id:s%3A%25 grant_type=refresh_token&refresh_token="
)

// TestTokenLife fetches, keeps and renews one token while time passes.
func TestTokenLife(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		answers []string
		// passed is how much time passes before each use after the first.
		passed []time.Duration
		// tokens are what each use gets, asked what the endpoint got.
		tokens, asked []string
	}{
		{
			"kept until ten seconds before its end",
			[]string{`200 {"access_token":"A","token_type":"bearer","expires_in":3600}`, `200 {"access_token":"B"}`},
			[]time.Duration{3589 * time.Second, time.Second},
			[]string{"A", "A", "B"},
			[]string{fresh, fresh},
		},
		{
			"a short life, of which a tenth is left",
			[]string{`200 {"access_token":"A","expires_in":"10"}`, `200 {"access_token":"B"}`},
			[]time.Duration{8999 * time.Millisecond, time.Millisecond},
			[]string{"A", "A", "B"},
			[]string{fresh, fresh},
		},
		{"no life is said", []string{`200 {"access_token":"A"}`}, []time.Duration{100 * 24 * time.Hour}, []string{"A", "A"}, []string{fresh}},
		{"a life that says nothing", []string{`200 {"access_token":"A","expires_in":null}`}, []time.Duration{time.Hour}, []string{"A", "A"}, []string{fresh}},
		{
			"a life of nothing",
			[]string{`200 {"access_token":"A","expires_in":0}`, `200 {"access_token":"B","expires_in":-5}`, `200 {"access_token":"C","expires_in":99999999999}`},
			[]time.Duration{0, 0, time.Hour},
			[]string{"A", "B", "C", "C"},
			[]string{fresh, fresh, fresh},
		},
		{
			"refreshed, with the refresh token that is left",
			[]string{`200 {"access_token":"A","expires_in":60,"refresh_token":"R"}`, `200 {"access_token":"B","expires_in":60}`, `200 {"access_token":"C","expires_in":60,"refresh_token":"S"}`, `200 {"access_token":"D"}`},
			[]time.Duration{time.Minute, time.Minute, time.Minute},
			[]string{"A", "B", "C", "D"},
			[]string{fresh, renewal + "R", renewal + "R", renewal + "S"},
		},
		{
			"anew, when the refresh token is over",
			[]string{`200 {"access_token":"A","expires_in":60,"refresh_token":"R"}`, `400 {"error":"invalid_grant"}`, `200 {"access_token":"B"}`},
			[]time.Duration{time.Minute},
			[]string{"A", "B"},
			[]string{fresh, renewal + "R", fresh},
		},
		{"as a form", []string{"200 access_token=A&expires_in=60", "200 access_token=B"}, []time.Duration{time.Minute}, []string{"A", "B"}, []string{fresh, fresh}},
		{
			"the secret in the body, and then at once",
			[]string{`401 {"error":"invalid_client"}`, `200 {"access_token":"A","expires_in":60}`, `200 {"access_token":"B"}`},
			[]time.Duration{time.Minute},
			[]string{"A", "B"},
			[]string{
				fresh, "POST /t : client_id=id&client_secret=s%3A%25&grant_type=client_credentials&scope=a+b",
				"POST /t : client_id=id&client_secret=s%3A%25&grant_type=client_credentials&scope=a+b",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e, c := serve(t, test.answers...), &clock{now: time.Now()}
			list, _ := tokens(t, c)
			var got []string
			for i := range len(test.passed) + 1 {
				if i > 0 {
					c.pass(test.passed[i-1])
				}
				token, err := list.Token(t.Context(), grantOf(e))
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, token)
			}
			if diff := cmp.Diff(test.tokens, got); diff != "" {
				t.Errorf("tokens (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.asked, e.requests()); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
		})
	}
}

// TestForms holds how each kind of client is authenticated (RFC 6749, section
// 2.3.1).
func TestForms(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(*credential.Grant)
		asked  string
	}{
		{"basic", func(g *credential.Grant) { g.Authentication = "basic" }, fresh},
		{"body", func(g *credential.Grant) { g.Authentication = "body"; g.Scope = "" }, "POST /t : client_id=id&client_secret=s%3A%25&grant_type=client_credentials"},
		{"a password with a client", func(g *credential.Grant) { g.Flow, g.Username, g.Password = "password", "u", "p" }, "POST /t id:s%3A%25 grant_type=password&password=p&scope=a+b&username=u"},
		{"a password with a client that has no secret", func(g *credential.Grant) { g.Flow, g.Username, g.Password, g.ClientSecret = "password", "u", "p", "" }, "POST /t : client_id=id&grant_type=password&password=p&scope=a+b&username=u"},
		{"a password alone", func(g *credential.Grant) {
			g.Flow, g.Username, g.Password, g.ClientID, g.ClientSecret = "password", "u", "p", "", ""
		}, "POST /t : grant_type=password&password=p&scope=a+b&username=u"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := serve(t, `200 {"access_token":"A"}`)
			list, _ := tokens(t, &clock{})
			g := grantOf(e)
			test.change(&g)
			if _, err := list.Token(t.Context(), g); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{test.asked}, e.requests()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestOneForm holds that a client whose form was chosen is not sent in another.
func TestOneForm(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"basic", "body"} {
		e := serve(t, `401 {"error":"invalid_client"}`)
		list, _ := tokens(t, &clock{})
		g := grantOf(e)
		g.Authentication = form
		if _, err := list.Token(t.Context(), g); err == nil {
			t.Errorf("%s: there is a token", form)
		}
		if asked := e.requests(); len(asked) != 1 {
			t.Errorf("%s: the endpoint was asked %v", form, asked)
		}
	}
}

// TestNoToken holds what is told when there is no token.
func TestNoToken(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		answers []string
		want    string
	}{
		{"a failing server", []string{"500 broken"}, "URL/t answered 500 Internal Server Error"},
		{"a refusal", []string{`400 {"error":"invalid_scope","error_description":"no b for you"}`}, `URL/t answered 400 Bad Request, "invalid_scope": "no b for you"`},
		{"a refusal that calls itself a success", []string{`200 {"error":"invalid_grant"}`}, `URL/t answered 200 OK, "invalid_grant"`},
		{"a client that is not known in any form", []string{`401 {"error":"invalid_client"}`, `400 {"error":"unsupported"}`}, `URL/t answered 401 Unauthorized, "invalid_client"`},
		{"endless words", []string{`400 {"error":"` + strings.Repeat("é", 1000) + `"}`}, `URL/t answered 400 Bad Request, "` + strings.Repeat("é", 100) + `…"`},
		{"a redirect", []string{"302 {}"}, "URL/t answered 302 Found"},
		{"no JSON", []string{"200 <html>"}, "the answer of URL/t is no use: cannot parse json: invalid character '<' looking for beginning of value"},
		{"nothing", []string{"200 "}, "the answer of URL/t is no use: cannot parse json: unexpected end of JSON input"},
		{"no token", []string{`200 {"token_type":"Bearer"}`}, "the answer of URL/t is no use: server response missing access_token"},
		{"another type", []string{`200 {"access_token":"A","token_type":"mac"}`}, `the answer of URL/t is no use: the token is of type "mac", and only Bearer can be sent`},
		{"a token that no header takes", []string{`200 {"access_token":"A\nX: y"}`}, "the answer of URL/t is no use: the token has characters that no token can have"},
		{"a life that is no number", []string{`200 {"access_token":"A","expires_in":"soon"}`}, "the answer of URL/t is no use: cannot parse json: json: invalid number literal, trying to unmarshal \"\\\"soon\\\"\" into Number"},
		{"too much", []string{`200 {"access_token":"` + strings.Repeat("A", 300<<10) + `"}`}, "the answer of URL/t is no use: it has more than 262144 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := serve(t, test.answers...)
			list, _ := tokens(t, &clock{})
			_, err := list.Token(t.Context(), grantOf(e))
			var failed *credential.FetchError
			if !errors.As(err, &failed) || failed.Unreachable {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, strings.ReplaceAll(failed.Message, e.url, "URL")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			e.requests()
			if list.Fetched() != nil {
				t.Errorf("fetched: %v", list.Fetched())
			}
		})
	}
}

// TestUnreachable tells a token endpoint that is not there from one that is slow,
// and from a run that is over.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }))
	gone := httptest.NewServer(nil)
	gone.Close()
	t.Cleanup(func() { close(over); slow.Close() })
	ended, end := context.WithCancel(t.Context())
	end()
	for _, test := range []struct {
		name, url   string
		life        context.Context
		timeout     time.Duration
		unreachable bool
		want        string
	}{
		{"gone", gone.URL, t.Context(), time.Minute, true, "no answer came: dial tcp"},
		{"slow", slow.URL, t.Context(), time.Millisecond, false, "gave none within 1ms"},
		{"a run that is over", slow.URL, ended, time.Minute, false, "the run is over"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			list := credential.NewTokens(test.life, credential.TokenOptions{Transport: &http.Transport{}, Timeout: test.timeout, Now: time.Now, Learn: func(string) {}})
			defer list.Close()
			_, err := list.Token(t.Context(), credential.Grant{TokenURL: test.url, ClientID: "a", ClientSecret: "b"})
			var failed *credential.FetchError
			if !errors.As(err, &failed) || failed.Unreachable != test.unreachable || !strings.Contains(failed.Message, test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestSingleFlight has many ask at once for two grants: each is fetched once. One
// who does not want to wait any longer goes without disturbing the others.
func TestSingleFlight(t *testing.T) {
	t.Parallel()
	arrived, leave := make(chan struct{}, 2), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		arrived <- struct{}{}
		<-leave
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"access_token":"of-%s"}`, r.PostForm.Get("scope"))
	}))
	defer server.Close()
	list := credential.NewTokens(t.Context(), credential.TokenOptions{Transport: server.Client().Transport, Timeout: time.Minute, Now: time.Now, Learn: func(string) {}})
	defer list.Close()
	grant := func(scope string) credential.Grant {
		return credential.Grant{Scheme: "o", TokenURL: server.URL, ClientID: "a", ClientSecret: "b", Scope: scope}
	}
	impatient, give := context.WithCancelCause(t.Context())
	left := make(chan error)
	go func() {
		_, err := list.Token(impatient, grant("x"))
		left <- err
	}()
	<-arrived
	give(errors.New("enough"))
	if err := <-left; err == nil || err.Error() != "enough" {
		t.Errorf("the impatient one got %v", err)
	}
	var all sync.WaitGroup
	got := make([]string, 40)
	for i := range got {
		all.Go(func() {
			token, err := list.Token(t.Context(), grant([]string{"x", "y"}[i%2]))
			if err != nil {
				t.Error(err)
			}
			got[i] = token
		})
	}
	<-arrived // of y; x is in flight
	close(leave)
	all.Wait()
	slices.Sort(got)
	if diff := cmp.Diff([]string{"of-x", "of-y"}, slices.Compact(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var counts []int
	for _, f := range list.Fetched() {
		counts = append(counts, f.Fetched)
	}
	if diff := cmp.Diff([]int{1, 1}, counts); diff != "" {
		t.Errorf("fetched (-want +got):\n%s", diff)
	}
}

// TestReject gives up a token that the API did not take, once.
func TestReject(t *testing.T) {
	t.Parallel()
	e := serve(t, `200 {"access_token":"A","refresh_token":"R","id_token":"I"}`, `200 {"access_token":"B"}`)
	list, learnt := tokens(t, &clock{})
	g := grantOf(e)
	for _, want := range []string{"A", "B", "B"} {
		got, err := list.Token(t.Context(), g)
		if err != nil || got != want {
			t.Fatal(got, err)
		}
		list.Reject(g, "A") // of B that is of another time
	}
	list.Reject(credential.Grant{}, "A")
	if diff := cmp.Diff([]string{fresh, renewal + "R"}, e.requests()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"A", "R", "I", "B", "R"}, *learnt); diff != "" {
		t.Errorf("learnt (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]credential.Fetched{{Grant: g, Fetched: 2, Refreshed: 1}}, list.Fetched()); diff != "" {
		t.Errorf("fetched (-want +got):\n%s", diff)
	}
}

// TestHeaders holds what the endpoint is asked for beside the form.
func TestHeaders(t *testing.T) {
	t.Parallel()
	asked := make(chan http.Header, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Header
		fmt.Fprint(w, url.Values{"access_token": {"A"}}.Encode())
	}))
	defer server.Close()
	list, _ := tokens(t, &clock{})
	if _, err := list.Token(t.Context(), credential.Grant{TokenURL: server.URL, ClientID: "a", ClientSecret: "b"}); err != nil {
		t.Fatal(err)
	}
	h := <-asked
	got := []string{h.Get("Accept"), h.Get("User-Agent"), h.Get("Content-Type")}
	if diff := cmp.Diff([]string{"application/json", "arazzo", "application/x-www-form-urlencoded"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
