package main

import (
	"fmt"
	"io"
	"strings"
)

// print writes a case as a table in Markdown, as docs/performance.md has them.
func (c measured) print(to io.Writer, taken [][]sample) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\n| %s, min / median / max of %d | wall ms | cpu ms | peak MiB | wall ÷ yardstick | cpu ÷ |\n", c.name, c.runs)
	b.WriteString("| --- | --- | --- | --- | --- | --- |\n")
	for i, program := range c.contenders {
		yardstick := taken[0]
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", program.name,
			spreadOf(taken[i], func(_ int, s sample) float64 { return 1000 * s.wall }).text("%.1f"),
			spreadOf(taken[i], func(_ int, s sample) float64 { return 1000 * s.cpu }).text("%.1f"),
			spreadOf(taken[i], func(_ int, s sample) float64 { return s.peak }).text("%.0f"),
			spreadOf(taken[i], func(turn int, s sample) float64 { return s.wall / yardstick[turn].wall }).text("%.2f"),
			spreadOf(taken[i], func(turn int, s sample) float64 { return s.cpu / yardstick[turn].cpu }).text("%.2f"))
	}
	_, err := io.WriteString(to, b.String())
	return err
}

func (s spread) text(format string) string {
	return fmt.Sprintf(format+" / "+format+" / "+format, s.least, s.middle, s.most)
}
