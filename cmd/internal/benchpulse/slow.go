package main

import (
	"context"
	"fmt"
	"strconv"
	"syscall"
	"time"

	"github.com/arazzo-conformance/arazzo/cmd/internal/cost"
)

// slowed is what one run shows with so many consumers that read nothing.
type slowed struct {
	// seconds are those of the one reader that does read, cpu the server's while it
	// did; peak is the most memory that the server had, in MiB.
	seconds, cpu, peak float64
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
	fmt.Fprintf(b.out, "\n| %s events, min / median / max of %d | reader's s | server's cpu s | peak MiB | s ÷ first | cpu ÷ first | KiB a consumer |\n| --- | --- | --- | --- | --- | --- | --- |\n", grouped(b.sizes.slowEvents), b.sizes.runs)
	for i, program := range list {
		spread := func(verb string, figure func(turn int, s slowed) float64) string {
			return cost.SpreadOf(taken[i], figure).Text(verb)
		}
		fmt.Fprintf(b.out, "| %s | %s | %s | %s | %s | %s | %s |\n", program.name,
			spread("%.2f", func(_ int, s slowed) float64 { return s.seconds }),
			spread("%.2f", func(_ int, s slowed) float64 { return s.cpu }),
			spread("%.0f", func(_ int, s slowed) float64 { return s.peak }),
			spread("%.2f", func(turn int, s slowed) float64 { return s.seconds / taken[0][turn].seconds }),
			spread("%.2f", func(turn int, s slowed) float64 { return s.cpu / taken[0][turn].cpu }),
			spread("%.0f", func(turn int, s slowed) float64 {
				return 1024 * (s.peak - taken[0][turn].peak) / float64(max(1, program.stall))
			}))
	}
	return nil
}

// slowedRun has the consumers take what fits between them and the server first, so
// that each of them is stuck when the reader comes.
func (b *bench) slowedRun(ctx context.Context, stalled int) (slowed, error) {
	s, err := b.serve(ctx)
	if err != nil {
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
	if err := b.insert(ctx, b.sizes.slowFill); err != nil {
		return slowed{}, err
	}
	if err := s.rest(ctx); err != nil {
		return slowed{}, err
	}
	result, err := b.readBeside(ctx, s)
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
	result.peak = served.Peak
	return result, err
}

// readBeside has one reader take events beside whoever else is connected.
func (b *bench) readBeside(ctx context.Context, s *service) (slowed, error) {
	if err := s.createStream(ctx, stream, "timed"); err != nil {
		return slowed{}, err
	}
	reader, err := b.start(ctx, b.self, "read", "-url", s.events(stream), "-key", apiKey, "-n", strconv.Itoa(b.sizes.slowEvents))
	if err != nil {
		return slowed{}, err
	}
	if err := reader.saying(ctx, reading); err != nil {
		return slowed{}, err
	}
	before, err := processorTime(s.command.Process.Pid)
	if err != nil {
		return slowed{}, err
	}
	if err := b.insert(ctx, b.sizes.slowEvents); err != nil {
		return slowed{}, err
	}
	took, _, err := reader.wait()
	if err != nil {
		return slowed{}, err
	}
	after, err := processorTime(s.command.Process.Pid)
	return slowed{seconds: took.Wall, cpu: after - before}, err
}

// insert commits so many rows, a hundred at a time.
func (b *bench) insert(ctx context.Context, events int) error {
	const rows = 100
	return b.cluster.each(ctx, fmt.Sprintf(`DO $$ BEGIN FOR i IN 1..%d LOOP
		INSERT INTO timed (note) SELECT '%s' FROM generate_series(1, %d); COMMIT; END LOOP; END $$`, events/rows, note, rows))
}

// rest waits until the service has done what it had to do: a second that takes next
// to nothing of a processor.
func (s *service) rest(ctx context.Context) error {
	const idle = 0.05
	for {
		before, err := processorTime(s.command.Process.Pid)
		if err != nil {
			return err
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
		after, err := processorTime(s.command.Process.Pid)
		if err != nil || after-before < idle {
			return err
		}
	}
}
