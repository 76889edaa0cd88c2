package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/arazzo-conformance/arazzo/cmd/internal/cost"
)

// contender is one program of a case.
type contender struct {
	name string
	run  func(context.Context) (cost.Process, error)
}

// turns runs the programs of a case in turn, so that what else happens on the
// machine happens to all, and prints a table. The first is the yardstick.
func (b *bench) turns(ctx context.Context, name string, rows int, list []contender) error {
	taken := make([][]cost.Process, len(list))
	for range b.sizes.runs {
		for i, program := range list {
			took, err := program.run(ctx)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", name, program.name, err)
			}
			taken[i] = append(taken[i], took)
		}
	}
	return printTurns(b.out, name, rows, list, taken)
}

// printTurns writes a table in Markdown, as docs/performance.md has them. Each ratio
// is of one turn.
func printTurns(to io.Writer, name string, rows int, list []contender, taken [][]cost.Process) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\n| %s, min / median / max of %d | wall s | rows/s | cpu s | peak MiB | wall ÷ first | cpu ÷ first |\n", name, len(taken[0]))
	b.WriteString("| --- | --- | --- | --- | --- | --- | --- |\n")
	for i, program := range list {
		wall := cost.SpreadOf(taken[i], func(_ int, p cost.Process) float64 { return p.Wall })
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", program.name, wall.Text("%.2f"),
			grouped(int(float64(rows)/wall.Middle)),
			cost.SpreadOf(taken[i], func(_ int, p cost.Process) float64 { return p.CPU }).Text("%.2f"),
			cost.SpreadOf(taken[i], func(_ int, p cost.Process) float64 { return p.Peak }).Text("%.0f"),
			cost.SpreadOf(taken[i], func(turn int, p cost.Process) float64 { return p.Wall / taken[0][turn].Wall }).Text("%.2f"),
			cost.SpreadOf(taken[i], func(turn int, p cost.Process) float64 { return p.CPU / taken[0][turn].CPU }).Text("%.2f"))
	}
	_, err := io.WriteString(to, b.String())
	return err
}
