package jsonpath_test

import (
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
)

// BenchmarkCursor compares the query of every second condition with the least
// that Go can do for it.
func BenchmarkCursor(b *testing.B) {
	root := decode(b, events)
	query := parse(b, `$.data[0].cursor`)
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := jsonpath.Parse(`$.data[0].cursor`); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("select", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if nodes, err := query.Select(root); err != nil || nodes[0] != "01A" {
				b.Fatal(nodes, err)
			}
		}
	})
	b.Run("walk by hand", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if cursor, ok := walk(root); !ok || cursor != "01A" {
				b.Fatal(cursor, ok)
			}
		}
	})
}

func walk(root any) (any, bool) {
	object, ok := root.(map[string]any)
	if !ok {
		return nil, false
	}
	data, ok := object["data"].([]any)
	if !ok || len(data) == 0 {
		return nil, false
	}
	event, ok := data[0].(map[string]any)
	if !ok {
		return nil, false
	}
	cursor, ok := event["cursor"]
	return cursor, ok
}

// BenchmarkFilter is what a condition costs on every element of an array.
func BenchmarkFilter(b *testing.B) {
	root := decode(b, events)
	query := parse(b, `$.data[?@.count == 2 && @.cursor != 'x']`)
	b.ReportAllocs()
	for b.Loop() {
		if nodes, err := query.Select(root); err != nil || len(nodes) != 2 {
			b.Fatal(nodes, err)
		}
	}
}
