package sse

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"sync"
)

// lines cuts a stream at its line ends: CR, LF or both.
type lines struct {
	in      *bufio.Reader
	line    []byte
	started bool // past the first line, which may begin with a byte order mark
	afterCR bool // a line feed that comes next belongs to the line end before
	rest    rest
}

var byteOrderMark = []byte("\uFEFF")

// next gives the next line without its end, valid until the call after. What
// follows the last line end is no line: the end of the stream drops it.
func (l *lines) next(limit int) ([]byte, error) {
	l.line = l.line[:0]
	for {
		ended, err := l.read()
		if err != nil {
			return nil, err
		}
		if len(l.line) > limit {
			return nil, tooLarge(limit)
		}
		if ended {
			return l.firstCleaned(), nil
		}
	}
}

// read takes what has arrived, up to a line end, and reports whether it met one.
// It waits for bytes only when none are there.
func (l *lines) read() (ended bool, err error) {
	if _, err := l.in.Peek(1); err != nil {
		if err == io.EOF {
			return false, io.EOF
		}
		return false, fmt.Errorf("reading the event stream: %w", err)
	}
	arrived, _ := l.in.Peek(l.in.Buffered())
	if l.afterCR && arrived[0] == '\n' {
		l.afterCR = false
		l.rest.add(arrived[:1])
		_, err := l.in.Discard(1)
		return false, err
	}
	l.afterCR = false
	end := bytes.IndexAny(arrived, "\r\n")
	if end < 0 {
		l.line = append(l.line, arrived...)
		l.rest.add(arrived)
		_, err := l.in.Discard(len(arrived))
		return false, err
	}
	l.line = append(l.line, arrived[:end]...)
	l.rest.add(arrived[:end+1])
	l.afterCR = arrived[end] == '\r'
	_, err = l.in.Discard(end + 1)
	return true, err
}

// firstCleaned is the line, without the byte order mark if it is the first.
func (l *lines) firstCleaned() []byte {
	if l.started {
		return l.line
	}
	l.started = true
	return bytes.TrimPrefix(l.line, byteOrderMark)
}

// mostRest is how much is kept of what is no event, in bytes.
const mostRest = 512

// rest is the beginning of what came behind the last event.
type rest struct {
	lock sync.Mutex
	text []byte
}

func (r *rest) add(text []byte) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.text = append(r.text, text[:min(len(text), mostRest-len(r.text))]...)
}

func (r *rest) forget() {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.text = r.text[:0]
}

func (r *rest) String() string {
	r.lock.Lock()
	defer r.lock.Unlock()
	return string(bytes.TrimSpace(r.text))
}
