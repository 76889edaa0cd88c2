package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/cmd/internal/cost"
)

// fanned is what one run of the fan-out shows of the server and of its subscribers.
type fanned struct {
	arrival
	// cpu is what the server took while events flowed, in seconds; peak the most
	// memory that it had, in MiB.
	cpu, peak float64
}

// fanOut measures what it costs to deliver a rate to so many subscribers.
func (b *bench) fanOut(ctx context.Context, subscribers int) error {
	n := b.sizes.rate * b.sizes.seconds
	list := []struct {
		name string
		run  func(context.Context, int, int) (fanned, error)
	}{
		{"net/http, ready bytes, one flush for all waiting", b.bareFanOut},
		{"arazzo reference", b.servedFanOut},
	}
	taken := make([][]fanned, len(list))
	for range b.sizes.runs {
		for i, program := range list {
			result, err := program.run(ctx, subscribers, n)
			if err != nil {
				return fmt.Errorf("%d subscribers, %s: %w", subscribers, program.name, err)
			}
			if result.Complete != subscribers {
				return fmt.Errorf("%d subscribers, %s: %d had every event", subscribers, program.name, result.Complete)
			}
			taken[i] = append(taken[i], result)
		}
	}
	fmt.Fprintf(b.out, "\n| %s events/s to %s subscribers, min / median / max of %d | events/s delivered | server cores | server µs an event | p50 ms | p99 ms | peak MiB | events/s ÷ first | cpu an event ÷ first |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
		grouped(b.sizes.rate), grouped(subscribers), b.sizes.runs)
	for i, program := range list {
		spread := func(verb string, figure func(turn int, f fanned) float64) string {
			return cost.SpreadOf(taken[i], figure).Text(verb)
		}
		fmt.Fprintf(b.out, "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", program.name,
			spread("%.0f", func(_ int, f fanned) float64 { return f.throughput() }),
			spread("%.2f", func(_ int, f fanned) float64 { return f.cpu / f.Seconds }),
			spread("%.2f", func(_ int, f fanned) float64 { return f.perEvent() }),
			spread("%.2f", func(_ int, f fanned) float64 { return f.P50 }),
			spread("%.2f", func(_ int, f fanned) float64 { return f.P99 }),
			spread("%.0f", func(_ int, f fanned) float64 { return f.peak }),
			spread("%.2f", func(turn int, f fanned) float64 { return f.throughput() / taken[0][turn].throughput() }),
			spread("%.2f", func(turn int, f fanned) float64 { return f.perEvent() / taken[0][turn].perEvent() }))
	}
	return nil
}

func (f fanned) throughput() float64 { return float64(f.Events) / f.Seconds }

// perEvent is the server's µs for one delivery.
func (f fanned) perEvent() float64 { return 1e6 * f.cpu / float64(f.Events) }

// bareFanOut is the loop that has its events ready.
func (b *bench) bareFanOut(ctx context.Context, subscribers, n int) (fanned, error) {
	loop, err := b.start(ctx, b.self, "loop", "-n", strconv.Itoa(n), "-rate", strconv.Itoa(b.sizes.rate))
	if err != nil {
		return fanned{}, err
	}
	url, err := loop.line(ctx)
	if err != nil {
		return fanned{}, err
	}
	result, err := b.subscribed(ctx, loop.command.Process.Pid, url+"/subscribe", "", subscribers, n, func() error {
		response, err := http.Post(url+"/start", "", nil)
		if err != nil {
			return err
		}
		return response.Body.Close()
	})
	_ = loop.command.Process.Kill() // it serves until then
	_ = loop.command.Wait()
	return result, err
}

func (b *bench) servedFanOut(ctx context.Context, subscribers, n int) (fanned, error) {
	s, err := b.serve(ctx)
	if err != nil {
		return fanned{}, err
	}
	result, err := b.subscribed(ctx, s.command.Process.Pid, s.url+"/subscribe", apiKey, subscribers, n, func() error {
		return b.cluster.write(ctx, n, b.sizes.rate)
	})
	_, killed := s.kill()
	if err != nil {
		return result, fmt.Errorf("%w; the service said:\n%s", err, s.said.String())
	}
	return result, killed
}

// subscribed connects the subscribers, lets events flow and looks at the server
// before and after.
func (b *bench) subscribed(ctx context.Context, server int, url, key string, subscribers, n int, flow func() error) (fanned, error) {
	c, err := b.start(ctx, b.self, "subscribe", "-url", url, "-key", key, "-subscribers", strconv.Itoa(subscribers), "-n", strconv.Itoa(n))
	if err != nil {
		return fanned{}, err
	}
	if err := c.saying(ctx, reading); err != nil {
		return fanned{}, err
	}
	before, err := processorTime(server)
	if err != nil {
		return fanned{}, err
	}
	if err := flow(); err != nil {
		return fanned{}, err
	}
	_, arrived, err := c.wait()
	if err != nil {
		return fanned{}, err
	}
	after, err := processorTime(server)
	if err != nil {
		return fanned{}, err
	}
	peak, err := memory(server, "VmHWM")
	return fanned{arrival: arrived, cpu: after - before, peak: peak}, err
}

// processorTime is what a running process took so far, in seconds.
func processorTime(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("the time of a running process, which Linux tells: %w", err)
	}
	// What follows the name, which is in parentheses: utime and stime are the 14th and
	// 15th field of proc(5), in hundredths of a second.
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	user, err := strconv.Atoi(fields[11])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(fields[12])
	return float64(user+system) / 100, err
}

// memory is a figure of /proc/PID/status, in MiB.
func memory(pid int, name string) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			kib, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
			return float64(kib) / 1024, err
		}
	}
	return 0, fmt.Errorf("/proc/%d/status has no %s", pid, name)
}
