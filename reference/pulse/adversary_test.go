package pulse

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/postgres"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// dial is a connection to the API's server, on which a test says what it likes.
func (a *api) dial(t *testing.T) net.Conn {
	t.Helper()
	dialer := net.Dialer{Timeout: patience}
	conn, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(a.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// hear is the next response on a connection, to a request of that method.
func hear(t *testing.T, lines *bufio.Reader, method string) answer {
	t.Helper()
	res, err := http.ReadResponse(lines, &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, strings.TrimSuffix(string(data), "\n")}
}

// request is an HTTP request with the key; a body gets its length.
func request(line, body string, header ...string) string {
	lines := append([]string{line + " HTTP/1.1", "Host: pulse", "Authorization: Bearer " + testKey}, header...)
	if body != "" {
		lines = append(lines, fmt.Sprintf("Content-Length: %d", len(body)))
	}
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + body
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

// TestAdversary sends what no well-meaning client sends, byte for byte, and wants
// the whole answer. Afterwards the service is as it was.
func TestAdversary(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.createStream(t, "all")
	const valid = `{"name":"%s","model":"User"}`
	bad := func(message string) string { return fmt.Sprintf(`{"code":"InvalidRequest","message":%q}`, message) }
	noStream := func(name string) string {
		return fmt.Sprintf(`{"code":"StreamNotFound","message":"There is no stream of this name.","meta":{"name":"%s"}}`, name)
	}
	noRoute := func(path string) string {
		return fmt.Sprintf(`{"code":"RouteNotFound","message":"There is no such route: expected one of the Pulse API's, such as /streams.","meta":{"path":%q}}`, path)
	}
	noMethod := func(method, allow string) string {
		return fmt.Sprintf(`{"code":"MethodNotAllowed","message":"This route does not have the method %s: expected %s.","meta":{"allow":%q}}`, method, allow, allow)
	}
	post := func(body string, header ...string) string { return request("POST /streams", body, header...) }
	for _, tt := range []struct {
		name, raw string
		status    int
		want      string
	}{
		{"OPTIONS", request("OPTIONS /streams", ""), 405, noMethod("OPTIONS", "GET, HEAD, POST")},
		{"OPTIONS of health", request("OPTIONS /health", ""), 405, noMethod("OPTIONS", "GET, HEAD")},
		{"TRACE", request("TRACE /subscribe", ""), 405, noMethod("TRACE", "POST")},
		{"CONNECT", request("CONNECT pulse:80", ""), 404, noRoute("")},
		{"a method that nobody knows", request("BREW /streams/all", ""), 405, noMethod("BREW", "DELETE")},
		{"a method in lower case", request("get /streams", ""), 405, noMethod("get", "GET, HEAD, POST")},
		{"HEAD of a list", request("HEAD /streams", ""), 200, ""},
		{"HEAD of an event", request("HEAD /events/none", ""), 404, ""},
		{"HEAD of health", request("HEAD /health", ""), 200, ""},
		{"an absolute URI", request("DELETE http://elsewhere/streams/none", ""), 404, noStream("none")},
		{"a query", request("DELETE /streams/none?name=all", ""), 404, noStream("none")},
		{"a fragment", request("DELETE /streams/none#all", ""), 404, noStream("none#all")},
		{"dots", request("GET /streams/../health", ""), 404, noRoute("/streams/../health")},
		{"dots in disguise", request("DELETE /streams/%2e%2e", ""), 404, noStream("..")},
		{"a slash in disguise", request("DELETE /streams/none%2Fevents", ""), 404, noStream("none/events")},
		{"a route in disguise", request("GET /%73treams%2f", ""), 404, noRoute("/streams/")},
		{"a NUL", request("DELETE /streams/no%00ne", ""), 404, noStream(`no\u0000ne`)},
		{"a name that is not UTF-8", request("DELETE /streams/%ff", ""), 404, noStream("�")},
		{"a very long name", request("DELETE /streams/"+strings.Repeat("x", 60000), ""), 404, noStream(strings.Repeat("x", 1000) + "...")},
		{"a very long event", request("GET /events/"+strings.Repeat("0", 60000), ""), 404, `{"code":"EventNotFound","message":"There is no event with this identifier."}`},
		{"a very long route", request("GET /"+strings.Repeat("é", 20000), ""), 404, noRoute("/" + strings.Repeat("é", 499) + "�...")},
		{"a body where none belongs", request("DELETE /streams/none", "{"), 404, noStream("none")},
		{"two keys", request("GET /streams", "", "Authorization: Bearer x"), 401, `{"code":"P6102","message":"The API key is missing or wrong: send the header Authorization: Bearer <key>."}`},

		{"a body of no type", post(fmt.Sprintf(valid, "untyped")), 201, ""},
		{"a body of another type", post(fmt.Sprintf(valid, "xml"), "Content-Type: application/xml"), 201, ""},
		{"a body of a type that is none", post(fmt.Sprintf(valid, "none"), "Content-Type: ;;,"), 201, ""},
		{"a body of a form's type", post(fmt.Sprintf(valid, "form"), "Content-Type: multipart/form-data"), 201, ""},
		{"a body in another charset", post("{\x00\"\x00}\x00", "Content-Type: application/json; charset=utf-16"), 400, bad(`The body: expected JSON, found at line 1, column 2: invalid character '\x00' looking for beginning of object key string.`)},
		{"a byte order mark", post("\ufeff" + fmt.Sprintf(valid, "mark")), 400, bad(`The body: expected JSON, found at line 1, column 1: invalid character 'ï' looking for beginning of value.`)},
		{"a compressed body", post(gzipped(t, fmt.Sprintf(valid, "gzip")), "Content-Encoding: gzip"), 400, bad("The body: expected UTF-8, found other bytes.")},
		{"single quotes", post(`{'name':'x'}`), 400, bad(`The body: expected JSON, found at line 1, column 2: invalid character '\'' looking for beginning of object key string.`)},
		{"a comma too many", post(`{"name":"x",}`), 400, bad("The body: expected JSON, found at line 1, column 13: invalid character '}' looking for beginning of object key string.")},
		{"a comment", post("{\r\n// name\r\n}"), 400, bad("The body: expected JSON, found at line 2, column 1: invalid character '/' looking for beginning of object key string.")},
		{"a control character in text", post("{\"name\":\"a\nb\",\"model\":\"User\"}"), 400, bad(`The body: expected JSON, found at line 1, column 11: invalid character '\n' in string literal.`)},
		{"no number", post(`{"name":NaN}`), 400, bad("The body: expected JSON, found at line 1, column 9: invalid character 'N' looking for beginning of value.")},
		{"two documents", post(`{"name":"x"}{"name":"y"}`), 400, bad("The body: expected JSON, found at line 1, column 13: invalid character '{' after top-level value.")},
		{"half a document", post(`{"name":"x","model`), 400, bad("The body: expected JSON, found at line 1, column 18: unexpected end of JSON input.")},
		{"a member twice", post(`{"name":"x","model":"User","name":"y"}`), 400, bad(`The body: expected members with names of their own, found at line 1, column 28: "name" again.`)},
		{"a member of the filter twice", post(`{"name":"x","model":"User","filter":{"create":{},"create":{"id":1}}}`), 400, bad(`The body: expected members with names of their own, found at line 1, column 50: "create" again.`)},
		{"a hundred thousand brackets", post(strings.Repeat("[", 100000)), 400, bad("The body: expected JSON, found at line 1, column 10001: invalid character '[' exceeded max depth.")},
		{"a deep filter", post(`{"name":"x","model":"User","filter":{"create":` + strings.Repeat(`{"NOT":`, 5000) + `{}` + strings.Repeat(`}`, 5000) + `}}`), 400, bad("filter.create" + strings.Repeat(".NOT", 33) + ": expected conditions nested at most 32 deep, found deeper ones.")},
		{"a null filter", post(`{"name":"x","model":"User","filter":null}`), 400, bad("filter: expected a JSON object, found null.")},
		{"a filter that is too long", post(`{"name":"x","model":"User","filter":{"create":{"name":"` + strings.Repeat("x", 70000) + `"}}}`), 400, bad("filter: expected at most 65536 bytes, found 70022.")},
		{"a model of a megabyte", post(`{"name":"x","model":"` + strings.Repeat("x", 1000000) + `"}`), 400, bad(`model: there is no "` + strings.Repeat("x", 59) + `... in the database; there are: User.`)},
		{"a model of the system's", post(`{"name":"x","model":"pg_class"}`), 400, bad(`model: there is no "pg_class" in the database; there are: User.`)},
		{"SQL in a model", post(`{"name":"x","model":"User\"; DROP TABLE \"User\"; --"}`), 400, bad(`model: there is no "User\"; DROP TABLE \"User\"; --" in the database; there are: User.`)},
		{"the largest body", post(`{"name":"large","model":"User","more":"` + strings.Repeat("x", maxBody-len(`{"name":"large","model":"User","more":""}`)) + `"}`), 201, ""},
		{"one byte more", post(`{"name":"larger","model":"User","more":"` + strings.Repeat("x", maxBody-len(`{"name":"large","model":"User","more":""}`)) + `"}`), 413, `{"code":"BodyTooLarge","message":"The body is larger than 1048576 bytes."}`},
		{
			"a chunk of no length", request("POST /streams", "", "Transfer-Encoding: chunked") + "zz\r\n", 400,
			bad("The body could not be read to its end."),
		},
		{
			"a body in chunks", request("POST /streams", "", "Transfer-Encoding: chunked") + "9\r\n{\"name\":\"\r\n16\r\nchunked\",\"model\":\"User\r\n2\r\n\"}\r\n0\r\n\r\n",
			201, "",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			conn := w.dial(t)
			go func() {
				// A server that has answered already may read no further.
				_, _ = io.WriteString(conn, tt.raw)
			}()
			method, _, _ := strings.Cut(tt.raw, " ")
			got := hear(t, bufio.NewReader(conn), method)
			if got.status != tt.status {
				t.Errorf("status %d, want %d: %.300s", got.status, tt.status, got.body)
			}
			if diff := cmp.Diff(tt.want, got.body); diff != "" && (tt.want != "" || got.status > 201) {
				t.Errorf("body (-want +got):\n%s", diff)
			}
			if kind := got.header.Get("Content-Type"); kind != "application/json" {
				t.Errorf("content type %q", kind)
			}
		})
	}
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a')`)
	if diff := cmp.Diff(created(1, "a"), w.consume(t, "all").next().data); diff != "" {
		t.Errorf("event afterwards (-want +got):\n%s", diff)
	}
}

// What is no HTTP never reaches the API: the server answers in plain text, and goes
// on.
func TestNoHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	for name, raw := range map[string]string{
		"no request at all":        "hello\r\n\r\n",
		"HTTP/2":                   "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"a bad escape":             request("GET /streams/%zz/events", ""),
		"a space in a header name": request("GET /streams", "", "Bad Header: x"),
		"no host":                  "GET /streams HTTP/1.1\r\n\r\n",
		"two lengths":              request("POST /streams", "{}", "Content-Length: 5"),
	} {
		conn := w.dial(t)
		if _, err := io.WriteString(conn, raw); err != nil {
			t.Fatal(err)
		}
		if got := hear(t, bufio.NewReader(conn), "GET"); got.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if got := w.call(t, "GET", "/streams", ""); got.status != http.StatusOK {
		t.Errorf("afterwards: %d %s", got.status, got.body)
	}
}

// A client that sends its body for ever, or hangs up within it, holds nothing.
func TestEndlessBody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.service.bodyWait = 50 * time.Millisecond
	conn := w.dial(t)
	if _, err := io.WriteString(conn, request("POST /streams", "", "Transfer-Encoding: chunked")+"1\r\n{\r\n"); err != nil {
		t.Fatal(err)
	}
	got := hear(t, bufio.NewReader(conn), "POST")
	const want = `{"code":"InvalidRequest","message":"The body did not arrive within 50ms."}`
	if got.status != http.StatusBadRequest || got.body != want {
		t.Errorf("endless: %d %s, want %s", got.status, got.body, want)
	}
	conn = w.dial(t)
	if _, err := io.WriteString(conn, request("POST /subscribe", "", "Content-Length: 10")+"{"); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	got = hear(t, bufio.NewReader(conn), "POST")
	const cut = `{"code":"InvalidRequest","message":"The body could not be read to its end."}`
	if got.status != http.StatusBadRequest || got.body != cut {
		t.Errorf("cut: %d %s, want %s", got.status, got.body, cut)
	}
}

func bug(what string) {
	panic(what) //nolint:forbidigo // a bug is what is tested
}

// A bug of ours is one request's, and is told in the log.
func TestPanicIsAnswered(t *testing.T) {
	t.Parallel()
	var log logLines
	w := newWorld(t, userTable, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	w.service.routes.HandleFunc("GET /bug", func(http.ResponseWriter, *http.Request) { bug("a bug") })
	w.service.routes.HandleFunc("GET /late", func(w http.ResponseWriter, _ *http.Request) {
		if _, err := io.WriteString(w, "{"); err != nil {
			t.Error(err)
		}
		bug("a late bug")
	})
	const want = `{"code":"P6100","message":"The service has met a bug of its own; its log says where."}`
	if got := w.call(t, "GET", "/bug", ""); got.status != http.StatusInternalServerError || got.body != want {
		t.Errorf("%d %s, want %s", got.status, got.body, want)
	}
	conn := w.dial(t)
	if _, err := io.WriteString(conn, request("GET /late", "")); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(conn)
	if err != nil || strings.HasSuffix(string(rest), "\r\n0\r\n\r\n") {
		t.Errorf("a response whose rest is missing ends as if it were whole: %q, %v", rest, err)
	}
	for _, line := range []string{`panic="a bug" stack=`, `panic="a late bug" stack=`, `method=GET path=/bug`} {
		if !strings.Contains(log.String(), line) {
			t.Errorf("the log has no %s:\n%s", line, log.String())
		}
	}
}

// A reading of the schema that meets a bug is an answer too, though no server
// watches over it.
func TestPanicInTheSchemaIsAnswered(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	w := newWorld(t, userTable, func(o *Options) {
		o.Schema = func(context.Context) (*prisma.Schema, error) {
			if broken.Load() {
				bug("a bug")
			}
			return &prisma.Schema{Models: []*prisma.Model{{Name: "User", Namespace: "public", Table: "User"}}}, nil
		}
	})
	broken.Store(true)
	const want = `{"code":"P6101","message":"The database could not be asked; the service's log says why."}`
	if got := w.call(t, "POST", "/subscribe", `{"model":"User"}`); got.status != http.StatusInternalServerError || got.body != want {
		t.Errorf("%d %s, want %s", got.status, got.body, want)
	}
}

func TestSubscriptionLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable, func(o *Options) { o.MaxSubscribers = 2 })
	w.createStream(t, "all")
	first := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	// A request that is refused for another reason takes no place.
	if got := w.call(t, "POST", "/subscribe", `{"model":"Nobody"}`); got.status != http.StatusInternalServerError {
		t.Errorf("a wrong request beyond the limit: %d %s", got.status, got.body)
	}
	const want = `{"code":"TooManySubscriptions","message":"There are 2 subscriptions, the most there may be: try again when one has ended.","meta":{"limit":2}}`
	got := w.call(t, "POST", "/subscribe", `{"model":"User"}`)
	if got.status != http.StatusInternalServerError || got.body != want || got.header.Get("Retry-After") != "1" {
		t.Errorf("beyond the limit: %d %s, want %s", got.status, got.body, want)
	}
	// Named streams have places of their own.
	w.consume(t, "all")
	first.hangUp()
	eventually.True(t, "a place to be free", func() bool { return w.service.subscribers.n.Load() == 1 })
	for range 3 {
		if got := w.call(t, "POST", "/subscribe", `{"model":"Nobody"}`); got.status != http.StatusBadRequest {
			t.Errorf("a wrong request: %d %s", got.status, got.body)
		}
	}
	w.open(t, "POST", "/subscribe", `{"model":"User"}`)
}

func TestStreamLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	for i := range maxStreams {
		// As createStream would, but for asking what there is.
		name := fmt.Sprint(i)
		if _, err := w.service.streams.kv.Create(t.Context(), key(name), []byte(fmt.Sprintf(`{"id":"%s","name":%q}`, name, name))); err != nil {
			t.Fatal(err)
		}
	}
	const want = `{"code":"TooManyStreams","message":"There are 1000 streams, the most there may be: delete one first.","meta":{"limit":1000}}`
	got := w.call(t, "POST", "/streams", `{"name":"one more","model":"User"}`)
	if got.status != http.StatusBadRequest || got.body != want {
		t.Errorf("beyond the limit: %d %s, want %s", got.status, got.body, want)
	}
	if got := w.call(t, "DELETE", "/streams/999", ""); got.status != http.StatusNoContent {
		t.Fatal(got.body)
	}
	w.createStream(t, "one more")
}

// listed is the only stream as it is listed, without its times.
func (a *api) listed(t *testing.T) string {
	t.Helper()
	text, _, _ := strings.Cut(a.call(t, "GET", "/streams", "").body, `,"createdAt"`)
	return text
}

// A stream is stopped while its model or its filter does not fit, says so, and goes on
// where it was once it fits again.
func TestStreamFollowsTheSchema(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable+`; CREATE TABLE "Marker" (id int)`)
	got := w.call(t, "POST", "/streams", `{"name":"some","model":"User","filter":{"create":{"name":{"startsWith":"a"}}}}`)
	if got.status != http.StatusCreated {
		t.Fatal(got.body)
	}
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a')`)
	const (
		misfit = "its filter does not fit the model User any more (filter.create.name: " +
			`\"name\" is no scalar field of model User; those are id, called). It goes on once it does again`
		gone = "the database has no model User any more. It goes on once that is there again"
	)
	for _, step := range []struct{ sql, reason string }{
		{`ALTER TABLE "User" RENAME name TO called`, misfit},
		{`ALTER TABLE "User" RENAME called TO name`, ""},
		{`ALTER TABLE "User" RENAME TO "Person"`, gone},
		{`ALTER TABLE "Person" RENAME TO "User"`, ""},
	} {
		execute(t, w.db, step.sql)
		want := `{"data":[{"name":"some","model":"User","status":"active"`
		if step.reason != "" {
			want = fmt.Sprintf(`{"data":[{"name":"some","model":"User","status":"stopped","reason":"%s"`, step.reason)
		}
		eventually.True(t, "the status after "+step.sql, func() bool { return w.listed(t) == want })
		if step.reason == "" {
			continue
		}
		want = fmt.Sprintf(`{"code":"StreamStopped","message":"The stream is stopped: %s.","meta":{"name":"some"}}`, step.reason)
		if got := w.call(t, "GET", "/streams/some/events", ""); got.status != http.StatusInternalServerError || got.body != want {
			t.Errorf("consuming it after %s: %d %s, want %s", step.sql, got.status, got.body, want)
		}
	}
	execute(t, w.db, `INSERT INTO "User" VALUES (2, 'b'), (3, 'abc')`)
	if diff := cmp.Diff([]string{created(1, "a"), created(3, "abc")}, w.consume(t, "some").take(2)); diff != "" {
		t.Errorf("events of the stream that goes on (-want +got):\n%s", diff)
	}
}

// A model's name may go to another table. A stream has no event of that one, and does
// not go on when it is back: its own table's changes had another name meanwhile.
func TestStreamOfAModelThatMoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `CREATE SCHEMA app; CREATE TABLE app."User" (id int PRIMARY KEY, name text)`)
	w.createStream(t, "all")
	events := w.consume(t, "all")
	live := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
	execute(t, w.db, `INSERT INTO app."User" VALUES (1, 'a')`)
	for _, opened := range []*subscription{events, live} {
		if diff := cmp.Diff(created(1, "a"), opened.next().data); diff != "" {
			t.Errorf("event before the name moved (-want +got):\n%s", diff)
		}
	}
	execute(t, w.db, userTable+`; INSERT INTO "User" VALUES (2, 'b'); INSERT INTO app."User" VALUES (3, 'c')`)
	for _, opened := range []*subscription{events, live} {
		for block, ended := opened.block(); !ended; block, ended = opened.block() {
			if strings.HasPrefix(block, "id: ") {
				t.Errorf("after the name moved: %s", block)
			}
		}
	}
	const reason = "the name of its model went to the table of another Postgres schema. Delete it and create it anew"
	stopped := fmt.Sprintf(`{"data":[{"name":"all","model":"User","status":"stopped","reason":"%s"`, reason)
	for _, step := range []string{`SELECT 1`, `DROP TABLE "User"; INSERT INTO app."User" VALUES (4, 'd')`} {
		execute(t, w.db, step)
		eventually.True(t, "the status after "+step, func() bool {
			listed := w.listed(t)
			before, _, _ := strings.Cut(listed, `,"cursor"`)
			return before == stopped || listed == stopped
		})
	}
	want := fmt.Sprintf(`{"code":"StreamStopped","message":"The stream is stopped: %s.","meta":{"name":"all"}}`, reason)
	if got := w.call(t, "GET", "/streams/all/events", ""); got.status != http.StatusInternalServerError || got.body != want {
		t.Errorf("consuming it: %d %s, want %s", got.status, got.body, want)
	}
}

// Without Postgres what is stored can be read, and what needs Postgres says so.
func TestWithoutPostgres(t *testing.T) {
	t.Parallel()
	server, err := postgres.Start(t.Context(), postgres.Options{})
	if err != nil {
		t.Skipf("no Postgres to test with: %v", err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	db := connect(t, server.URL())
	execute(t, db, userTable)
	a := serve(t, openService(t, server.URL(), db, Options{DataDir: t.TempDir(), Temporary: true, Disposable: true}))
	a.createStream(t, "all")
	execute(t, db, `INSERT INTO "User" VALUES (1, 'a')`)
	a.awaitCursor(t, a.consume(t, "all").next().id)
	a.createStream(t, "second")
	if got := a.call(t, "DELETE", "/streams/all", ""); got.status != http.StatusNoContent {
		t.Fatal(got.body)
	}
	execute(t, db, `INSERT INTO "User" VALUES (2, 'b')`)
	stored := a.consume(t, "second").next()
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	const away = `{"code":"P6101","message":"The database could not be asked; the service's log says why."}`
	for _, path := range []string{"/streams", "/subscribe"} {
		if got := a.call(t, "POST", path, `{"name":"more","model":"User"}`); got.status != http.StatusInternalServerError || got.body != away {
			t.Errorf("POST %s: %d %s, want %s", path, got.status, got.body, away)
		}
	}
	const paused = `"status":"paused","reason":"the database cannot be reached. The service goes on trying, and the stream then goes on where it was"`
	eventually.True(t, "the stream to be paused", func() bool { return strings.Contains(a.listed(t), paused) })
	if got := a.call(t, "GET", "/events/"+stored.id, ""); got.status != http.StatusOK {
		t.Errorf("the stored event: %d %s", got.status, got.body)
	}
	events := a.consume(t, "second")
	if block, ended := events.block(); ended {
		t.Errorf("a paused stream does not open: %q", block)
	}
	if got := a.call(t, "DELETE", "/streams/second", ""); got.status != http.StatusNoContent {
		t.Errorf("delete: %d %s", got.status, got.body)
	}
}

// Names of one stream are the same however their paths are spelled.
func TestStreamNamesInPaths(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	for i, tt := range []struct{ name, path string }{
		{"a/b", "a%2Fb"},
		{"a/b", "a%2fb"},
		{"a b", "a%20b"},
		{"a+b", "a+b"},
		{"%2F", "%252F"},
		{"...", "..."},
		{"\u0000\u0007\n", "%00%07%0A"},
		{"😀", "%F0%9F%98%80"},
		{"events", "events"},
		{strings.Repeat("😀", maxStreamName), strings.Repeat("%F0%9F%98%80", maxStreamName)},
		{`"};DROP`, "%22%7D;DROP"},
		{"?#[]@!$&'()*+,;=:", "%3F%23[]@!$&'()*+,;=:"},
	} {
		w.createStream(t, tt.name)
		execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" VALUES (%d, 'a')`, i))
		events := w.open(t, "GET", "/streams/"+tt.path+"/events", "")
		if diff := cmp.Diff(created(i, "a"), events.next().data); diff != "" {
			t.Errorf("%q at %s (-want +got):\n%s", tt.name, tt.path, diff)
		}
		if got := w.call(t, "DELETE", "/streams/"+tt.path, ""); got.status != http.StatusNoContent {
			t.Errorf("delete %q at %s: %d %s", tt.name, tt.path, got.status, got.body)
		}
	}
}

// Any number of requests that come while the schema is read share the next reading.
func TestLooksAreShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		reads := 0
		l := &looks{live: t.Context(), read: func(context.Context) (*prisma.Schema, error) {
			reads++
			n := reads
			<-let
			return &prisma.Schema{Models: make([]*prisma.Model, n)}, nil
		}}
		const askers = 20
		seen := make(chan int, askers)
		for i := range askers {
			go func() {
				schema, err := l.now(t.Context())
				if err != nil {
					t.Error(err)
					schema = &prisma.Schema{}
				}
				seen <- len(schema.Models)
			}()
			if i == 0 {
				synctest.Wait() // The first reads; the others come while it does.
			}
		}
		synctest.Wait()
		close(let)
		counts := map[int]int{}
		for range askers {
			counts[<-seen]++
		}
		if diff := cmp.Diff(map[int]int{1: 1, 2: askers - 1}, counts); diff != "" {
			t.Errorf("who saw which reading (-want +got):\n%s", diff)
		}
		if schema, err := l.recent(t.Context(), time.Hour); err != nil || len(schema.Models) != 2 || reads != 2 {
			t.Errorf("the last reading: %v, %v, of %d", schema, err, reads)
		}
	})
}
