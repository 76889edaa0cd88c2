package accelerate

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/cache"
)

func TestReadInvalidation(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body string
		want       invalidation
		err        string
	}{
		{name: "tags", body: `{"tags":["b","a_1","b"],"more":1}`, want: invalidation{tags: []string{"b", "a_1"}}},
		{name: "all", body: `{"tags":"all"}`, want: invalidation{all: true}},
		{name: "a tag that is called all", body: `{"tags":["all"]}`, want: invalidation{tags: []string{"all"}}},
		{name: "nothing", body: ``, err: `The body: expected JSON, found at line 1, column 1: unexpected end of JSON input.`},
		{name: "a list", body: `["a"]`, err: `The body: expected a JSON object, found an array.`},
		{name: "no tags", body: `{"tag":["a"]}`, err: `/tags is missing: expected a list of 1 to 5 tags.`},
		{name: "null", body: `{"tags":null}`, err: `/tags: expected a list of tags or "all", found null.`},
		{name: "a word", body: `{"tags":"users"}`, err: `/tags: expected a list of tags or "all", found "users".`},
		{name: "an object", body: `{"tags":{"a":1}}`, err: `/tags: expected a list of tags or "all", found an object.`},
		{name: "an empty list", body: `{"tags":[]}`, err: `/tags: expected 1 to 5 tags, found 0.`},
		{name: "six tags", body: `{"tags":["a","a","a","a","a","a"]}`, err: `/tags: expected 1 to 5 tags, found 6.`},
		{name: "a number among them", body: `{"tags":["a",1]}`, err: `/tags/1: expected 1 to 64 letters, digits and underscores, found 1.`},
		{name: "65 letters", body: `{"tags":["` + strings.Repeat("x", 65) + `"]}`, err: `/tags/0: expected 1 to 64 letters, digits and underscores, found "` + strings.Repeat("x", 59) + `....`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := readInvalidation([]byte(test.body))
			said := ""
			var f *fault
			if errors.As(err, &f) && f.status == http.StatusBadRequest && f.code == "P6005" {
				said = f.message
			}
			if diff := cmp.Diff(test.err, said); diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(invalidation{})); diff != "" && test.err == "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever is sent is an invalidation of something, or refused.
func FuzzReadInvalidation(f *testing.F) {
	for _, body := range []string{`{"tags":["a","b"]}`, `{"tags":"all"}`, `{"tags":[1]}`, `{"tags":{}}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		asked, err := readInvalidation(body)
		if n := len(asked.tags); err == nil && asked.all == (n > 0) || n > maxTags {
			t.Errorf("%q: %+v", body, asked)
		}
	})
}

func TestInvalidateAnswers(t *testing.T) {
	t.Parallel()
	s, _ := openCache(t, demoDatabase(t), nil)
	for _, test := range []struct {
		route, body string
		status      int
		want        string
	}{
		{"/invalidate", `{"tags":["b","a","b"]}`, 200, `{"success":true,"invalidatedTags":["b","a"]}`},
		{"/invalidate", `{"tags":"all"}`, 200, `{"success":true,"invalidatedTags":[]}`},
		{"/invalidate-all", ``, 200, `{"success":true,"invalidatedTags":[]}`},
		{"/invalidate-all", `not read`, 200, `{"success":true,"invalidatedTags":[]}`},
		{"/invalidate", `{"tags":[]}`, 400, `{"code":"P6005","message":"/tags: expected 1 to 5 tags, found 0.","meta":{},"is_panic":false,"error_code":"P6005"}`},
		{"/invalidate", strings.Repeat(" ", maxInvalidation+1), 413, `{"code":"P6005","message":"The body is larger than 65536 bytes.","meta":{},"is_panic":false,"error_code":"P6005"}`},
	} {
		w := postTo(t, s, test.route, "key", test.body)
		if got := strings.TrimSpace(w.Body.String()); w.Code != test.status || got != test.want {
			t.Errorf("%s %.40q: %d %s", test.route, test.body, w.Code, got)
		}
		id := w.Header().Get("X-Accelerate-Request-Id")
		if got, want := w.Header().Get("Cf-Ray"), strings.ReplaceAll(id, "-", "")+"-local"; id == "" || got != want {
			t.Errorf("%s: cf-ray %q, expected %q", test.route, got, want)
		}
	}
}

// Each key has an allowance on each route, which comes back with time.
func TestInvalidationsPerMinute(t *testing.T) {
	t.Parallel()
	s, clock := openCache(t, demoDatabase(t), func(o *Options) { o.InvalidationsPerMinute = 2 })
	const tags = `{"tags":["a"]}`
	limited := `{"code":"P6003","message":"At most 2 invalidations a minute go on /invalidate: the next may in 30 s.","meta":{},"is_panic":false,"error_code":"P6003"}`
	for _, step := range []struct {
		wait              time.Duration
		route, key, body  string
		status            int
		retryAfter, start string
	}{
		{0, "/invalidate", "key", tags, 200, "", ""},
		{0, "/invalidate", "key", `{"tags":[]}`, 400, "", ""}, // costs nothing
		{0, "/invalidate", "key", tags, 200, "", ""},
		{0, "/invalidate", "key", tags, 429, "30", limited},
		{0, "/invalidate", "key", tags, 429, "30", limited}, // and neither does a refusal
		{0, "/invalidate", "other", tags, 200, "", ""},
		{0, "/invalidate-all", "key", "", 200, "", ""},
		{0, "/invalidate-all", "key", "", 200, "", ""},
		{0, "/invalidate-all", "key", "", 429, "30", ""},
		{10 * time.Second, "/invalidate", "key", tags, 429, "20", ""},
		{20 * time.Second, "/invalidate", "key", tags, 200, "", ""},
		{0, "/invalidate", "key", tags, 429, "30", ""},
		{time.Hour, "/invalidate", "key", tags, 200, "", ""},
		{0, "/invalidate", "key", tags, 200, "", ""},
		{0, "/invalidate", "key", tags, 429, "30", ""},
	} {
		clock.advance(step.wait)
		w := postTo(t, s, step.route, step.key, step.body)
		if w.Code != step.status || w.Header().Get("Retry-After") != step.retryAfter || !strings.HasPrefix(w.Body.String(), step.start) {
			t.Errorf("after %s %s by %s: %d, retry after %q, %s", step.wait, step.route, step.key, w.Code, w.Header().Get("Retry-After"), w.Body)
		}
	}
}

// peers are other nodes that a test plays.
type peers struct {
	local cache.Local
	told  [][]string
	err   error
}

func (p *peers) Within() time.Duration  { return 5 * time.Second }
func (p *peers) Join(local cache.Local) { p.local = local }

func (p *peers) Tell(_ context.Context, tags []string) error {
	p.told = append(p.told, tags)
	return p.err
}

// Other nodes are told of what was invalidated, and what they invalidate is gone here.
// While they are not heard nothing is served from the cache, and health says so.
func TestPeers(t *testing.T) {
	t.Parallel()
	others := &peers{}
	s, clock := openCache(t, demoDatabase(t), func(o *Options) { o.Peers = others })
	body := withStrategy(`{ findManyUser(where: {id: 1}) { id } }`, `{"ttl":600,"tags":["users"]}`)
	expect := func(status, health string) {
		t.Helper()
		if got := send(t, s, body, nil); !strings.HasPrefix(got, status+" ") {
			t.Errorf("got %s, expected %s", got, status)
		}
		w := serve(t, s, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/health", nil))
		if !strings.HasPrefix(w.Body.String(), `{"status":"`+health+`"`) {
			t.Errorf("health %s, expected %s", w.Body, health)
		}
	}
	expect("miss", "degraded")
	expect("miss", "degraded")
	others.local.Heard(clock.now())
	expect("ttl", "healthy")
	others.local.Invalidate("users")
	expect("miss", "healthy")
	expect("ttl", "healthy")
	if w := postTo(t, s, "/invalidate", "key", `{"tags":["posts","users"]}`); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	expect("miss", "healthy")
	if w := postTo(t, s, "/invalidate-all", "key", ""); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	others.err = errors.New("NATS is away: secret detail")
	expect("miss", "healthy")
	const away = `{"code":"P6000","message":"It is done on this node, but the others could not be told and may serve what they have: try again.","meta":{},"is_panic":false,"error_code":"P6000"}`
	for _, route := range []string{"/invalidate", "/invalidate-all"} {
		if w := postTo(t, s, route, "key", `{"tags":["users"]}`); w.Code != http.StatusInternalServerError || strings.TrimSpace(w.Body.String()) != away {
			t.Errorf("%s without the others: %d %s", route, w.Code, w.Body)
		}
		expect("miss", "healthy")
	}
	if diff := cmp.Diff([][]string{{"posts", "users"}, nil, {"users"}, nil}, others.told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	clock.advance(5 * time.Second)
	expect("miss", "degraded")
}
