package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/arazzo-conformance/arazzo/cmd/internal/cost"
)

// outcome is one turn of one contender.
type outcome struct {
	load
	// cpu is what one answer cost the server's process, in microseconds, and peak
	// the most memory that it had, in MiB.
	cpu, peak float64
}

// turns runs the contenders of a case in turn, so that what else happens on the
// machine happens to all, and prints a table.
func (b *bench) turns(ctx context.Context, c measured) error {
	taken := make([][]outcome, len(c.contenders))
	for range b.sizes.runs {
		for i, of := range c.contenders {
			one, err := b.turn(ctx, of)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			taken[i] = append(taken[i], one)
		}
	}
	return printTurns(b.out, c, taken)
}

func (b *bench) turn(ctx context.Context, of contender) (outcome, error) {
	if of.pgbench != "" {
		return b.pgbench(ctx, of)
	}
	s, err := of.start(ctx)
	if err != nil {
		return outcome{}, err
	}
	before, err := b.under(ctx, s, of, warm)
	if err != nil {
		_, killed := s.kill()
		return outcome{}, errors.Join(err, killed)
	}
	measured, err := b.under(ctx, s, of, b.sizes.lasts)
	process, killed := s.kill()
	answers := float64(before.answered + measured.answered)
	return outcome{measured, process.CPU * 1e6 / answers, process.Peak}, errors.Join(err, killed)
}

// printTurns writes a table in Markdown, as docs/performance.md has them. Each ratio
// is of one turn.
func printTurns(to io.Writer, c measured, taken [][]outcome) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\n| %s, min / median / max of %d | answers/s | p50 ms | p99 ms | server cpu us | peak MiB | answers/s ÷ first |\n", c.name, len(taken[0]))
	b.WriteString("| --- | --- | --- | --- | --- | --- | --- |\n")
	for i, of := range c.contenders {
		figure := func(of func(int, outcome) float64, verb string) string { return cost.SpreadOf(taken[i], of).Text(verb) }
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", of.name,
			figure(func(_ int, o outcome) float64 { return o.perSecond }, "%.0f"),
			figure(func(_ int, o outcome) float64 { return o.p50 }, "%.2f"),
			figure(func(_ int, o outcome) float64 { return o.p99 }, "%.2f"),
			figure(func(_ int, o outcome) float64 { return o.cpu }, "%.0f"),
			figure(func(_ int, o outcome) float64 { return o.peak }, "%.0f"),
			figure(func(turn int, o outcome) float64 { return o.perSecond / taken[0][turn].perSecond }, "%.2f"))
	}
	_, err := io.WriteString(to, b.String())
	return err
}
