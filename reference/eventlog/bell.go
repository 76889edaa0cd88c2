package eventlog

import (
	"sync"
	"time"
)

const (
	// crowd is how many waiting readers are more than a few: waking all takes time
	// in which further events come, and a thousand that are woken for each event
	// spend it on waking.
	crowd = 16
	// spacing is the time between two wakings for each reader that waits: a thousand
	// are woken a hundred times a second at most, and then take what has gathered by
	// one write each. Who was not woken for a while is woken at once.
	spacing = 10 * time.Microsecond
)

// bell wakes the readers that wait for the log to grow, all at once. The log's
// mutex guards it.
type bell struct {
	mu *sync.Mutex
	// rung is closed to wake; nil while nobody waits.
	rung chan struct{}
	// waiting is how often somebody asked for rung.
	waiting int
	last    time.Time
	// late is set while a ring is put off.
	late bool
}

func (b *bell) wait() <-chan struct{} {
	if b.rung == nil {
		b.rung = make(chan struct{})
	}
	b.waiting++
	return b.rung
}

// ring wakes, now or soon.
func (b *bell) ring() {
	if b.rung == nil || b.late {
		return
	}
	if b.waiting >= crowd {
		if wait := time.Duration(b.waiting)*spacing - time.Since(b.last); wait > 0 {
			b.late = true
			time.AfterFunc(wait, func() {
				b.mu.Lock()
				defer b.mu.Unlock()
				b.late = false
				b.wake()
			})
			return
		}
	}
	b.wake()
}

func (b *bell) wake() {
	if b.rung != nil {
		close(b.rung)
	}
	b.rung, b.waiting, b.last = nil, 0, time.Now()
}
