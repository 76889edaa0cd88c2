package exchange_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/exchange"
)

// diary writes down what servers get.
type diary struct {
	mu    sync.Mutex
	lines []string
}

func (d *diary) write(name string, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	line := fmt.Sprintf("%s: %s %s %q", name, r.Method, r.RequestURI, body)
	var headers []string
	for name, values := range r.Header {
		if name != "Accept-Encoding" && name != "User-Agent" && name != "Content-Length" {
			headers = append(headers, fmt.Sprintf("%s=%s", name, strings.Join(values, ",")))
		}
	}
	slices.Sort(headers)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, strings.TrimSpace(line+" "+strings.Join(headers, " ")))
}

// TestRedirects lets one server redirect to itself and another.
func TestRedirects(t *testing.T) {
	t.Parallel()
	secrets := http.Header{
		"Authorization": {"Bearer s"}, "Cookie": {"sid=s"}, "X-Api-Key": {"s"}, "X-Ours": {"s"}, "X-Plain": {"p"},
		"Content-Type": {"text/plain"},
	}
	const kept = " Authorization=Bearer s Content-Type=text/plain Cookie=sid=s X-Api-Key=s X-Ours=s X-Plain=p"
	const keptOfGet = " Authorization=Bearer s Cookie=sid=s X-Api-Key=s X-Ours=s X-Plain=p"
	tests := []struct {
		name, method, path, body string
		wanted                   func(int) bool
		want                     string
		asked                    []string
	}{
		{"a GET", "GET", "/302?to=/end", "", nil, `200 "ok"`, []string{`a: GET /302?to=/end ""` + kept, `a: GET /end ""` + kept}},
		{"a relative place", "GET", "/x/301?to=end%3fy", "", nil, `200 "ok"`, []string{`a: GET /x/301?to=end%3fy ""` + kept, `a: GET /x/end?y ""` + kept}},
		{"a HEAD", "HEAD", "/302?to=/end", "", nil, `200 ""`, []string{`a: HEAD /302?to=/end ""` + kept, `a: HEAD /end ""` + kept}},
		{"303 after a POST", "POST", "/303?to=/end", "b", nil, `200 "ok"`, []string{`a: POST /303?to=/end "b"` + kept, `a: GET /end ""` + keptOfGet}},
		{"303 after a HEAD", "HEAD", "/303?to=/end", "", nil, `200 ""`, []string{`a: HEAD /303?to=/end ""` + kept, `a: HEAD /end ""` + keptOfGet}},
		{"307 after a POST", "POST", "/307?to=/end", "b", nil, `200 "ok"`, []string{`a: POST /307?to=/end "b"` + kept, `a: POST /end "b"` + kept}},
		{"308 after a PUT", "PUT", "/308?to=/end", "b", nil, `200 "ok"`, []string{`a: PUT /308?to=/end "b"` + kept, `a: PUT /end "b"` + kept}},
		{"another host", "GET", "/302?to=B/end", "", nil, `200 "ok"`, []string{`a: GET /302?to=B/end ""` + kept, `b: GET /end "" Content-Type=text/plain X-Plain=p`}},
		{"another host and back", "GET", "/302?to=B/back", "", nil, `200 "ok"`, []string{`a: GET /302?to=B/back ""` + kept, `b: GET /back "" Content-Type=text/plain X-Plain=p`, `a: GET /end "" Content-Type=text/plain X-Plain=p`}},
		{"303 to another host", "POST", "/303?to=B/end", "b", nil, `200 "ok"`, []string{`a: POST /303?to=B/end "b"` + kept, `b: GET /end "" X-Plain=p`}},
		{"our credential comes back in the query", "GET", "/302?key=s%20t&to=B/end%3Fsig=s%26key=s%2Bt%26key=u", "", nil, `200 "ok"`, []string{`a: GET /302?key=s%20t&to=B/end%3Fsig=s%26key=s%2Bt%26key=u ""` + kept, `b: GET /end?sig=s&key=u "" Content-Type=text/plain X-Plain=p`}},
		{"a secret comes back in the query", "GET", "/302?my-token=s&to=B/end%3Ftoken=new%26my-token=s", "", nil, `200 "ok"`, []string{`a: GET /302?my-token=s&to=B/end%3Ftoken=new%26my-token=s ""` + kept, `b: GET /end?token=new "" Content-Type=text/plain X-Plain=p`}},
		{"an escape beside what no URL can hold", "GET", "/302?to=/%C3%A9%20a%252Fb", "", nil, `200 "ok"`, []string{`a: GET /302?to=/%C3%A9%20a%252Fb ""` + kept, `a: GET /%C3%A9%20a%2Fb ""` + kept}},
		{"a fragment", "GET", "/302?to=/end%23part", "", nil, `200 "ok"`, []string{`a: GET /302?to=/end%23part ""` + kept, `a: GET /end ""` + kept}},

		{"an answer that is wanted", "GET", "/302?to=/end", "", func(status int) bool { return status == 302 }, `302 "moved"`, []string{`a: GET /302?to=/end ""` + kept}},
		{"another answer is wanted", "GET", "/301?to=/end", "", func(status int) bool { return status == 302 }, `200 "ok"`, []string{`a: GET /301?to=/end ""` + kept, `a: GET /end ""` + kept}},
		{"without a place", "POST", "/302", "", nil, `302 "moved"`, []string{`a: POST /302 ""` + kept}},
		{"several choices", "GET", "/300?to=/end", "", nil, `300 "moved"`, []string{`a: GET /300?to=/end ""` + kept}},

		{"302 after a POST", "POST", "/302?to=/end", "b", nil, `302 ""; redirect-not-followed: the server redirects with 302 to /end, which is not followed: it is not told whether the POST is to be sent there too, which 307 and 308 mean, or a GET, which 303 means; where that is right, name the server by the address that the redirect leads to`, []string{`a: POST /302?to=/end "b"` + kept}},
		{"301 after a DELETE", "DELETE", "/301?to=/end", "", nil, `301 ""; redirect-not-followed: the server redirects with 301 to /end, which is not followed: it is not told whether the DELETE is to be sent there too, which 307 and 308 mean, or a GET, which 303 means; where that is right, name the server by the address that the redirect leads to`, []string{`a: DELETE /301?to=/end ""` + kept}},
		{"307 to another host", "POST", "/307?to=B/end", "b", nil, `307 ""; redirect-not-followed: the server redirects with 307 to B/end, which is not followed: a POST is not sent to another host than the one it was made for; where that is right, name the server by the address that the redirect leads to`, []string{`a: POST /307?to=B/end "b"` + kept}},
		{"a DELETE to another host", "DELETE", "/308?to=B/end", "", nil, `308 ""; redirect-not-followed: the server redirects with 308 to B/end, which is not followed: a DELETE is not sent to another host than the one it was made for; where that is right, name the server by the address that the redirect leads to`, []string{`a: DELETE /308?to=B/end ""` + kept}},
		{"a body to another host", "GET", "/302?to=B/end", "b", nil, `302 ""; redirect-not-followed: the server redirects with 302 to B/end, which is not followed: a GET is not sent to another host than the one it was made for; where that is right, name the server by the address that the redirect leads to`, []string{`a: GET /302?to=B/end "b"` + kept}},
		{"no http", "GET", "/302?to=file:///etc/passwd", "", nil, `302 ""; redirect-not-followed: the server redirects with 302 to file:///etc/passwd, which is not followed: it is no http or https URL`, []string{`a: GET /302?to=file:///etc/passwd ""` + kept}},
		{"no host", "GET", "/302?to=http:///end", "", nil, `302 ""; redirect-not-followed: the server redirects with 302 to http:///end, which is not followed: it is no http or https URL`, []string{`a: GET /302?to=http:///end ""` + kept}},
		{"no URL", "GET", "/302?to=http://%5B/", "", nil, `302 ""; redirect-not-followed: the server redirects with 302 to http://[/, which is not followed: it is no URL`, []string{`a: GET /302?to=http://%5B/ ""` + kept}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var d diary
			var a, b *httptest.Server
			names := func(text string) string { return strings.NewReplacer(a.URL, "A", local(b.URL), "B").Replace(text) }
			b = serve(t, func(w http.ResponseWriter, r *http.Request) {
				d.write("b", r)
				if r.URL.Path == "/back" {
					http.Redirect(w, r, a.URL+"/end", http.StatusFound)
					return
				}
				fmt.Fprint(w, "ok")
			})
			a = serve(t, func(w http.ResponseWriter, r *http.Request) {
				d.write("a", r)
				redirect(w, r, local(b.URL))
			})
			request := &exchange.Request{Method: test.method, URL: a.URL + test.path, Header: secrets, Credentials: []string{"x-ours", "key"}, Wanted: test.wanted}
			if test.body != "" {
				request.Body = []byte(test.body)
			}
			got := names(told(t, exchange.Options{}, request))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.asked, d.lines); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			if secrets.Get("Authorization") != "Bearer s" {
				t.Error("the caller's header was changed")
			}
		})
	}
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server
}

// local is the same server by another name.
func local(u string) string { return strings.Replace(u, "127.0.0.1", "localhost", 1) }

// redirect answers with the status that the path ends in, to where the query says;
// B is another host.
func redirect(w http.ResponseWriter, r *http.Request, b string) {
	var status int
	if _, err := fmt.Sscanf(r.URL.Path[strings.LastIndex(r.URL.Path, "/"):], "/%d", &status); err != nil {
		fmt.Fprint(w, "ok")
		return
	}
	if to := r.URL.Query().Get("to"); to != "" {
		w.Header().Set("Location", strings.Replace(to, "B", b, 1))
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		fmt.Fprint(w, "moved")
	}
}

// TestRedirectsWithoutEnd holds that a chain ends, and a circle is called one.
func TestRedirectsWithoutEnd(t *testing.T) {
	t.Parallel()
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		to := r.URL.Query().Get("to") + "x"
		if r.URL.Path == "/circle" {
			to = r.URL.Query().Get("to")
		}
		w.Header().Set("Location", "?to="+to)
		w.WriteHeader(http.StatusFound)
	})
	got := []string{
		strings.ReplaceAll(told(t, exchange.Options{}, get(server.URL+"/chain?to=")), server.URL, "HOST"),
		strings.ReplaceAll(told(t, exchange.Options{}, get(server.URL+"/circle?to=1")), server.URL, "HOST"),
	}
	want := []string{
		`302 ""; redirect-not-followed: the server redirected 10 times, and then to HOST/chain?to=xxxxxxxxxxx`,
		`302 ""; redirect-not-followed: the server redirected 10 times, and then to HOST/circle?to=1 again: a circle`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// at is a network of servers that answer with redirects, by URL.
func at(redirects map[string]string, asked *[]string) answering {
	return func(r *http.Request) *http.Response {
		*asked = append(*asked, r.URL.String()+" "+r.Header.Get("Authorization"))
		answer := &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}
		if to, ok := redirects[r.URL.String()]; ok {
			answer.StatusCode, answer.Header["Location"] = 307, []string{to}
		}
		return answer
	}
}

// TestWhatIsAnotherHost goes from one scheme, host and port to another.
func TestWhatIsAnotherHost(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ from, to, want string }{
		{"http://a.test/", "https://a.test/", "200 https://a.test/ Bearer s"},
		{"http://a.test/", "https://A.test:443/", "200 https://A.test:443/ Bearer s"},
		{"http://a.test/", "http://a.test:80/", "200 http://a.test:80/ Bearer s"},
		{"http://a.test/", "http://a.test:8080/", "200 http://a.test:8080/ "},
		{"http://a.test:8080/", "https://a.test:8080/", "200 https://a.test:8080/ "},
		{"http://a.test/", "https://a.test:8443/", "200 https://a.test:8443/ "},
		{"https://a.test/", "https://b.a.test/", "200 https://b.a.test/ "},
		{"https://b.a.test/", "https://a.test/", "200 https://a.test/ "},
		{"https://a.test/", "//a.test/x", "200 https://a.test/x Bearer s"},
		{"https://a.test/", "https://u:p@b.test/", "200 https://b.test/ "},
		{"https://a.test/", "http://a.test/", "redirect-not-followed: the server redirects with 307 to http://a.test/, which is not followed: from https to http, where anybody on the way can read and change it; name the https URL that has it"},
	} {
		var asked []string
		client := exchange.New(exchange.Options{Transport: at(map[string]string{test.from: test.to}, &asked)})
		request := get(test.from)
		request.Header = http.Header{"Authorization": {"Bearer s"}}
		got := strings.TrimPrefix(toldBy(t.Context(), client, request), `307 ""; `)
		if len(asked) > 1 {
			got = "200 " + asked[1]
		}
		if got != test.want {
			t.Errorf("from %s to %s: %s, want %s", test.from, test.to, got, test.want)
		}
	}
}

// TestUserOfARedirectedURL holds that the user of the server's URL stays with its
// host.
func TestUserOfARedirectedURL(t *testing.T) {
	t.Parallel()
	var asked []string
	client := exchange.New(exchange.Options{Transport: at(map[string]string{
		"http://u:p@a.test/": "http://a.test/x", "http://u:p@a.test/x": "http://b.test/",
	}, &asked)})
	response, err := client.Do(t.Context(), get("http://u:p@a.test/"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"http://u:p@a.test/ Basic dTpw", "http://u:p@a.test/x Basic dTpw", "http://b.test/ "}, asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := fmt.Sprint(response.Redirects[1].To); got != "http://b.test/" || len(response.Redirects) != 2 {
		t.Errorf("%d redirects, the second to %s", len(response.Redirects), got)
	}
}
