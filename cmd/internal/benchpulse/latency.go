package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/cmd/internal/cost"
)

// latency measures, at a rate, how old changes are when their JSON is ready at the
// bare receiver and when their events arrive at the reader of a named stream. The
// age is counted from the INSERT's own look at the clock, a moment before its commit.
func (b *bench) latency(ctx context.Context, rate int) error {
	n := rate * b.sizes.seconds
	list := []struct {
		name string
		run  func(context.Context, int, int) (arrival, error)
	}{
		{"receiver to JSON, no log, no reader", b.bareLatency},
		{"arazzo reference to one SSE reader", b.servedLatency},
	}
	taken := make([][]arrival, len(list))
	for range b.sizes.runs {
		for i, program := range list {
			arrived, err := program.run(ctx, n, rate)
			if err != nil {
				return fmt.Errorf("latency at %d changes/s, %s: %w", rate, program.name, err)
			}
			taken[i] = append(taken[i], arrived)
		}
	}
	fmt.Fprintf(b.out, "\n| latency at %d changes/s, min / median / max of %d | p50 ms | p99 ms | p50 ÷ first | p99 ÷ first |\n| --- | --- | --- | --- | --- |\n", rate, b.sizes.runs)
	for i, program := range list {
		fmt.Fprintf(b.out, "| %s | %s | %s | %s | %s |\n", program.name,
			cost.SpreadOf(taken[i], func(_ int, a arrival) float64 { return a.P50 }).Text("%.2f"),
			cost.SpreadOf(taken[i], func(_ int, a arrival) float64 { return a.P99 }).Text("%.2f"),
			cost.SpreadOf(taken[i], func(turn int, a arrival) float64 { return a.P50 / taken[0][turn].P50 }).Text("%.1f"),
			cost.SpreadOf(taken[i], func(turn int, a arrival) float64 { return a.P99 / taken[0][turn].P99 }).Text("%.1f"))
	}
	return nil
}

func (b *bench) bareLatency(ctx context.Context, n, rate int) (arrival, error) {
	const publication = "bare"
	err := b.cluster.each(ctx, "DROP PUBLICATION IF EXISTS "+publication, "CREATE PUBLICATION "+publication+" FOR TABLE timed",
		"SELECT pg_create_logical_replication_slot('"+work+"', 'pgoutput')")
	if err != nil {
		return arrival{}, err
	}
	c, err := b.start(ctx, b.self, "receive", "-url", b.cluster.url, "-slot", work, "-publication", publication, "-n", strconv.Itoa(n))
	if err != nil {
		return arrival{}, err
	}
	if err := b.cluster.active(ctx, work); err != nil {
		return arrival{}, err
	}
	if err := b.cluster.write(ctx, n, rate); err != nil {
		return arrival{}, err
	}
	_, arrived, err := c.wait()
	if err != nil {
		return arrived, err
	}
	return arrived, b.cluster.dropSlot(ctx, work)
}

func (b *bench) servedLatency(ctx context.Context, n, rate int) (arrived arrival, err error) {
	s, err := b.serve(ctx)
	if err != nil {
		return arrival{}, err
	}
	if err := s.createStream(ctx, stream, "timed"); err != nil {
		return arrival{}, err
	}
	c, err := b.start(ctx, b.self, "read", "-url", s.events(stream), "-key", apiKey, "-n", strconv.Itoa(n))
	if err != nil {
		return arrival{}, err
	}
	if err := c.saying(ctx, reading); err != nil {
		return arrival{}, err
	}
	if err := b.cluster.write(ctx, n, rate); err != nil {
		return arrival{}, err
	}
	if _, arrived, err = c.wait(); err != nil {
		return arrival{}, fmt.Errorf("%w; the service said:\n%s", err, s.said.String())
	}
	_, err = s.kill()
	return arrived, err
}

// serve starts the service with nothing behind it, in a new folder.
func (b *bench) serve(ctx context.Context) (*service, error) {
	slots, err := b.cluster.text(ctx, "SELECT coalesce(string_agg(slot_name, ' '), '') FROM pg_replication_slots")
	if err != nil {
		return nil, err
	}
	for _, slot := range strings.Fields(slots) {
		if err := b.cluster.dropSlot(ctx, slot); err != nil {
			return nil, err
		}
	}
	folder := b.path("log")
	if err := os.RemoveAll(folder); err != nil {
		return nil, err
	}
	return startService(ctx, b.reference, b.cluster.url, folder)
}
