package pulse

import (
	"context"
	"slices"
	"sync"
	"time"
)

// listWithin bounds the reading of a list, which no single caller's context ends.
const listWithin = 30 * time.Second

// listing has those who ask for the streams at a time share a list. It is begun after
// each of them asked, so that it has whatever was stored before; and only one is read at
// a time, for each is as many questions to the message server as there are streams.
type listing struct {
	mutex sync.Mutex
	// next is the list that was not begun yet, nil where nobody waits for one; reading
	// says that one is being read, behind which the next is begun.
	next    *sharedList
	reading bool
}

// sharedList is a list that several get; done is closed when it is there.
type sharedList struct {
	done chan struct{}
	all  []*namedStream
	err  error
}

// get is the list that read gives, or ctx's error when that ends first.
func (l *listing) get(ctx context.Context, read func(context.Context) ([]*namedStream, error)) ([]*namedStream, error) {
	list := l.join(read)
	select {
	case <-list.done:
		return slices.Clone(list.all), list.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// join is the next list, which is begun now where none is being read.
func (l *listing) join(read func(context.Context) ([]*namedStream, error)) *sharedList {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.next == nil {
		l.next = &sharedList{done: make(chan struct{})}
	}
	if !l.reading {
		l.reading = true
		go l.readOn(read)
	}
	return l.next
}

// readOn reads one list after the other for as long as somebody wants one.
func (l *listing) readOn(read func(context.Context) ([]*namedStream, error)) {
	for list := l.begin(); list != nil; list = l.begin() {
		ctx, cancel := context.WithTimeout(context.Background(), listWithin)
		list.all, list.err = read(ctx)
		cancel()
		close(list.done)
	}
}

// begin is the next list, which nobody joins any more; nil where nobody wants one.
func (l *listing) begin() *sharedList {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	list := l.next
	l.next, l.reading = nil, list != nil
	return list
}
