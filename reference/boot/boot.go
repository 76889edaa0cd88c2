package boot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/accelerate"
	"github.com/arazzo-conformance/arazzo/reference/demo"
	"github.com/arazzo-conformance/arazzo/reference/postgres"
	"github.com/arazzo-conformance/arazzo/reference/pulse"
)

// Options says what is started. The zero value is a private Postgres with the
// demo database, and the two APIs on free ports.
type Options struct {
	// DatabaseURL is a Postgres to use; empty means one of our own, which Postgres
	// says how to get.
	DatabaseURL string
	Postgres    postgres.Mode
	// PulseAddr and AccelerateAddr are HOST:PORT; empty means a free port on the
	// loopback interface.
	PulseAddr, AccelerateAddr string
	// APIKey is asked for by both APIs; empty means a random one.
	APIKey string
	// DataDir holds the event log. Empty means the user's state folder, one for
	// each database; a temporary one with a Postgres of our own, and with Ephemeral.
	DataDir string
	// Ephemeral keeps nothing of a lasting database's events: its slot and
	// publication go with the process.
	Ephemeral bool
	// Progress, where given, takes lines for a person who waits.
	Progress func(string)
	// Log takes what an operator should know; nil drops it.
	Log *slog.Logger
}

// Reference is a running reference.
type Reference struct {
	PulseURL, AccelerateURL string
	APIKey, DatabaseURL     string
	// Failed receives the error of a listener that broke; it stays empty
	// otherwise.
	Failed <-chan error

	failed  chan error
	closers []func(context.Context) error
}

// readHeaderTimeout and maxHeaderBytes bound what a client may hold open or
// send before it is known; streams are long-lived, so there is no write limit.
const (
	readHeaderTimeout = 10 * time.Second
	maxHeaderBytes    = 64 << 10
)

// Start starts the reference. The error is a [*postgres.UnavailableError] where
// no Postgres can be had; nothing is left running then.
func Start(ctx context.Context, o Options) (*Reference, error) {
	r := &Reference{APIKey: o.APIKey, failed: make(chan error, 2)}
	r.Failed = r.failed
	if r.APIKey == "" {
		r.APIKey = "local-" + rand.Text()
	}
	if err := r.start(ctx, o); err != nil {
		return nil, errors.Join(err, r.Stop(context.WithoutCancel(ctx)))
	}
	return r, nil
}

func (r *Reference) start(ctx context.Context, o Options) error {
	temporary, err := r.startPostgres(ctx, o)
	if err != nil {
		return err
	}
	dataDir, temporary, err := r.dataDir(o, temporary)
	if err != nil {
		return err
	}
	models := newCatalog(r.DatabaseURL)
	r.onStop(func(context.Context) error { models.close(); return nil })
	p, err := pulse.Open(ctx, pulse.Options{
		DatabaseURL: r.DatabaseURL, Schema: models.fresh, APIKey: r.APIKey,
		DataDir: dataDir, Temporary: temporary, Log: o.Log,
	})
	if err != nil {
		return fmt.Errorf("starting Pulse: %w", err)
	}
	r.onStop(p.Close)
	a, err := accelerate.Open(ctx, accelerate.Options{
		DatabaseURL: r.DatabaseURL, Schema: models.recent, APIKey: r.APIKey, Log: o.Log,
	})
	if err != nil {
		return fmt.Errorf("starting Accelerate: %w", err)
	}
	r.onStop(func(context.Context) error { a.Close(); return nil })
	if r.PulseURL, err = r.serve(o.PulseAddr, p); err != nil {
		return fmt.Errorf("listening for Pulse: %w", err)
	}
	if r.AccelerateURL, err = r.serve(o.AccelerateAddr, a); err != nil {
		return fmt.Errorf("listening for Accelerate: %w", err)
	}
	return nil
}

// startPostgres finds or starts the database, and says whether it is ours.
func (r *Reference) startPostgres(ctx context.Context, o Options) (temporary bool, err error) {
	server, err := postgres.Start(ctx, postgres.Options{DatabaseURL: o.DatabaseURL, Mode: o.Postgres, Progress: o.Progress})
	if err != nil {
		return false, err
	}
	r.onStop(func(context.Context) error { return server.Stop() })
	r.DatabaseURL = server.URL()
	if !server.Temporary() {
		return false, nil
	}
	return true, demo.Load(ctx, r.DatabaseURL)
}

// dataDir is the folder of the event log, and whether it goes with the process.
func (r *Reference) dataDir(o Options, temporary bool) (string, bool, error) {
	switch {
	case o.DataDir != "":
		return o.DataDir, false, os.MkdirAll(o.DataDir, 0o700)
	case temporary || o.Ephemeral:
		dir, err := pulse.TemporaryFolder()
		if err == nil {
			r.onStop(func(context.Context) error { return os.RemoveAll(dir) })
		}
		return dir, true, err
	default:
		dir, err := stateDir(r.DatabaseURL)
		return dir, false, err
	}
}

// serve listens and serves h until the reference stops.
func (r *Reference) serve(addr string, h http.Handler) (string, error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: readHeaderTimeout, MaxHeaderBytes: maxHeaderBytes}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			r.failed <- err
		}
	}()
	// Open streams end at once: their consumers resume from their cursors.
	r.onStop(func(context.Context) error { return server.Close() })
	return "http://" + listener.Addr().String(), nil
}

func (r *Reference) onStop(f func(context.Context) error) { r.closers = append(r.closers, f) }

// Stop ends everything in the reverse order of its start. It may be called
// twice. ctx bounds the wait for the database.
func (r *Reference) Stop(ctx context.Context) error {
	var errs []error
	for len(r.closers) > 0 {
		last := r.closers[len(r.closers)-1]
		r.closers = r.closers[:len(r.closers)-1]
		errs = append(errs, last(ctx))
	}
	return errors.Join(errs...)
}
