package metrics

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/meter"
)

// contentType is that of Prometheus' text format, whose version 0.0.4 every
// Prometheus since 2014 reads.
const contentType = "text/plain; version=0.0.4; charset=utf-8"

// kind is a type of the text format.
type kind string

const (
	gauge     kind = "gauge"
	counter   kind = "counter"
	histogram kind = "histogram"
)

// label is a name and a value.
type label struct{ name, value string }

// page is an answer in the text format: each family's head, then its samples.
type page struct{ bytes.Buffer }

func (p *page) head(name, help string, k kind) {
	fmt.Fprintf(p, "# HELP %s %s\n# TYPE %s %s\n", name, helpText.Replace(help), name, k)
}

// single is a family of one sample.
func (p *page) single(name, help string, k kind, v float64, labels ...label) {
	p.head(name, help, k)
	p.sample(name, labels, v)
}

var (
	helpText  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	labelText = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

// sample writes one line; an empty label is the same as none to Prometheus, and
// left out.
func (p *page) sample(name string, labels []label, v float64) {
	p.WriteString(name)
	separator := byte('{')
	for _, l := range labels {
		if l.value == "" {
			continue
		}
		p.WriteByte(separator)
		fmt.Fprintf(p, `%s="%s"`, l.name, labelText.Replace(strings.ToValidUTF8(l.value, "\ufffd")))
		separator = ','
	}
	if separator == ',' {
		p.WriteByte('}')
	}
	fmt.Fprintf(p, " %s\n", strconv.FormatFloat(v, 'g', -1, 64))
}

func (p *page) histogram(name string, labels []label, d meter.Distribution) {
	for _, limit := range slices.Sorted(maps.Keys(d.Below)) {
		le := strconv.FormatFloat(limit.Seconds(), 'g', -1, 64)
		p.sample(name+"_bucket", append(slices.Clip(labels), label{"le", le}), float64(d.Below[limit]))
	}
	p.sample(name+"_bucket", append(slices.Clip(labels), label{"le", "+Inf"}), float64(d.Count))
	p.sample(name+"_sum", labels, d.Sum.Seconds())
	p.sample(name+"_count", labels, float64(d.Count))
}
