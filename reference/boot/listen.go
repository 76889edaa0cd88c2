package boot

import (
	"context"
	"errors"
	stdlog "log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/pulse"
)

// What a client may hold open or send. Event streams lift the two times for
// themselves.
const (
	// headerTimeout is for a request's headers: who needs longer only holds a
	// connection.
	headerTimeout = 10 * time.Second
	// readTimeout is for a whole request: the largest body that is accepted, 5 MB,
	// over a slow network.
	readTimeout = 30 * time.Second
	// writeTimeout is for a whole exchange: a request that took its time, a query's
	// ten seconds, and the largest answer.
	writeTimeout = 2 * time.Minute
	// idleTimeout is longer than clients keep idle connections, 90 s in Go's: who
	// is to close first must not be who is about to send.
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 64 << 10
)

// serverLog takes what net/http has to say: that a handler panicked, or misused it.
type serverLog struct{ log *slog.Logger }

func (l serverLog) Write(text []byte) (int, error) {
	l.log.Error("http: the server met an error", "message", strings.TrimSpace(string(text)))
	return len(text), nil
}

// listen takes an address until the reference stops.
func (r *Reference) listen(addr string) (net.Listener, error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	// Where it was served, it is closed already.
	r.onStop(func(context.Context) error { _ = listener.Close(); return nil })
	return listener, nil
}

func urlOf(l net.Listener) string { return "http://" + l.Addr().String() }

// serve serves h until the reference stops.
func (r *Reference) serve(listener net.Listener, h http.Handler) {
	server := newServer(h, r.options.Log)
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			r.failed <- err
		}
	}()
	r.onStop(func(ctx context.Context) error { return shutDown(ctx, server) })
}

// answerWait bounds how long the answers that are under way may still take.
const answerWait = 5 * time.Second

// shutDown lets the requests under way be answered, then closes what is open.
func shutDown(ctx context.Context, server *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	if server.Shutdown(ctx) == nil {
		return nil
	}
	return server.Close()
}

func newServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, MaxHeaderBytes: maxHeaderBytes, ReadHeaderTimeout: headerTimeout,
		ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		ConnContext: pulse.ConnContext,
		ErrorLog:    stdlog.New(serverLog{log}, "", 0),
	}
}
