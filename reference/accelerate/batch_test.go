package accelerate

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// batchBody is a batch of queries with more members beside them.
func batchBody(members string, queries ...string) string {
	texts := make([]string, len(queries))
	for i, query := range queries {
		text, _ := json.Marshal(query)
		texts[i] = `{"query":` + string(text) + `,"variables":{}}`
	}
	return `{"batch":[` + strings.Join(texts, ",") + `]` + members + `}`
}

// sendBatch sends a batch and gives, a line each, what its queries came to, or the
// errors of all; of an error its code, message and place.
func sendBatch(t *testing.T, s *Service, body string) string {
	t.Helper()
	w := post(t, s, body)
	type failed struct {
		Code            string
		UserFacingError struct {
			Message   string
			ErrorCode string `json:"error_code"`
			Index     *int   `json:"batch_request_idx"`
		} `json:"user_facing_error"`
	}
	type outcome struct {
		Data   json.RawMessage
		Errors []failed
	}
	var got struct {
		outcome
		BatchResult []outcome
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		return fmt.Sprintf("%d %s", w.Code, strings.TrimSpace(w.Body.String()))
	}
	if status := w.Header().Get("X-Accelerate-Cache-Status"); status != "none" {
		t.Errorf("a batch has the cache status %s", status)
	}
	text := func(o outcome) string {
		if o.Errors == nil {
			return string(o.Data)
		}
		facing := o.Errors[0].UserFacingError
		line := fmt.Sprintf("%s %s %s", o.Errors[0].Code, facing.ErrorCode, facing.Message)
		if facing.Index != nil {
			line += fmt.Sprintf(" [%d]", *facing.Index)
		}
		return line
	}
	if got.BatchResult == nil {
		return text(got.outcome)
	}
	var lines []string
	for _, o := range got.BatchResult {
		lines = append(lines, text(o))
	}
	return strings.Join(lines, "\n")
}

// One story of batches: each query by itself, or all of them or none.
func TestBatches(t *testing.T) {
	t.Parallel()
	s := openOn(t, demoDatabase(t))
	const users = `{ findManyUser(orderBy: {id: asc}) { name } }`
	for _, step := range []struct{ name, body, want string }{
		{"nothing", `{"batch":[]}`, ""},
		{"nothing, in a transaction", `{"batch":[],"transaction":true}`, ""},
		{"reads", batchBody(`,"transaction":false`, `{ findManyUser(where: {id: 1}) { id } }`, `{ findManyUser(where: {id: 99}) { id } }`), `{"findManyUser":[{"id":1}]}` + "\n" + `{"findManyUser":[]}`},
		{
			"each by itself, in order, what fails beside what does not", batchBody(``,
				`mutation { updateOneUser(where: {id: 1} data: {name: "A"}) { name } }`, `mutation { updateOneUser(where: {id: 1} data: {email: "grace@example.com"}) { id } }`, `{ findManyUser(where: {id: 1}) { name email } }`,
				`{ findManyNobody { id } }`, `{`, `mutation { queryRaw(query: "SELECT 1/0") }`, `mutation { executeRaw(query: "UPDATE \"User\" SET name = 'B' WHERE id = 2") }`, users),
			`{"updateOneUser":{"name":"A"}}
P6000 P2002 *
{"findManyUser":[{"name":"A","email":"ada@example.com"}]}
P6000 P2009 *
P6000 P2009 *
P6000 P2010 *
{"executeRaw":1}
{"findManyUser":[{"name":"A"},{"name":"B"},{"name":null}]}`,
		},
		{
			"all in a transaction", batchBody(`,"transaction":true`, `mutation { updateOneUser(where: {id: 1} data: {name: "C"}) { name } }`, `mutation { executeRaw(query: "UPDATE \"User\" SET name = name || 'c'") }`, users),
			`{"updateOneUser":{"name":"C"}}
{"executeRaw":3}
{"findManyUser":[{"name":"Cc"},{"name":"Bc"},{"name":null}]}`,
		},
		{"or none, for what the database refuses", batchBody(`,"transaction":true`, `mutation { executeRaw(query: "DELETE FROM \"Profile\"") }`, `mutation { updateOneUser(where: {id: 1} data: {email: "grace@example.com"}) { id } }`, users), "P6000 P2002 * [1]"},
		{"or none, for what is not there", batchBody(`,"transaction":true`, `mutation { updateOneUser(where: {id: 1} data: {name: "D"}) { name } }`, `mutation { deleteOneUser(where: {id: 99}) { id } }`), "P6000 P2025 * [1]"},
		{"or none, for SQL that is none", batchBody(`,"transaction":true`, `mutation { executeRaw(query: "DELETE FROM \"Profile\"") }`, `mutation { queryRaw(query: "SELEC") }`), "P6000 P2010 * [1]"},
		{"or none, for what is not understood", batchBody(`,"transaction":true`, `mutation { executeRaw(query: "DELETE FROM \"Profile\"") }`, users, `{ findManyNobody { id } }`), "P6000 P2009 * [2]"},
		{"or none, for what would end the transaction", batchBody(`,"transaction":true`, `mutation { executeRaw(query: "DELETE FROM \"Profile\"") }`, `mutation { executeRaw(query: "COMMIT AND CHAIN") }`, `{`), "P6000 P2009 * [2]"},
		{"nor does a procedure", batchBody(`,"transaction":true`, `mutation { executeRaw(query: "DELETE FROM \"Profile\"") }`, `mutation { executeRaw(query: "DO $$ BEGIN COMMIT; END $$") }`), "P6000 P2010 * [1]"},
		{"nothing of it happened", batchBody(``, users, `mutation { queryRaw(query: "SELECT count(*)::int FROM \"Profile\"") }`), `{"findManyUser":[{"name":"Cc"},{"name":"Bc"},{"name":null}]}
{"queryRaw":[{"count":{"prisma__type":"int","prisma__value":1}}]}`},
		{"a strategy", batchBody(`,"extensions":{"cacheStrategy":{"ttl":60}}`, `{ findManyUser(where: {id: 1}) { id } }`), `{"findManyUser":[{"id":1}]}`},
		{"variables", `{"batch":[{"query":"query ($id: Int) { findManyUser(where: {id: $id}) { id } }","variables":{"id":2}}],"transaction":true,"isolationLevel":null}`, `{"findManyUser":[{"id":2}]}`},
		{"ReadUncommitted", batchBody(`,"transaction":true,"isolationLevel":"ReadUncommitted"`, `mutation { queryRaw(query: "SHOW transaction_isolation") }`), `{"queryRaw":[{"transaction_isolation":{"prisma__type":"string","prisma__value":"read uncommitted"}}]}`},
		{"ReadCommitted", batchBody(`,"transaction":true,"isolationLevel":"ReadCommitted"`, `mutation { queryRaw(query: "SHOW transaction_isolation") }`), `{"queryRaw":[{"transaction_isolation":{"prisma__type":"string","prisma__value":"read committed"}}]}`},
		{"RepeatableRead", batchBody(`,"transaction":true,"isolationLevel":"RepeatableRead"`, `mutation { queryRaw(query: "SHOW transaction_isolation") }`), `{"queryRaw":[{"transaction_isolation":{"prisma__type":"string","prisma__value":"repeatable read"}}]}`},
		{"Serializable", batchBody(`,"transaction":true,"isolationLevel":"Serializable"`, `mutation { queryRaw(query: "SHOW transaction_isolation") }`), `{"queryRaw":[{"transaction_isolation":{"prisma__type":"string","prisma__value":"serializable"}}]}`},
	} {
		t.Run(step.name, func(t *testing.T) {
			got := sendBatch(t, s, step.body)
			if !matches(got, step.want) {
				t.Errorf("got\n%s\nwant\n%s", got, step.want)
			}
		})
	}
}

// matches compares line by line; a star stands for a message.
func matches(got, want string) bool {
	lines, wanted := strings.Split(got, "\n"), strings.Split(want, "\n")
	if len(lines) != len(wanted) {
		return false
	}
	for i, line := range wanted {
		before, after, isPattern := strings.Cut(line, "*")
		if !isPattern && lines[i] != line || !strings.HasPrefix(lines[i], before) || isPattern && !strings.HasSuffix(lines[i], after) {
			return false
		}
	}
	return true
}

// The whole answer, as Prisma Client reads it, and as of a failed transaction.
func TestBatchAnswer(t *testing.T) {
	t.Parallel()
	s := openOn(t, demoDatabase(t))
	for _, test := range []struct{ body, want string }{
		{
			batchBody(``, `{ findManyUser(where: {id: 1}) { id } }`, `mutation { deleteOneUser(where: {id: 99}) { id } }`),
			`{"batchResult":[{"data":{"findManyUser":[{"id":1}]}},{"errors":[{"code":"P6000","message":"MESSAGE","meta":{"cause":"Record to delete does not exist.","prismaCode":"P2025"},"error":"MESSAGE",` +
				`"user_facing_error":{"is_panic":false,"message":"MESSAGE","meta":{"cause":"Record to delete does not exist."},"error_code":"P2025"}}]}],"extensions":`,
		},
		{
			batchBody(`,"transaction":true`, `{ findManyUser(where: {id: 1}) { id } }`, `mutation { deleteOneUser(where: {id: 99}) { id } }`),
			`{"errors":[{"code":"P6000","message":"MESSAGE","meta":{"cause":"Record to delete does not exist.","prismaCode":"P2025"},"error":"MESSAGE",` +
				`"user_facing_error":{"is_panic":false,"message":"MESSAGE","meta":{"cause":"Record to delete does not exist."},"error_code":"P2025","batch_request_idx":1}}],"extensions":`,
		},
	} {
		got, _, _ := strings.Cut(post(t, s, test.body).Body.String(), `{"accelerateInfo":`)
		const message = "An operation failed because it depends on one or more records that were required but not found. Record to delete does not exist."
		if diff := cmp.Diff(strings.ReplaceAll(test.want, "MESSAGE", message), got); diff != "" {
			t.Errorf("body (-want +got):\n%s", diff)
		}
	}
}

func TestReadBatchRefuses(t *testing.T) {
	t.Parallel()
	const known = "expected an isolation level of Postgres (ReadUncommitted, ReadCommitted, RepeatableRead, Serializable), found "
	for _, test := range []struct{ name, body, want string }{
		{"null", `{"batch":null}`, `/batch: expected a list of queries, found null.`},
		{"an object", `{"batch":{}}`, `/batch: expected a list of queries, found an object.`},
		{"text", `{"batch":["{ a }"]}`, `/batch/0: expected an object with query and variables: expected a JSON object, found a string.`},
		{"a query beside it", `{"batch":[],"query":"{ a }"}`, `/query: expected no query beside a batch.`},
		{"no query in it", `{"batch":[{"query":"{ a }"},{"variables":{}}]}`, `/batch/1/query is missing: expected a string with a GraphQL document.`},
		{"a number for a query", `{"batch":[{"query":1}]}`, `/batch/0/query: expected a string with a GraphQL document, found a number.`},
		{"a list of variables", `{"batch":[{"query":"","variables":[]}]}`, `/batch/0/variables: expected an object, found an array.`},
		{
			"Prisma's other protocol", `{"batch":[{"modelName":"User","action":"findMany","query":{"selection":{"$scalars":true}}}]}`,
			`/batch/0/query: expected a string with a GraphQL document, as Prisma 4 sends it; found an object, as Prisma 5 and later send it.`,
		},
		{
			"Prisma's other protocol, and no batch", `{"modelName":"User","action":"findMany","query":{"selection":{"$scalars":true}}}`,
			`/query: expected a string with a GraphQL document, as Prisma 4 sends it; found an object, as Prisma 5 and later send it.`,
		},
		{"too many", `{"batch":[` + strings.Repeat(`{"query":""},`, 1000) + `{"query":""}]}`, `/batch: expected at most 1000 queries, found 1001: send several batches.`},
		{"an object for a transaction", `{"batch":[],"transaction":{"isolationLevel":"Serializable"}}`, `/transaction: expected true or false, found an object.`},
		{"a level that Postgres has not", `{"batch":[],"transaction":true,"isolationLevel":"Snapshot"}`, `/isolationLevel: ` + known + `"Snapshot".`},
		{"a level in Postgres' words", `{"batch":[],"transaction":true,"isolationLevel":"serializable; DROP TABLE a"}`, `/isolationLevel: ` + known + `"serializable; DROP TABLE a".`},
		{"a number for a level", `{"batch":[],"transaction":true,"isolationLevel":1}`, `/isolationLevel: expected a string, found a number.`},
		{"a level of no transaction", `{"batch":[],"isolationLevel":"Serializable"}`, `/isolationLevel: there is no transaction that it is the level of: expected "transaction": true beside it.`},
		{"a strategy that is none", `{"batch":[],"extensions":{"cacheStrategy":{"ttl":0}}}`, `/extensions/cacheStrategy/ttl: expected a whole number of seconds, 1 or more, found 0.`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := readEnvelope([]byte(test.body))
			var got *fault
			if !errors.As(err, &got) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(&fault{400, "P6005", test.want}, got, cmp.AllowUnexported(fault{})); diff != "" {
				t.Errorf("fault (-want +got):\n%s", diff)
			}
		})
	}
}

// A transaction that meets what another did since it began is told to be repeated, and
// none of it happened.
func TestBatchConflict(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	s := openOn(t, databaseURL)
	writer, err := postgrestest.Connect(t, databaseURL).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := writer.Exec(t.Context(), `UPDATE "User" SET name = 'other' WHERE id = 1`); err != nil {
		t.Fatal(err)
	}
	answered := make(chan string)
	go func() {
		answered <- sendBatch(t, s, batchBody(`,"transaction":true,"isolationLevel":"RepeatableRead"`,
			`mutation { updateOneUser(where: {id: 2} data: {name: "ours"}) { name } }`, `mutation { updateOneUser(where: {id: 1} data: {name: "ours"}) { name } }`))
	}()
	postgrestest.AwaitBlocked(t, postgrestest.Connect(t, databaseURL))
	if err := writer.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := <-answered, "P6000 P2034 * [1]"; !matches(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := ask(t, s, `{ findManyUser(where: {id: {in: [1 2]}} orderBy: {id: asc}) { name } }`), `{"findManyUser":[{"name":"other"},{"name":"Grace"}]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// What a batch answers is limited like one answer: of what stands by itself those that
// still fit are answered, a transaction is not.
func TestBatchIsBounded(t *testing.T) {
	t.Parallel()
	s := openWith(t, demoDatabase(t), Options{Limits: engine.Limits{ResponseBytes: 200}})
	const big, small = `mutation { queryRaw(query: "UPDATE \"User\" SET name = repeat('x', 100) WHERE id = 1 RETURNING name") }`, `{ findManyUser(where: {id: 1}) { name } }`
	got := sendBatch(t, s, batchBody(``, small, big, big, small))
	const fault = "The result is larger than 200 bytes: ask for fewer records with take, or for fewer fields. Nothing was changed."
	if want := `{"findManyUser":[{"name":"Ada"}]}` + "\n" + `{"queryRaw":[{"name":{"prisma__type":"string","prisma__value":"` + strings.Repeat("x", 100) + `"}}]}` +
		"\nP6009 P6009 " + fault + "\nP6009 P6009 " + fault; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	got = sendBatch(t, s, batchBody(`,"transaction":true`, `mutation { executeRaw(query: "DELETE FROM \"Profile\"") }`, big, big))
	if want := `500 {"code":"P6009","message":"` + fault + `","meta":{},"is_panic":false,"error_code":"P6009"}`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := ask(t, s, `{ findManyProfile { id } }`), `{"findManyProfile":[{"id":1}]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// What variables make of all queries of a batch together is limited like what they make
// of one, and nothing happens of a batch that is beyond it.
func TestBatchOfLargeVariables(t *testing.T) {
	t.Parallel()
	s := openOn(t, demoDatabase(t))
	large := `{"query":"query ($v: String) { findManyPost(where: {OR: [` + strings.Repeat("{title:$v}", 30) + `]}) { id } }","variables":{"v":"` + strings.Repeat("x", 10000) + `"}}`
	body := `{"batch":[{"query":"mutation { deleteManyPost { count } }","variables":{}},` + strings.Repeat(large+",", 29) + large + `]}`
	got := sendBatch(t, s, body)
	const said = "/batch: its queries with their variables filled in are longer than 8 MiB: use large variables once, or send several batches."
	if want := `400 {"code":"P6005","message":"` + said + `","meta":{},"is_panic":false,"error_code":"P6005"}`; got != want {
		t.Errorf("got\n%.2000s\nwant\n%s", got, want)
	}
	if got := ask(t, s, `{ aggregatePost { _count { _all } } }`); got == `{"aggregatePost":{"_count":{"_all":0}}}` {
		t.Error("the first query of it happened")
	}
}
