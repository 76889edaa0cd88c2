package queryschema

import (
	"bufio"
	"encoding/json"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
)

// What a real Prisma Client 4 sent is understood, all of it.
func TestCapturedQueriesFit(t *testing.T) {
	t.Parallel()
	_, thing, ok := strings.Cut(capture(t, "t.prisma"), "enum Role")
	if !ok {
		t.Fatal("t.prisma has no enum Role")
	}
	schema := prismatest.Schema(t, capture(t, "schema.prisma")+"\nenum Role"+thing)
	checkedQueries := 0
	for _, name := range []string{"v4.jsonl", "v4-no-extension.jsonl", "v4-edge-cases.jsonl"} {
		lines := bufio.NewScanner(strings.NewReader(capture(t, "captures/"+name)))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			for _, query := range queriesOf(t, lines.Bytes()) {
				if _, err := checked(schema, query, nil); err != nil {
					t.Errorf("%s: %s\n%s", name, query, err)
				}
				checkedQueries++
			}
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
	if checkedQueries < 40 {
		t.Errorf("the captures have %d queries, expected 40 or more", checkedQueries)
	}
}

// queriesOf are the queries of a captured request, none of one that has no JSON.
func queriesOf(t *testing.T, line []byte) []string {
	t.Helper()
	var request struct{ Body string }
	if err := json.Unmarshal(line, &request); err != nil {
		t.Fatal(err)
	}
	type one struct{ Query string }
	var body struct {
		one
		Batch []one
	}
	if json.Unmarshal([]byte(request.Body), &body) != nil {
		return nil
	}
	var queries []string
	for _, q := range append(body.Batch, body.one) {
		if q.Query != "" {
			queries = append(queries, q.Query)
		}
	}
	return queries
}
