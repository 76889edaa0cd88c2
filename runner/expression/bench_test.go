package expression_test

import (
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/expression"
)

// constant is a scope that costs nothing.
type constant struct{ value any }

func (c constant) Object(*expression.Expression) (any, bool) { return c.value, true }

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := expression.Parse("$steps.list.outputs.items#/0/id"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEvaluate(b *testing.B) {
	e, err := expression.Parse("$response.body#/data/0/id")
	if err != nil {
		b.Fatal(err)
	}
	var s expression.Scope = constant{sample(b)["response body"]}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Evaluate(s); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEvaluateYardstick is the same way by hand.
func BenchmarkEvaluateYardstick(b *testing.B) {
	body := sample(b)["response body"]
	b.ReportAllocs()
	for b.Loop() {
		data, _ := body.(map[string]any)["data"].([]any)
		first, _ := data[0].(map[string]any)
		if _, ok := first["id"]; !ok {
			b.Fatal("there is no id")
		}
	}
}

func BenchmarkTemplate(b *testing.B) {
	t, err := expression.ParseTemplate("https://h/{$inputs.name}/x/{$inputs.n}?o={$inputs.no}")
	if err != nil {
		b.Fatal(err)
	}
	var s expression.Scope = constant{sample(b)["inputs"]}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.Evaluate(s); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTemplateYardstick writes the same text by hand.
func BenchmarkTemplateYardstick(b *testing.B) {
	inputs := sample(b)["inputs"].(map[string]any)
	b.ReportAllocs()
	for b.Loop() {
		var text strings.Builder
		text.WriteString("https://h/")
		text.WriteString(expression.Text(inputs["name"]))
		text.WriteString("/x/")
		text.WriteString(expression.Text(inputs["n"]))
		text.WriteString("?o=")
		text.WriteString(expression.Text(inputs["no"]))
		if text.Len() == 0 {
			b.Fatal("there is no text")
		}
	}
}
