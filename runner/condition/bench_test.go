package condition_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/condition"
	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// constant is a scope that costs nothing.
type constant struct{ status, body, inputs any }

func (c *constant) Object(e *expression.Expression) (any, bool) {
	switch e.Root {
	case expression.StatusCode:
		return c.status, true
	case expression.Response:
		return c.body, true
	default:
		return c.inputs, true
	}
}

func measured(b *testing.B) *constant {
	return &constant{
		status: json.Number("200"),
		body:   decode(b, `{"items": [{"id": 7, "status": "done"}, {"id": 8, "status": "open"}]}`),
		inputs: map[string]any{"id": json.Number("7")},
	}
}

// measure evaluates a condition that holds.
func measure(b *testing.B, parse func(string) (*condition.Condition, error), text string, context func(*constant) any) {
	b.Helper()
	c, err := parse(text)
	if err != nil {
		b.Fatal(err)
	}
	s := measured(b)
	var given any
	if context != nil {
		given = context(s)
	}
	b.ReportAllocs()
	for b.Loop() {
		if v := c.Evaluate(s, given); !v.Passed {
			b.Fatal(v.Err)
		}
	}
}

func ofStatus(s *constant) any { return s.status }

func ofBody(s *constant) any { return s.body }

func BenchmarkStatusCode(b *testing.B) { measure(b, condition.Simple, "$statusCode == 200", nil) }

func BenchmarkStatusCodeYardstick(b *testing.B) {
	s := measured(b)
	b.ReportAllocs()
	for b.Loop() {
		if n, err := s.status.(json.Number).Int64(); err != nil || n != 200 {
			b.Fatal(n)
		}
	}
}

func BenchmarkPointer(b *testing.B) {
	measure(b, condition.Simple, "$response.body#/items/0/status == 'done'", nil)
}

func BenchmarkPointerYardstick(b *testing.B) {
	s := measured(b)
	b.ReportAllocs()
	for b.Loop() {
		items, _ := s.body.(map[string]any)["items"].([]any)
		first, _ := items[0].(map[string]any)
		if status, _ := first["status"].(string); !strings.EqualFold(status, "done") {
			b.Fatal(status)
		}
	}
}

func BenchmarkRegex(b *testing.B) { measure(b, condition.Regex, `^2\d{2}$`, ofStatus) }

func BenchmarkRegexYardstick(b *testing.B) {
	pattern, s := regexp.MustCompile(`^2\d{2}$`), measured(b)
	b.ReportAllocs()
	for b.Loop() {
		if !pattern.MatchString(s.status.(json.Number).String()) {
			b.Fatal("there is no match")
		}
	}
}

func BenchmarkJSONPathFilter(b *testing.B) {
	measure(b, condition.JSONPath, "$.items[?@.status == 'done']", ofBody)
}

func BenchmarkJSONPathFilterYardstick(b *testing.B) {
	s := measured(b)
	b.ReportAllocs()
	for b.Loop() {
		var found []any
		items, _ := s.body.(map[string]any)["items"].([]any)
		for _, item := range items {
			if object, _ := item.(map[string]any); object["status"] == "done" {
				found = append(found, item)
			}
		}
		if len(found) != 1 {
			b.Fatal(found)
		}
	}
}

// BenchmarkJSONPathDialect compares the node of a query with a literal.
func BenchmarkJSONPathDialect(b *testing.B) {
	measure(b, condition.JSONPath, "$.items[0].status == 'done'", ofBody)
}

// BenchmarkJSONPathExpression parses the query each time, with the value in it.
func BenchmarkJSONPathExpression(b *testing.B) {
	measure(b, condition.JSONPath, "$.items[?@.id == {$inputs.id}]", ofBody)
}
