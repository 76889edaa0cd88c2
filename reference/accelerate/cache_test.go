package accelerate

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// clock is a clock that stands still until a test sets it: a slow machine takes no time.
type clock struct {
	begun time.Time
	ahead atomic.Int64
}

func (c *clock) now() time.Time          { return c.begun.Add(time.Duration(c.ahead.Load())) }
func (c *clock) advance(d time.Duration) { c.ahead.Add(int64(d)) }

// openCache is a service on the demo database with a cache and a clock, whose schema is
// read with each look; keys are "key" and "other".
func openCache(t *testing.T, databaseURL string, change func(*Options)) (*Service, *clock) {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	c := &clock{begun: time.Now()}
	o := Options{
		DatabaseURL: databaseURL,
		Schema:      func(ctx context.Context) (*prisma.Schema, error) { return prisma.Introspect(ctx, pool) },
		Keys:        jsonhttp.Keys{jsonhttp.NewKey("key"), jsonhttp.NewKey("other")},
		CacheBytes:  1 << 20, Now: c.now,
	}
	if change != nil {
		change(&o)
	}
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, c
}

// send sends a body with headers as a caller with the key, and is the status with the
// answer's data or errors. What the headers and the body tell of an answer has to agree.
func send(t *testing.T, s *Service, body string, header http.Header) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/2024/hash/graphql", strings.NewReader(body))
	for name, lines := range header {
		r.Header[name] = lines
	}
	r.Header.Set("Authorization", "Bearer key")
	w := serve(t, s, r)
	var got struct {
		Data   json.RawMessage
		Errors []struct {
			UserFacingError struct {
				Code string `json:"error_code"`
			} `json:"user_facing_error"`
		}
		Extensions struct{ AccelerateInfo map[string]string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		t.Errorf("%d %s: %v", w.Code, w.Body, err)
		return ""
	}
	told := map[string]string{}
	for member, name := range map[string]string{
		"cacheStatus": "Cache-Status", "lastModified": "Last-Modified", "region": "Region", "requestId": "Request-Id", "signature": "Signature",
	} {
		told[member] = w.Header().Get("X-Accelerate-" + name)
	}
	if diff := cmp.Diff(told, got.Extensions.AccelerateInfo); diff != "" {
		t.Errorf("headers and accelerateInfo differ (-headers +info):\n%s", diff)
	}
	if len(got.Errors) > 0 {
		return told["cacheStatus"] + " " + got.Errors[0].UserFacingError.Code
	}
	return told["cacheStatus"] + " " + string(got.Data)
}

// withStrategy is a body with a strategy.
func withStrategy(query, strategy string) string {
	body, _ := json.Marshal(map[string]any{"query": query, "extensions": map[string]any{"cacheStrategy": json.RawMessage(strategy)}})
	return string(body)
}

// One story: what the cache answers while the database changes beneath it.
func TestCache(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	s, clock := openCache(t, databaseURL, nil)
	db := postgrestest.Connect(t, databaseURL)
	const ada, lovelace, byron = `{"findManyUser":[{"name":"Ada"}]}`, `{"findManyUser":[{"name":"Lovelace"}]}`, `{"findManyUser":[{"name":"Byron"}]}`
	const query = `{ findManyUser(where: {id: 1}) { name } }`
	rename := func(name string) func() {
		return func() { postgrestest.Exec(t, db, `UPDATE "User" SET name = '`+name+`' WHERE id = 1`) }
	}
	wait := func(d time.Duration) func() { return func() { clock.advance(d) } }
	landed := func() { eventually.True(t, "the refresh", func() bool { return s.cache.Stats().Loading == 0 }) }
	invalidate := func(tags string) func() {
		return func() {
			if w := postTo(t, s, "/invalidate", "key", `{"tags":`+tags+`}`); w.Code != http.StatusOK {
				t.Errorf("invalidate: %d %s", w.Code, w.Body)
			}
		}
	}
	for _, step := range []struct {
		name   string
		before func()
		body   string
		header http.Header
		want   string
	}{
		{"a miss", nil, withStrategy(query, `{"ttl":60,"swr":60,"tags":["users"]}`), nil, "miss " + ada},
		{"a hit does not see a change", rename("Lovelace"), withStrategy(query, `{"ttl":60,"swr":60,"tags":["users"]}`), nil, "ttl " + ada},
		{"in other words", nil, withStrategy("query Named($n:Int){\n  findManyUser(where:{id:1},) {name} # the same\n}", `{"ttl":60}`), nil, "ttl " + ada},
		{"with a variable", nil, `{"query":"query ($n: Int) { findManyUser(where: {id: $n}) { name } }","variables":{"n":1},"extensions":{"cacheStrategy":{"ttl":60}}}`, nil, "ttl " + ada},
		{"with another value of it", nil, `{"query":"query ($n: Int) { findManyUser(where: {id: $n}) { name } }","variables":{"n":2},"extensions":{"cacheStrategy":{"ttl":60}}}`, nil, `miss {"findManyUser":[{"name":"Grace"}]}`},
		{"by headers", nil, `{"query":"` + query + `"}`, http.Header{"Cache-Control": {"max-age=60,stale-while-revalidate=60"}}, "ttl " + ada},
		{"the body goes before headers", nil, withStrategy(query, `{"ttl":60}`), http.Header{"Cache-Control": {"no-cache"}}, "ttl " + ada},
		{"no strategy", nil, `{"query":"` + query + `"}`, nil, "none " + lovelace},
		{"no-cache", nil, `{"query":"` + query + `"}`, http.Header{"Cache-Control": {"no-cache"}}, "none " + lovelace},
		{"tags alone are no strategy", nil, withStrategy(query, `{"tags":["users"]}`), nil, "none " + lovelace},
		{"an empty strategy goes before headers too", nil, withStrategy(query, `{}`), http.Header{"Cache-Control": {"max-age=60"}}, "none " + lovelace},
		{"stale at once", wait(time.Minute), withStrategy(query, `{"ttl":60,"swr":60,"tags":["users"]}`), nil, "swr " + ada},
		{"and fresh afterwards", landed, withStrategy(query, `{"ttl":60,"swr":60,"tags":["users"]}`), nil, "ttl " + lovelace},
		{"a shorter ttl than the age", func() { rename("Byron")(); clock.advance(5 * time.Second) }, withStrategy(query, `{"ttl":5,"tags":["users"]}`), nil, "miss " + byron},
		{"after its time", func() { rename("Ada")(); clock.advance(2 * time.Minute) }, withStrategy(query, `{"ttl":60,"swr":60,"tags":["users"]}`), nil, "miss " + ada},
		{"another tag is invalidated", func() { rename("Byron")(); invalidate(`["posts"]`)() }, withStrategy(query, `{"ttl":60}`), nil, "ttl " + ada},
		{"its tag is invalidated", invalidate(`["posts","users"]`), withStrategy(query, `{"ttl":60}`), nil, "miss " + byron},
		{"all is invalidated", func() { rename("Ada")(); invalidate(`"all"`)() }, withStrategy(query, `{"ttl":60}`), nil, "miss " + ada},
		{"all is invalidated by its own route", func() { rename("Byron")(); postTo(t, s, "/invalidate-all", "other", "") }, withStrategy(query, `{"ttl":60}`), nil, "miss " + byron},
		{"a mutation is not cached", nil, withStrategy(`mutation { updateOneUser(where: {id: 1} data: {name: "Ada"}) { name } }`, `{"ttl":60}`), nil, `none {"updateOneUser":{"name":"Ada"}}`},
		{"and is run each time", nil, withStrategy(`mutation { updateOneUser(where: {id: 9} data: {name: "Ada"}) { name } }`, `{"ttl":60}`), nil, `none P2025`},
		{"an error is not cached", nil, withStrategy(`{ findManyUser(where: {createdAt: "never"}) { id } }`, `{"ttl":60}`), nil, `none P2009`},
		{"a column that is not there", func() { clock.advance(0) }, withStrategy(`{ findManyUser { born } }`, `{"ttl":60}`), nil, `none P2009`},
		{"text that is no query", nil, withStrategy(`{`, `{"ttl":60}`), nil, `none P2009`},
	} {
		if step.before != nil {
			step.before()
		}
		if got := send(t, s, step.body, step.header); got != step.want {
			t.Errorf("%s: got %s, expected %s", step.name, got, step.want)
		}
	}
}

// postTo sends a body to a route as a caller with a key.
func postTo(t *testing.T, s *Service, route, key, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, route, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+key)
	return serve(t, s, r)
}

// An answer from the cache tells when it was read, and carries the signature that it was
// given then.
func TestCachedAnswersTellTheirMoment(t *testing.T) {
	t.Parallel()
	s, clock := openCache(t, demoDatabase(t), nil)
	body := withStrategy(`{ findManyUser { id } }`, `{"ttl":60,"swr":60}`)
	first := post(t, s, body).Header()
	clock.advance(70 * time.Second)
	second := post(t, s, body).Header()
	for _, name := range []string{"X-Accelerate-Last-Modified", "Last-Modified", "X-Accelerate-Signature", "Accelerate-Signature"} {
		if first.Get(name) != second.Get(name) || first.Get(name) == "" {
			t.Errorf("%s: %q, then %q", name, first.Get(name), second.Get(name))
		}
	}
	if first.Get("X-Accelerate-Request-Id") == second.Get("X-Accelerate-Request-Id") {
		t.Error("two requests have one id")
	}
	if got := second.Get("Accelerate-Cache-Status"); got != "swr" {
		t.Error(got)
	}
}

// Each environment has a service, and so a cache of its own.
func TestEnvironmentsAreApart(t *testing.T) {
	t.Parallel()
	body := withStrategy(`{ findManyUser(where: {id: 1}) { id } }`, `{"ttl":60,"tags":["users"]}`)
	one, _ := openCache(t, demoDatabase(t), nil)
	two, _ := openCache(t, demoDatabase(t), nil)
	send(t, one, body, nil)
	if got := send(t, two, body, nil); !strings.HasPrefix(got, "miss ") {
		t.Errorf("the other environment sees it: %s", got)
	}
	for _, all := range []string{`["users"]`, `"all"`} {
		postTo(t, two, "/invalidate", "key", `{"tags":`+all+`}`)
		if got := send(t, one, body, nil); !strings.HasPrefix(got, "ttl ") {
			t.Errorf("the other environment's invalidation of %s is seen: %s", all, got)
		}
	}
}

// What a query means depends on the schema, and so does what is cached of it.
func TestAChangedSchemaIsAnotherKey(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	s, _ := openCache(t, databaseURL, nil)
	body := withStrategy(`{ findManyUser(where: {id: 1}) { id } }`, `{"ttl":600}`)
	for _, want := range []string{"miss ", "ttl "} {
		if got := send(t, s, body, nil); !strings.HasPrefix(got, want) {
			t.Errorf("got %s, expected %s", got, want)
		}
	}
	postgrestest.Exec(t, postgrestest.Connect(t, databaseURL), `ALTER TABLE "Post" ADD COLUMN extra int`)
	eventually.True(t, "the change to be seen", func() bool { return strings.HasPrefix(send(t, s, body, nil), "miss ") })
	if got := send(t, s, body, nil); !strings.HasPrefix(got, "ttl ") {
		t.Errorf("got %s afterwards", got)
	}
}

// A hit needs no database.
func TestAHitWithoutADatabase(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	away := make(chan struct{})
	var s *Service
	s, _ = openCache(t, databaseURL, func(o *Options) {
		schema := o.Schema
		o.Schema = func(ctx context.Context) (*prisma.Schema, error) {
			select {
			case <-away:
				return nil, context.DeadlineExceeded
			default:
				return schema(ctx)
			}
		}
	})
	body := withStrategy(`{ findManyUser(where: {id: 1}) { id } }`, `{"ttl":600}`)
	send(t, s, body, nil)
	close(away)
	s.engine.Close()
	s.last.Store(&look{s.last.Load().schema, s.last.Load().fingerprint, time.Now().Add(-time.Hour)})
	if got := send(t, s, body, nil); !strings.HasPrefix(got, "ttl ") {
		t.Error(got)
	}
}

// 1,000 who ask the same at once have one statement run.
func TestOneStatementForAThousandMisses(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	db := postgrestest.Connect(t, databaseURL)
	locker := postgrestest.Lock(t, databaseURL, "User")
	s, _ := openCache(t, databaseURL, nil)
	const callers = 1000
	body := withStrategy(`{ findManyUser(where: {id: 1}) { id } }`, `{"ttl":60}`)
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			if got := send(t, s, body, nil); got != `miss {"findManyUser":[{"id":1}]}` {
				t.Error(got)
			}
		})
	}
	eventually.True(t, "all to ask", func() bool { return s.cache.Stats().Miss == callers })
	postgrestest.AwaitBlocked(t, db)
	if blocked := postgrestest.Blocked(t, db); blocked != 1 {
		t.Errorf("%d statements wait", blocked)
	}
	unlock(t, locker)
	all.Wait()
}

// An answer is as old as its read: the time that it waited for a connection before does
// not count.
func TestWaitingForAConnectionDoesNotAge(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	locker := postgrestest.Lock(t, databaseURL, "Post")
	s, clock := openCache(t, databaseURL, func(o *Options) {
		o.Limits = engine.Limits{Connections: 1, PoolTimeout: time.Minute, QueryTimeout: time.Minute}
	})
	const strategy = `{"ttl":5}`
	body := withStrategy(`{ findManyUser(where: {id: 1}) { id } }`, strategy)
	var both sync.WaitGroup
	both.Go(func() { send(t, s, `{"query":"{ findManyPost { id } }"}`, nil) })
	postgrestest.AwaitBlocked(t, postgrestest.Connect(t, databaseURL))
	both.Go(func() { send(t, s, body, nil) })
	eventually.True(t, "the other to wait", s.engine.Saturated)
	clock.advance(30 * time.Second)
	unlock(t, locker)
	both.Wait()
	if got := send(t, s, body, nil); !strings.HasPrefix(got, "ttl ") {
		t.Errorf("what was just read is a %s", got)
	}
}

// What is kept holds little more than its bytes.
func TestExact(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ length, room, most int }{{0, 0, 0}, {10, 74, 74}, {10, 76, 16}, {1000, 1180, 1180}, {1000, 4096, 1024}} {
		data := append(make([]byte, 0, test.room), bytes.Repeat([]byte("x"), test.length)...)
		got := exact(data)
		if !bytes.Equal(got, data) || cap(got) > test.most {
			t.Errorf("%d bytes with room for %d hold %d", test.length, test.room, cap(got))
		}
	}
}

// A caller who leaves has the statement cancelled that nobody else waits for.
func TestAMissThatNobodyWaitsForIsCancelled(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	db := postgrestest.Connect(t, databaseURL)
	locker := postgrestest.Lock(t, databaseURL, "User")
	s, _ := openCache(t, databaseURL, nil)
	ctx, leave := context.WithCancel(t.Context())
	var caller sync.WaitGroup
	caller.Go(func() {
		_, err := s.query(ctx, []byte(withStrategy(`{ findManyUser(where: {id: 1}) { id } }`, `{"ttl":60}`)), nil)
		if err == nil {
			t.Error("an answer came")
		}
	})
	postgrestest.AwaitBlocked(t, db)
	leave()
	caller.Wait()
	eventually.True(t, "the statement to end", func() bool { return postgrestest.Blocked(t, db) == 0 })
	unlock(t, locker)
}
