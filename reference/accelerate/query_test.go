package accelerate

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// post sends a body as a caller with the key.
func post(t *testing.T, s *Service, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/2024/hash/graphql", strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer key")
	return serve(t, s, r)
}

// ask sends a query and answers what came as data or, of the error, its code,
// message and meta.
func ask(t *testing.T, s *Service, query string) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{}})
	if err != nil {
		t.Fatal(err)
	}
	w := post(t, s, string(body))
	var got struct {
		Data   json.RawMessage
		Errors []struct {
			Code            string
			UserFacingError json.RawMessage `json:"user_facing_error"`
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	if len(got.Errors) == 0 {
		return string(got.Data)
	}
	if got.Data != nil || got.Errors[0].Code != "P6000" {
		t.Errorf("data beside an error, or an error without a code of Accelerate: %s", w.Body)
	}
	return string(got.Errors[0].UserFacingError)
}

// One story: what is written is read back, in every type.
func TestQueries(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	// What the database prints by default must not matter.
	postgrestest.Exec(t, postgrestest.Connect(t, databaseURL), `
DO $$ BEGIN
	EXECUTE format('ALTER DATABASE %I SET datestyle = German', current_database());
	EXECUTE format('ALTER DATABASE %I SET bytea_output = escape', current_database());
	EXECUTE format('ALTER DATABASE %I SET timezone = "Asia/Kolkata"', current_database());
END $$`)
	s := openOn(t, databaseURL)
	for _, step := range []struct{ name, query, want string }{
		{
			"every type", `{ findManyPost(where: {id: 1}) { id authorId title published publishedAt tags views price rating content } }`,
			`{"findManyPost":[{"id":1,"authorId":1,"title":"Notes on an engine","published":true,"publishedAt":"2024-01-02T08:00:00.000Z",` +
				`"tags":["engines","history"],"views":"9007199254740993","price":"12.3","rating":4.5,"content":"It weaves algebraic patterns."}]}`,
		},
		{
			"bytes and Json, which is a string", `{ findManyProfile { avatar settings } }`,
			`{"findManyProfile":[{"avatar":"iVBORw0KGgo=","settings":"{\"theme\":\"dark\",\"languages\":[\"en\",\"fr\"]}"}]}`,
		},
		{
			"members in the order of the selection, under their aliases", `{ posts: findManyPost(orderBy: {id: desc} take: 1) { title number: id } findManyUser(where: {name: null}) { email } }`,
			`{"posts":[{"title":"Finding the first bug","number":3}],"findManyUser":[{"email":"linus@example.com"}]}`,
		},
		{"filters on every kind of type", `{ findManyPost(where: {views: {gt: 1946} price: {gte: "0.99"} rating: {lte: 5.0e+0} published: true publishedAt: {lt: "2024-03-01T00:00:00.001Z"} title: {contains: "the"}}) { id } }`, `{"findManyPost":[{"id":3}]}`},
		{"membership in an enum", `{ findManyUser(where: {role: {in: [ADMIN, EDITOR]} email: {notIn: ["ada@example.com"]}}) { name } }`, `{"findManyUser":[{"name":"Grace"}]}`},
		{"or and not", `{ findManyUser(where: {OR: [{id: 1} {id: 3}] NOT: {name: {startsWith: "A"}}}) { id } }`, `{"findManyUser":[]}`},
		{"a wildcard is one, as in Prisma", `{ findManyUser(where: {name: {contains: "%"}}) { id } }`, `{"findManyUser":[{"id":1},{"id":2}]}`},
		{"bytes in a filter", `{ findManyProfile(where: {avatar: "iVBORw0KGgo="}) { id } }`, `{"findManyProfile":[{"id":1}]}`},
		{"order with nulls first", `{ findManyUser(orderBy: {name: {sort: desc nulls: first}}) { id } }`, `{"findManyUser":[{"id":3},{"id":2},{"id":1}]}`},
		{"a page", `{ findManyPost(take: 1 skip: 1) { id } }`, `{"findManyPost":[{"id":2}]}`},
		{"a page of nothing", `{ findManyPost(take: 0) { id } }`, `{"findManyPost":[]}`},

		{
			"create", `mutation { createOnePost(data: {title: "é \"q\" <b>\u2028" tags: ["a,b" "\"" "NULL"] views: 9223372036854775807 price: 2 publishedAt: "2024-02-03T05:30:00.789+05:30"}) { id authorId title tags views price publishedAt published } }`,
			`{"createOnePost":{"id":4,"authorId":null,"title":"é \"q\" <b>\u2028","tags":["a,b","\"","NULL"],"views":"9223372036854775807","price":"2","publishedAt":"2024-02-03T00:00:00.789Z","published":false}}`,
		},
		{"create with hostile text", `mutation { createOneUser(data: {email: "'); DROP TABLE \"User\"; --" name: "$1 \\ %s"}) { email name role } }`, `{"createOneUser":{"email":"'); DROP TABLE \"User\"; --","name":"$1 \\ %s","role":"USER"}}`},
		{"and it is still there", `{ findManyUser(where: {email: {endsWith: "--"}}) { id } }`, `{"findManyUser":[{"id":4}]}`},
		{"create with Json and bytes", `mutation { createOneProfile(data: {userId: 4 settings: "{\"a\": [1, null]}" avatar: ""}) { settings avatar bio } }`, `{"createOneProfile":{"settings":"{\"a\":[1,null]}","avatar":"","bio":null}}`},
		{"update", `mutation { updateOneUser(where: {email: "linus@example.com"} data: {name: {set: "Linus"} role: ADMIN}) { id name role } }`, `{"updateOneUser":{"id":3,"name":"Linus","role":"ADMIN"}}`},
		{"update of a list, of Json to its null, and to null", `mutation { updateOnePost(where: {id: 4} data: {tags: {set: []} price: null}) { tags price } updateOneProfile(where: {userId: 4} data: {settings: JsonNull}) { settings } }`, `{"updateOnePost":{"tags":[],"price":null},"updateOneProfile":{"settings":"null"}}`},
		{"update of nothing", `mutation { updateOnePost(where: {id: 4} data: {}) { id } }`, `{"updateOnePost":{"id":4}}`},
		{"delete", `mutation { deleteOnePost(where: {id: 4}) { title } }`, `{"deleteOnePost":{"title":"é \"q\" <b>\u2028"}}`},
		{"and it is gone", `{ findManyPost(where: {id: 4}) { id } }`, `{"findManyPost":[]}`},
	} {
		t.Run(step.name, func(t *testing.T) {
			if diff := cmp.Diff(step.want, ask(t, s, step.query)); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestQueryFailures(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	db := postgrestest.Connect(t, databaseURL)
	postgrestest.Exec(t, db, `
CREATE TABLE odd (id int PRIMARY KEY, short varchar(3), small smallint, u uuid, tags text[] NOT NULL, matrix int[], "pId" int, n int CHECK (n > 0), g int GENERATED ALWAYS AS (id) STORED, gone int);
CREATE UNIQUE INDEX ON odd ("pId", n);
CREATE UNIQUE INDEX odd_lower ON odd (lower(short), small);
INSERT INTO odd VALUES (1, 'abc', 1, NULL, '{}', '{{1},{2}}', 1, 1);`)
	s := openOn(t, databaseURL)
	postgrestest.Exec(t, db, `ALTER TABLE odd DROP COLUMN gone`)
	// In what is wanted, ! stands for a backquote.
	for _, test := range []struct{ name, query, want string }{
		{
			"update of what is not there", `mutation { updateOneUser(where: {id: 99} data: {name: "x"}) { id } }`,
			`{"is_panic":false,"message":"An operation failed because it depends on one or more records that were required but not found. Record to update not found.","meta":{"cause":"Record to update not found."},"error_code":"P2025"}`,
		},
		{
			"delete of what is not there", `mutation { deleteOneUser(where: {id: 99}) { id } }`,
			`{"is_panic":false,"message":"An operation failed because it depends on one or more records that were required but not found. Record to delete does not exist.","meta":{"cause":"Record to delete does not exist."},"error_code":"P2025"}`,
		},
		{
			"unique", `mutation { createOneUser(data: {email: "ada@example.com"}) { id } }`,
			`{"is_panic":false,"message":"Unique constraint failed on the fields: (!email!)","meta":{"target":["email"]},"error_code":"P2002"}`,
		},
		{
			"unique of two fields", `mutation { createOneodd(data: {id: 2 pId: 1 n: 1 tags: []}) { id } }`,
			`{"is_panic":false,"message":"Unique constraint failed on the fields: (!pId!,!n!)","meta":{"target":["pId","n"]},"error_code":"P2002"}`,
		},
		{
			"unique of an expression", `mutation { createOneodd(data: {id: 2 short: "ABC" small: 1 tags: []}) { id } }`,
			`{"is_panic":false,"message":"Unique constraint failed on the constraint: !odd_lower!","meta":{"target":"odd_lower"},"error_code":"P2002"}`,
		},
		{
			"foreign key", `mutation { createOnePost(data: {title: "x" authorId: 99}) { id } }`,
			`{"is_panic":false,"message":"Foreign key constraint failed on the field: !Post_authorId_fkey (index)!","meta":{"constraint":"Post_authorId_fkey","field_name":"Post_authorId_fkey (index)"},"error_code":"P2003"}`,
		},
		{
			"null", `mutation { createOneodd(data: {id: 2}) { id } }`,
			`{"is_panic":false,"message":"Null constraint violation on the fields: (!tags!)","meta":{"constraint":["tags"]},"error_code":"P2011"}`,
		},
		{
			"check", `mutation { createOneodd(data: {id: 2 n: 0 tags: []}) { id } }`,
			`{"is_panic":false,"message":"A constraint failed on the database: new row for relation \"odd\" violates check constraint \"odd_n_check\" (SQLSTATE 23514)","meta":{"database_error":"new row for relation \"odd\" violates check constraint \"odd_n_check\" (SQLSTATE 23514)"},"error_code":"P2004"}`,
		},
		{
			"text too long is not cut off", `mutation { createOneodd(data: {id: 2 short: "abcd" tags: []}) { id } }`,
			`{"is_panic":false,"message":"The value is too long for the column's type: value too long for type character varying(3) (SQLSTATE 22001)","meta":{"column_name":"(not available)"},"error_code":"P2000"}`,
		},
		{
			"number too big", `{ findManyodd(where: {small: 70000}) { id } }`,
			`{"is_panic":false,"message":"The value is out of range for the column's type: value \"70000\" is out of range for type smallint (SQLSTATE 22003)","meta":{"details":"value \"70000\" is out of range for type smallint"},"error_code":"P2020"}`,
		},
		{
			"no uuid", `{ findManyodd(where: {u: "x"}) { id } }`,
			`{"is_panic":false,"message":"The value is not valid for the column's type: invalid input syntax for type uuid: \"x\" (SQLSTATE 22P02)","meta":{"database_error":"invalid input syntax for type uuid: \"x\" (SQLSTATE 22P02)"},"error_code":"P2007"}`,
		},
		{
			"generated column", `mutation { createOneodd(data: {id: 2 g: 1 tags: []}) { id } }`,
			`{"is_panic":false,"message":"The database refused: cannot insert a non-DEFAULT value into column \"g\" (SQLSTATE 428C9)","meta":{"database_error":"cannot insert a non-DEFAULT value into column \"g\" (SQLSTATE 428C9)"}}`,
		},
		{
			"value that Prisma has no form for", `{ findManyodd { matrix } }`,
			`{"is_panic":false,"message":"Inconsistent column data: column \"matrix\" of type integer[]: expected a list, found a list of lists, which Prisma has no type for","meta":{"message":"column \"matrix\" of type integer[]: expected a list, found a list of lists, which Prisma has no type for"},"error_code":"P2023"}`,
		},
		{
			"column that was dropped meanwhile", `{ findManyodd { gone } }`,
			`{"is_panic":false,"message":"The database changed since its schema was read: column \"gone\" does not exist (SQLSTATE 42703)","meta":{"column":""},"error_code":"P2022"}`,
		},
		{
			"invalid query", `{ findManyUser { id posts } }`,
			`{"is_panic":false,"message":"Invalid query at findManyUser.posts (line 1, column 21): User has no \"posts\"; did you mean Post?","meta":{"column":21,"line":1,"query_position":"findManyUser.posts","query_validation_error":"User has no \"posts\"; did you mean Post?"},"error_code":"P2009"}`,
		},
		{
			"missing value", `mutation { createOneUser { id } }`,
			`{"is_panic":false,"message":"A required value is missing at createOneUser.data (line 1, column 12): expected UserCreateInput | UserUncheckedCreateInput","meta":{"column":12,"line":1,"path":"createOneUser.data"},"error_code":"P2012"}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := strings.ReplaceAll(test.want, "!", "`")
			if diff := cmp.Diff(want, ask(t, s, test.query)); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
	if got, want := ask(t, s, `{ findManyodd { id } }`), `{"findManyodd":[{"id":1}]}`; got != want {
		t.Errorf("after all failures: %s, want %s", got, want)
	}
}

// Of several mutations all happen or none.
func TestMutationsAreOneTransaction(t *testing.T) {
	t.Parallel()
	s := openOn(t, demoDatabase(t))
	got := ask(t, s, `mutation { a: deleteOnePost(where: {id: 1}) { id } b: updateOneUser(where: {id: 99} data: {name: "x"}) { id } }`)
	if !strings.Contains(got, `"P2025"`) {
		t.Errorf("got %s", got)
	}
	if got, want := ask(t, s, `{ findManyPost(where: {id: 1}) { id } }`), `{"findManyPost":[{"id":1}]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Several reads see what the first of them saw, whatever is committed between.
func TestReadsAreOfOneMoment(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	s := openOn(t, databaseURL)
	writer, err := postgrestest.Connect(t, databaseURL).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := writer.Exec(t.Context(), `LOCK TABLE "Post"; DELETE FROM "Post"`); err != nil {
		t.Fatal(err)
	}
	answered := make(chan string)
	go func() {
		answered <- post(t, s, `{"query":"{ findManyUser(take: 1) { id } findManyPost(take: 1) { id } }"}`).Body.String()
	}()
	postgrestest.AwaitBlocked(t, postgrestest.Connect(t, databaseURL))
	if err := writer.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := <-answered, `{"data":{"findManyUser":[{"id":1}],"findManyPost":[{"id":1}]}`; !strings.HasPrefix(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The whole answer: headers, also those of Prisma's client extension, and body say the
// same of it.
func TestAnswer(t *testing.T) {
	t.Parallel()
	s := openOn(t, demoDatabase(t))
	const body = `{"query":"query ($id: Int) { findManyUser(where: {id: $id}) { id } }","variables":{"id":1}}`
	w := post(t, s, body)
	header := w.Header()
	id, signature, modified := header.Get("X-Accelerate-Request-Id"), header.Get("X-Accelerate-Signature"), header.Get("X-Accelerate-Last-Modified")
	want := `{"data":{"findManyUser":[{"id":1}]},"extensions":{"accelerateInfo":{"cacheStatus":"none","lastModified":"` + modified +
		`","region":"test-1","requestId":"` + id + `","signature":"` + signature + `"}}}` + "\n"
	if diff := cmp.Diff(want, w.Body.String()); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if _, err := uuid.Parse(id); err != nil {
		t.Error(err)
	}
	at, err := time.Parse(time.RFC3339, modified)
	if err != nil {
		t.Error(err)
	}
	wantHeader := http.Header{
		"Content-Type":               {"application/json"},
		"Content-Length":             {strconv.Itoa(len(want))},
		"Cache-Control":              {"no-store"},
		"X-Accelerate-Cache-Status":  {"none"},
		"X-Accelerate-Last-Modified": {modified},
		"X-Accelerate-Region":        {"test-1"},
		"X-Accelerate-Request-Id":    {id},
		"X-Accelerate-Signature":     {signature},
		"Accelerate-Cache-Status":    {"none"},
		"Last-Modified":              {at.Format(http.TimeFormat)},
		"Cf-Ray":                     {strings.ReplaceAll(id, "-", "") + "-test_1"},
		"Accelerate-Signature":       {signature},
	}
	if diff := cmp.Diff(wantHeader, header); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}

	same := post(t, s, `{"query":"{findManyUser(where:{id:1}){id}}"}`).Header()
	if same.Get("X-Accelerate-Signature") != signature || same.Get("X-Accelerate-Request-Id") == id {
		t.Error("the same query in other words: another signature, or the same request id")
	}
	other := post(t, s, `{"query":"{findManyUser(where:{id:2}){id}}"}`).Header().Get("X-Accelerate-Signature")
	if other == signature || len(other) != 64 {
		t.Errorf("another query has the signature %s", other)
	}
}

// A failed query answers in two languages: AccelerateError's and the engine's.
func TestAnswerWithErrors(t *testing.T) {
	t.Parallel()
	s := openOn(t, demoDatabase(t))
	w := post(t, s, `{"query":"mutation { deleteOneUser(where: {id: 99}) { id } }"}`)
	var got struct{ Errors json.RawMessage }
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	const message = `"An operation failed because it depends on one or more records that were required but not found. Record to delete does not exist."`
	const cause = `"cause":"Record to delete does not exist."`
	want := `[{"code":"P6000","message":` + message + `,"meta":{` + cause + `,"prismaCode":"P2025"},"error":` + message +
		`,"user_facing_error":{"is_panic":false,"message":` + message + `,"meta":{` + cause + `},"error_code":"P2025"}}]`
	if diff := cmp.Diff(want, string(got.Errors)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestSign(t *testing.T) {
	t.Parallel()
	asked := []struct{ query, data, errors string }{{"q", "d", ""}, {"r", "d", ""}, {"q", "e", ""}, {"q", "", "f"}, {"q", "", "g"}}
	seen := map[string]bool{}
	for _, secret := range []string{"key", "other secret"} {
		for _, a := range asked {
			s := &Service{secret: []byte(secret)}
			seen[s.sign([]byte(a.query), &result{data: []byte(a.data), errors: []byte(a.errors)}).signature] = true
		}
	}
	if len(seen) != 2*len(asked) {
		t.Errorf("%d signatures of %d answers under 2 secrets", len(seen), len(asked))
	}
	// printf "q\nd" | openssl dgst -sha256 -hmac key
	const want = "34811d25f0244d0c2dbb3df8454e6d8401cb10d18bcb1ccf57ee10b3c33725db"
	if got := (&Service{secret: []byte("key")}).sign([]byte("q"), &result{data: []byte("d")}); got.signature != want {
		t.Errorf("the signature of a known answer is %s", got.signature)
	}
}

func TestAnswerIsBounded(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	postgrestest.Exec(t, postgrestest.Connect(t, databaseURL), `UPDATE "Post" SET content = repeat('x', 3000000)`)
	s := openOn(t, databaseURL)
	w := post(t, s, `{"query":"{ findManyPost { content } }"}`)
	want := `{"code":"P6009","message":"The result is larger than 5 MiB: ask for fewer records with take, or for fewer fields. Nothing was changed.","meta":{},"is_panic":false,"error_code":"P6009"}` + "\n"
	if diff := cmp.Diff(want, w.Body.String()); diff != "" || w.Code != http.StatusInternalServerError {
		t.Errorf("%d (-want +got):\n%s", w.Code, diff)
	}
	if w := post(t, s, `{"query":"{ findManyPost(take: 1) { content } }"}`); w.Code != http.StatusOK || w.Body.Len() < 3000000 {
		t.Errorf("one record: %d, %d bytes", w.Code, w.Body.Len())
	}
	used := strings.Repeat("{title:$v}", 1000)
	w = post(t, s, `{"query":"query ($v: String) { findManyPost(where: {OR: [`+used+`]}) { id } }","variables":{"v":"`+strings.Repeat("x", 10000)+`"}}`)
	if want := "the document with its variables filled in is longer than 8 MiB"; w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) || w.Body.Len() > 2000 {
		t.Errorf("one variable again and again: %d %.2000s", w.Code, w.Body)
	}
	body := bytes.Repeat([]byte(" "), maxBody+1)
	if w := post(t, s, string(body)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a body of %d bytes: %d %s", len(body), w.Code, w.Body)
	}
}
