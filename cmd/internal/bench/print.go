package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/arazzo-conformance/arazzo/cmd/internal/cost"
)

// print writes a case as a table in Markdown, as docs/performance.md has them.
func (c measured) print(to io.Writer, taken [][]cost.Process) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\n| %s, min / median / max of %d | wall ms | cpu ms | peak MiB | wall ÷ yardstick | cpu ÷ |\n", c.name, c.runs)
	b.WriteString("| --- | --- | --- | --- | --- | --- |\n")
	for i, program := range c.contenders {
		yardstick := taken[0]
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", program.name,
			cost.SpreadOf(taken[i], func(_ int, s cost.Process) float64 { return 1000 * s.Wall }).Text("%.1f"),
			cost.SpreadOf(taken[i], func(_ int, s cost.Process) float64 { return 1000 * s.CPU }).Text("%.1f"),
			cost.SpreadOf(taken[i], func(_ int, s cost.Process) float64 { return s.Peak }).Text("%.0f"),
			cost.SpreadOf(taken[i], func(turn int, s cost.Process) float64 { return s.Wall / yardstick[turn].Wall }).Text("%.2f"),
			cost.SpreadOf(taken[i], func(turn int, s cost.Process) float64 { return s.CPU / yardstick[turn].CPU }).Text("%.2f"))
	}
	_, err := io.WriteString(to, b.String())
	return err
}
