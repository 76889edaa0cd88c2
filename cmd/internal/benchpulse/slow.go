package main

import (
	"context"
	"fmt"
	"strconv"
	"syscall"

	"github.com/arazzo-conformance/arazzo/cmd/internal/cost"
)

// slowed is what one run shows with so many consumers that read nothing.
type slowed struct {
	// seconds are those of the one reader that does read.
	seconds, peak float64
}

// slow measures what consumers that read nothing cost in memory, and whether the one
// beside them that reads notices.
func (b *bench) slow(ctx context.Context) error {
	list := []struct {
		name  string
		stall int
	}{{"one reader alone", 0}, {fmt.Sprintf("one reader beside %d that read nothing", b.sizes.slow), b.sizes.slow}}
	taken := make([][]slowed, len(list))
	for range b.sizes.runs {
		for i, program := range list {
			result, err := b.slowedRun(ctx, program.stall)
			if err != nil {
				return fmt.Errorf("%s: %w", program.name, err)
			}
			taken[i] = append(taken[i], result)
		}
	}
	fmt.Fprintf(b.out, "\n| %s events, min / median / max of %d | reader's s | peak MiB | s ÷ first | KiB a consumer |\n| --- | --- | --- | --- | --- |\n", grouped(b.sizes.slowEvents), b.sizes.runs)
	for i, program := range list {
		fmt.Fprintf(b.out, "| %s | %s | %s | %s | %s |\n", program.name,
			cost.SpreadOf(taken[i], func(_ int, s slowed) float64 { return s.seconds }).Text("%.2f"),
			cost.SpreadOf(taken[i], func(_ int, s slowed) float64 { return s.peak }).Text("%.0f"),
			cost.SpreadOf(taken[i], func(turn int, s slowed) float64 { return s.seconds / taken[0][turn].seconds }).Text("%.2f"),
			cost.SpreadOf(taken[i], func(turn int, s slowed) float64 {
				return 1024 * (s.peak - taken[0][turn].peak) / float64(max(1, program.stall))
			}).Text("%.0f"))
	}
	return nil
}

func (b *bench) slowedRun(ctx context.Context, stalled int) (slowed, error) {
	s, err := b.serve(ctx)
	if err != nil {
		return slowed{}, err
	}
	if err := s.createStream(ctx, stream, "timed"); err != nil {
		return slowed{}, err
	}
	for i := range stalled {
		if err := s.createStream(ctx, slowName(i), "timed"); err != nil {
			return slowed{}, err
		}
	}
	sitting, err := b.start(ctx, b.self, "stall", "-url", s.url, "-key", apiKey, "-consumers", strconv.Itoa(stalled))
	if err != nil {
		return slowed{}, err
	}
	if err := sitting.saying(ctx, reading); err != nil {
		return slowed{}, err
	}
	reader, err := b.start(ctx, b.self, "read", "-url", s.events(stream), "-key", apiKey, "-n", strconv.Itoa(b.sizes.slowEvents))
	if err != nil {
		return slowed{}, err
	}
	if err := reader.saying(ctx, reading); err != nil {
		return slowed{}, err
	}
	const rows = 100
	err = b.cluster.each(ctx, fmt.Sprintf(`DO $$ BEGIN FOR i IN 1..%d LOOP
		INSERT INTO timed (note) SELECT '%s' FROM generate_series(1, %d); COMMIT; END LOOP; END $$`, b.sizes.slowEvents/rows, note, rows))
	if err != nil {
		return slowed{}, err
	}
	took, _, err := reader.wait()
	if err != nil {
		return slowed{}, fmt.Errorf("%w; the service said:\n%s", err, s.said.String())
	}
	if err := sitting.command.Process.Signal(syscall.SIGTERM); err != nil {
		return slowed{}, err
	}
	if _, _, err := sitting.wait(); err != nil {
		return slowed{}, err
	}
	served, err := s.kill()
	return slowed{seconds: took.Wall, peak: served.Peak}, err
}
