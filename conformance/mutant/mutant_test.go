package mutant

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNames holds that a mutant is known by its name, and is one.
func TestNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, m := range All() {
		if seen[m.Name] {
			t.Errorf("two mutants are called %q", m.Name)
		}
		seen[m.Name] = true
		if single := m.Pulse != nil || m.Accelerate != nil; single == (m.Both != nil) {
			t.Errorf("the mutant %q breaks nothing, or has Both beside what it breaks in one API", m.Name)
		}
		if !slices.IsSorted(m.Kills) {
			t.Errorf("the mutant %q names its cases in no order", m.Name)
		}
	}
}

// echo is a target that says what it was sent. Paths that end in a status answer it.
func echo(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Here", "yes")
	w.Header()["Date"] = nil
	var status int
	if _, err := fmt.Sscanf(r.URL.Path, "/status/%d", &status); err == nil {
		w.WriteHeader(status)
	}
	got := map[string]any{"at": r.Method + " " + r.RequestURI, "key": r.Header.Get("Authorization")}
	if len(text) > 0 {
		got["sent"] = decode(text)
	}
	_, _ = w.Write(encode(got))
}

// proxied puts a defect in front of a target.
func proxied(t *testing.T, target http.HandlerFunc, d Defect) string {
	t.Helper()
	server := httptest.NewServer(target)
	t.Cleanup(server.Close)
	proxy, err := Mutant{Pulse: d}.Start(Target{PulseURL: server.URL, APIKey: "good", OtherAPIKey: "other"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Close)
	return proxy.PulseURL
}

// ask sends "METHOD /path body" with a key and gives the whole answer as text, or what
// broke it.
func ask(t *testing.T, base, request string) string {
	t.Helper()
	parts := append(strings.SplitN(request, " ", 3), "")
	r, err := http.NewRequestWithContext(t.Context(), parts[0], base+parts[1], strings.NewReader(parts[2]))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "bad")
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}}
	response, err := client.Do(r)
	if err != nil {
		return "no answer"
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	response.Header.Del("Date")
	response.Header.Del("Content-Length")
	response.Header.Del("Connection")
	var text bytes.Buffer
	fmt.Fprintln(&text, response.StatusCode)
	if err := response.Header.Write(&text); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&text, "%s", body)
	if err != nil {
		fmt.Fprintf(&text, " (cut)")
	}
	return strings.ReplaceAll(text.String(), "\r\n", "\n")
}

// TestDefects holds what each part of a mutant does to the answers of a target.
func TestDefects(t *testing.T) {
	t.Parallel()
	const plain = "200\nContent-Type: application/json\nX-Here: yes\n" + `{"at":"GET /a","key":"bad"}`
	tests := []struct {
		name     string
		defect   Defect
		requests []string
		want     string
	}{
		{"nothing", nil, []string{"GET /a"}, plain},
		{"a query that cannot be read passes", nil, []string{"GET /a?%zz;b"}, strings.ReplaceAll(plain, "/a", "/a?%zz;b")},
		{"an escaped path passes", nil, []string{"GET /a%2Fb//c"}, strings.ReplaceAll(plain, "/a", "/a%2Fb//c")},
		{"a status", status(200, 418), []string{"GET /a"}, strings.Replace(plain, "200", "418", 1)},
		{"another status", status(201, 418), []string{"GET /a"}, plain},
		{"a status without a body", status(200, 204), []string{"GET /a"}, "204\nContent-Type: application/json\nX-Here: yes\n"},
		{"a header", header("X-Here", "no"), []string{"GET /a"}, strings.Replace(plain, "yes", "no", 1)},
		{"no header", noHeader("X-Here"), []string{"GET /a"}, strings.Replace(plain, "X-Here: yes\n", "", 1)},
		{"an edited header", editHeader("X-Here", strings.ToUpper), []string{"GET /a"}, strings.Replace(plain, "yes", "YES", 1)},
		{"a header that is not there", editHeader("X-There", strings.ToUpper), []string{"GET /a"}, plain},
		{"a body", body(set("/key", 1)), []string{"GET /a"}, strings.Replace(plain, `"bad"`, "1", 1)},
		{"a text", text(`b(a)d`, "<$1>"), []string{"GET /a"}, strings.Replace(plain, `bad`, "<a>", 1)},
		{"another body", rawBody("x"), []string{"GET /a"}, "200\nContent-Type: application/json\nX-Here: yes\nx"},
		{"a request", send(set("/a", 2)), []string{`POST /a {"a":1}`}, plainSent("POST /a", "bad", `{"a":2}`)},
		{"a request that is no JSON", send(set("/a", 2)), []string{`POST /a no`}, plainSent("POST /a", "bad", `null`)},
		{"no header of the request", sendNoHeader("Authorization"), []string{"GET /a"}, strings.Replace(plain, "bad", "", 1)},
		{"a good key", sendKey(), []string{"GET /a"}, strings.Replace(plain, "bad", "Bearer good", 1)},
		{"the other key", sendOtherKey(), []string{"GET /a"}, strings.Replace(plain, "bad", "Bearer other", 1)},
		{"a path", sendPath("b", "c"), []string{"GET /b%2Fb?b"}, strings.ReplaceAll(plain, "/a", "/c%2Fc?b")},
		{"an answer", answer(404, `{"x":1}`), []string{"GET /a"}, "404\nContent-Type: application/json\n" + `{"x":1}`},
		{"an answer without a body", answer(204, ``), []string{"GET /a"}, "204\n"},
		{"a text as an answer", answer(500, `x`), []string{"GET /a"}, "500\nContent-Type: text/plain; charset=utf-8\nx"},
		{"hanging up", hangUp(), []string{"GET /a"}, "no answer"},
		{"a cut body", cutBody(5), []string{"GET /a"}, "200\nContent-Type: application/json\nX-Here: yes\n" + `{"at" (cut)`},
		{"on its operation", on(createStream, status(200, 418)), []string{"POST /streams"}, "418\nContent-Type: application/json\nX-Here: yes\n" + `{"at":"POST /streams","key":"bad"}`},
		{"on another", on(createStream, status(200, 418)), []string{"GET /a"}, plain},
		{"where it is sent", on(anything.where(sends("/a"), sendsText("1"), carries("Authorization")), answer(418, "")), []string{`POST /a {"a":1}`}, "418\n"},
		{"where another is sent", on(anything.where(sends("/b")), answer(418, "")), []string{`POST /a {"a":1}`}, plainSent("POST /a", "bad", `{"a":1}`)},
		{"where it is not sent", on(anything.where(not(sends("/b"))), answer(418, "")), []string{`POST /a {"a":1}`}, "418\n"},
		{"on an answer", on(anything.answered(409), status(409, 400), rawBody("x")), []string{"GET /status/409"}, "400\nContent-Type: application/json\nX-Here: yes\nx"},
		{"on another answer", on(anything.answered(409), status(200, 400)), []string{"GET /a"}, plain},
		{"from the second on: the first", from(2, answer(418, "")), []string{"GET /a"}, plain},
		{"from the second on: the second", from(2, answer(418, "")), []string{"GET /a", "GET /a"}, "418\n"},
		{"from the second on: another", from(2, answer(418, "")), []string{"GET /b", "GET /a"}, plain},
		{
			"from memory", on(query, remember(byQuery, header("X-Here", "kept"))),
			[]string{`POST /v/h/graphql {"query":"q","variables":1}`, `POST /v/h/graphql {"query":"q","variables":2}`},
			strings.Replace(plainSent("POST /v/h/graphql", "bad", `{"query":"q","variables":1}`), "yes", "kept", 1),
		},
		{
			"from memory, another's", on(query, confuses(byQuery)),
			[]string{`POST /v/h/graphql {"query":"q","variables":1}`, `POST /v/h/graphql {"query":"q","variables":2}`},
			strings.Replace(plainSent("POST /v/h/graphql", "bad", `{"query":"q","variables":1}`), "X-Here", "X-Accelerate-Cache-Status: ttl\nX-Here", 1),
		},
		{
			"not from memory, one's own", on(query, confuses(byQuery)),
			[]string{`POST /v/h/graphql {"query":"q","variables":1}`, `POST /v/h/graphql {"query":"q","variables":1}`},
			plainSent("POST /v/h/graphql", "bad", `{"query":"q","variables":1}`),
		},
		{"not from memory", on(query, remember(byRequest)), []string{`POST /v/h/graphql {"query":1}`, `POST /v/h/graphql {"query":2}`}, plainSent("POST /v/h/graphql", "bad", `{"query":2}`)},
		{"errors are not remembered", remember(byBody, rawBody("")), []string{"GET /status/500", "GET /status/500"}, "500\nContent-Type: application/json\nX-Here: yes\n" + `{"at":"GET /status/500","key":"bad"}`},
		{"an invalidation", on(invalidate, ignoreInvalidation()), []string{`POST /invalidate {"tags":["a"]}`}, "200\nContent-Type: application/json\n" + `{"invalidatedTags":["a"],"success":true}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			base := proxied(t, echo, test.defect)
			var got string
			for _, r := range test.requests {
				got = ask(t, base, r)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("the last answer (-want +got):\n%s", diff)
			}
		})
	}
}

// plainSent is how echo answers a request with a body.
func plainSent(at, key, sent string) string {
	return "200\nContent-Type: application/json\nX-Here: yes\n" + fmt.Sprintf(`{"at":"%s","key":"%s","sent":%s}`, at, key, sent)
}

// three is a target that sends three events, with what else a stream may hold.
func three(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header()["Date"] = nil
	fmt.Fprint(w, "retry: 500\n: live\n\n")
	for i := 1; i <= 3; i++ {
		fmt.Fprintf(w, "id: %d\ndata: {\"n\":%d,\"at\":%q}\n\n", i, i, r.URL.Path)
	}
}

// TestEvents holds what each defect of streams makes of three events. The second of
// several requests is looked at.
func TestEvents(t *testing.T) {
	t.Parallel()
	const (
		head = ": live\nretry: 500\n\n"
		one  = "id: 1\ndata: {\"n\":1,\"at\":\"/s\"}\n\n"
		two  = "id: 2\ndata: {\"n\":2,\"at\":\"/s\"}\n\n"
		last = "id: 3\ndata: {\"n\":3,\"at\":\"/s\"}\n\n"
	)
	second := func(e event) bool { return e.field("id") == "2" }
	tests := []struct {
		name     string
		defect   Defect
		requests []string
		want     string
	}{
		{"nothing", nil, []string{"GET /s"}, "retry: 500\n: live\n\n" + one + two + last},
		{"no defect of events", events(), []string{"GET /s"}, head + one + two + last},
		{"what concerns bodies", body(set("/n", 1)), []string{"GET /s"}, "retry: 500\n: live\n\n" + one + two + last},
		{"one is lost", events(lose(2)), []string{"GET /s"}, head + one + last},
		{"all are withheld", events(withhold(2)), []string{"GET /s"}, head + one},
		{"twice", events(twice()), []string{"GET /s"}, head + one + one + two + two + last + last},
		{"swapped", events(swap()), []string{"GET /s"}, head + two + one + last},
		{"late", events(late()), []string{"GET /s"}, head + one + two},
		{"cut", events(cut(2)), []string{"GET /s"}, head + one + two[:len(two)/2] + " (cut)"},
		{"ended", events(closeAfter(2)), []string{"GET /s"}, head + one + two},
		{"a field more", events(lose(3), lose(2), withField("event", "x")), []string{"GET /s"}, head + "event: x\n" + one},
		{"a field less", events(withoutField("id"), lose(2)), []string{"GET /s"}, head + one[6:] + last[6:]},
		{"another document", events(when(second, document(set("/n", 7), remove("/at")))), []string{"GET /s"}, head + one + "data: {\"n\":7}\nid: 2\n\n" + last},
		{"by a text", events(when(has("/at", "/s"), lose(1))), []string{"GET /s"}, head + two + last},
		{"by a member", events(when(hasMember("/none"), lose(1)), when(contains(`"n":2`), lose(1))), []string{"GET /s"}, head + one + last},
		{"without the empty line", events(lose(1), lose(1), garble(`\n\n$`, "\n")), []string{"GET /s"}, head + last[:len(last)-1]},
		{"again on the next connection", replay(1), []string{"GET /s", "GET /s"}, last + head + one + two + last},
		{"never again on the next connection", onlyOnce(), []string{"GET /s", "GET /s"}, head},
		{"of another connection", eavesdrop(), []string{"GET /t", "GET /s"}, strings.ReplaceAll(one+two+last, "/s", "/t") + head + one + two + last},
		{"new ids", anew(), []string{"GET /s"}, head + renewed(1) + renewed(2) + renewed(3)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			base := proxied(t, three, test.defect)
			var got string
			for _, r := range test.requests {
				got = ask(t, base, r)
			}
			if diff := cmp.Diff("200\nContent-Type: text/event-stream; charset=utf-8\n"+test.want, got); diff != "" {
				t.Errorf("the last answer (-want +got):\n%s", diff)
			}
		})
	}
}

// renewed is an event of three with a new id.
func renewed(n int) string {
	id := fmt.Sprintf("01ARZ3NDEKTSV4RRFF%08d", n)
	return fmt.Sprintf("data: {\"at\":\"/s\",\"id\":%q,\"n\":%d}\nid: %s\n\n", id, n, id)
}

// TestStreamsAreNotHeld holds that headers come before any event, and each event before
// the target has the next one, with a defect and without.
func TestStreamsAreNotHeld(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]Defect{"nothing": nil, "events": on(consume, events(withoutField("id")), unending())} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next := make(chan string)
			base := proxied(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/event-stream")
				w.WriteHeader(http.StatusOK)
				flush := http.NewResponseController(w)
				_ = flush.Flush()
				for data := range next {
					fmt.Fprintf(w, "data: %s\n\n", data)
					_ = flush.Flush()
				}
			}, d)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/streams/s/events", nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			lines := bufio.NewReader(response.Body)
			for _, data := range []string{"1", "2", "3"} {
				next <- data
				line, err := lines.ReadString('\n')
				if _, err := lines.ReadString('\n'); err != nil || line != "data: "+data+"\n" {
					t.Fatalf("%q came: %v", line, err)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			close(next)
		})
	}
}

// TestCloseEndsEverything holds that a closed proxy leaves nothing open: neither a stream
// nor one that stays when the target has ended it. Who waits for the other side here would wait for ever.
func TestCloseEndsEverything(t *testing.T) {
	t.Parallel()
	arrived, left := make(chan string, 3), make(chan string, 3)
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_ = http.NewResponseController(w).Flush()
		arrived <- r.URL.Path
		if r.URL.Path != "/ends" {
			<-r.Context().Done()
		}
		left <- r.URL.Path
	}))
	t.Cleanup(target.Close)
	stays := on(requests{path: "/ends"}, unending())
	proxy, err := Mutant{Accelerate: on(anything, events(late()), stays)}.Start(Target{PulseURL: target.URL, AccelerateURL: target.URL})
	if err != nil {
		t.Fatal(err)
	}
	urls := []string{proxy.PulseURL + "/opens", proxy.AccelerateURL + "/opens", proxy.AccelerateURL + "/ends"}
	done := make(chan error, len(urls))
	for _, url := range urls {
		go func() { done <- drain(t, url) }()
	}
	for range urls {
		<-arrived
	}
	proxy.Close()
	for range urls {
		if err := <-done; err == nil {
			t.Error("a request came to its end after all")
		}
	}
	for range 3 {
		<-left
	}
}

func drain(t *testing.T, url string) error {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return err
}
