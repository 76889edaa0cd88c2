package meter

import (
	"sync/atomic"
	"time"
)

// Histogram counts durations by fixed limits. Any number of goroutines use it.
type Histogram struct {
	limits []time.Duration
	// counts are one for each limit, and one for what is beyond the last.
	counts []atomic.Uint64
	sum    atomic.Int64
}

// NewHistogram has the given limits, in rising order.
func NewHistogram(limits ...time.Duration) *Histogram {
	return &Histogram{limits: limits, counts: make([]atomic.Uint64, len(limits)+1)}
}

// Latencies are limits for what takes a fraction of a millisecond when all is
// well, and half a minute when nothing is.
func Latencies() []time.Duration {
	return []time.Duration{
		100 * time.Microsecond, 250 * time.Microsecond, 500 * time.Microsecond,
		time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond,
		10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond,
		100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond,
		time.Second, 5 * time.Second, 30 * time.Second,
	}
}

// Observe counts one duration; one below zero, as clocks of two machines give,
// counts as none.
func (h *Histogram) Observe(d time.Duration) {
	d = max(d, 0)
	i := 0
	for i < len(h.limits) && d > h.limits[i] {
		i++
	}
	h.counts[i].Add(1)
	h.sum.Add(int64(d))
}

// Distribution is what a histogram had counted at a moment.
type Distribution struct {
	// Below is how many durations were at most as long as each limit.
	Below map[time.Duration]uint64
	// Count is how many there were in all, Sum how long they were together.
	Count uint64
	Sum   time.Duration
}

// Read is what was counted up to now.
func (h *Histogram) Read() Distribution {
	d := Distribution{Below: make(map[time.Duration]uint64, len(h.limits)), Sum: time.Duration(h.sum.Load())}
	for i := range h.counts {
		d.Count += h.counts[i].Load()
		if i < len(h.limits) {
			d.Below[h.limits[i]] = d.Count
		}
	}
	return d
}
