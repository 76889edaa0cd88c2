package pulse

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAnswers is every answer that is not a success, with its whole body.
func TestAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable+`; CREATE TABLE "Many" (id int PRIMARY KEY, tags text[], j jsonb)`)
	w.createStream(t, "taken")
	const (
		unauthorized = `{"code":"P6102","message":"The API key is missing or wrong: send the header Authorization: Bearer <key>."}`
		noStream     = `{"code":"StreamNotFound","message":"There is no stream of this name.","meta":{"name":"none"}}`
	)
	bad := func(message string) string {
		return fmt.Sprintf(`{"code":"InvalidRequest","message":%q}`, message)
	}
	noRoute := func(path string) string {
		return fmt.Sprintf(`{"code":"RouteNotFound","message":"There is no such route: expected one of the Pulse API's, such as /streams.","meta":{"path":%q}}`, path)
	}
	noMethod := func(method, allow string) string {
		return fmt.Sprintf(`{"code":"MethodNotAllowed","message":"This route does not have the method %s: expected %s.","meta":{"allow":%q}}`, method, allow, allow)
	}
	for _, tt := range []struct {
		name, method, path, body, header string
		status                           int
		want                             string
	}{
		{"no key", "GET", "/streams", "", "Authorization: ", 401, unauthorized},
		{"wrong key", "GET", "/streams", "", "Authorization: Bearer other", 401, unauthorized},
		{"key without scheme", "GET", "/streams", "", "Authorization: " + testKey, 401, unauthorized},
		{"another scheme", "GET", "/streams", "", "Authorization: Basic " + testKey, 401, unauthorized},
		{"scheme in lower case", "GET", "/events/none", "", "Authorization: bearer " + testKey, 404, `{"code":"EventNotFound","message":"There is no event with this identifier."}`},
		{"another of the keys", "GET", "/events/none", "", "Authorization: Bearer another-key", 404, `{"code":"EventNotFound","message":"There is no event with this identifier."}`},
		{"no key comes before not found", "DELETE", "/streams/none", "", "Authorization: ", 401, unauthorized},
		{"no key comes before no route", "GET", "/nothing", "", "Authorization: ", 401, unauthorized},
		{"no key comes before a bad path", "GET", "/streams//events", "", "Authorization: ", 401, unauthorized},
		{"no key comes before a bad body", "POST", "/streams", "{", "Authorization: ", 401, unauthorized},

		{"unknown route", "GET", "/nothing", "", "", 404, noRoute("/nothing")},
		{"root", "GET", "/", "", "", 404, noRoute("/")},
		{"empty stream name", "GET", "/streams//events", "", "", 404, noRoute("/streams//events")},
		{"slash at the end", "GET", "/streams/", "", "", 404, noRoute("/streams/")},
		{"method of streams", "PUT", "/streams", "", "", 405, noMethod("PUT", "GET, HEAD, POST")},
		{"method of a stream", "GET", "/streams/taken", "", "", 405, noMethod("GET", "DELETE")},
		{"method of its events", "POST", "/streams/taken/events", "", "", 405, noMethod("POST", "GET")},
		{"events without a body", "HEAD", "/streams/taken/events", "", "", 405, ""},
		{"method of subscribe", "GET", "/subscribe", "", "", 405, noMethod("GET", "POST")},
		{"method of an event", "DELETE", "/events/x", "", "", 405, noMethod("DELETE", "GET, HEAD")},
		{"method of health", "POST", "/health", "", "Authorization: ", 405, noMethod("POST", "GET, HEAD")},

		{"consume an unknown stream", "GET", "/streams/none/events", "", "", 404, noStream},
		{"delete an unknown stream", "DELETE", "/streams/none", "", "", 404, noStream},
		{"the same name again", "POST", "/streams", `{"name":"taken","model":"User"}`, "", 409, `{"code":"StreamExists","message":"A stream of this name exists: consume it to resume, or delete it first.","meta":{"name":"taken"}}`},

		{"no body", "POST", "/streams", "", "", 400, bad("The body: expected JSON, found at line 1, column 1: unexpected end of JSON input.")},
		{"malformed JSON", "POST", "/streams", "{\n  \"name\": }", "", 400, bad("The body: expected JSON, found at line 2, column 11: invalid character '}' looking for beginning of value.")},
		{"no object", "POST", "/streams", "[]", "", 400, bad("The body: expected a JSON object, found an array.")},
		{"null", "POST", "/subscribe", "null", "", 400, bad("The body: expected a JSON object, found null.")},
		{"not UTF-8", "POST", "/streams", "{\"name\":\"\xff\"}", "", 400, bad("The body: expected UTF-8, found other bytes.")},
		{"half a character", "POST", "/streams", `{"name":"\ud800","model":"User"}`, "", 400, bad(`The body: expected text, found at line 1, column 10: the escape \ud800 is half of a surrogate pair.`)},
		{"too large", "POST", "/streams", `{"name":"` + strings.Repeat("x", maxBody) + `"}`, "", 413, `{"code":"BodyTooLarge","message":"The body is larger than 1048576 bytes."}`},
		{"no name", "POST", "/streams", `{"Name":"x","model":"User"}`, "", 400, bad("name is missing: expected a string.")},
		{"a name that is no string", "POST", "/streams", `{"name":1,"model":"User"}`, "", 400, bad("name: expected a string, found a number.")},
		{"an empty name", "POST", "/streams", `{"name":"","model":"User"}`, "", 400, bad("name: expected 1 to 255 characters, found 0.")},
		{"a name that paths drop", "POST", "/streams", `{"name":"..","model":"User"}`, "", 400, bad(`name: expected one that a URL's path can carry, found "..".`)},
		{"a name that is nothing but a slash", "POST", "/streams", `{"name":"/","model":"User"}`, "", 400, bad(`name: expected one that a URL's path can carry, found "/".`)},
		{"a long name", "POST", "/streams", `{"name":"` + strings.Repeat("é", 256) + `","model":"User"}`, "", 400, bad("name: expected 1 to 255 characters, found 256.")},
		{"no model", "POST", "/streams", `{"name":"x"}`, "", 400, bad("model is missing: expected a string.")},
		{"a model that is no string", "POST", "/subscribe", `{"model":null}`, "", 400, bad("model: expected a string, found null.")},
		{"an unknown model", "POST", "/subscribe", `{"model":"user"}`, "", 400, bad(`model: there is no "user" in the database; there are: Many, User.`)},
		{"an unknown filter", "POST", "/subscribe", `{"model":"User","filter":{"upsert":{}}}`, "", 400, bad(`filter: unknown member "upsert"; there are create, update and delete.`)},
		{"an operator", "POST", "/streams", `{"name":"x","model":"User","filter":{"create":{"id":{"has":1}}}}`, "", 400, bad("filter.create.id.has: unknown operator of a field of type Int; there are equals, in, notIn, not, lt, lte, gt, gte.")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var header []string
			if tt.header != "" {
				header = []string{tt.header}
			}
			got := w.call(t, tt.method, tt.path, tt.body, header...)
			if got.status != tt.status {
				t.Errorf("status %d, want %d", got.status, tt.status)
			}
			if diff := cmp.Diff(tt.want, got.body); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
			if kind := got.header.Get("Content-Type"); kind != "application/json" {
				t.Errorf("content type %s", kind)
			}
			if allow := got.header.Get("Allow"); (allow != "") != (tt.status == http.StatusMethodNotAllowed) {
				t.Errorf("Allow: %s", allow)
			}
		})
	}
}

func TestCreateStreamAnswersItsInfo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	got := w.call(t, "POST", "/streams", `{"name":"all","model":"User","filter":{"create":{},"delete":{"name":"x"}},"more":1}`, "Content-Type: text/plain")
	n, _, err := w.service.streams.get(t.Context(), "all")
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`{"name":"all","model":"User","status":"active","createdAt":%q}`, n.CreatedAt.Format(timeFormat))
	if got.status != http.StatusCreated || got.body != want {
		t.Errorf("created: %d %s, want %s", got.status, got.body, want)
	}
}

func TestFilteredStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	got := w.call(t, "POST", "/streams", `{"name":"some","model":"User","filter":{"create":{"name":"b"},"delete":{"name":"b"},"update":{"after":{"name":"c"}}}}`)
	if got.status != http.StatusCreated {
		t.Fatal(got.body)
	}
	execute(t, w.db, `INSERT INTO "User" VALUES (1, 'a'), (2, 'b'); UPDATE "User" SET name = 'c' WHERE id = 1; UPDATE "User" SET name = 'd' WHERE id = 1; DELETE FROM "User" WHERE id = 2; INSERT INTO "User" VALUES (5, 'b')`)
	want := []string{
		created(2, "b"),
		`{"action":"update","modelName":"User","after":{"id":1,"name":"c"}}`,
		// The delete shows only its key under the default identity: no match.
		created(5, "b"),
	}
	if diff := cmp.Diff(want, w.consume(t, "some").take(len(want))); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}
