package xpath_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/xpath"
)

var orders = `<orders>` + strings.Repeat(`<order id="1"><customer>Ada</customer><total>12.50</total></order>`, 200) + `</orders>`

// BenchmarkDocument compares the tree with the tokens it is made of.
func BenchmarkDocument(b *testing.B) {
	b.Run("tree", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := xpath.ParseDocument(orders); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("tokens by encoding/xml", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for d := xml.NewDecoder(strings.NewReader(orders)); ; {
				if _, err := d.RawToken(); err != nil {
					break
				}
			}
		}
	})
}

// BenchmarkSelect compares queries with the least that Go can do: to go over all
// nodes by hand.
func BenchmarkSelect(b *testing.B) {
	root := parseDocument(b, orders)
	for _, test := range []struct {
		name, expression string
		nodes            int
	}{
		{"path", `/orders/order/total`, 200},
		{"anywhere", `//total`, 200},
		{"predicate", `/orders/order[total > 10]/customer`, 200},
		{"first", `/orders/order[1]/total`, 1},
	} {
		b.Run(test.name, func(b *testing.B) {
			x := parse(b, test.expression)
			b.ReportAllocs()
			for b.Loop() {
				if value, err := x.Evaluate(root); err != nil || len(value.(xpath.NodeSet)) != test.nodes {
					b.Fatal(value, err)
				}
			}
		})
	}
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := xpath.Parse(`/orders/order[total > 10]/customer`); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("walk by hand", func(b *testing.B) {
		type order struct {
			Total string `xml:"total"`
		}
		var all struct {
			Order []order `xml:"order"`
		}
		if err := xml.Unmarshal([]byte(orders), &all); err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			var totals []*string
			for i := range all.Order {
				totals = append(totals, &all.Order[i].Total)
			}
			if len(totals) != 200 {
				b.Fatal(len(totals))
			}
		}
	})
}
