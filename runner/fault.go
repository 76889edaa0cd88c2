package runner

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
)

// rethrow goes on with the panic of a goroutine, where there was one, in the one that
// waited for it: the caller of a run may recover from it, and tell whose fault it is.
func rethrow(fault any) {
	if fault != nil {
		panic(fault) //nolint:forbidigo // it is a panic already
	}
}

// fault is the first panic of the caller's transport in a goroutine that nobody else
// waits in. It ends the run, and is raised again in the one that the caller can
// recover in.
type fault struct {
	end context.CancelFunc

	mu     sync.Mutex
	raised bool
	value  any
}

// catch runs what may panic, and tells whether it did.
func (f *fault) catch(do func()) (caught bool) {
	defer func() {
		value := recover()
		if value == nil {
			return
		}
		caught = true
		f.mu.Lock()
		defer f.mu.Unlock()
		if !f.raised {
			f.raised, f.value = true, value
		}
		f.end()
	}()
	do()
	return false
}

// raise goes on with the panic, where there was one.
func (f *fault) raise() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.raised {
		rethrow(f.value)
	}
}

// errFault is what the run sees of it until it ends.
var errFault = errors.New("the transport panicked")

// caught is a transport whose panics do not end the goroutine that they happen in,
// which is how tokens are fetched.
type caught struct {
	*fault
	http.RoundTripper
}

func (c caught) RoundTrip(r *http.Request) (answer *http.Response, err error) {
	if c.catch(func() { answer, err = c.RoundTripper.RoundTrip(r) }) {
		return nil, errFault
	}
	if answer != nil && answer.Body != nil {
		answer.Body = caughtBody{c.fault, answer.Body}
	}
	return answer, err
}

// caughtBody is the body of its answers.
type caughtBody struct {
	*fault
	io.ReadCloser
}

func (b caughtBody) Read(p []byte) (n int, err error) {
	if b.catch(func() { n, err = b.ReadCloser.Read(p) }) {
		return 0, errFault
	}
	return n, err
}
