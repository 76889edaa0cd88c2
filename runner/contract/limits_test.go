package contract_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/contract"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestLimits judges what would take without end: it is said, and no finding.
func TestLimits(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40)
	twice := `{"anyOf":[{"properties":{"a":{"$ref":"#/components/schemas/A"}}},{"properties":{"a":{"$ref":"#/components/schemas/A"}}}],"type":"object"}`
	for _, test := range []struct{ name, schema, components, body, want string }{
		{
			"a schema that doubles its work with each level", `{"$ref":"#/components/schemas/A"}`, `"A":` + twice, deep,
			"the schema takes too much work for this value",
		},
		{
			"the same where no errors are collected", `{"not":{"$ref":"#/components/schemas/A"}}`, `"A":` + twice, deep,
			"the schema takes too much work for this value",
		},
		{"a pattern that goes back and forth", `{"pattern":"^(?=a)(a+)+$"}`, "", `"` + strings.Repeat("a", 60) + `c"`, "took longer than 1s"},
		{"a pattern that Go matches without going back", `{"pattern":"^(a|a)*b$"}`, "", `"` + strings.Repeat("a", 60) + `b"`, ""},
		{"a number that cannot be written out", `{"multipleOf":3}`, "", `[1e-99999999999999999999]`, "to be compared"},
		{"a schema deeper than any", strings.Repeat(`{"items":`, 150) + "{}" + strings.Repeat("}", 150), "", `[]`, "the schema is too large"},
	} {
		op := operation(t, fmt.Sprintf(schemas["3.1"], test.schema, test.components))
		r := contract.New(nil).Response(op, jsonResponse(t, test.body))
		got := show(r)
		if len(r.Findings) > 0 || !strings.Contains(got, test.want) || test.want == "" && got != "" {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// TestPatternsTogether gives the patterns of one exchange a second together: a server
// cannot hold a run up by sending many texts that are slow to match.
func TestPatternsTogether(t *testing.T) {
	t.Parallel()
	slow := `"` + strings.Repeat("a", 21) + `c"`
	events := make([]any, 200)
	for i := range events {
		events[i] = map[string]any{"data": strings.Trim(slow, `"`)}
	}
	list := operation(t, fmt.Sprintf(schemas["3.1"], `{"items":{"pattern":"^(?=a)(a+)+$"}}`, ""))
	stream := operation(t, `openapi: 3.1.0
paths: {/: {get: {responses: {200: {content: {text/event-stream: {schema: {pattern: '^(?=a)(a+)+$'}}}}}}}}
`)
	for name, test := range map[string]struct {
		op *openapi.Operation
		r  contract.Response
	}{
		"a list":   {list, jsonResponse(t, "["+strings.Repeat(slow+",", 200)+`""]`)},
		"a stream": {stream, contract.Response{Status: 200, ContentType: "text/event-stream", Body: events}},
	} {
		started := time.Now()
		r := contract.New(nil).Response(test.op, test.r)
		if took := time.Since(started); took > 10*time.Second {
			t.Errorf("%s took %s", name, took)
		}
		if len(r.Unchecked) != 1 || !strings.Contains(r.Unchecked[0].Message, "took longer than 1s") {
			t.Errorf("%s: got %s", name, show(r))
		}
	}
}

// TestLargeValues tells that a value of many parts does not fit, and no more of it: an
// error for each would take many times the memory of the value. One that is larger yet
// is not compared.
func TestLargeValues(t *testing.T) {
	t.Parallel()
	op := operation(t, fmt.Sprintf(schemas["3.1"], `{"type":"array","items":{"$ref":"#/components/schemas/S"}}`, `"S":{"type":"string"}`))
	for last, want := range map[string]string{
		`""`: "",
		"1":  "2:1 schema: it is not as its schema says, and with 150002 values it is not told where; expected a value that is\n",
	} {
		r := jsonResponse(t, "["+strings.Repeat(`"",`, 150_000)+last+"]")
		if got := show(contract.New(nil).Response(op, r)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	const want = "2:1 warning unchecked-schema: a value was not compared with its schema: it has more than 1000000 values in it\n"
	if got := show(contract.New(nil).Response(op, jsonResponse(t, "["+strings.Repeat("1,", 1_000_000)+"1]"))); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestManySchemas gives up on a schema that refers to more others than any has.
func TestManySchemas(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes minutes under the race detector, to which it has nothing to say")
	}
	t.Parallel()
	var components strings.Builder
	for i := range 11_000 {
		fmt.Fprintf(&components, `"S%d":{"items":{"$ref":"#/components/schemas/S%d"}},`, i, i+1)
	}
	op := operation(t, fmt.Sprintf(schemas["3.1"], `{"$ref":"#/components/schemas/S0"}`, components.String()+`"S11000":{}`))
	got := show(contract.New(nil).Response(op, jsonResponse(t, `[]`)))
	if !strings.Contains(got, "the schema is too large: nothing is checked") {
		t.Errorf("got %s", got)
	}
}

// TestCompileOnce counts: a schema is compiled when it is first needed, once, and
// what it refers to with it, however many goroutines ask.
func TestCompileOnce(t *testing.T) {
	t.Parallel()
	op := operation(t, fmt.Sprintf(schemas["3.1"], `{"$ref":"#/components/schemas/A"}`, `"A":{"type":"string"},"B":{"type":"integer"}`))
	c := contract.New(nil)
	if n := c.Compiled(); n != 0 {
		t.Errorf("%d schemas are compiled before any is needed", n)
	}
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if got := c.Response(op, jsonResponse(t, `1`)); len(got.Findings) != 1 {
				t.Errorf("got %s", show(got))
			}
			if got := c.Response(op, jsonResponse(t, `"a"`)); len(got.Findings) != 0 {
				t.Errorf("got %s", show(got))
			}
		})
	}
	group.Wait()
	if n := c.Compiled(); n != 1 {
		t.Errorf("%d schemas were compiled, want 1", n)
	}
	if found := c.Prepare(op); len(found) > 0 || c.Compiled() != 1 {
		t.Errorf("got %v, %d compiled", found, c.Compiled())
	}
}

// TestOtherFiles follows references into other files, whose dialect is their own.
func TestOtherFiles(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"pet.yml":   "Pet: {type: object, properties: {tag: {$ref: 'tag.json#/definitions/tag'}, own: {$ref: '#/Own'}}}\nOwn: {type: string, nullable: true}\n",
		"tag.json":  `{"$schema":"http://json-schema.org/draft-07/schema#","definitions":{"tag":{"const":"a"}}}`,
		"named.yml": "$schema: https://json-schema.org/draft/2020-12/schema\n$id: https://example.com/named\n$defs: {a: {$anchor: first, type: string}}\n",
	}
	d, found := openapi.Load(&source.File{Name: "api.yml", Text: `openapi: 3.0.0
paths:
  /:
    get:
      responses:
        '200': {content: {application/json: {schema: {type: array, items: {$ref: 'pet.yml#/Pet'}}}}}
        '201': {content: {application/json: {schema: {$ref: 'named.yml#/$defs/a'}}}}
        '202': {content: {application/json: {schema: {$ref: 'missing.yml'}}}}
`}, func(_, reference string) (*source.File, error) {
		if files[reference] == "" {
			return nil, fmt.Errorf("%s is not there", reference)
		}
		return &source.File{Name: reference, Text: files[reference]}, nil
	})
	if d == nil {
		t.Fatal(found)
	}
	op, _ := d.OperationAt("/paths/~1/get")
	var b strings.Builder
	for _, test := range []struct {
		status int
		body   string
	}{
		{200, `[{"tag":"a","own":null}]`}, {200, `[{"tag":"b","own":1}]`}, {201, `1`}, {202, `1`},
	} {
		r := jsonResponse(t, test.body)
		r.Status = test.status
		writeCase(&b, test.body, contract.New(nil).Response(op, r))
	}
	const want = `[{"tag":"a","own":null}]
[{"tag":"b","own":1}]
    pet.yml:2:13 schema: the value is of type number @/0/own found 1; expected null or string
    tag.json:1:84 schema: the value is another one @/0/tag found b; expected "a"
1
    named.yml:3:35 schema: the value is of type number found 1; expected string
1
    8:61 warning unchecked-schema: the reference "missing.yml" leads to a file that cannot be read: missing.yml is not there: this is not checked, and all around it is
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s", got)
	}
}

// FuzzSchemas translates and judges by any schema, in each version.
func FuzzSchemas(f *testing.F) {
	for _, test := range schemaCases {
		f.Add(test.schema, test.components, test.body)
	}
	f.Fuzz(func(t *testing.T, schema, components, text string) {
		value, err := source.DecodeJSON(text)
		if err != nil || !json.Valid([]byte(schema)) || len(schema)+len(components)+len(text) > 5000 {
			return
		}
		for version, description := range schemas {
			d, _ := openapi.Load(&source.File{Name: "api.yml", Text: fmt.Sprintf(description, schema, components)}, nil)
			if d == nil {
				return
			}
			op, _ := d.OperationAt("/paths/~1/get")
			if op == nil {
				return
			}
			started := time.Now()
			c := contract.New(nil)
			_ = c.Prepare(op) // what cannot be checked is no matter here
			c.Response(op, contract.Response{Status: 200, ContentType: "application/json", Body: value})
			if took := time.Since(started); took > 20*time.Second {
				t.Errorf("%s took %s", version, took)
			}
		}
	})
}

// BenchmarkResponse judges an object of 50 members.
func BenchmarkResponse(b *testing.B) {
	var properties, body []string
	for i := range 50 {
		properties = append(properties, fmt.Sprintf(`"f%d":{"type":"string","maxLength":20}`, i))
		body = append(body, fmt.Sprintf(`"f%d":"value %d"`, i, i))
	}
	op := operation(b, fmt.Sprintf(schemas["3.1"], `{"type":"object","properties":{`+strings.Join(properties, ",")+`}}`, ""))
	r := jsonResponse(b, "{"+strings.Join(body, ",")+"}")
	c := contract.New(nil)
	b.ReportAllocs()
	for b.Loop() {
		if got := c.Response(op, r); len(got.Findings) > 0 {
			b.Fatal(show(got))
		}
	}
}

// BenchmarkFirst makes a checker, and judges a first response: what a run pays once.
func BenchmarkFirst(b *testing.B) {
	op := operation(b, fmt.Sprintf(schemas["3.1"], `{"type":"object","required":["id"],"properties":{"id":{"type":"integer"}}}`, ""))
	r := jsonResponse(b, `{"id":1}`)
	for b.Loop() {
		contract.New(nil).Response(op, r)
	}
}
