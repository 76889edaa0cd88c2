package sqlsource_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/conformance/bundled"
	"github.com/arazzo-conformance/arazzo/conformance/internal/asktest"
	"github.com/arazzo-conformance/arazzo/conformance/sqlsource"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

const key = "a key"

func start(t *testing.T) *sqlsource.Source {
	t.Helper()
	s, err := sqlsource.Start(t.Context(), postgrestest.Database(t), key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// cameTo is what an answer comes to, as far as two implementations have to agree: the
// data, and of an error the code by which Prisma's clients know it.
func cameTo(t *testing.T, answer string) string {
	t.Helper()
	type part struct {
		Data   any `json:"data,omitempty"`
		Errors []struct {
			Facing struct {
				Code  string `json:"error_code"`
				Place *int   `json:"batch_request_idx,omitempty"`
			} `json:"user_facing_error"`
		} `json:"errors,omitempty"`
	}
	var whole struct {
		part
		Batch []part `json:"batchResult,omitempty"`
	}
	if err := json.Unmarshal([]byte(answer[4:]), &whole); err != nil {
		t.Fatalf("%v in %s", err, answer)
	}
	text, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	return answer[:4] + string(text)
}

// TestQueries asks the source, and beside it the reference, for what cases ask for: both
// answer what is expected, each on a database of its own.
func TestQueries(t *testing.T) {
	t.Parallel()
	s := start(t)
	r, err := bundled.Start(t.Context(), bundled.Options{})
	postgrestest.Skip(t, err)
	t.Cleanup(func() { _ = r.Stop(context.Background()) })
	for _, test := range queries {
		body := test.body
		if body == "" {
			variables := test.variables
			if variables == "" {
				variables = "{}"
			}
			body = fmt.Sprintf(`{"query":%q,"variables":%s}`, test.query, variables)
		}
		if got := cameTo(t, asktest.Ask(t, http.MethodPost, s.URL+"/1/x/graphql", key, body)); got != test.want {
			t.Errorf("%s\ngives  %s\nwant   %s", body, got, test.want)
		}
		if got := cameTo(t, asktest.Ask(t, http.MethodPost, r.Target().AccelerateURL+"/1/x/graphql", r.Target().APIKey, body)); got != test.want {
			t.Errorf("%s\nof the reference gives  %s\nwant   %s", body, got, test.want)
		}
	}
}

// queries are asked in this order.
var queries = []struct{ query, variables, body, want string }{
	{
		query:     "mutation ($data: AccountCreateInput!) { createOneAccount(data: $data) { id email name score active } }",
		variables: `{"data":{"email":"a"}}`,
		want:      `200 {"data":{"createOneAccount":{"active":true,"email":"a","id":1,"name":null,"score":0}}}`,
	},
	{
		query: "mutation ($data: AccountCreateInput!) { createOneAccount(data: $data) { id } }", variables: `{"data":{"email":"a"}}`,
		want: `200 {"errors":[{"user_facing_error":{"error_code":"P2002"}}]}`,
	},
	{
		query:     "mutation ($data: [AccountCreateManyInput!]!) { createManyAccount(data: $data) { count } }",
		variables: `{"data":[{"email":"b","score":2},{"email":"c","name":"'; DROP TABLE x"},{"email":"d_","active":false}]}`,
		want:      `200 {"data":{"createManyAccount":{"count":3}}}`,
	},
	{
		query: "mutation { createManyAccount(data: []) { count } }",
		want:  `200 {"data":{"createManyAccount":{"count":0}}}`,
	},
	{
		query:     "query ($mail: String!) { findManyAccount(where: {email: {startsWith: $mail}}, orderBy: {id: asc}, take: 5) { email active } }",
		variables: `{"mail":"d"}`,
		want:      `200 {"data":{"findManyAccount":[{"active":false,"email":"d_"}]}}`,
	},
	{
		query:     "query ($in: [String!]) { findManyAccount(where: {email: {in: $in}, score: 0}, orderBy: {id: asc}, take: 1) { email name } }",
		variables: `{"in":["b","c","d_"]}`,
		want:      `200 {"data":{"findManyAccount":[{"email":"c","name":"'; DROP TABLE x"}]}}`,
	},
	{
		query: `mutation { updateOneAccount(where: {email: "b"}, data: {name: {set: "Bob"}, score: 5}) { id name score } }`,
		want:  `200 {"data":{"updateOneAccount":{"id":3,"name":"Bob","score":5}}}`,
	},
	{
		query: `mutation { updateOneAccount(where: {id: 99}, data: {name: "x"}) { id } }`,
		want:  `200 {"errors":[{"user_facing_error":{"error_code":"P2025"}}]}`,
	},
	{
		query: `mutation { updateManyAccount(where: {name: {equals: null}}, data: {score: {set: 7}}) { count } }`,
		want:  `200 {"data":{"updateManyAccount":{"count":2}}}`,
	},
	{
		query: `{ findUniqueAccount(where: {id: 3}) { email } }`,
		want:  `200 {"data":{"findUniqueAccount":{"email":"b"}}}`,
	},
	{
		query: `{ findUniqueAccount(where: {email: "nobody"}) { email } }`,
		want:  `200 {"data":{"findUniqueAccount":null}}`,
	},
	{
		query: `mutation { deleteOneAccount(where: {email: "b"}) { name } }`,
		want:  `200 {"data":{"deleteOneAccount":{"name":"Bob"}}}`,
	},
	{
		query: `mutation { deleteOneAccount(where: {email: "b"}) { name } }`,
		want:  `200 {"errors":[{"user_facing_error":{"error_code":"P2025"}}]}`,
	},
	{
		query: `mutation { deleteManyAccount(where: {email: {in: ["c", "nobody"]}}) { count } }`,
		want:  `200 {"data":{"deleteManyAccount":{"count":1}}}`,
	},
	{
		query:     "mutation ($data: SampleCreateInput!) { createOneSample(data: $data) { id int big float decimal boolean dateTime bytes json mood tags long } }",
		variables: `{"data":{"label":"all","int":-2147483648,"big":"9007199254740993","float":0.1,"decimal":"12.50","boolean":false,"dateTime":"2024-02-29T23:59:59.999+01:00","bytes":"AP/+","json":"{\"a\": [1, null]}","mood":"HAPPY","tags":["x","y\"z"],"long":"` + strings.Repeat("l", 100) + `"}}`,
		want: `200 {"data":{"createOneSample":{"big":"9007199254740993","boolean":false,"bytes":"AP/+","dateTime":"2024-02-29T22:59:59.999Z","decimal":"12.5",` +
			`"float":0.1,"id":1,"int":-2147483648,"json":"{\"a\":[1,null]}","long":"` + strings.Repeat("l", 100) + `","mood":"HAPPY","tags":["x","y\"z"]}}}`,
	},
	{
		query: `mutation { createOneSample(data: {label: "none"}) { int big float decimal boolean dateTime bytes json mood tags long } }`,
		want: `200 {"data":{"createOneSample":{"big":null,"boolean":null,"bytes":null,"dateTime":null,"decimal":null,"float":null,"int":null,` +
			`"json":null,"long":null,"mood":null,"tags":[]}}}`,
	},
	{
		query: `mutation { updateOneSample(where: {label: "none"}, data: {tags: {set: ["t"]}, mood: SAD, decimal: 100, big: 5}) { tags mood decimal big } }`,
		want:  `200 {"data":{"updateOneSample":{"big":"5","decimal":"100","mood":"SAD","tags":["t"]}}}`,
	},
	{
		query: `mutation { createOnePair(data: {a: 1, b: "x"}) { a b note } }`,
		want:  `200 {"data":{"createOnePair":{"a":1,"b":"x","note":null}}}`,
	},
	{
		query: `mutation { updateOnePair(where: {a_b: {a: 1, b: "x"}}, data: {b: "y", note: "n"}) { b note } }`,
		want:  `200 {"data":{"updateOnePair":{"b":"y","note":"n"}}}`,
	},
	{
		query: `mutation { createOneRenamed(data: {fullName: "f", rank: LAST}) { id fullName rank } }`,
		want:  `200 {"data":{"createOneRenamed":{"fullName":"f","id":1,"rank":"LAST"}}}`,
	},
	{
		query: `mutation { executeRaw(query: "UPDATE \"Pair\" SET note = $1 WHERE a = $2", parameters: "[\"raw\", 1]") }`,
		want:  `200 {"data":{"executeRaw":1}}`,
	},
	{
		body: `{"batch":[{"query":"mutation { createOneTicket(data: {code: \"t1\"}) { code } }"},{"query":"{ findManyTicket { code } }"}],"transaction":true}`,
		want: `200 {"batchResult":[{"data":{"createOneTicket":{"code":"t1"}}},{"data":{"findManyTicket":[{"code":"t1"}]}}]}`,
	},
	{
		body: `{"batch":[{"query":"mutation { createOneTicket(data: {code: \"t2\"}) { code } }"},{"query":"mutation { createOneTicket(data: {code: \"t1\"}) { code } }"}],"transaction":true}`,
		want: `200 {"errors":[{"user_facing_error":{"error_code":"P2002","batch_request_idx":1}}]}`,
	},
	{
		body: `{"batch":[{"query":"mutation { createOneTicket(data: {code: \"t1\"}) { code } }"},{"query":"mutation { createOneTicket(data: {code: \"t3\"}) { code } }"}]}`,
		want: `200 {"batchResult":[{"errors":[{"user_facing_error":{"error_code":"P2002"}}]},{"data":{"createOneTicket":{"code":"t3"}}}]}`,
	},
	{
		query: `{ findManyTicket(orderBy: {id: asc}) { code } }`,
		want:  `200 {"data":{"findManyTicket":[{"code":"t1"},{"code":"t3"}]}}`,
	},
}

// What the source does not have it refuses by name; who is nobody it refuses too.
func TestRefuses(t *testing.T) {
	t.Parallel()
	s := start(t)
	for body, want := range map[string]string{
		`{`: "400 The body is no query", `{"batch":[]}`: "400 The body is no query",
		q(`{`): "200 the query is not GraphQL: ",
		q(`{ findManyAccount { id } findManyEntry { id } }`):                   "200 a query is one operation with one root field here",
		q(`{ ...a } fragment a on Query { x }`):                                "200 a query is one operation",
		q(`{ ... { findManyAccount { id } } }`):                                "200 there are no fragments here",
		q(`{ findManyUser { id } }`):                                           "200 the source of rows for Pulse alone has no findManyUser",
		q(`mutation { upsertOneAccount { id } }`):                              "200 the source of rows for Pulse alone has no upsertOneAccount",
		q(`mutation { findManyAccount { id } }`):                               "200 findManyAccount does not belong to a mutation",
		q(`{ findManyAccount(skip: 1) { id } }`):                               "200 findManyAccount takes no skip here",
		q(`{ findManyAccount { Entry { id } } }`):                              "200 only scalars are selected here",
		q(`{ findManyAccount { nothing } }`):                                   `200 Account has no scalar "nothing" here`,
		q(`{ findManyAccount { id: email } }`):                                 "200 only scalars are selected here",
		q(`{ findManyAccount(where: {OR: []}) { id } }`):                       `200 Account has no scalar "OR" here`,
		q(`{ findManyAccount(where: {id: {lt: 1}}) { id } }`):                  "200 id takes no lt of 1 here",
		q(`{ findManyAccount(where: {id: {startsWith: "1"}}) { id } }`):        "200 id takes no startsWith of 1 here",
		q(`{ findManyAccount(where: 1) { id } }`):                              "200 where is no object",
		q(`{ findManyAccount(orderBy: [{id: asc}]) { id } }`):                  "200 orderBy is one field here",
		q(`{ findManyAccount(orderBy: {id: up}) { id } }`):                     "200 there is no order by id up here",
		q(`{ findManyAccount(take: -1) { id } }`):                              "200 take is -1: expected a whole number",
		q(`{ findUniqueAccount { id } }`):                                      "200 findUnique needs a where",
		q(`mutation { deleteOneAccount(where: {}) { id } }`):                   "200 deleteOne needs a where",
		q(`mutation { createOneAccount(data: 1) { id } }`):                     "200 data is no object",
		q(`mutation { createOneAccount(data: {email: [1]}) { id } }`):          "200 email takes no value like [1] here",
		q(`mutation { createOneAccount(data: {nothing: 1}) { id } }`):          `200 Account has no scalar "nothing" here`,
		q(`mutation { createOneSample(data: {label: "a", tags: [1]}) {id} }`):  "200 a list of texts takes no 1",
		q(`mutation { createOneAccount(data: {email: "a", score: "x"}) {id}}`): "200 ERROR: invalid input syntax for type integer",
		q(`mutation { executeRaw }`):                                           "200 executeRaw has no query",
		q(`mutation { executeRaw(query: "SELECT 1", parameters: "{}") }`):      "200 parameters is no JSON list",
		q(`mutation { executeRaw(query: "SELECT $1", parameters: "[{}]") }`):   "200 executeRaw binds no map[] here",
	} {
		got := asktest.Ask(t, http.MethodPost, s.URL+"/1/x/graphql", key, body)
		status, message, _ := strings.Cut(want, " ")
		if !strings.HasPrefix(got, status+" ") || !strings.Contains(got, jsonText(message)) {
			t.Errorf("%s\ngives %s\nwant  %s", body, got, want)
		}
	}
	for path, want := range map[string]string{"/1/x/graphql": `401 {"code":"P6002"`, "/invalidate": `401 {"code":"P6002"`} {
		if got := asktest.Ask(t, http.MethodPost, s.URL+path, "another", "{}"); !strings.HasPrefix(got, want) {
			t.Errorf("%s without the key: %s", path, got)
		}
	}
	if got := asktest.Ask(t, http.MethodPost, s.URL+"/invalidate", key, "{}"); !strings.HasPrefix(got, `404 {"code":"P6005"`) {
		t.Errorf("another path: %s", got)
	}
}

func q(text string) string { return fmt.Sprintf(`{"query":%q}`, text) }

// jsonText is a text as it stands within a JSON string.
func jsonText(text string) string {
	quoted, _ := json.Marshal(text)
	return strings.Trim(string(quoted), `"`)
}

// A database that cannot be used is told, without its password.
func TestStartRefuses(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"postgres://me:secret@[":                    "the database URL cannot be read: write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE",
		"postgres://me:secret@127.0.0.1:1/x":        "making the tables of the fixture: failed to connect to",
		postgrestest.Database(t) + "&unheard_of=me": "unrecognized configuration parameter",
	} {
		_, err := sqlsource.Start(t.Context(), url, key)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %s", url, err, want)
		}
	}
}

// The source knows the models as fixture.prisma has them, and their tables.
func TestModels(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(sqlsource.OfSchema(), sqlsource.OfTable()); diff != "" {
		t.Errorf("the models of fixture.prisma and those of the table (-schema +table):\n%s", diff)
	}
}
