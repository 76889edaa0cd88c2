package boot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/accelerate"
	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/demo"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
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
	// Storage is how events are kept.
	Storage pulse.Storage
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
	// Failed receives why the reference cannot go on: a listener that broke, a
	// Postgres of its own that ended. It stays empty otherwise.
	Failed <-chan error

	options           Options
	pulse, accelerate net.Listener

	failed chan error
	// live ends when Stop begins.
	live    context.Context
	end     context.CancelFunc
	closers []func(context.Context) error
}

// stopWithin bounds Stop: the database has to answer that its slot is gone, and
// one that hangs must not hold the program.
const stopWithin = 20 * time.Second

// Start starts the reference. The error is a [*postgres.UnavailableError] where
// no Postgres can be had; nothing is left running then.
func Start(ctx context.Context, o Options) (*Reference, error) {
	r, err := Listen(o)
	if err != nil {
		return nil, err
	}
	if err := r.Start(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// Listen takes the reference's addresses and settles its key, and starts nothing
// else: one that is not to be had is the likeliest refusal, and costs nothing
// yet. Clients wait from here on; [Reference.Start] or [Reference.Stop] has to
// follow.
func Listen(o Options) (*Reference, error) {
	r := &Reference{APIKey: o.APIKey, options: o, failed: make(chan error, 3)} // two listeners and Postgres
	r.Failed = r.failed
	r.live, r.end = context.WithCancel(context.Background())
	if r.APIKey == "" {
		r.APIKey = "local-" + rand.Text()
	}
	var err error
	if r.pulse, err = r.listen(o.PulseAddr); err != nil {
		return nil, errors.Join(fmt.Errorf("listening for Pulse: %w: choose another --pulse-addr", err), r.Stop(context.Background()))
	}
	if r.accelerate, err = r.listen(o.AccelerateAddr); err != nil {
		return nil, errors.Join(fmt.Errorf("listening for Accelerate: %w: choose another --accelerate-addr", err), r.Stop(context.Background()))
	}
	r.PulseURL, r.AccelerateURL = urlOf(r.pulse), urlOf(r.accelerate)
	return r, nil
}

// Start starts what [Listen] took the addresses for. Its errors are those of
// the function [Start]; the reference is stopped then.
func (r *Reference) Start(ctx context.Context) error {
	if err := r.start(ctx, r.options); err != nil {
		return errors.Join(err, r.Stop(context.WithoutCancel(ctx)))
	}
	return nil
}

func (r *Reference) start(ctx context.Context, o Options) error {
	disposable, err := r.startPostgres(ctx, o)
	if err != nil {
		return err
	}
	dataDir, temporary, err := r.dataDir(o, disposable)
	if err != nil {
		return err
	}
	keys := jsonhttp.Keys{jsonhttp.NewKey(r.APIKey)}
	models := newCatalog(r.DatabaseURL)
	r.onStop(func(ctx context.Context) error { models.close(ctx); return nil })
	p, err := pulse.Open(ctx, pulse.Options{
		DatabaseURL: r.DatabaseURL, Schema: models.fresh, Keys: keys,
		DataDir: dataDir, Temporary: temporary, Disposable: disposable, Storage: o.Storage, Log: o.Log,
	})
	if err != nil {
		return err
	}
	r.onStop(p.Close)
	a, err := accelerate.Open(ctx, accelerate.Options{
		DatabaseURL: r.DatabaseURL, Schema: models.recent, Keys: keys, Log: o.Log,
	})
	if err != nil {
		return err
	}
	r.onStop(func(context.Context) error { a.Close(); return nil })
	r.serve(r.pulse, p)
	r.serve(r.accelerate, a)
	return nil
}

// startPostgres finds or starts the database, and says whether it is ours.
func (r *Reference) startPostgres(ctx context.Context, o Options) (disposable bool, err error) {
	server, err := postgres.Start(ctx, postgres.Options{DatabaseURL: o.DatabaseURL, Mode: o.Postgres, Progress: o.Progress})
	if err != nil {
		return false, err
	}
	r.onStop(func(context.Context) error { return server.Stop() })
	r.DatabaseURL = server.URL()
	if !server.Temporary() {
		return false, nil
	}
	go r.watch(server)
	return true, demo.Load(ctx, r.DatabaseURL)
}

// watch reports a Postgres of our own that ended before it was told to: nobody
// will start it again.
func (r *Reference) watch(server *postgres.Server) {
	select {
	case <-server.Ended():
		if r.live.Err() == nil {
			r.failed <- errors.New("the private Postgres ended by itself: start the reference again")
		}
	case <-r.live.Done():
	}
}

// dataDir is the folder of the event log, and whether it goes with the process.
func (r *Reference) dataDir(o Options, disposable bool) (dir string, temporary bool, err error) {
	switch {
	case o.DataDir != "":
		return o.DataDir, false, nil
	case disposable || o.Ephemeral:
		dir, err = broker.TemporaryFolder()
		if err == nil {
			r.onStop(func(context.Context) error { return os.RemoveAll(dir) })
		}
		return dir, true, err
	default:
		dir, err = stateDir(r.DatabaseURL)
		return dir, false, err
	}
}

func (r *Reference) onStop(f func(context.Context) error) { r.closers = append(r.closers, f) }

// Stop ends everything in the reverse order of its start, within 20 seconds or
// ctx. It may be called twice.
func (r *Reference) Stop(ctx context.Context) error {
	r.end()
	ctx, cancel := context.WithTimeout(ctx, stopWithin)
	defer cancel()
	var errs []error
	for len(r.closers) > 0 {
		last := r.closers[len(r.closers)-1]
		r.closers = r.closers[:len(r.closers)-1]
		errs = append(errs, last(ctx))
	}
	return errors.Join(errs...)
}
