package mutant

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// couples is a target whose answers to /a wait for one another, two at a time; it counts all
// requests.
type couples struct {
	arrived chan struct{}
	count   chan int
}

func (p *couples) answer(w http.ResponseWriter, r *http.Request) {
	n := <-p.count + 1
	p.count <- n
	if strings.HasPrefix(r.URL.Path, "/a") {
		select {
		case p.arrived <- struct{}{}:
		case <-p.arrived:
		case <-r.Context().Done():
		}
	}
	w.Header()["Date"] = nil
	fmt.Fprintf(w, "%d", n)
}

// TestMeetings holds that what was under way at a time is broken, and nothing else.
func TestMeetings(t *testing.T) {
	t.Parallel()
	p := &couples{make(chan struct{}), make(chan int, 1)}
	p.count <- 0
	marked := func(_ http.RoundTripper, r *http.Request, _ *http.Response) *http.Response {
		return made(http.StatusTeapot, r.Method)
	}
	byFirst := func(r *http.Request) string { return r.URL.Path[:2] }
	base := proxied(t, p.answer, meeting(requests{method: http.MethodPost}, requests{method: http.MethodGet}, byFirst, marked))
	const plain = "200\nContent-Type: text/plain; charset=utf-8\n"
	if diff := cmp.Diff(plain+"1", ask(t, base, "POST /b")); diff != "" {
		t.Errorf("alone (-want +got):\n%s", diff)
	}
	for _, test := range []struct{ one, other, want string }{
		{"POST /a", "GET /a", "418\nContent-Type: text/plain; charset=utf-8\nPOST"},
		{"POST /a1", "GET /a2", "418\nContent-Type: text/plain; charset=utf-8\nPOST"},
		{"POST /a", "POST /a", plain},
		{"GET /a", "POST /a", plain},
	} {
		other := make(chan string)
		go func() { other <- ask(t, base, test.other) }()
		got := ask(t, base, test.one)
		<-other
		if test.want == plain {
			got = got[:min(len(plain), len(got))]
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s beside %s (-want +got):\n%s", test.one, test.other, diff)
		}
	}
}

// seen is a context that tells when somebody waits for its end.
type seen struct {
	context.Context
	waits func()
}

func (s seen) Done() <-chan struct{} {
	s.waits()
	return s.Context.Done()
}

// TestJoined holds that of requests under way at a time one is sent, and of those that
// follow one another each.
func TestJoined(t *testing.T) {
	t.Parallel()
	arrived, joins, n := make(chan struct{}), make(chan struct{}), 0
	target := joined(byRequest)(roundTrip(func(*http.Request) (*http.Response, error) {
		if n++; n == 1 {
			close(arrived)
			<-joins
		}
		return made(http.StatusOK, fmt.Sprint(n)), nil
	}))
	ask := func(ctx context.Context) string {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://api.test/a", http.NoBody)
		if err != nil {
			return err.Error()
		}
		response, err := target.RoundTrip(r)
		if err != nil {
			return err.Error()
		}
		defer response.Body.Close()
		return string(bodyOf(response))
	}
	first := make(chan string)
	go func() { first <- ask(context.WithoutCancel(t.Context())) }()
	<-arrived
	second := ask(seen{t.Context(), sync.OnceFunc(func() { close(joins) })})
	if diff := cmp.Diff([]string{"1", "1", "2"}, []string{<-first, second, ask(t.Context())}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestRecordedAtOnce holds that what breaks requests at a time is tried on a case which
// has some, and on no other.
func TestRecordedAtOnce(t *testing.T) {
	t.Parallel()
	broken := Mutant{AtOnce: true, Pulse: nothing}
	if recordedOf(t, echo, "GET /a", "GET /b").Altered(broken) {
		t.Error("requests that followed one another are altered")
	}
	p := &couples{make(chan struct{}), make(chan int, 1)}
	p.count <- 0
	server := httptest.NewServer(http.HandlerFunc(p.answer))
	t.Cleanup(server.Close)
	recording := &Recording{}
	proxy, err := recording.Mutant("nothing").Start(Target{PulseURL: server.URL, APIKey: "good"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Close)
	other := make(chan string)
	go func() { other <- ask(t, proxy.PulseURL, "GET /a") }()
	ask(t, proxy.PulseURL, "GET /a")
	<-other
	if !recording.Altered(broken) {
		t.Error("requests at a time are not altered")
	}
}
